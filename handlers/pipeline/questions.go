package pipeline

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

func addQuestions(b *bot.Bot) { bot.On(b, "pipeline.questions", askAbout) }

// askAbout asks the people of a rejection what has to be asked as it stands now, by
// a card with the ways as buttons; once it is settled the cards say how (S1-20).
func askAbout(ctx context.Context, c *bot.Call, n recruiting.RejectionChanged) error {
	p, err := tables.Fresh(ctx, c, n.Candidate)
	if bot.IsFault(err, bot.Missing) {
		return nil
	}
	if err != nil {
		return err
	}
	row, err := asks.Get(ctx, c.Scope, n.Candidate+"/"+n.ID)
	if err != nil && !errors.Is(err, store.ErrNone) {
		return err
	}
	row.ID = n.Candidate + "/" + n.ID
	q, asked := recruiting.AskAbout(&p.Situation, n.ID, names(ctx, c))
	key := ""
	if asked {
		key = "ask/" + row.ID + "/" + strconv.FormatInt(p.Situation.Process.Rejection(n.ID).Since.UnixMilli(), 10)
	}
	if row.Val.Key == key && (key == "" || slices.Equal(row.Val.Who, q.Who)) {
		return nil
	}
	c.Silent()
	said := settled(ctx, c, &p.Situation, n)
	for _, who := range row.Val.Who {
		if row.Val.Key == key && slices.Contains(q.Who, who) {
			continue
		}
		if err := c.Send(ctx, bot.Outgoing{To: who, Key: row.Val.Key + "/" + who, Amends: true, Whose: []string{n.Candidate}, Message: bot.Card(said, bot.Para{Text: said})}); err != nil {
			return err
		}
	}
	for _, who := range q.Who {
		if row.Val.Key == key && slices.Contains(row.Val.Who, who) {
			continue
		}
		if err := c.Send(ctx, bot.Outgoing{To: who, Key: key + "/" + who, Whose: []string{n.Candidate}, Message: question(p.Situation, q, n.ID)}); err != nil {
			return err
		}
	}
	row.Val = ask{Candidate: n.Candidate, Key: key, Who: q.Who}
	if key != "" {
		store.Put(c.Batch(), asks, row)
	} else if row.Rev > 0 {
		store.Delete(c.Batch(), asks, row)
	}
	return nil
}

// names puts a person's id into words.
func names(ctx context.Context, c *bot.Call) func(string) string {
	return func(id string) string { return c.NameOf(ctx, id) }
}

// question is the card: what is asked, the letter it is about, the ways.
func question(s recruiting.Situation, q recruiting.Question, id string) bot.Message {
	buttons := ways(s.Process.Candidate, q.Ways)
	if len(buttons) > 0 {
		buttons[0].Style = bot.Primary
	}
	r := s.Process.Rejection(id)
	m := bot.Card(q.Say, bot.Para{Text: q.Say})
	if r.State == recruiting.RejectionStaged {
		m.Blocks = append(m.Blocks, bot.Para{Text: recruiting.RejectionText(s, *r, bot.Person{}).Text})
	}
	m.Blocks = append(m.Blocks, bot.Buttons{Buttons: append(buttons, bot.Button{Label: "Open card", Do: Show{Candidate: s.Process.Candidate}})})
	return m
}

// settled says on an answered card how it stands now.
func settled(ctx context.Context, c *bot.Call, s *recruiting.Situation, n recruiting.RejectionChanged) string {
	what := "The rejection " + n.ID + " of " + bot.Bold(s.Candidate.Name) + " for " + s.Jobs.Title(n.Job)
	r := s.Process.Rejection(n.ID)
	if r == nil {
		return what + " was taken back."
	}
	what += " is " + r.State.Said()
	if r.State == recruiting.RejectionCooling {
		what += " until " + bot.Moment(r.Due, "UTC", bot.DateTime)
	}
	d := s.Process.Deed(n.Deed)
	if n.By == "" || n.State != r.State || d == nil || handDid[d.Act] == "" {
		return what + ", since " + bot.Moment(r.Since, "UTC", bot.DateTime) + "."
	}
	return what + ": " + c.NameOf(ctx, n.By) + " " + handDid[d.Act] + " on " + bot.Moment(n.At, "UTC", bot.DateTime) + "."
}

// handDid is what somebody did to a rejection by hand.
var handDid = map[recruiting.Kind]string{
	recruiting.DoSignRejection: "signed it", recruiting.DoStopRejection: "stopped it", recruiting.DoResumeRejection: "let it go on",
	recruiting.DoCancelRejection: "dropped it", recruiting.DoSendRejection: "marked it as sent",
}
