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
		return fmt.Errorf("there is no tenant %q in this store", tenant)
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
	outside := recruiting.External{System: in.system, ID: text}
	if i := slices.IndexFunc(in.jobs, func(j recruiting.Job) bool { return j.ID == text || slices.Contains(j.External, outside) }); i >= 0 {
		found.job = in.jobs[i]
	} else if same := in.titled(text); len(same) == 1 {
		found.job = same[0]
	} else if len(same) > 1 {
		found.fault = bot.Faultf(bot.Ambiguous, "%d jobs are called “%s”. Write the job's id instead.", len(same), bot.Clip(text, 60))
	} else {
		found.fault = bot.Faultf(bot.Missing, "There is no job “%s”.", bot.Clip(text, 60))
		in.noJob[bot.Clip(text, 60)]++
	}
	in.found[text] = found
	return found.job, found.fault
}

func (in *intake) titled(text string) []recruiting.Job {
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
	var titles []string
	stages := map[string][]string{}
	for {
		row, bad, err := sheet.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("%s: %w", i.File, err)
		}
		if len(bad) > 0 || row.Job == "" || len(in.titled(row.Job)) > 0 {
			continue
		}
		if slices.ContainsFunc(in.jobs, func(j recruiting.Job) bool { return j.ID == row.Job }) {
			continue
		}
		known, key := stages[recruiting.Fold(row.Job)], recruiting.Fold(row.Job)
		if known == nil {
			titles = append(titles, row.Job)
			known = []string{}
		}
		if row.Stage != "" && !slices.ContainsFunc(known, func(s string) bool { return recruiting.Fold(s) == recruiting.Fold(row.Stage) }) {
			known = append(known, row.Stage)
		}
		stages[key] = known
	}
	for _, title := range titles {
		j, fault := recruiting.NewJob(store.NewID("j", m.Now()), title, in.stagesFor(stages[recruiting.Fold(title)]), bot.Person{ID: importer.ID, Roles: recruiting.Recruiter}, m.Now())
		if fault != nil {
			return fmt.Errorf("the job “%s” cannot be opened: %s", title, fault.Say)
		}
		j.Recruiters = nil // a program looks after nobody
		b := in.sc.Batch("")
		store.Put(b, tables.Jobs, store.Row[recruiting.Job]{ID: j.ID, Val: j})
		b.Audit(store.Audit{At: m.Now(), By: importer.ID, Door: "import", Event: "import", Act: "job open", Records: []string{"job:" + j.ID}})
		if err := in.sc.Commit(ctx, b); err != nil {
			return err
		}
		names := make([]string, len(j.Stages))
		for n, s := range j.Stages {
			names[n] = s.Name
		}
		fmt.Fprintf(m.Stdout, "Opened the job “%s” with the stages %s.\n", j.Title, strings.Join(names, ", "))
	}
	return in.readJobs(ctx)
}

func (in *intake) stagesFor(named []string) string {
	usual := []string{"Applied", "Screen", "Interview", "Offer", "Hired"}
	plain, _ := recruiting.NewJob("j", "any", strings.Join(usual, ", "), bot.Person{ID: importer.ID, Roles: recruiting.Recruiter}, in.now())
	var more []string
	for _, s := range named {
		if _, fault := plain.FindStage(s, ""); fault != nil {
			more = append(more, s)
		}
	}
	return strings.Join(slices.Concat(usual[:3], more, usual[3:]), ", ")
}
