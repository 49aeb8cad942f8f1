package pipeline

import (
	"context"
	"fmt"
	"time"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/bot/scheduling"
	"rapport/handlers/tables"
)

// Reject stages a "no": nothing goes out before a person has signed it, a cooling
// time has passed and nothing contradicts it.
type Reject struct {
	Candidate string `arg:"candidate" ref:"candidate" label:"Candidate"`
	Reason    string `arg:"reason,long" label:"Reason (for the team only)" hint:"The candidate never sees this"`
	Words     string `arg:"words,long" label:"Your message to the candidate" hint:"Say kindly that the answer is no; greeting and signature are added"`
	Signer    string `arg:"signer,optional,member" word:"signed by" label:"Who signs" hint:"A name is needed after an interview. If empty, you sign."`
	Job       string `arg:"job,optional" ref:"job" word:"for" label:"Job" hint:"Only needed when they apply for several"`
}

func (w atlas) addReject(b *bot.Bot) {
	bot.Handle(b, bot.Command[Reject]{Name: "candidate reject", Short: "reject", Title: "Reject a candidate", Who: moving, On: bot.OnHome | bot.OnShortcut,
		Help: "Stages a rejection: shows the letter, then waits a while before it may go.", Example: `candidate reject "Ada Okafor"`,
		Confirm: w.confirmReject, Shape: shapeReject, Run: reject})
}

// shapeReject says in the form whose letter it is.
func shapeReject(ctx context.Context, c *bot.Call, a Reject, f *bot.Form) {
	f.Submit = "Preview the letter"
	if a.Candidate == "" {
		return
	}
	row, err := tables.Candidates.Cached(ctx, c.Scope, a.Candidate)
	if err != nil {
		return
	}
	for i := range f.Fields {
		if f.Fields[i].Name == "words" {
			f.Fields[i].Label = "Your message to " + row.Val.First()
		}
	}
}

func (a Reject) act(ctx context.Context, c *bot.Call) func(p *tables.Person) ([]recruiting.Act, error) {
	return func(p *tables.Person) ([]recruiting.Act, error) {
		app, fault := recruiting.FindApplication(&p.Situation, a.Job, c.Person)
		if fault != nil {
			return nil, fault
		}
		if err := meantFor(ctx, c, p, app.Job, a.Words); err != nil {
			return nil, err
		}
		return []recruiting.Act{recruiting.Reject{App: app.ID, Reason: a.Reason, Words: a.Words, Signer: a.Signer}}, nil
	}
}

// signer checks that who signs is a colleague.
func (a Reject) signer(ctx context.Context, c *bot.Call) (string, error) {
	if a.Signer == "" {
		return c.Person.Name, nil
	}
	p, _, err := c.MemberOf(ctx, a.Signer)
	if err != nil {
		return "", err
	}
	if p.ID == "" || p.Gone || p.Roles == 0 {
		return "", bot.Faultf(bot.Invalid, "Who signs must be a colleague here.").In("signer")
	}
	return p.Name, nil
}

// confirmReject shows the very letter, and when it could go out in the candidate's zone (S1-16).
func (w atlas) confirmReject(ctx context.Context, c *bot.Call, a Reject) (*bot.Preview, error) {
	name, err := a.signer(ctx, c)
	if err != nil {
		return nil, err
	}
	p, err := tables.Fresh(ctx, c, a.Candidate)
	if err != nil {
		return nil, err
	}
	ch, err := p.Decide(c, a.act(ctx, c))
	if err != nil {
		return nil, guarded(ctx, c, &p, a.Candidate, err)
	}
	s := p.Situation
	s.Process = ch.Process
	r := s.Process.Rejections[len(s.Process.Rejections)-1]
	if r.Name == "" {
		r.Name = name
	}
	l := recruiting.RejectionText(s, r, c.Person)
	v := p.Candidate.Val
	text := "This is what " + bot.Bold(v.Name) + " will read. Nothing goes out yet."
	facts := bot.Facts{Facts: []bot.Fact{{Name: "To", Value: orNone(l.Mail)}, {Name: "Signed by", Value: name}}}
	note := "Once you confirm, it waits until " + bot.Moment(r.Due, v.Zone, bot.DateTime) + "."
	if loc, err := w.zones.Zone(v.Zone); v.Zone != "" && err == nil {
		voice := scheduling.NewVoice(w.zones, c.Person.Locale, c.Person.Zone, scheduling.ClockUnknown, scheduling.OrderUnknown)
		note = "Once you confirm, it waits until " + voice.Say(r.Due.In(loc).Truncate(time.Minute)) + ", where " + v.First() + " is."
	}
	if r.State == recruiting.RejectionStaged {
		note = name + " is asked to sign it; then the waiting time starts."
	}
	m := bot.Card(text, bot.Para{Text: text}, facts, bot.Heading{Text: l.Subject}, bot.Para{Text: l.Text}, bot.Note{Text: note})
	if !recruiting.SaysNo(a.Words) {
		m.Blocks = append(m.Blocks, bot.Para{Text: "I find no plain “no” in this letter. Read it once more the way " + v.First() + " will."})
	}
	return &bot.Preview{Message: m,
		Do: "Start the waiting time", Danger: true, Rev: fmt.Sprint(p.Process.Rev, p.Candidate.Rev)}, nil
}

func orNone(s string) string {
	if s == "" {
		return "no address is known"
	}
	return s
}

func reject(ctx context.Context, c *bot.Call, a Reject) (bot.Reply, error) {
	p, ch, err := decide(ctx, c, a.Candidate, a.act(ctx, c))
	if err != nil {
		return bot.Reply{}, err
	}
	return reply(ctx, c, &p, ch), nil
}
