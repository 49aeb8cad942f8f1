package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

// GoOn is a way on out of a refusal: the acts of one button, all or none. They are
// judged anew when it is pressed.
type GoOn struct {
	Candidate string
	Acts      []recruiting.Coded
}

// GuardReport shows what was prevented.
type GuardReport struct{}

func addGuard(b *bot.Bot) {
	bot.Handle(b, bot.Command[GoOn]{Name: "candidate go-on", Help: "Does what a button offered.", Who: bot.Known, On: bot.Hidden, Run: goOn})
	bot.Handle(b, bot.Command[GuardReport]{Name: "guard report", Title: "Prevented contradictions", Who: recruiting.Admin | recruiting.Recruiter, Reads: true,
		Help: "Shows which contradictions were prevented, and why.", Run: guardReport})
}

// decide does acts to one candidate, all or none. A refusal by the guard comes
// with its ways on as buttons, and is counted.
func decide(ctx context.Context, c *bot.Call, candidate string, make func(p *tables.Person) ([]recruiting.Act, error), jobs ...string) (tables.Person, recruiting.Change, error) {
	p, ch, err := tables.Acts(ctx, c, candidate, make, jobs...)
	if err != nil {
		err = guarded(ctx, c, p, candidate, err)
	}
	return *p, ch, err
}

// guarded puts the ways of a blocked act below its sentence and counts it.
func guarded(ctx context.Context, c *bot.Call, p *tables.Person, candidate string, err error) error {
	var fault *bot.Fault
	var blocked recruiting.Blocked
	if !errors.As(err, &fault) || !errors.As(err, &blocked) {
		return err
	}
	count(ctx, c, p, candidate, blocked.Verdict)
	out := *fault
	out.Buttons = append(ways(candidate, blocked.Verdict.Ways), bot.Button{Label: "Open card", Do: Show{Candidate: candidate}})
	return &out
}

func ways(candidate string, list []recruiting.Way) []bot.Button {
	var out []bot.Button
	for _, w := range list {
		acts, err := recruiting.Encode(w.Acts)
		if err != nil {
			continue
		}
		out = append(out, bot.Button{Label: w.Label, Do: GoOn{Candidate: candidate, Acts: acts}})
	}
	return out
}

// prevented is the history that every blocked act stands in.
const prevented = "guard:prevented"

// count keeps a prevented contradiction in a commit of its own, for the act itself
// commits nothing. The same attempt counts once.
func count(ctx context.Context, c *bot.Call, p *tables.Person, candidate string, v recruiting.Verdict) {
	b := c.Scope.Batch("guard/" + c.Once() + "/" + candidate)
	b.Counter("prevented/"+v.Rule, 1)
	b.Audit(store.Audit{At: c.Now, By: c.Person.ID, Door: c.Door, Event: c.Event, Act: "guard", Records: []string{"candidate:" + candidate, prevented},
		Facts: map[string]string{"rule": v.Rule, "because": p.Situation.Process.Because(v.Because)}})
	if err := c.Scope.Commit(ctx, b); err != nil {
		c.Log(ctx, "prevented contradiction not counted", "rule", v.Rule, "err", err)
	}
}

func goOn(ctx context.Context, c *bot.Call, a GoOn) (bot.Reply, error) {
	acts, err := recruiting.Decode(a.Acts)
	if err != nil {
		return bot.Reply{}, err
	}
	var jobs []string
	for _, x := range acts {
		switch x := x.(type) {
		case recruiting.Transfer:
			jobs = append(jobs, x.Job)
		case recruiting.Apply:
			jobs = append(jobs, x.Job)
		}
	}
	p, ch, err := decide(ctx, c, a.Candidate, func(*tables.Person) ([]recruiting.Act, error) { return acts, nil }, jobs...)
	if err != nil {
		return bot.Reply{}, err
	}
	return reply(ctx, c, &p, ch), nil
}

func guardReport(ctx context.Context, c *bot.Call, _ GuardReport) (bot.Reply, error) {
	counts, err := c.Scope.Counters(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	t := bot.Table{Head: []string{"Rule", "Prevented"}}
	total := int64(0)
	var names []string
	for name, n := range counts {
		if _, ok := strings.CutPrefix(name, "prevented/"); ok {
			names, total = append(names, name), total+n
		}
	}
	if total == 0 {
		return bot.Replyf("No contradiction had to be prevented so far."), nil
	}
	sort.Slice(names, func(i, j int) bool {
		if counts[names[i]] != counts[names[j]] {
			return counts[names[i]] > counts[names[j]]
		}
		return names[i] < names[j]
	})
	for _, n := range names {
		t.Rows = append(t.Rows, []string{ruleWords(strings.TrimPrefix(n, "prevented/")), fmt.Sprint(counts[n])})
	}
	text := fmt.Sprintf("%s prevented so far.", plural(int(total), "contradiction"))
	m := bot.Card(text, bot.Para{Text: text}, t)
	rows, err := c.Scope.History(ctx, prevented, 8)
	if err != nil {
		return bot.Reply{}, err
	}
	var lines []string
	for _, r := range rows {
		l, err := explain(ctx, c, r)
		if err != nil {
			return bot.Reply{}, err
		}
		if l != "" {
			lines = append(lines, l)
		}
	}
	if len(lines) > 0 {
		m.Blocks = append(m.Blocks, bot.Para{Text: "The latest:"}, bot.List{Items: lines})
	}
	return bot.Answer(m), nil
}

// explain says of one prevented act who, when, about whom, and because of what; nothing
// when this person may not see whom it is about.
func explain(ctx context.Context, c *bot.Call, r store.Audit) (string, error) {
	i := slices.IndexFunc(r.Records, func(s string) bool { return strings.HasPrefix(s, "candidate:") })
	if i < 0 {
		return "", nil
	}
	p, err := tables.Read(ctx, c, strings.TrimPrefix(r.Records[i], "candidate:"))
	if bot.IsFault(err, bot.Missing) || err == nil && !recruiting.MaySee(c.Person, &p.Situation.Process, p.Situation.Jobs) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	why := recruiting.Explain(r.Facts["because"])
	if why == "" {
		why = strings.ReplaceAll(r.Facts["rule"], "_", " ")
	}
	return bot.Moment(r.At, "UTC", bot.DateTime) + " · " + bot.Bold(p.Candidate.Val.Name) + " · " + c.NameOf(ctx, r.By) + ": blocked because " + why, nil
}

// ruleWords is a rule as a heading; what is not listed reads as it is called.
func ruleWords(name string) string {
	switch name {
	case "reject_open_offer":
		return "Rejection while an offer is open"
	case "reject_open_reference":
		return "Rejection while a reference is open"
	case "reject_twice":
		return "A second rejection"
	case "reference_after_outcome":
		return "Reference after an outcome"
	}
	return upper(strings.ReplaceAll(name, "_", " "))
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
