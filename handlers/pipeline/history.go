package pipeline

import (
	"context"
	"slices"
	"strings"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

// History answers "why does it look so": who did what to a candidate, when, and
// through which door. Who runs hiring also sees who looked.
type History struct {
	Candidate string `arg:"candidate" ref:"candidate" label:"Candidate"`
	Page      int
}

// JobHistory is the same for a job.
type JobHistory struct {
	Job  string `arg:"job" ref:"job" label:"Job"`
	Page int
}

func addHistory(b *bot.Bot) {
	bot.Handle(b, bot.Command[History]{Name: "candidate history", Short: "history", Title: "History of a candidate", Who: onJobs, Reads: true,
		Help: "Shows who did what to a candidate, when and through which door.", Example: "history Ada", Run: history})
	bot.Handle(b, bot.Command[JobHistory]{Name: "job history", Title: "History of a job", Who: onJobs, Reads: true,
		Help: "Shows who did what to a job, when and through which door.", Example: `job history "Backend Engineer"`, Run: jobHistory})
}

const historyPage = 15

// looked are acts that only show something.
var looked = map[string]string{
	"candidate show": "looked at the card", "candidate find": "found and looked at the card", "candidate notes": "read the notes",
	"candidate history": "read the history", "candidate export": "exported everything", "job show": "looked at the job", "job board": "looked at the board", "job history": "read the history",
}

// did says acts in the past; what is not listed is named by its command.
var did = map[string]string{
	"candidate add": "added", "candidate anyway": "added", "candidate apply": "put on a job", "candidate move": "moved",
	"candidate edit": "changed the record", "candidate form": "changed the record", "candidate note": "wrote a note", "candidate unnote": "took a note away",
	"note edited": "edited a message that is a note", "note orphaned": "deleted a message that is a note",
	"candidate tag": "changed the tags", "candidate attach": "attached something", "candidate detach": "took an attachment off",
	"candidate merge": "merged two records", "candidate unmerge": "separated merged records", "candidate follow": "began to follow", "candidate unfollow": "stopped following",
	"candidate erase": "erased everything", "candidate keep": "kept the data longer", "candidate undo": "undid an act", "undo": "undid an act",
	"offer draft": "drafted an offer", "offer send": "marked the offer as sent", "rejection sent": "marked the rejection as sent", "candidate reject": "staged a rejection",
	"job open": "opened the job", "job edit": "changed the job", "job hold": "put the job on hold", "job reopen": "reopened the job", "job close": "closed the job",
	"candidate agreed": "noted a yes to references", "candidate transfer": "moved to another job", "candidate withdraw": "noted that they withdrew", "candidate go-on": "cleared the way and went on",
	"candidate undraft": "threw a draft away", "candidates move": "moved several people", "candidates moved": "moved with others", "candidates go-on": "moved with others", "candidates undo": "undid a move of several people",
	"decision file": "filed a decision", "scorecard file": "filed a scorecard", "interview note": "noted an interview", "letter sent": "marked a letter as sent", "letter copy": "copied a letter", "letter job": "wrote to everybody on the job",
	"offer accept": "noted that the offer was accepted", "offer decline": "noted that the offer was declined", "offer withdraw": "withdrew the offer",
	"reference ask": "asked for a reference", "reference sent": "marked the reference request as sent", "reference received": "filed a reference", "reference cancel": "cancelled a reference",
	"rejection sign": "signed the rejection", "rejection stop": "held the rejection", "rejection resume": "let the rejection go on", "rejection cancel": "dropped the rejection", "rejection release": "ended the waiting time of the rejection",
	"job move-rest": "moved by a change of stages", "job stage": "changed a stage", "job rename-stage": "renamed a stage", "job stages": "changed the stages", "job follow": "began to follow", "job unfollow": "stopped following",
}

func history(ctx context.Context, c *bot.Call, a History) (bot.Reply, error) {
	p, err := seen(ctx, c, a.Candidate)
	if err != nil {
		return bot.Reply{}, err
	}
	if !recruiting.SeesAny(c.Person, recruiting.PartStage, &p.Situation.Process, p.Situation.Jobs) {
		return bot.Reply{}, bot.Faultf(bot.Forbidden, "The history of a candidate is for those who work on their jobs.")
	}
	family, err := tables.Family(ctx, c, p.Candidate.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	for i := range family {
		family[i] = "candidate:" + family[i]
	}
	c.Viewed(family[0])
	title := "History of " + p.Candidate.Val.Name
	return past(ctx, c, title, family, a.Page, func(page int) any { return History{Candidate: p.Candidate.ID, Page: page} },
		bot.Button{Label: "Open card", Do: Show{Candidate: p.Candidate.ID}})
}

func jobHistory(ctx context.Context, c *bot.Call, a JobHistory) (bot.Reply, error) {
	row, err := theJob(ctx, c, a.Job)
	if err != nil {
		return bot.Reply{}, err
	}
	return past(ctx, c, "History of "+row.Val.Title, []string{"job:" + row.ID}, a.Page, func(page int) any { return JobHistory{Job: row.ID, Page: page} },
		bot.Button{Label: "Board", Do: Board{Job: row.ID}})
}

// past is one page of what happened to records, newest first.
func past(ctx context.Context, c *bot.Call, title string, records []string, page int, turn func(int) any, more ...bot.Button) (bot.Reply, error) {
	page = max(page, 0)
	want := (page+1)*historyPage + 1
	var rows []store.Audit
	for _, r := range records {
		got, err := lines(ctx, c, r, want)
		if err != nil {
			return bot.Reply{}, err
		}
		rows = append(rows, got...)
	}
	slices.SortStableFunc(rows, func(x, y store.Audit) int { return y.At.Compare(x.At) })
	rows = slices.CompactFunc(rows, func(x, y store.Audit) bool { return x.At.Equal(y.At) && x.Event == y.Event && x.Act == y.Act })
	rows = rows[min(len(rows), page*historyPage):]
	m := bot.Card(title, bot.Heading{Text: title})
	if len(rows) == 0 {
		m.Blocks = append(m.Blocks, bot.Para{Text: "Nothing is on record here."})
		return bot.Answer(m), nil
	}
	t := bot.Table{Head: []string{"When", "Who", "What", "Through"}}
	for _, r := range rows[:min(len(rows), historyPage)] {
		t.Rows = append(t.Rows, []string{bot.Moment(r.At, zone(c), bot.DateTime), c.NameOf(ctx, r.By), said(ctx, c, r), r.Door})
	}
	m.Blocks = append(m.Blocks, t)
	var nav []bot.Button
	if page > 0 {
		nav = append(nav, bot.Button{Label: "Newer", Do: turn(page - 1)})
	}
	if len(rows) > historyPage {
		nav = append(nav, bot.Button{Label: "Older", Do: turn(page + 1)})
	}
	m.Blocks = append(m.Blocks, bot.Buttons{Buttons: append(nav, more...)})
	return bot.Answer(m), nil
}

// lines reads enough of a record's history to have want lines this person may see:
// those who run hiring also see who looked.
func lines(ctx context.Context, c *bot.Call, record string, want int) ([]store.Audit, error) {
	all := c.Person.Is(recruiting.Admin | recruiting.Recruiter)
	for read := want; ; read *= 4 {
		rows, err := c.Scope.History(ctx, record, read)
		if err != nil {
			return nil, err
		}
		whole := len(rows) < read
		if !all {
			rows = slices.DeleteFunc(rows, func(r store.Audit) bool { return looked[r.Act] != "" })
		}
		if whole || len(rows) >= want || read > 100000 {
			return rows, nil
		}
	}
}

// said puts one line of the audit into words: ids become names where they still
// have one.
func said(ctx context.Context, c *bot.Call, r store.Audit) string {
	what := looked[r.Act]
	if what == "" {
		what = did[r.Act]
	}
	if what == "" {
		what = r.Act
	}
	switch from, to := r.Facts["from"], r.Facts["to"]; {
	case from == "" && to != "" && what == "added":
		what += ", at " + stageOf(ctx, c, r, to)
	case from != "" && to != "" && (r.Act == "candidate undo" || r.Act == "undo"):
		what = "undid the move to " + stageOf(ctx, c, r, from)
	case from != "" || to != "":
		what += ": " + stageOf(ctx, c, r, r.Facts["from"]) + " → " + stageOf(ctx, c, r, r.Facts["to"])
	}
	if o := r.Facts["outcome"]; o != "" {
		what += ": " + o
	}
	var fields []string
	for k := range r.Facts {
		if f, ok := strings.CutPrefix(k, "field "); ok {
			fields = append(fields, f)
		}
	}
	if len(fields) > 0 {
		slices.Sort(fields)
		what += ": " + strings.Join(fields, ", ")
	}
	return what
}

// stageOf is a stage's present name on a job the line names and this person may see.
func stageOf(ctx context.Context, c *bot.Call, r store.Audit, stage string) string {
	for _, rec := range r.Records {
		id, ok := strings.CutPrefix(rec, "job:")
		if !ok {
			continue
		}
		j, err := tables.Jobs.Cached(ctx, c.Scope, id)
		if err != nil {
			continue
		}
		j.Val.ID = j.ID
		if ok, err := seesJob(ctx, c, c.Person, j.Val); err == nil && ok {
			if name := j.Val.StageName(stage); name != stage {
				return name
			}
		}
	}
	return stage
}
