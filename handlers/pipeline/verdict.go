package pipeline

import (
	"context"
	"strings"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

// FileScorecard keeps an interviewer's verdict.
type FileScorecard struct {
	Candidate string `arg:"candidate" ref:"candidate" label:"Candidate"`
	Rating    string `arg:"rating" choices:"strong yes=Strong yes|yes=Yes|undecided=Undecided|no=No|strong no=Strong no" label:"Verdict"`
	Text      string `arg:"text,optional,long" label:"Why" hint:"What you saw and heard"`
	Interview string `arg:"interview,optional" label:"Interview" hint:"Such as I-2, when there were several"`
	Job       string `arg:"job,optional" ref:"job" word:"for" label:"Job" hint:"Only needed when they apply for several"`
}

// FileDecision keeps what a hiring manager wants to happen next.
type FileDecision struct {
	Candidate string `arg:"candidate" ref:"candidate" label:"Candidate"`
	Rating    string `arg:"rating" choices:"strong yes=Strong yes|yes=Yes|undecided=Undecided|no=No|strong no=Strong no" label:"Decision"`
	Text      string `arg:"text,optional,long" label:"Why"`
	Job       string `arg:"job,optional" ref:"job" word:"for" label:"Job" hint:"Only needed when they apply for several"`
}

func addVerdicts(b *bot.Bot) {
	bot.Handle(b, bot.Command[FileScorecard]{Name: "scorecard file", Title: "File a scorecard", Who: bot.Known, For: moving | recruiting.Interviewer, On: bot.OnHome | bot.OnShortcut,
		Help: "Files your verdict about a candidate.", Example: `scorecard file Ada rating:yes text:"Clear thinking"`,
		Run: func(ctx context.Context, c *bot.Call, a FileScorecard) (bot.Reply, error) {
			return verdict(ctx, c, a.Candidate, a.Job, a.Rating, a.Text, func(app, note string, v recruiting.Rating) recruiting.Act {
				return recruiting.FileScorecard{App: app, Interview: strings.ToUpper(strings.TrimSpace(a.Interview)), Note: note, Rating: v}
			})
		}})
	bot.Handle(b, bot.Command[FileDecision]{Name: "decision file", Title: "Decide", Who: moving, On: bot.OnHome,
		Help: "Files a hiring manager's decision; it moves nobody by itself.", Example: `decision file Ada rating:yes`,
		Run: func(ctx context.Context, c *bot.Call, a FileDecision) (bot.Reply, error) {
			return verdict(ctx, c, a.Candidate, a.Job, a.Rating, a.Text, func(app, note string, v recruiting.Rating) recruiting.Act {
				return recruiting.FileDecision{App: app, Note: note, Rating: v}
			})
		}})
}

// verdict keeps a rating in the process and its words in a note.
func verdict(ctx context.Context, c *bot.Call, candidate, job, rating, text string, act func(app, note string, v recruiting.Rating) recruiting.Act) (bot.Reply, error) {
	v, fault := recruiting.ParseRating(rating)
	if fault != nil {
		return bot.Reply{}, fault
	}
	var note store.Row[recruiting.Note]
	if strings.TrimSpace(text) != "" {
		if note, fault = newNote(c, candidate, text, "text"); fault != nil {
			return bot.Reply{}, fault
		}
	}
	p, ch, err := decide(ctx, c, candidate, func(p *tables.Person) ([]recruiting.Act, error) {
		app, fault := recruiting.FindApplication(&p.Situation, job, c.Person)
		if fault != nil {
			return nil, fault
		}
		return []recruiting.Act{act(app.ID, note.ID, v)}, nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	if note.ID != "" {
		putNote(c, note, ch)
	}
	return reply(ctx, c, &p, ch), nil
}
