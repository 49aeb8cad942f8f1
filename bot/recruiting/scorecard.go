package recruiting

import (
	"time"

	"rapport/bot"
)

// Verdict is what an interviewer or a hiring manager says, from strong no to
// strong yes.
type Verdict int

const (
	StrongNo  Verdict = -2
	No        Verdict = -1
	Undecided Verdict = 0
	Positive  Verdict = 1
	StrongYes Verdict = 2
)

var verdictSaid = map[Verdict]string{StrongNo: "strong no", No: "no", Undecided: "undecided", Positive: "yes", StrongYes: "strong yes"}

// String is the verdict in words.
func (v Verdict) String() string { return verdictSaid[v] }

// ParseVerdict reads "strong yes", "yes", "undecided", "no", "strong no".
func ParseVerdict(text string) (Verdict, *bot.Fault) {
	switch Fold(text) {
	case "strong yes", "definitely", "2":
		return StrongYes, nil
	case "yes", "y", "positive", "advance", "hire", "offer", "1":
		return Positive, nil
	case "undecided", "mixed", "unsure", "maybe", "0":
		return Undecided, nil
	case "no", "n", "negative", "reject":
		return No, nil
	case "strong no", "definitely not":
		return StrongNo, nil
	}
	return 0, bot.Faultf(bot.Invalid, "“%s” is not an answer I know. Say strong yes, yes, undecided, no or strong no.", bot.Clip(oneLine(text), 30)).In("verdict")
}

// VerdictOptions is a menu of the verdicts, best first.
func VerdictOptions() []bot.Option {
	var out []bot.Option
	for v := StrongYes; v >= StrongNo; v-- {
		out = append(out, bot.Option{Value: v.String(), Label: v.String()})
	}
	return out
}

// Scorecard is one interviewer's verdict; its words lie in a note.
type Scorecard struct {
	ID        string    `json:"id"`
	App       string    `json:"app"`
	Interview string    `json:"iv,omitempty"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
	Verdict   Verdict   `json:"v"`
	Note      string    `json:"note,omitempty"`
}

// Decision is what a hiring manager wants to happen next.
type Decision struct {
	ID      string    `json:"id"`
	App     string    `json:"app"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
	Verdict Verdict   `json:"v"`
	Note    string    `json:"note,omitempty"`
}

type (
	// FileScorecard keeps a verdict; a second one by the same person on the same
	// interview takes the place of the first.
	FileScorecard struct {
		App, Interview, Note string
		Verdict              Verdict
	}
	// FileDecision keeps a decision. It moves nobody by itself.
	FileDecision struct {
		App, Note string
		Verdict   Verdict
	}
)

func (a FileScorecard) target(p *Process, _ Jobs) (target, *bot.Fault) {
	return onApp(p, DoFileScorecard, a.App, "")
}

func (a FileDecision) target(p *Process, _ Jobs) (target, *bot.Fault) {
	return onApp(p, DoFileDecision, a.App, "")
}

func (a FileScorecard) positive() bool { return a.Verdict > 0 }
func (a FileDecision) positive() bool  { return a.Verdict > 0 }

func (a FileScorecard) run(d *draft) *bot.Fault {
	if f := verdictFits(a.Verdict); f != nil {
		return f
	}
	if a.Interview != "" {
		if v := d.p.Interview(a.Interview); v == nil || v.App != a.App {
			return missing(&d.p, "interview", a.Interview)
		}
	}
	c := Scorecard{App: a.App, Interview: a.Interview, By: d.who.ID, At: d.now, Verdict: a.Verdict, Note: a.Note}
	for i, o := range d.p.Scorecards {
		if o.App == c.App && o.Interview == c.Interview && o.By == c.By {
			c.ID = o.ID
			d.p.Scorecards[i] = c
		}
	}
	if c.ID == "" {
		c.ID = d.made(d.p.nextID("S"))
		d.p.Scorecards = append(d.p.Scorecards, c)
	}
	d.deed.Rec = c.ID
	d.tell(ScorecardFiled{d.record(c.ID, c.App, "")})
	return nil
}

func (a FileDecision) run(d *draft) *bot.Fault {
	if f := verdictFits(a.Verdict); f != nil {
		return f
	}
	c := Decision{ID: d.made(d.p.nextID("D")), App: a.App, By: d.who.ID, At: d.now, Verdict: a.Verdict, Note: a.Note}
	d.p.Decisions = append(d.p.Decisions, c)
	d.deed.Rec = c.ID
	d.tell(DecisionFiled{d.record(c.ID, c.App, "")})
	return nil
}

func verdictFits(v Verdict) *bot.Fault {
	if v < StrongNo || v > StrongYes {
		return bot.Faultf(bot.Invalid, "Say strong yes, yes, undecided, no or strong no.").In("verdict")
	}
	return nil
}
