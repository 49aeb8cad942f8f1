package pipeline

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

const (
	mostAtOnce = 500 // people one bulk move takes
	bulkStep   = 20  // people a commit does; each is some eight of the 200 writes it may hold
)

// MoveMany moves several people of a job at once.
type MoveMany struct {
	Job    string   `arg:"job" ref:"job" label:"Job"`
	To     string   `arg:"to" ref:"stage" word:"to" label:"To the stage"`
	From   string   `arg:"from,optional" word:"from" label:"From the stage" hint:"Everybody there; or name people below"`
	People []string `arg:"people,optional,many" ref:"candidate" label:"People" hint:"Instead of a stage"`
	Days   int      `arg:"days,optional" label:"Standing there for more than … days"`
	Reason string   `arg:"reason,optional,long" label:"Reason" hint:"For the team, never for the candidates"`
}

// ShowBulk shows how a bulk move went.
type ShowBulk struct{ Bulk string }

// UndoBulk takes a bulk move back, person by person.
type UndoBulk struct{ Bulk string }

func addBulk(b *bot.Bot) {
	bot.Handle(b, bot.Command[MoveMany]{Name: "candidates move", Title: "Move several people", Who: moving, On: bot.OnHome,
		Help: "Moves several people of a job at once, after a preview.", Example: `candidates move job:"Backend Engineer" from:Applied to:Screen`,
		Confirm: confirmMany, Shape: shapeMany, Run: moveMany})
	bot.Handle(b, bot.Command[ShowBulk]{Name: "candidates moved", Help: "Shows how a bulk move went.", Who: moving, On: bot.Hidden, Reads: true, Run: showBulk})
	bot.Handle(b, bot.Command[UndoBulk]{Name: "candidates undo", Help: "Takes a bulk move back.", Who: moving, On: bot.Hidden, Run: undoBulk})
	bot.Handle(b, bot.Command[goBulk]{Name: "candidates go-on", Help: "Goes on with a bulk move.", Who: moving | bot.Machine, On: bot.Hidden, Run: stepBulk})
}

func shapeMany(ctx context.Context, c *bot.Call, a MoveMany, f *bot.Form) {
	if a.Job == "" {
		return
	}
	j, err := tables.Jobs.Cached(ctx, c.Scope, a.Job)
	if err != nil {
		return
	}
	for i := range f.Fields {
		if x := &f.Fields[i]; x.Name == "to" || x.Name == "from" {
			x.Kind, x.Options = bot.Choice, stageOptions(&j.Val, "", "")
		}
	}
}

// crowd is whom a bulk move is about.
type crowd struct {
	job *recruiting.Job
	ids []string
}

// chosen are the people a bulk move is about, those who stand there longest first: the
// same for the preview and the act.
func (a MoveMany) chosen(ctx context.Context, c *bot.Call) (*recruiting.Job, []string, error) {
	who, err := once(c, fmt.Sprintf("pipeline.chosen/%+v", a), func() (crowd, error) {
		j, ids, err := a.choose(ctx, c)
		return crowd{j, ids}, err
	})
	return who.job, who.ids, err
}

func (a MoveMany) choose(ctx context.Context, c *bot.Call) (*recruiting.Job, []string, error) {
	row, err := theJob(ctx, c, a.Job)
	if err != nil {
		return nil, nil, err
	}
	j := &row.Val
	if !recruiting.MayMove(c.Person, j) {
		return nil, nil, bot.Faultf(bot.Forbidden, "Moving people on “%s” is for its hiring managers, %s.", j.Title, recruiting.Said(recruiting.Admin|recruiting.Recruiter))
	}
	for _, s := range j.Stages {
		if s.ID == a.To && s.Kind == recruiting.AtRejected {
			return nil, nil, bot.Faultf(bot.Invalid, "Several people are rejected one by one: each gets a sentence of their own, and the team a reason. Press Reject… on a card, or type %s.",
				bot.Code("/"+c.Bot().Prefix+" candidate reject")).In("to")
		}
	}
	ids := slices.Clone(a.People)
	if len(ids) == 0 {
		if strings.TrimSpace(a.From) == "" {
			return nil, nil, bot.Faultf(bot.Invalid, "Say whom to move: a stage they stand at now, or their names.").In("from")
		}
		from, fault := j.FindStage(a.From, "")
		if fault != nil {
			return nil, nil, fault.In("from")
		}
		q := store.Span{Limit: mostAtOnce + 1}
		if a.Days > 0 {
			q.Max = float64(c.Now.Add(-time.Duration(a.Days) * 24 * time.Hour).Unix())
		}
		if ids, err = tables.Processes.Range(ctx, c.Scope, "stage", j.ID+"/"+from.ID, q); err != nil {
			return nil, nil, err
		}
	}
	switch {
	case len(ids) == 0:
		return nil, nil, bot.Faultf(bot.Missing, "Nobody stands there now.").In("from")
	case len(ids) > mostAtOnce:
		return nil, nil, bot.Faultf(bot.Invalid, "That is more than %d people. Narrow it down with days:, or move the longest waiting first.", mostAtOnce).In("from")
	}
	return j, dedupe(ids), nil
}

func dedupe(ids []string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(ids, func(id string) bool { was := seen[id]; seen[id] = true; return was })
}

// confirmMany says who would move and who would not, and why.
func confirmMany(ctx context.Context, c *bot.Call, a MoveMany) (*bot.Preview, error) {
	j, ids, err := a.chosen(ctx, c)
	if err != nil {
		return nil, err
	}
	people, err := tables.ReadMany(ctx, c, ids, j.ID)
	if err != nil {
		return nil, err
	}
	rev := fnv.New64a()
	var names, not []string
	for i := range people {
		p := &people[i]
		fmt.Fprint(rev, p.Candidate.ID, p.Process.Rev, ";")
		if _, err := p.Decide(c, moveOne(j.ID, a.To, a.Reason)); err != nil {
			var f *bot.Fault
			if !errors.As(err, &f) {
				return nil, err
			}
			if f.Kind == bot.Invalid {
				return nil, causeIsReason(f)
			}
			not = append(not, bot.Bold(p.Candidate.Val.Name)+": "+f.Say)
			continue
		}
		names = append(names, p.Candidate.Val.Name)
	}
	to := bot.Bold(j.StageName(a.To))
	if len(names) == 0 {
		return nil, bot.Faultf(bot.Refused, "None of them can be moved to %s. %s", to, not[0])
	}
	text := persons(len(names)) + " of " + j.Title + " would move to " + to + ". They are not told by this."
	m := bot.Card(text, bot.Para{Text: text}, bot.Para{Text: shortly(names, 30)})
	if len(not) > 0 {
		m.Blocks = append(m.Blocks, bot.Para{Text: persons(len(not)) + " would stay:"}, bot.List{Items: not[:min(len(not), 10)]})
	}
	return &bot.Preview{Message: m, Do: "Move " + persons(len(names)), Rev: fmt.Sprint(rev.Sum64())}, nil
}

func persons(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

func shortly(names []string, most int) string {
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}

func moveOne(job, to, cause string) func(p *tables.Person) ([]recruiting.Act, error) {
	return func(p *tables.Person) ([]recruiting.Act, error) {
		app := p.Situation.Process.On(job)
		if app == nil {
			return nil, bot.Faultf(bot.Refused, "%s is not on “%s”.", p.Candidate.Val.Name, p.Situation.Jobs.Title(job))
		}
		return []recruiting.Act{recruiting.Move{App: app.ID, To: to, Cause: cause}}, nil
	}
}

// moveMany makes the record and does its first part; a timer goes on with the rest.
func moveMany(ctx context.Context, c *bot.Call, a MoveMany) (bot.Reply, error) {
	j, ids, err := a.chosen(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	row := bulkRow{ID: store.NewID("b", c.Now), Val: bulk{By: c.Person.ID, Job: j.ID, To: a.To, Cause: a.Reason, Made: c.Now}}
	for _, id := range ids {
		row.Val.List = append(row.Val.List, one{Candidate: id})
	}
	if err := row.step(ctx, c); err != nil {
		return bot.Reply{}, err
	}
	c.Fact("deed", "")
	m, _ := bulkCard(ctx, c, row.ID, row.Val, j)
	r := bot.Answer(m)
	r.Undo = UndoBulk{Bulk: row.ID}
	return r, nil
}

func showBulk(ctx context.Context, c *bot.Call, a ShowBulk) (bot.Reply, error) {
	row, err := bulks.Get(ctx, c.Scope, a.Bulk)
	if err != nil {
		return bot.Reply{}, err
	}
	j, err := theJob(ctx, c, row.Val.Job)
	if err != nil {
		return bot.Reply{}, err
	}
	m, _ := bulkCard(ctx, c, row.ID, row.Val, &j.Val)
	return bot.Answer(m), nil
}

func undoBulk(ctx context.Context, c *bot.Call, a UndoBulk) (bot.Reply, error) {
	row, err := bulks.Get(ctx, c.Scope, a.Bulk)
	if err != nil {
		return bot.Reply{}, err
	}
	j, err := tables.Jobs.Get(ctx, c.Scope, row.Val.Job)
	if err != nil {
		return bot.Reply{}, err
	}
	j.Val.ID = j.ID
	switch v := &row.Val; {
	case v.By != c.Person.ID && !c.Person.Is(recruiting.Admin):
		return bot.Reply{}, bot.Faultf(bot.Forbidden, "Only the colleague who did this takes it back, or an Admin.")
	case v.Undoing:
		return bot.Reply{}, bot.Faultf(bot.Stale, "That is being taken back already.").With(bot.Button{Label: "How it goes", Do: ShowBulk(a)})
	case c.Now.Sub(v.Made) > recruiting.UndoFor:
		return bot.Reply{}, bot.Faultf(bot.Refused, "That is more than 10 minutes ago, so it stays. Move them back as a new act instead.")
	}
	row.Val.Undoing, row.Val.UndoBy, row.Val.Next = true, c.Person.ID, 0
	if err := (*bulkRow)(&row).step(ctx, c); err != nil {
		return bot.Reply{}, err
	}
	c.Fact("deed", "")
	m, _ := bulkCard(ctx, c, row.ID, row.Val, &j.Val)
	return bot.Answer(m), nil
}
