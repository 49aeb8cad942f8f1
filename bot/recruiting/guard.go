package recruiting

import (
	"maps"
	"slices"
	"strings"
	"time"

	"rapport/bot"
)

// Verdict is what the guard says of an act.
type Verdict struct {
	OK      bool
	Rule    string   // name of the rule that spoke, for the counter; "" when none did
	Say     string   // the sentence, when not OK
	Because []string // ids of the records that decide
	Ways    []Way    // ways on
	Stops   []string // rejections that stop when the act is done; both people are asked
}

// Fault is a refusal for the person who asked. Its facts carry the rule and the
// records, for counters and the audit; handlers turn Ways into buttons.
func (v Verdict) Fault() *bot.Fault {
	return &bot.Fault{Kind: bot.Refused, Say: v.Say, Err: Blocked{v},
		Facts: map[string]string{"rule": v.Rule, "because": strings.Join(v.Because, " ")}}
}

// Blocked is the verdict inside a fault: errors.As finds its Ways.
type Blocked struct{ Verdict Verdict }

func (b Blocked) Error() string { return "blocked by " + b.Verdict.Rule }

// Guard says whether an act may be done to this person now, seen over the whole
// person: every application, reference, offer, interview, rejection, survey and
// campaign. It is the same for every door (S1-37) and changes nothing.
func Guard(s Situation, act Act, now time.Time) Verdict {
	t, f := act.target(&s.Process, s.Jobs)
	if f != nil {
		return Verdict{Rule: "missing", Say: f.Say}
	}
	return guard(&s, act, t, now)
}

func guard(s *Situation, act Act, t target, now time.Time) Verdict {
	v := view{s: s, p: &s.Process, act: act, t: t, now: now, job: s.Jobs.Get(t.job)}
	if t.app != "" {
		v.app = s.Process.App(t.app)
	}
	if v.job == nil && t.job != "" {
		return Verdict{Rule: "missing_job", Say: "The job of this application is not there any more.", Because: []string{t.app}}
	}
	for _, r := range rulesFor[t.kind] {
		because, hit := r.When(&v)
		if !hit {
			continue
		}
		out := Verdict{Rule: r.Name, Because: because, Say: r.Say(&v, because)}
		if r.Ways != nil {
			out.Ways = r.Ways(&v, because)
		}
		return out
	}
	return Verdict{OK: true, Stops: v.stops(), Because: nil}
}

// view is the situation as one act meets it.
type view struct {
	s   *Situation
	p   *Process
	act Act
	t   target
	app *Application // nil when the act is about none
	job *Job         // nil when the act is about none
	now time.Time
}

func (v *view) name() string { return v.s.Candidate.called() }

func (v *view) title(app string) string { return v.s.Jobs.Title(v.p.jobOf(app)) }

// rule is one line of the guard's table. No setting turns one off (S1-36).
type rule struct {
	Name string                                     // counter
	Ids  string                                     // behaviours it keeps
	On   []Kind                                     // acts it looks at
	When func(v *view) (because []string, hit bool) // the records that decide
	Say  func(v *view, because []string) string
	Ways func(v *view, because []string) []Way
}

var rulesFor = byKind(rules)

func byKind(table []rule) map[Kind][]*rule {
	out := map[Kind][]*rule{}
	for i := range table {
		for _, k := range table[i].On {
			out[k] = append(out[k], &table[i])
		}
	}
	return out
}

// RuleNames are the names of all rules, sorted: the counters there are.
func RuleNames() []string {
	names := map[string]bool{}
	for _, r := range rules {
		names[r.Name] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// stops are the rejections on their way that this act contradicts (S1-20): a
// reference, an interview, an offer or a positive word about the same person on
// any job, or a move of the same application or into it.
func (v *view) stops() []string {
	app := ""
	switch v.t.kind {
	case DoMove:
		app = v.t.app
	case DoTransfer:
		to := v.p.On(v.act.(Transfer).Job)
		if to == nil {
			return nil
		}
		app = to.ID
	case DoAskReference, DoSendReference, DoInvite, DoBook, DoDraftOffer, DoSendOffer:
	case DoFileScorecard, DoFileDecision:
		if a, ok := v.act.(interface{ positive() bool }); !ok || !a.positive() {
			return nil
		}
	default:
		return nil
	}
	var out []string
	for i := range v.p.Rejections {
		if r := &v.p.Rejections[i]; r.moving() && (app == "" || r.App == app) {
			out = append(out, r.ID)
		}
	}
	return out
}

// Ahead are the interviews to come: of one application, or of all with "".
func (p *Process) Ahead(app string, now time.Time) []string {
	var out []string
	for i := range p.Interviews {
		if v := &p.Interviews[i]; (app == "" || v.App == app) && v.Ahead(now) {
			out = append(out, v.ID)
		}
	}
	return out
}

func (p *Process) openReferences(app string) []string {
	var out []string
	for i := range p.Refs {
		if r := &p.Refs[i]; (app == "" || r.App == app) && r.Open() {
			out = append(out, r.ID)
		}
	}
	return out
}

// standing are the offers that stand: of one application, or of all with "".
func (p *Process) standing(app string) []string {
	var out []string
	for i := range p.Offers {
		if o := &p.Offers[i]; (app == "" || o.App == app) && o.Stands() {
			if a := p.App(o.App); a != nil && a.State == Active {
				out = append(out, o.ID)
			}
		}
	}
	return out
}
