package pipeline

import (
	"context"
	"errors"
	"strings"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

func addLookups(b *bot.Bot) {
	b.Refs("candidate", bot.Lookup{Find: findCandidate, Suggest: suggestCandidate, Gone: erased})
	b.Refs("job", bot.Lookup{Find: findJob, Suggest: suggestJob})
	b.Refs("stage", bot.Lookup{Find: findStage, Suggest: suggestStage})
}

func findJob(ctx context.Context, c *bot.Call, text string, _ map[string]string) ([]bot.Option, error) {
	if row, err := tables.Jobs.Cached(ctx, c.Scope, text); err == nil { // its id
		row.Val.ID = row.ID
		if sees, err := seesJob(ctx, c, c.Person, row.Val); err == nil && sees {
			return []bot.Option{{Value: row.ID, Label: row.Val.Title}}, nil
		}
	}
	all, err := seenJobs(ctx, c)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 && c.Person.Is(recruiting.Admin|recruiting.Recruiter) {
		return nil, bot.Faultf(bot.Missing, "There is no job yet. Open the first with %s.", bot.Code("/rapport job open")).In("job")
	}
	j, fault := recruiting.FindJob(all, text)
	if fault != nil {
		return nil, fault
	}
	return []bot.Option{{Value: j.ID, Label: j.Title}}, nil
}

func suggestJob(ctx context.Context, c *bot.Call, typed string, _ map[string]string) ([]bot.Option, error) {
	all, err := seenJobs(ctx, c)
	if err != nil {
		return nil, err
	}
	var out []bot.Option
	for i := range all {
		j := &all[i]
		if typed == "" || strings.Contains(recruiting.Fold(j.Title), recruiting.Fold(typed)) {
			out = append(out, bot.Option{Value: j.ID, Label: j.Title, Hint: j.State.Said()})
		}
	}
	return out, nil
}

// findStage reads a stage of the job that the other arguments name: the one given,
// or the candidate's.
func findStage(ctx context.Context, c *bot.Call, text string, args map[string]string) ([]bot.Option, error) {
	s, err := stageMeant(ctx, c, text, args, tables.Read)
	if errors.As(err, new(*bot.Fault)) { // a refusal is never given on old rows
		s, err = stageMeant(ctx, c, text, args, tables.Fresh)
	}
	if err != nil {
		return nil, err
	}
	return []bot.Option{{Value: s.ID, Label: s.Name}}, nil
}

// reader is tables.Read or tables.Fresh.
type reader func(ctx context.Context, c *bot.Call, candidate string, jobs ...string) (tables.Person, error)

func stageMeant(ctx context.Context, c *bot.Call, text string, args map[string]string, read reader) (recruiting.Stage, error) {
	job, from, err := jobMeant(ctx, c, args, read)
	if err != nil {
		return recruiting.Stage{}, err
	}
	s, fault := job.FindStage(text, from)
	if fault != nil {
		return s, fault
	}
	return s, nil
}

// suggestStage offers the stages of the job that is meant. Where a form does not tell yet whose
// stage it is, it offers the names all open jobs use; which stage a name is shows when it is sent.
func suggestStage(ctx context.Context, c *bot.Call, typed string, args map[string]string) ([]bot.Option, error) {
	if args["candidate"] == "" && args["job"] == "" {
		return stagesEverywhere(ctx, c, typed)
	}
	job, from, err := jobMeant(ctx, c, args, tables.Read)
	if err != nil {
		return nil, err
	}
	return stageOptions(job, from, typed), nil
}

func stagesEverywhere(ctx context.Context, c *bot.Call, typed string) ([]bot.Option, error) {
	all, err := seenJobs(ctx, c)
	if err != nil {
		return nil, err
	}
	var out []bot.Option
	known := map[string]bool{}
	for i := range all {
		if all[i].State != recruiting.JobOpen {
			continue
		}
		for _, o := range stageOptions(&all[i], "", typed) {
			if name := recruiting.Fold(o.Label); !known[name] {
				known[name] = true
				out = append(out, bot.Option{Value: o.Label, Label: o.Label})
			}
		}
	}
	return out, nil
}

func stageOptions(job *recruiting.Job, from, typed string) []bot.Option {
	var out []bot.Option
	for _, s := range job.StagesFrom(from) {
		if s.Kind != recruiting.AtRejected && strings.Contains(recruiting.Fold(s.Name), recruiting.Fold(typed)) {
			out = append(out, bot.Option{Value: s.ID, Label: s.Name})
		}
	}
	return out
}

// jobMeant is the job whose stages are meant, and the stage the candidate is at.
func jobMeant(ctx context.Context, c *bot.Call, args map[string]string, read reader) (*recruiting.Job, string, error) {
	if args["candidate"] == "" {
		if args["job"] == "" {
			return nil, "", bot.Faultf(bot.Invalid, "Say the candidate first: a stage belongs to somebody's job.")
		}
		all, err := seenJobs(ctx, c)
		if err != nil {
			return nil, "", err
		}
		found, fault := recruiting.FindJob(all, args["job"])
		if fault != nil {
			return nil, "", fault
		}
		return found, "", nil
	}
	id := args["candidate"]
	if _, err := tables.Candidates.Cached(ctx, c.Scope, id); errors.Is(err, store.ErrNone) { // still as typed
		found, err := answering(ctx, c, id)
		if err != nil {
			return nil, "", err
		}
		if len(found) != 1 {
			return nil, "", recruiting.NoCandidate(id)
		}
		id = found[0].ID
	}
	p, err := read(ctx, c, id)
	if err != nil {
		return nil, "", err
	}
	app, fault := recruiting.FindApplication(&p.Situation, args["job"], c.Person)
	if fault != nil {
		return nil, "", fault
	}
	job := p.Situation.Jobs.Get(app.Job)
	if job == nil {
		return nil, "", bot.Faultf(bot.Missing, "I cannot find the job of this application any more.")
	}
	return job, app.Stage, nil
}
