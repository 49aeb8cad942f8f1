package pipeline

import (
	"context"
	"fmt"
	"slices"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

// Work lists what waits for the one who asks, oldest first.
type Work struct{ Page int }

func addHome(b *bot.Bot) {
	bot.Handle(b, bot.Command[Work]{Name: "work", Title: "My work", Who: hiring, On: bot.OnShortcut, Reads: true,
		Help: "Shows what waits for you, oldest first.", Run: func(ctx context.Context, c *bot.Call, a Work) (bot.Reply, error) {
			blocks, err := work(ctx, c, a.Page)
			return bot.Answer(bot.Card("What waits for you", blocks...)), err
		}})
	b.Homepage(10, func(ctx context.Context, c *bot.Call) ([]bot.Block, error) { return work(ctx, c, 0) })
	b.Homepage(20, myJobs)
	b.Homepage(90, func(_ context.Context, c *bot.Call) ([]bot.Block, error) { return menu(b, c), nil })
}

const workShown = 12

// work is a page of what waits for this person: in processes, and stuck people on their jobs.
func work(ctx context.Context, c *bot.Call, page int) ([]bot.Block, error) {
	page = max(page, 0)
	ids, err := tables.Processes.Range(ctx, c.Scope, "todo", c.Person.ID, store.Span{Limit: 100 + page*workShown})
	if err != nil {
		return nil, err
	}
	all, err := jobs(ctx, c)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Has(c.Person.ID) {
			late, err := overdue(ctx, c, &all[i], 25+page*workShown)
			if err != nil {
				return nil, err
			}
			ids = append(ids, late...)
		}
	}
	ways, err := tables.Processes.Many(ctx, c.Scope, unique(ids))
	if err != nil {
		return nil, err
	}
	var todos []recruiting.Todo
	for i := range ways {
		todos = append(todos, recruiting.Todos(&ways[i].Val, all, c.Person, c.Now)...)
	}
	recruiting.OldestFirst(todos)
	out := []bot.Block{bot.Heading{Text: "What waits for you"}}
	if len(todos) == 0 {
		return append(out, bot.Para{Text: "Nothing. Everybody has heard from you."}), nil
	}
	table := bot.Table{Head: []string{"Who", "Job", "What", "Since"}}
	cards := bot.Choices{Label: "Open a card", Field: "candidate", Do: Show{}}
	page = min(page, (len(todos)-1)/workShown) // some may be done since the page was offered
	todos = todos[page*workShown:]
	for _, t := range todos[:min(len(todos), workShown)] {
		name := "somebody"
		if p, err := tables.Candidates.Cached(ctx, c.Scope, t.Candidate); err == nil {
			name = p.Val.Name
		}
		what := string(t.Kind)
		if j := all.Get(t.Job); j != nil && t.Kind == recruiting.TodoStuck {
			what = "stuck at " + j.StageName(stageIn(ways, t))
		}
		table.Rows = append(table.Rows, []string{name, all.Title(t.Job), what, bot.Moment(t.Since, c.Person.Zone, bot.DateOnly)})
		if !slices.ContainsFunc(cards.Options, func(o bot.Option) bool { return o.Value == t.Candidate }) {
			cards.Options = append(cards.Options, bot.Option{Value: t.Candidate, Label: name, Hint: what})
		}
	}
	out = append(out, table, cards)
	var nav []bot.Button
	if page > 0 {
		nav = append(nav, bot.Button{Label: "Show earlier", Do: Work{Page: page - 1}})
	}
	if rest := len(todos) - workShown; rest > 0 {
		out = append(out, bot.Note{Text: fmt.Sprintf("and %d more after these", rest)})
		nav = append(nav, bot.Button{Label: "Show more", Do: Work{Page: page + 1}})
	}
	if len(nav) > 0 {
		out = append(out, bot.Buttons{Buttons: nav})
	}
	return out, nil
}

// stageIn is the stage of the application that something waits for.
func stageIn(ways []store.Row[recruiting.Process], t recruiting.Todo) string {
	if a := processOf(ways, t.Candidate).App(t.App); a != nil {
		return a.Stage
	}
	return ""
}

func unique(ids []string) []string {
	seen := map[string]bool{}
	var out []string
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// myJobs are the jobs this person works on, with how many are in process.
func myJobs(ctx context.Context, c *bot.Call) ([]bot.Block, error) {
	all, err := seenJobs(ctx, c)
	if err != nil {
		return nil, err
	}
	var ids, names []string
	for i := range all {
		if j := &all[i]; j.State == recruiting.JobOpen && (j.Has(c.Person.ID) || c.Person.Is(recruiting.Recruiter|recruiting.Admin)) {
			ids, names = append(ids, j.ID), append(names, j.Title)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	counts, err := tables.Processes.Count(ctx, c.Scope, "open", ids...)
	if err != nil {
		return nil, err
	}
	out := []bot.Block{bot.Heading{Text: "Your jobs"}}
	t := bot.Table{Head: []string{"Job", "In process"}}
	var row []bot.Button
	for i := range ids {
		t.Rows = append(t.Rows, []string{names[i], fmt.Sprint(counts[i])})
		if len(row) < 5 {
			row = append(row, bot.Button{Label: names[i], Do: Board{Job: ids[i]}})
		}
	}
	return append(out, t, bot.Buttons{Buttons: row}), nil
}

// menu offers the commands that want to be on the home page.
func menu(b *bot.Bot, c *bot.Call) []bot.Block {
	var row []bot.Button
	for _, d := range b.Menu(c.Person) {
		if d.On&bot.OnHome != 0 {
			if act, ok := b.Start(d.Name); ok {
				row = append(row, bot.Button{Label: d.Title, Do: act})
			}
		}
	}
	if len(row) == 0 {
		return nil
	}
	return []bot.Block{bot.Heading{Text: "What you can do"}, bot.Buttons{Buttons: row[:min(len(row), 10)]}}
}
