package pipeline

import (
	"slices"
	"strings"
	"time"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
)

// timeline is what happened to somebody lately, newest first, as far as this person
// may know. It reads the process itself; who did it all stands in the history.
func timeline(c *bot.Call, p *tables.Person) []string {
	type entry struct {
		at   time.Time
		text string
	}
	var all []entry
	w, jobs := &p.Situation.Process, p.Situation.Jobs
	for i := range w.Apps {
		a := &w.Apps[i]
		j := jobs.Get(a.Job)
		if j == nil || !recruiting.Sees(c.Person, recruiting.PartStage, w, j) {
			continue
		}
		all = append(all, entry{a.Made, "Put on " + bot.Bold(j.Title)})
		for k, s := range a.Was {
			if k > 0 {
				all = append(all, entry{s.Since, "To " + bot.Bold(j.StageName(s.Stage)) + " for " + j.Title})
			}
		}
		switch {
		case a.State == recruiting.Rejected || a.State == recruiting.Withdrawn || a.State == recruiting.Hired:
			all = append(all, entry{a.Since, bot.Bold(upper(string(a.State))) + " for " + j.Title})
		case a.State == recruiting.MovedOn && w.App(a.To) != nil && w.App(a.To).Job == a.Job:
			all = append(all, entry{a.Since, "Merged with the other application for " + j.Title})
		case a.State == recruiting.MovedOn:
			all = append(all, entry{a.Since, "Went on from " + j.Title})
		case len(a.Was) > 0:
			all = append(all, entry{a.Since, "To " + bot.Bold(j.StageName(a.Stage)) + " for " + j.Title})
		}
	}
	for i := range w.Interviews {
		v := &w.Interviews[i]
		a := w.App(v.App)
		if v.State == recruiting.InterviewHeld && a != nil && recruiting.Sees(c.Person, recruiting.PartStage, w, jobs.Get(a.Job)) {
			all = append(all, entry{v.End, "Interview " + v.ID + " held"})
		}
	}
	slices.SortStableFunc(all, func(x, y entry) int { return y.at.Compare(x.at) })
	var out []string
	for _, e := range all[:min(len(all), cardSteps)] {
		out = append(out, bot.Moment(e.at, zone(c), bot.DateOnly)+": "+e.text)
	}
	return out
}

func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
