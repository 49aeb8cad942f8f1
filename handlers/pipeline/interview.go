package pipeline

import (
	"context"
	"slices"
	"strings"
	"time"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/bot/scheduling"
	"rapport/handlers/tables"
)

// NoteInterview keeps what was arranged or happened outside, so that the guard
// knows of it.
type NoteInterview struct {
	Candidate string   `arg:"candidate" ref:"candidate" label:"Candidate"`
	What      string   `arg:"what" choices:"invited=Invited|booked=Booked|held=Held|missed=Did not come|cancelled=Cancelled" word:"was" label:"What"`
	When      string   `arg:"when,optional" word:"at" label:"When" hint:"Such as 26 November 14:00; an hour unless you say from and to"`
	With      []string `arg:"with,optional,member,many" label:"With whom"`
	Interview string   `arg:"interview,optional" label:"Interview" hint:"Such as I-2, when there are several"`
	Job       string   `arg:"job,optional" ref:"job" word:"for" label:"Job" hint:"Only needed when they apply for several"`
}

func (w atlas) addInterviews(b *bot.Bot) {
	bot.Handle(b, bot.Command[NoteInterview]{Name: "interview note", Title: "Note an interview", Who: bot.Known,
		Help: "Notes an interview that was arranged or held elsewhere.", Example: `interview note Ada what:booked when:"26 November 14:00" with:@sam`, Run: w.noteInterview})
}

func (w atlas) noteInterview(ctx context.Context, c *bot.Call, a NoteInterview) (bot.Reply, error) {
	at, end, fault := w.span(c, a)
	if fault != nil {
		return bot.Reply{}, fault
	}
	said := ""
	if !at.IsZero() {
		said = scheduling.NewVoice(w.zones, c.Person.Locale, c.Person.Zone, scheduling.ClockUnknown, scheduling.OrderUnknown).SayRange(at, end)
	}
	p, ch, err := decide(ctx, c, a.Candidate, func(p *tables.Person) ([]recruiting.Act, error) { return a.acts(c, p, at, end) })
	if err != nil {
		return bot.Reply{}, err
	}
	r := reply(ctx, c, &p, ch)
	if said != "" {
		r.Message.Blocks = slices.Insert(r.Message.Blocks, 1, bot.Block(bot.Para{Text: "I read “" + bot.Clip(bot.Flat(a.When), 80) + "” as " + said + "."}))
	}
	return r, nil
}

// span reads the time in the zone of who writes; it never guesses. What has several
// readings is asked, each reading in words that mean only that.
func (w atlas) span(c *bot.Call, a NoteInterview) (at, end time.Time, fault *bot.Fault) {
	if strings.TrimSpace(a.When) == "" {
		if a.What == "booked" {
			return at, end, bot.Faultf(bot.Invalid, "Say when the interview is, such as 26 November 14:00.").In("when")
		}
		return at, end, nil
	}
	r := scheduling.Read(a.When, scheduling.ReadContext{DB: w.zones, Now: c.Now, Zone: c.Person.Zone, Locale: c.Person.Locale})
	if past := r.Why == scheduling.InThePast && len(r.Options) == 1; past && (a.What == "held" || a.What == "missed") {
		r.Why, r.Spans = "", r.Options
	}
	var choices []bot.Option
	for _, o := range append(r.Options, r.Spans...) {
		if !o.Start.Before(c.Now) || a.What == "held" || a.What == "missed" {
			choices = append(choices, bot.Option{Value: o.Words, Label: o.Words})
		}
	}
	switch {
	case r.Resolved() && len(r.Spans) == 1:
	case r.Resolved():
		return at, end, &bot.Fault{Kind: bot.Ambiguous, Field: "when", Say: "That is more than one time. Which one is it?", Options: choices}
	case len(choices) > 0:
		return at, end, &bot.Fault{Kind: bot.Ambiguous, Field: "when", Say: r.Words, Options: choices}
	case r.Why == scheduling.InThePast && len(r.Options) > 0:
		return at, end, bot.Faultf(bot.Invalid, "%s has passed. Write a time to come, such as tomorrow 14:00; if it took place, note it as held.", r.Options[0].Words).In("when")
	default:
		return at, end, bot.Faultf(bot.Invalid, "%s", r.Words).In("when")
	}
	at, end = r.Spans[0].Start, r.Spans[0].End
	if end.IsZero() {
		end = at.Add(time.Hour)
	}
	return at, end, nil
}

func (a NoteInterview) acts(c *bot.Call, p *tables.Person, at, end time.Time) ([]recruiting.Act, error) {
	app, fault := recruiting.FindApplication(&p.Situation, a.Job, c.Person)
	if fault != nil {
		return nil, fault
	}
	open := []recruiting.State{recruiting.InterviewInvited, recruiting.InterviewBooked}
	if a.What == "held" || a.What == "missed" {
		open = open[1:]
	}
	var all []rec
	for _, v := range p.Situation.Process.Interviews {
		if fits := v.App == app.ID && slices.Contains(open, v.State); fits || a.Interview != "" {
			all = append(all, rec{v.ID, v.App, fits, fits})
		}
	}
	id := ""
	if len(all) > 0 && (a.What != "invited" && a.What != "booked" || a.Interview != "" || len(all) == 1 && a.What == "booked") {
		if id, fault = choose(p, "interview", a.Interview, recruiting.PartStage, c.Person, all); fault != nil {
			return nil, fault
		}
	}
	switch a.What {
	case "invited":
		return []recruiting.Act{recruiting.Invite{App: app.ID, ID: id, With: a.With}}, nil
	case "booked":
		return []recruiting.Act{recruiting.Book{App: app.ID, ID: id, At: at, End: end, With: a.With}}, nil
	case "cancelled":
		if id == "" {
			return nil, bot.Faultf(bot.Missing, "%s has no interview to come.", p.Candidate.Val.Name).In("interview")
		}
		return []recruiting.Act{recruiting.CancelInterview{Interview: id}}, nil
	}
	if id != "" {
		return []recruiting.Act{recruiting.EndInterview{Interview: id, Missed: a.What == "missed"}}, nil
	}
	if at.IsZero() { // nobody had noted that it was booked
		return nil, bot.Faultf(bot.Invalid, "Say when the interview was.").In("when")
	}
	id = p.Situation.Process.NextInterview()
	return []recruiting.Act{recruiting.Book{App: app.ID, ID: id, At: at, End: end, With: a.With}, recruiting.EndInterview{Interview: id, Missed: a.What == "missed"}}, nil
}
