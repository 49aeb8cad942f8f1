package recruiting

import (
	"time"

	"rapport/bot"
)

// Rating is what an interviewer or a hiring manager says, from strong no to
// strong yes.
type Rating int

const (
	StrongNo  Rating = -2
	PlainNo   Rating = -1
	Undecided Rating = 0
	PlainYes  Rating = 1
	StrongYes Rating = 2
)

var ratingSaid = map[Rating]string{StrongNo: "strong no", PlainNo: "no", Undecided: "undecided", PlainYes: "yes", StrongYes: "strong yes"}

// String is the rating in words.
func (v Rating) String() string { return ratingSaid[v] }

// ParseRating reads "strong yes", "yes", "undecided", "no", "strong no".
func ParseRating(text string) (Rating, *bot.Fault) {
	switch Fold(text) {
	case "strong yes", "definitely":
		return StrongYes, nil
	case "yes", "y", "positive", "advance", "hire", "offer":
		return PlainYes, nil
	case "undecided", "mixed", "unsure", "maybe":
		return Undecided, nil
	case "no", "n", "negative", "reject":
		return PlainNo, nil
	case "strong no", "definitely not":
		return StrongNo, nil
	}
	return 0, bot.Faultf(bot.Invalid, "“%s” is not an answer I know. Say strong yes, yes, undecided, no or strong no.", bot.Clip(oneLine(text), 30)).In("rating")
}

// RatingOptions is a menu of the ratings, best first.
func RatingOptions() []bot.Option {
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
	Rating    Rating    `json:"v"`
	Note      string    `json:"note,omitempty"`
}

// Decision is what a hiring manager wants to happen next.
type Decision struct {
	ID     string    `json:"id"`
	App    string    `json:"app"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Rating Rating    `json:"v"`
	Note   string    `json:"note,omitempty"`
}

type (
	// FileScorecard keeps a verdict; a second one by the same person on the same
	// interview takes the place of the first.
	FileScorecard struct {
		App, Interview, Note string
		Rating               Rating
	}
	// FileDecision keeps a decision. It moves nobody by itself.
	FileDecision struct {
		App, Note string
		Rating    Rating
	}
)

func (a FileScorecard) target(p *Process, _ Jobs) (target, *bot.Fault) {
	return onApp(p, DoFileScorecard, a.App, "")
}

func (a FileDecision) target(p *Process, _ Jobs) (target, *bot.Fault) {
	return onApp(p, DoFileDecision, a.App, "")
}

func (a FileScorecard) positive() bool { return a.Rating > 0 }
func (a FileDecision) positive() bool  { return a.Rating > 0 }

func (a FileScorecard) run(d *draft) *bot.Fault {
	if f := ratingFits(a.Rating); f != nil {
		return f
	}
	if a.Interview != "" {
		if v := d.p.Interview(a.Interview); v == nil || v.App != a.App {
			return missing(&d.p, "interview", a.Interview)
		}
	}
	c := Scorecard{App: a.App, Interview: a.Interview, By: d.who.ID, At: d.now, Rating: a.Rating, Note: a.Note}
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
	if f := ratingFits(a.Rating); f != nil {
		return f
	}
	c := Decision{ID: d.made(d.p.nextID("D")), App: a.App, By: d.who.ID, At: d.now, Rating: a.Rating, Note: a.Note}
	d.p.Decisions = append(d.p.Decisions, c)
	d.deed.Rec = c.ID
	d.tell(DecisionFiled{d.record(c.ID, c.App, "")})
	return nil
}

func ratingFits(v Rating) *bot.Fault {
	if v < StrongNo || v > StrongYes {
		return bot.Faultf(bot.Invalid, "Say strong yes, yes, undecided, no or strong no.").In("rating")
	}
	return nil
}
