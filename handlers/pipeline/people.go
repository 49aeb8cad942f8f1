package pipeline

import (
	"context"
	"errors"
	"slices"
	"strings"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

const (
	offered   = 10 // most people put up for choice
	suggested = 25 // and while somebody types
)

// match is somebody who answers to what was typed, with where they stand.
type match struct {
	store.Row[recruiting.Candidate]
	Process recruiting.Process
	Jobs    recruiting.Jobs
}

// findCandidate is who a person means by a name, an address or an id.
func findCandidate(ctx context.Context, c *bot.Call, text string, _ map[string]string) ([]bot.Option, error) {
	found, err := answering(ctx, c, text)
	if err != nil {
		return nil, err
	}
	if len(found) > 0 {
		return apart(c.Person, found), nil
	}
	near, err := nearby(ctx, c, text)
	if err != nil {
		return nil, err
	}
	if len(near) == 0 {
		return nil, recruiting.NoCandidate(text)
	}
	return nil, &bot.Fault{Kind: bot.Ambiguous, Field: "candidate", Options: apart(c.Person, near),
		Say: "There is nobody called “" + bot.Clip(bot.Flat(text), 60) + "” here. Did you mean:"}
}

func suggestCandidate(ctx context.Context, c *bot.Call, typed string, _ map[string]string) ([]bot.Option, error) {
	if strings.TrimSpace(typed) == "" {
		return nil, nil
	}
	found, err := search(ctx, c, typed, suggested)
	other := func(m match) bool { return !called(&m, typed) }
	if err == nil && len(found) == suggested && slices.ContainsFunc(found, other) { // maybe not all of that name
		found, err = search(ctx, c, typed, namesakes)
	}
	slices.SortStableFunc(found, func(a, b match) int { return rank(other(a)) - rank(other(b)) })
	return apart(c.Person, found[:min(len(found), suggested)]), err
}

func rank(later bool) int {
	if later {
		return 1
	}
	return 0
}

// called reports whether every word typed begins a word of the name, and not only of an
// address or a tag.
func called(m *match, typed string) bool {
	name := strings.Fields(recruiting.Fold(m.Val.Name))
	for _, w := range strings.Fields(recruiting.Fold(typed)) {
		if !slices.ContainsFunc(name, func(n string) bool { return strings.HasPrefix(n, w) }) {
			return false
		}
	}
	return true
}

// search is find-as-you-type over those this person may see. Who sees few people is
// given theirs out of many more rows, so that others' namesakes do not hide them.
func search(ctx context.Context, c *bot.Call, text string, limit int) ([]match, error) {
	wide := limit
	if !c.Person.Is(recruiting.Admin | recruiting.Recruiter) {
		wide = namesakes
	}
	rows, err := tables.Candidates.Lookup(ctx, c.Scope, text, wide)
	if err != nil {
		return nil, err
	}
	found, err := theirs(ctx, c, rows)
	return found[:min(len(found), limit)], err
}

// theirs keeps the rows that this person may see.
func theirs(ctx context.Context, c *bot.Call, rows []store.Row[recruiting.Candidate]) ([]match, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	ways := make([]store.Row[recruiting.Process], len(rows))
	for i := range rows { // the search has read them along
		w, err := tables.Processes.Cached(ctx, c.Scope, rows[i].ID)
		if err != nil && !errors.Is(err, store.ErrNone) {
			return nil, err
		}
		ways[i] = w
	}
	var known []store.Row[recruiting.Job] // Rev 0: there is none of that id
	var out []match
	for i := range rows {
		m := match{Row: rows[i], Process: ways[i].Val}
		for k := range m.Process.Apps {
			j, err := jobOnce(ctx, c, &known, m.Process.Apps[k].Job)
			if err != nil {
				return nil, err
			}
			if m.Jobs.Get(j.ID) == nil {
				m.Jobs = append(m.Jobs, j.Val)
			}
		}
		if !m.Val.Gone() && recruiting.MaySee(c.Person, &m.Process, m.Jobs) {
			out = append(out, m)
		}
	}
	if ways[0].Rev > 0 && len(rows) == 1 && len(out) == 1 { // the usual case: the act that follows reads no more
		known = slices.DeleteFunc(known, func(j store.Row[recruiting.Job]) bool { return j.Rev == 0 })
		tables.Found(c, rows[0], ways[0], known)
	}
	return out, nil
}

// jobOnce reads a job that may have been read already.
func jobOnce(ctx context.Context, c *bot.Call, known *[]store.Row[recruiting.Job], id string) (*store.Row[recruiting.Job], error) {
	for i := range *known {
		if j := &(*known)[i]; j.ID == id {
			return j, nil
		}
	}
	j, err := tables.Jobs.Cached(ctx, c.Scope, id)
	if err != nil && !errors.Is(err, store.ErrNone) {
		return nil, err
	}
	j.Val.ID, j.ID = id, id
	*known = append(*known, j)
	return &(*known)[len(*known)-1], nil
}

// erased says that a card from before is about nobody any more. That holds for good, so
// a remembered row will do.
func erased(ctx context.Context, c *bot.Call, id string) *bot.Fault {
	var gone *bot.Fault
	_ = tables.Candidates.Look(ctx, c.Scope, id, func(p *recruiting.Candidate) {
		if !p.Erased.IsZero() {
			gone = notThere()
		}
	})
	return gone
}

func notThere() *bot.Fault {
	return bot.Faultf(bot.Missing, "I cannot find that person any more. They may have been erased; otherwise %s finds them.", bot.Code("/find")).In("candidate")
}

// seen reads a candidate whom this person may see; others are not there. An id on an
// old button leads to the record that it was merged into. In one attempt it is read
// once: what is done is done to what its preview was shown of.
func seen(ctx context.Context, c *bot.Call, id string) (tables.Person, error) {
	return once(c, "pipeline.seen/"+id, func() (tables.Person, error) { return read(ctx, c, id) })
}

// once remembers what was read or planned for the rest of an attempt. It must not be
// changed in place.
func once[T any](c *bot.Call, key string, make func() (T, error)) (T, error) {
	if v, ok := c.Recall(key).(T); ok {
		return v, nil
	}
	v, err := make()
	if err == nil {
		c.Remember(key, v)
	}
	return v, err
}

func read(ctx context.Context, c *bot.Call, id string) (tables.Person, error) {
	p, err := tables.Fresh(ctx, c, id)
	for range 5 {
		if into := p.Candidate.Val.Into; into != "" && bot.IsFault(err, bot.Missing) {
			p, err = tables.Fresh(ctx, c, into)
		}
	}
	if err == nil && !recruiting.MaySee(c.Person, &p.Situation.Process, p.Situation.Jobs) || bot.IsFault(err, bot.Missing) {
		return p, notThere()
	}
	return p, err
}

// named keeps those whose whole name or id is what was typed.
func named(found []match, text string) []match {
	var out []match
	want := recruiting.Fold(text)
	for _, m := range found {
		if m.ID == text || recruiting.Fold(m.Val.Name) == want {
			out = append(out, m)
		}
	}
	return out
}

// apart offers people so that they can be told apart: where they stand, and where
// that is equal by address, city or the end of the id.
func apart(who bot.Person, found []match) []bot.Option {
	out := make([]bot.Option, len(found))
	hints := map[string]int{}
	for i := range found {
		out[i] = bot.Option{Value: found[i].ID, Label: found[i].Val.Name}
		if len(found) > 1 {
			out[i].Hint = found[i].where(who)
		}
		hints[out[i].Label+"\x00"+out[i].Hint]++
	}
	if len(found) < 2 {
		return out
	}
	for i := range found {
		if o := &out[i]; hints[o.Label+"\x00"+o.Hint] > 1 {
			o.Hint = strings.Trim(found[i].mark(who)+" · "+o.Hint, " ·")
		}
	}
	return out
}

// mark is what nobody else of that name has.
func (m *match) mark(who bot.Person) string {
	if recruiting.SeesAny(who, recruiting.PartContact, &m.Process, m.Jobs) {
		switch {
		case m.Val.Mail() != "":
			return m.Val.Mail()
		case len(m.Val.Phones) > 0:
			return m.Val.Phones[0].String()
		}
	}
	return "…" + m.ID[max(0, len(m.ID)-5):]
}

// where says where somebody stands, as far as this person may know; for those in no
// process how to reach them.
func (m *match) where(who bot.Person) string {
	for i := range m.Process.Apps {
		a := &m.Process.Apps[i]
		j := m.Jobs.Get(a.Job)
		if a.State == recruiting.Active && j != nil && recruiting.Sees(who, recruiting.PartStage, &m.Process, j) {
			return j.StageName(a.Stage) + ", " + j.Title
		}
	}
	if recruiting.SeesAny(who, recruiting.PartContact, &m.Process, m.Jobs) {
		return m.Val.Mail()
	}
	return ""
}

func sameName(found []match, i int) bool {
	for k := range found {
		if k != i && recruiting.Fold(found[k].Val.Name) == recruiting.Fold(found[i].Val.Name) {
			return true
		}
	}
	return false
}
