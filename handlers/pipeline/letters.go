package pipeline

import (
	"context"
	"errors"
	"fmt"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

// Letters shows the texts that wait for this person to send them.
type Letters struct{}

// CopyLetter shows a letter's text alone, ready to be copied.
type CopyLetter struct{ Candidate, Letter string }

// LetterSent says that a letter has gone out.
type LetterSent struct{ Candidate, Letter string }

func addLetters(b *bot.Bot) {
	bot.Handle(b, bot.Command[Letters]{Name: "letter list", Title: "Letters to send", Who: moving, On: bot.OnHome, Reads: true,
		Help: "Shows the letters that wait for you to send them.", Run: letters})
	bot.Handle(b, bot.Command[CopyLetter]{Name: "letter copy", Help: "Shows a letter's text to copy.", Who: moving, On: bot.Hidden, Reads: true, Run: copyLetter})
	bot.Handle(b, bot.Command[LetterSent]{Name: "letter sent", Help: "Marks a letter as sent.", Who: moving, On: bot.Hidden, Run: letterSent})
	bot.On(b, "pipeline.letters", letterCard)
	addJobLetters(b)
	b.Homepage(15, lettersAtHome)
}

// lettersAtHome says on the home page how many letters wait for this person.
func lettersAtHome(ctx context.Context, c *bot.Call) ([]bot.Block, error) {
	if !c.Person.Is(moving) {
		return nil, nil
	}
	n, err := tables.Letters.Count(ctx, c.Scope, "ready", c.Person.ID)
	if err != nil || n[0] == 0 {
		return nil, err
	}
	say := plural(n[0], "letter") + " to send"
	return []bot.Block{bot.Para{Text: "You have " + bot.Bold(say) + "."}, bot.Buttons{Buttons: []bot.Button{{Label: "Letters to send", Do: Letters{}}}}}, nil
}

// letterCard brings a letter to whoever sends it; a letter that was sent or must
// not go out any more changes its card.
func letterCard(ctx context.Context, c *bot.Call, n recruiting.LetterChanged) error {
	row, err := tables.Letters.Get(ctx, c.Scope, tables.LetterID(n.Candidate, n.ID))
	if errors.Is(err, store.ErrNone) || err == nil && (row.Val.Card == "" || row.Val.State != n.State) {
		return nil // erased, never shown, or a later change comes by itself
	}
	if err != nil {
		return err
	}
	l := row.Val
	if l.Kind == recruiting.LetterHold || l.Kind == recruiting.LetterReopened {
		return nil // there may be hundreds; one card tells of all (jobletters.go)
	}
	to, err := c.PersonByID(ctx, l.By)
	if errors.Is(err, store.ErrNone) || err == nil && to.Gone { // who wrote it has left: whoever leads the job sends it
		job, jerr := tables.Jobs.Get(ctx, c.Scope, l.Job)
		if jerr != nil {
			return jerr
		}
		to, err = c.PersonByID(ctx, job.Val.Lead())
	}
	if err != nil {
		return err
	}
	p, err := tables.Fresh(ctx, c, n.Candidate)
	if err != nil && !bot.IsFault(err, bot.Missing) {
		return err
	}
	why := recruiting.WhyDropped(l.Letter, &p.Situation.Process)
	c.Silent()
	return c.Send(ctx, bot.Outgoing{To: to.ID, Key: l.Card, Amends: l.State != recruiting.LetterReady, Message: showLetter(l.Letter, why), Whose: []string{n.Candidate}})
}

func letterTitle(l recruiting.Letter) string {
	switch l.Kind {
	case recruiting.LetterOfferOff:
		return "The letter to " + l.To + " that takes the offer back"
	case recruiting.LetterReferenceOff:
		return "The letter to " + l.To + " that the reference is not needed any more"
	case recruiting.LetterHold:
		return "The letter to " + l.To + " that the job is on hold"
	case recruiting.LetterReopened:
		return "The letter to " + l.To + " that the job goes on"
	}
	return "The " + string(l.Kind) + " for " + l.To
}

// showLetter is the card of a letter; why says of one that was dropped what became of it.
func showLetter(l recruiting.Letter, why string) bot.Message {
	switch l.State {
	case recruiting.LetterSent:
		text := letterTitle(l) + " is marked as sent."
		return bot.Card(text, bot.Para{Text: text})
	case recruiting.LetterDropped:
		text := letterTitle(l) + " must not go out any more: " + why + "."
		return bot.Card(text, bot.Para{Text: text})
	}
	text := letterTitle(l) + " is yours to send."
	m := bot.Card(text, bot.Para{Text: text}, bot.Facts{Facts: []bot.Fact{{Name: "To", Value: l.To + ", " + orNone(l.Mail)}, {Name: "Subject", Value: l.Subject}}}, bot.Para{Text: l.Text})
	if l.Personal {
		m.Blocks = append(m.Blocks, bot.Note{Text: "You have met: send it from an address that a person reads."})
	}
	m.Blocks = append(m.Blocks, bot.Buttons{Buttons: []bot.Button{{Label: "Mark sent", Style: bot.Primary, Do: LetterSent{l.Candidate, l.ID}}, {Label: "Copy", Do: CopyLetter{l.Candidate, l.ID}}}})
	return m
}

// letter is one letter this person may see; why says what became of its record.
func letter(ctx context.Context, c *bot.Call, candidate, id string) (row store.Row[tables.Letter], why string, err error) {
	row, err = tables.Letters.Get(ctx, c.Scope, tables.LetterID(candidate, id))
	if err != nil {
		return row, "", err
	}
	p, err := tables.Fresh(ctx, c, candidate)
	if err != nil {
		return row, "", err
	}
	if !recruiting.Sees(c.Person, recruiting.PartLetters, &p.Situation.Process, p.Situation.Jobs.Get(row.Val.Job)) {
		return row, "", store.ErrNone
	}
	return row, recruiting.WhyDropped(row.Val.Letter, &p.Situation.Process), nil
}

func copyLetter(ctx context.Context, c *bot.Call, a CopyLetter) (bot.Reply, error) {
	row, why, err := letter(ctx, c, a.Candidate, a.Letter)
	if err != nil {
		return bot.Reply{}, err
	}
	if row.Val.State == recruiting.LetterDropped {
		return bot.Reply{}, bot.Faultf(bot.Stale, "%s", showLetter(row.Val.Letter, why).Text)
	}
	c.Viewed("candidate:" + a.Candidate)
	return bot.Reply{Message: bot.Card(row.Val.Text, bot.Para{Text: row.Val.Text}), Beside: true}, nil
}

func letterSent(ctx context.Context, c *bot.Call, a LetterSent) (bot.Reply, error) {
	row, why, err := letter(ctx, c, a.Candidate, a.Letter)
	if err != nil {
		return bot.Reply{}, err
	}
	l := row.Val.Letter
	if l.State != recruiting.LetterReady {
		return bot.Reply{}, bot.Faultf(bot.Stale, "%s Nothing was changed.", showLetter(l, why).Text)
	}
	var act recruiting.Act
	switch l.Kind {
	case recruiting.LetterRejection:
		act = recruiting.SendRejection{Rejection: l.Rec()}
	case recruiting.LetterOffer:
		act = recruiting.SendOffer{Offer: l.Rec()}
	case recruiting.LetterReference:
		act = recruiting.SendReference{Reference: l.Rec()}
	default: // it tells of what is done already
		l.State, l.At = recruiting.LetterSent, c.Now
		if err := tables.PutLetter(ctx, c, l); err != nil {
			return bot.Reply{}, err
		}
		c.Record("candidate:" + a.Candidate)
		c.Fact("letter", l.ID)
		return bot.Answer(showLetter(l, why)), nil
	}
	p, ch, err := decide(ctx, c, a.Candidate, func(*tables.Person) ([]recruiting.Act, error) { return []recruiting.Act{act}, nil })
	if err != nil {
		return bot.Reply{}, err
	}
	return reply(ctx, c, &p, ch), nil
}

func letters(ctx context.Context, c *bot.Call, _ Letters) (bot.Reply, error) {
	const most = 8
	ids, err := tables.Letters.Range(ctx, c.Scope, "ready", c.Person.ID, store.Span{Limit: most + 1})
	if err != nil {
		return bot.Reply{}, err
	}
	rows, err := tables.Letters.Many(ctx, c.Scope, ids)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(rows) == 0 {
		return bot.Replyf("No letter waits for you."), nil
	}
	text := fmt.Sprintf("%s to send, oldest first.", plural(min(len(rows), most), "letter"))
	m := bot.Card(text, bot.Para{Text: text})
	for _, r := range rows[:min(len(rows), most)] {
		c.Viewed("candidate:" + r.Val.Candidate)
		one := showLetter(r.Val.Letter, "")
		m.Blocks = append(append(m.Blocks, bot.Rule{}), one.Blocks...)
	}
	if len(rows) > most {
		m.Blocks = append(m.Blocks, bot.Note{Text: "There are more; they show when these are sent."})
	}
	return bot.Answer(m), nil
}
