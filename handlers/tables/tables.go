// Package tables holds the records that several features read: candidates, their
// processes, jobs, notes and letters. Features never import each other; what two of
// them must both see stands here, once, with its indexes and whose data it is.
//
// It reads and stages, and decides nothing: rules live in bot/recruiting.
package tables

import (
	"time"

	"rapport/bot/recruiting"
	"rapport/store"
)

// Candidates by id "c_…".
var Candidates = store.NewTable("candidate", store.Def[recruiting.Candidate]{
	Along: "process",
	Whose: func(id string, c recruiting.Candidate) []string {
		if !c.Erased.IsZero() {
			return nil // only that there was somebody, and since when not
		}
		return []string{id}
	},
	Index: func(c recruiting.Candidate, x *store.Index) {
		if c.Gone() {
			for _, e := range c.External {
				x.Unique(e.System, e.ID)
			}
			return
		}
		x.Order("all", "", float64(c.Made.Unix()))
		x.Words(c.Name)
		x.Words(c.Emails...)
		x.Words(c.Tags...)
		for _, m := range c.Emails {
			x.Ref(m)
		}
		for _, k := range c.Keys() {
			x.Exact("key", k)
		}
		for _, t := range c.Tags {
			x.Exact("tag", recruiting.Fold(t))
		}
		for _, e := range c.External {
			x.Unique(e.System, e.ID)
			x.Ref(e.ID)
		}
	},
})

// Processes by candidate id: everything that goes on with one person. The row's
// revision is the process revision.
var Processes = store.NewTable("process", store.Def[recruiting.Process]{
	Whose: func(id string, p recruiting.Process) []string {
		if p.Erased {
			return nil
		}
		return []string{id}
	},
	Index: func(p recruiting.Process, x *store.Index) {
		for i := range p.Apps {
			a := &p.Apps[i]
			x.Order("job", a.Job, float64(a.Made.Unix()))
			if a.State == recruiting.Active {
				x.Order("stage", a.Job+"/"+a.Stage, float64(a.Since.Unix()))
				x.Order("open", a.Job, float64(a.Made.Unix())) // by when they came: a move leaves it as it is
			}
			if p.Owed(a) {
				x.Order("owed", a.Job, float64(a.Made.Unix()))
			}
		}
		if last, ok := over(&p); ok {
			x.Order("over", "", float64(last.Unix()))
		}
		for who, jobs := range p.Meets() {
			for _, job := range jobs {
				x.Order("meets", who+"/"+job, 1)
			}
		}
		for who, since := range p.WaitsFor() {
			x.Order("todo", who, float64(since.Unix()))
		}
	},
})

// over is when the last application of somebody ended who is neither in process nor
// hired: from then on their data is kept for a while only (recruiting.Retention).
func over(p *recruiting.Process) (last time.Time, ok bool) {
	for i := range p.Apps {
		a := &p.Apps[i]
		if a.State == recruiting.Active || a.State == recruiting.Hired {
			return last, false
		}
		if a.Since.After(last) {
			last = a.Since
		}
	}
	return last, len(p.Apps) > 0
}

// Jobs by id "j_…".
var Jobs = store.NewTable("job", store.Def[recruiting.Job]{
	Whose: store.Nobody[recruiting.Job],
	Index: func(j recruiting.Job, x *store.Index) {
		x.Order("all", "", float64(j.Made.Unix()))
		x.Exact("state", string(j.State))
		x.Words(j.Title, j.Team)
		for _, e := range j.External {
			x.Unique(e.System, e.ID)
		}
	},
})

// Notes by id "n_…".
var Notes = store.NewTable("note", store.Def[recruiting.Note]{
	Whose: func(_ string, n recruiting.Note) []string { return []string{n.Candidate} },
	Index: func(n recruiting.Note, x *store.Index) {
		x.Order("candidate", n.Candidate, float64(n.At.Unix()))
		if n.Source != "" {
			x.Exact("source", n.Source)
		}
	},
})
