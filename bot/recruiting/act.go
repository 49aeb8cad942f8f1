package recruiting

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rapport/bot"
)

// Act is something a person does to a process: Move, Reject, AskReference … It
// is a plain value, so a button, a timer or a proposal can carry it. The set is closed.
type Act interface {
	// target says what the act is about; a fault when there is no such thing.
	target(p *Process, jobs Jobs) (target, *bot.Fault)
	// run does it to a draft; the guard has let it pass.
	run(d *draft) *bot.Fault
}

type target struct {
	kind Kind
	app  string // application id, "" when about none
	job  string
	rec  string // record id, "" when about none yet
}

// Situation is all a decision may know about one person.
type Situation struct {
	Candidate Candidate
	Process   Process
	Jobs      Jobs  // at least every job named in Process and in the act
	Bars      []Bar // what other vocabularies know: opted out, complained …
	Settings  Settings
}

// Settings are the figures a tenant may change within the bounds the rules set;
// the zero value is the defaults.
type Settings struct {
	Cooling       time.Duration // between signing a rejection and its letter; 0 = 24 h, at least 1 h
	SurveyGap     int           // months between surveys; 0 or less than 6 = 6
	CampaignQuiet int           // days without campaigns after a rejection; 0 = 30
}

func (s Settings) cooling() time.Duration {
	if s.Cooling == 0 {
		return 24 * time.Hour
	}
	return max(s.Cooling, time.Hour)
}

func (s Settings) surveyGap() int { return max(s.SurveyGap, 6) }

func (s Settings) campaignQuiet() int {
	if s.CampaignQuiet <= 0 {
		return 30
	}
	return s.CampaignQuiet
}

// Change is what a decision comes to.
type Change struct {
	Process   Process    // to be kept in place of Situation.Process
	News      []News     // to be told; the first is the act's own
	Letters   []Letter   // texts for people outside, to be kept and sent by a person
	Questions []Question // what somebody must be asked
	Deed      int        // number of the act in its process, for Undo
}

// Question asks people what to do about a contradiction; any of Ways settles it.
type Question struct {
	Who     []string // person ids
	Say     string
	Because []string // record ids
	Ways    []Way
}

// Way is a way on out of a refusal or a question: acts to do in order.
type Way struct {
	Label string
	Acts  []Act
}

// Told picks the news of one type out of a change.
func Told[N News](c Change) (N, bool) {
	for _, n := range c.News {
		if t, ok := n.(N); ok {
			return t, true
		}
	}
	var zero N
	return zero, false
}

// Decide is the one way anything happens to a process: may they, does it
// contradict anything (Guard), then the act itself. The error is a *bot.Fault;
// s is left as it was.
func Decide(s Situation, act Act, who bot.Person, now time.Time) (Change, error) {
	if !MaySee(who, &s.Process, s.Jobs) && !firstStep(&s, act, who) {
		return Change{}, hiddenPerson()
	}
	t, f := act.target(&s.Process, s.Jobs)
	if f != nil {
		return Change{}, f
	}
	if f := mayAct(who, t, &s); f != nil {
		return Change{}, f
	}
	v := guard(&s, act, t, now)
	if !v.OK {
		return Change{}, v.Fault()
	}
	d := &draft{s: &s, p: s.Process.clone(), who: who, now: now}
	d.p.Acts++
	d.deed = Deed{N: d.p.Acts, Act: t.kind, App: t.app, Rec: t.rec, By: who.ID, At: now}
	if d.p.Candidate == "" {
		d.p.Candidate = s.Candidate.ID
	}
	if f := act.run(d); f != nil {
		return Change{}, f
	}
	for _, id := range v.Stops {
		d.stop(id, v.Because)
	}
	d.log()
	return Change{Process: d.p, News: d.news, Letters: d.letters, Questions: d.questions, Deed: d.deed.N}, nil
}

// firstStep lets somebody put a person they have just added on their own job:
// until then nobody but recruiters sees a person without a job.
func firstStep(s *Situation, act Act, who bot.Person) bool {
	_, ok := act.(Apply)
	return ok && who.ID != "" && s.Candidate.MadeBy == who.ID && len(s.Process.Apps) == 0
}

// NoCandidate is the one answer to somebody who is not there and to somebody
// who is not theirs to see.
func NoCandidate(text string) *bot.Fault {
	if strings.HasPrefix(text, "c_") && len(text) == 28 { // an id: whoever reads this pressed an old button
		return bot.Faultf(bot.Missing, "I cannot find that person any more. They may have been erased, or joined with another record: %s finds them.", bot.Code("/find")).In("candidate")
	}
	return bot.Faultf(bot.Missing, "There is nobody called “%s” here. Try another spelling, the mail address, or /find.", bot.Clip(oneLine(text), 60)).In("candidate")
}

// draft is a process being changed. Its helpers remember how each record was,
// so that the act can be taken back.
type draft struct {
	s         *Situation
	p         Process
	who       bot.Person
	now       time.Time
	deed      Deed
	news      []News
	letters   []Letter
	questions []Question
}

func (d *draft) tell(n News) { d.news = append(d.news, n) }

func (d *draft) job(id string) *Job { return d.s.Jobs.Get(id) }

func (d *draft) name() string { return d.s.Candidate.called() }

func (d *draft) made(id string) string {
	d.deed.Back = append(d.deed.Back, Back{ID: id, New: true})
	return id
}

func (d *draft) was(b Back) {
	if !slices.ContainsFunc(d.deed.Back, func(o Back) bool { return o.ID == b.ID }) {
		d.deed.Back = append(d.deed.Back, b)
	}
}

func (d *draft) app(id string) *Application {
	a := d.p.App(id)
	d.was(Back{ID: id, State: a.State, Stage: a.Stage, At: a.Since, Cause: a.Cause})
	return a
}

func (d *draft) reference(id string) *Reference {
	r := d.p.Reference(id)
	d.was(Back{ID: id, State: r.State, At: r.Since})
	return r
}

func (d *draft) offer(id string) *Offer {
	o := d.p.Offer(id)
	d.was(Back{ID: id, State: o.State, At: o.Since})
	return o
}

func (d *draft) rejection(id string) *Rejection {
	r := d.p.Rejection(id)
	d.was(Back{ID: id, State: r.State, At: r.Since, Due: r.Due})
	return r
}

func (d *draft) interview(id string) *Interview {
	i := d.p.Interview(id)
	d.was(Back{ID: id, State: i.State, At: i.Since})
	return i
}

// log keeps the act among the latest, as far as they can still be undone.
func (d *draft) log() {
	kept := make([]Deed, 0, len(d.p.Deeds)+1)
	for _, o := range d.p.Deeds {
		if d.now.Sub(o.At) < UndoFor {
			kept = append(kept, o)
		}
	}
	if len(kept) >= maxDeeds {
		kept = kept[len(kept)-maxDeeds+1:]
	}
	if d.deed.Act != "" {
		kept = append(kept, d.deed)
	}
	d.p.Deeds = kept
}

// called is the name in sentences.
func (c Candidate) called() string {
	if c.Name == "" {
		return "this person"
	}
	return c.Name
}

func missing(p *Process, what, id string) *bot.Fault {
	f := bot.Faultf(bot.Missing, "There is no %s “%s” here any more. Open the person's card to see what there is.", what, bot.Clip(id, 20))
	f.Facts = map[string]string{"candidate": p.Candidate}
	return f
}

func onApp(p *Process, kind Kind, app, rec string) (target, *bot.Fault) {
	a := p.App(app)
	if a == nil {
		return target{}, missing(p, "application", app)
	}
	return target{kind: kind, app: app, job: a.Job, rec: rec}, nil
}

// late is the fault of an act on a record that is past it.
func late(what string, s State, since time.Time) *bot.Fault {
	return &bot.Fault{Kind: bot.Stale, Say: fmt.Sprintf("%s has been %s since %s; nothing was changed.", what, s.Said(), day(since))}
}
