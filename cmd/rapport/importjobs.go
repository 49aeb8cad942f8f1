package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

// jobFound is what the name of a job in a file comes to.
type jobFound struct {
	job   recruiting.Job
	fault *bot.Fault
}

func mustExist(ctx context.Context, db *store.DB, tenant string) error {
	_, err := bot.Tenants.Get(ctx, db.In(""), tenant)
	if errors.Is(err, store.ErrNone) {
		return fmt.Errorf("there is no tenant %q in this store. Make one with: rapport setup-code --employer NAME; it prints the tenant", tenant)
	}
	return err
}

func (in *intake) readJobs(ctx context.Context) error {
	in.jobs = nil
	return tables.Jobs.Each(ctx, in.sc, func(r store.Row[recruiting.Job]) error {
		r.Val.ID = r.ID
		in.jobs = append(in.jobs, r.Val)
		return nil
	})
}

// job finds the job a row names: by id, by an external id, else by title as in chat.
// An ambiguous title is a fault, never a guess.
func (in *intake) job(text string) (recruiting.Job, *bot.Fault) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if f, ok := in.found[text]; ok {
		return f.job, f.fault
	}
	var found jobFound
	switch same := in.called(text); len(same) {
	case 1:
		found.job = same[0]
	case 0:
		found.fault = bot.Faultf(bot.Missing, "There is no job “%s”.", bot.Clip(text, 60))
		in.noJob[bot.Clip(text, 60)]++
	default:
		found.fault = bot.Faultf(bot.Ambiguous, "%d jobs are called “%s”. Write the job's id instead.", len(same), bot.Clip(text, 60))
	}
	in.found[text] = found
	return found.job, found.fault
}

// called is the job with that id, else every job with that title.
func (in *intake) called(text string) []recruiting.Job {
	outside := recruiting.External{System: in.system, ID: text}
	if i := slices.IndexFunc(in.jobs, func(j recruiting.Job) bool { return j.ID == text || slices.Contains(j.External, outside) }); i >= 0 {
		return in.jobs[i : i+1]
	}
	var out []recruiting.Job
	for _, j := range in.jobs {
		if recruiting.Fold(j.Title) == recruiting.Fold(text) {
			out = append(out, j)
		}
	}
	return out
}

// openJobs reads the file once for the jobs and stages it names, and opens the
// jobs that are not there: with the usual stages, and those of the file that are
// none of them before the offer.
func (i importCmd) openJobs(ctx context.Context, m *Main, in *intake) error {
	f, err := os.Open(i.File)
	if err != nil {
		return err
	}
	defer f.Close()
	sheet, err := i.sheet(f, in)
	if err != nil {
		return err
	}
	in.unfit = map[int]string{}
	var all []*wanted
	byTitle := map[string]*wanted{}
	for {
		row, bad, err := sheet.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("%s: %w", i.File, err)
		}
		if len(bad) > 0 || row.Job == "" || len(in.called(row.Job)) > 0 {
			continue // of a job that is there, an unknown stage is a slip and no new stage
		}
		if say := in.noStage(row.Stage); say != "" {
			in.unfit[row.Line] = say
			continue
		}
		key := recruiting.Fold(row.Job)
		w := byTitle[key]
		if w == nil {
			w = &wanted{title: row.Job}
			all, byTitle[key] = append(all, w), w
		}
		w.lines = append(w.lines, row.Line)
		if row.Stage != "" && !slices.ContainsFunc(w.stages, func(s string) bool { return recruiting.Fold(s) == recruiting.Fold(row.Stage) }) {
			w.stages = append(w.stages, row.Stage)
		}
	}
	for _, w := range all {
		named, more := in.stagesFor(w.stages)
		j, fault := recruiting.NewJob(store.NewID("j", m.Now()), w.title, named, bot.Person{ID: importer.ID, Roles: recruiting.Recruiter}, m.Now())
		if fault != nil {
			for _, line := range w.lines {
				in.unfit[line] = fmt.Sprintf("The job “%s” cannot be opened: %s", bot.Clip(w.title, 60), fault.Say)
			}
			continue
		}
		j.Recruiters = nil // a program looks after nobody
		b := in.sc.Batch("")
		store.Put(b, tables.Jobs, store.Row[recruiting.Job]{ID: j.ID, Val: j})
		b.Audit(store.Audit{At: m.Now(), By: importer.ID, Door: "import", Event: "import", Act: "job open", Records: []string{"job:" + j.ID}})
		if err := in.sc.Commit(ctx, b); err != nil {
			return err
		}
		in.opened = append(in.opened, opened{j, more})
	}
	return in.readJobs(ctx)
}

// wanted is a job that a file names and that is not there.
type wanted struct {
	title  string
	stages []string
	lines  []int // of the rows that name it
}

// opened is a job that an import made, and its stages that only the file names.
type opened struct {
	job  recruiting.Job
	more []string
}

// sayOpened says which jobs and stages were made, so that a slip in the file is seen.
func (in *intake) sayOpened(w io.Writer) {
	for _, o := range in.opened {
		names := make([]string, len(o.job.Stages))
		for n, s := range o.job.Stages {
			names[n] = s.Name
		}
		fmt.Fprintf(w, "Opened the job “%s” with the stages %s.", o.job.Title, strings.Join(names, ", "))
		if len(o.more) > 0 {
			fmt.Fprintf(w, " From the file: %s. If that is a slip, correct it in chat: /rapport job stages \"%s\".", quotedList(o.more, 8), o.job.Title)
		}
		fmt.Fprintln(w)
	}
}

// stagesFor is the usual stages with those a file names beside them, and these alone.
func (in *intake) stagesFor(named []string) (all string, more []string) {
	for _, s := range named {
		if !in.usual(s) {
			more = append(more, s)
		}
	}
	return strings.Join(slices.Concat(usualStages[:3], more, usualStages[3:]), ", "), more
}

var usualStages = []string{"Applied", "Screen", "Interview", "Offer", "Hired"}

// usual reports whether a stage's name means one of the usual stages.
func (in *intake) usual(name string) bool {
	plain, _ := recruiting.NewJob("j", "any", strings.Join(usualStages, ", "), bot.Person{ID: importer.ID, Roles: recruiting.Recruiter}, in.now())
	_, fault := plain.FindStage(name, "")
	return fault == nil
}

// noStage is why a name cannot be a new stage of a job, or "": a list is read as several.
func (in *intake) noStage(name string) string {
	if name == "" || in.usual(name) {
		return ""
	}
	stages, fault := recruiting.ParseStages(name)
	switch {
	case fault != nil:
		return fault.Say
	case recruiting.Fold(stages[0].Name) != recruiting.Fold(name):
		return fmt.Sprintf("“%s” would be several stages. Write the stage's name without a comma, semicolon, bar or arrow.", bot.Clip(name, 40))
	}
	return ""
}
