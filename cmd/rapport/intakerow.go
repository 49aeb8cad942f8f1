package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

// staging is what one commit of an import will write.
type staging struct {
	in     *intake
	people []*arrival
	aside  []reject // kept aside once the commit is done
	left   []reject // said once the commit is done
	err    error
}

func (s *staging) reject(r recruiting.Row, say string) { s.aside = append(s.aside, asReject(r, say)) }

// arrival is one person as rows say, on top of what the store knows.
type arrival struct {
	candidate store.Row[recruiting.Candidate]
	process   store.Row[recruiting.Process]
	notes     []recruiting.Note
	records   []string
	changed   bool // the candidate's record
	moved     bool // the process
	rows      int
	past      int // rows that say the person was rejected before
}

// stage reads what is known of the people in rows and decides about each.
func (in *intake) stage(ctx context.Context, rows []recruiting.Row) *staging {
	s := &staging{in: in}
	known := make([]*arrival, len(rows))
	erased := make([]time.Time, len(rows))
	errs := make([]error, len(rows))
	var wg sync.WaitGroup
	for i := range rows { // together: one round trip carries them all
		wg.Go(func() {
			if known[i], errs[i] = in.lookUp(ctx, &rows[i]); known[i] == nil && errs[i] == nil {
				erased[i], _, errs[i] = tables.Suppressed(ctx, &bot.Call{Scope: in.sc, Now: in.now()}, rows[i].Candidate)
			}
		})
	}
	wg.Wait()
	if s.err = errors.Join(errs...); s.err != nil {
		return s
	}
	for i := range rows {
		s.row(&rows[i], known[i], erased[i])
	}
	return s
}

// lookUp is who the store knows under the row's ids: by external id, else by mail
// address. nil when nobody.
func (in *intake) lookUp(ctx context.Context, r *recruiting.Row) (*arrival, error) {
	var ids []string
	if r.External.ID != "" {
		id, err := tables.Candidates.Owner(ctx, in.sc, r.External.System, r.External.ID)
		if err != nil && !errors.Is(err, store.ErrNone) {
			return nil, err
		}
		if err == nil {
			ids = append(ids, id)
		}
	}
	for i := 0; len(ids) == 0 && i < len(r.Candidate.Emails); i++ {
		only := recruiting.Candidate{Emails: r.Candidate.Emails[i : i+1]}
		for _, k := range only.Keys() {
			found, err := tables.Candidates.Exact(ctx, in.sc, "key", k)
			if err != nil {
				return nil, err
			}
			ids = append(ids, found...)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	slices.Sort(ids)
	return in.read(ctx, ids[0])
}

// read is one person; somebody merged into another is that other.
func (in *intake) read(ctx context.Context, id string) (*arrival, error) {
	a := &arrival{}
	for range 10 {
		row, err := tables.Candidates.Get(ctx, in.sc, id)
		if err != nil {
			return nil, err
		}
		if a.candidate = row; row.Val.Into == "" {
			break
		}
		id = row.Val.Into
	}
	a.candidate.Val.ID = a.candidate.ID
	p, err := tables.Processes.Get(ctx, in.sc, id)
	if errors.Is(err, store.ErrNone) {
		p, err = store.Row[recruiting.Process]{ID: id, Val: recruiting.Process{Candidate: id}}, nil
	}
	a.process = p
	return a, err
}

// row adds one row to the commit, or keeps it aside.
func (s *staging) row(r *recruiting.Row, known *arrival, erased time.Time) {
	a := s.staged(r, known)
	fresh := a == nil
	switch {
	case fresh && known != nil:
		a = known
	case fresh:
		if !erased.IsZero() {
			s.reject(*r, "The data of this person was erased on "+day(erased)+". They come back only by a colleague's hand.")
			return
		}
		a = s.newcomer(r)
	}
	if !a.candidate.Val.Erased.IsZero() {
		s.reject(*r, "The data of this person was erased on "+day(a.candidate.Val.Erased)+". They come back only by a colleague's hand.")
		return
	}
	next := *a // all of the row, or none
	if say := s.apply(&next, r); say != "" {
		s.reject(*r, say)
		return
	}
	if r.External.ID != "" && !slices.ContainsFunc(next.candidate.Val.External, func(e recruiting.External) bool { return e.System == r.External.System }) {
		next.candidate.Val = next.candidate.Val.SetExternal(r.External)
		next.changed = true
	}
	for _, phone := range r.Candidate.Phones {
		if !slices.Contains(next.candidate.Val.Phones, phone) {
			s.left = append(s.left, reject{line: r.Line, say: fmt.Sprintf("line %d: %s is here already; the phone number %s of this row was not taken over.", r.Line, next.candidate.Val.Name, phone)})
		}
	}
	next.rows++
	*a = next
	if fresh {
		s.people = append(s.people, a)
	}
}

// staged is the person of a row when an earlier row of this commit brought them.
func (s *staging) staged(r *recruiting.Row, known *arrival) *arrival {
	for _, a := range s.people {
		c := &a.candidate.Val
		if known != nil && a.candidate.ID == known.candidate.ID || r.External.ID != "" && slices.Contains(c.External, r.External) ||
			slices.ContainsFunc(r.Candidate.Emails, func(m string) bool { return slices.Contains(c.Emails, m) }) {
			return a
		}
	}
	return nil
}

func (s *staging) newcomer(r *recruiting.Row) *arrival {
	c, now := r.Candidate, s.in.now()
	c.ID, c.Made, c.MadeBy = store.NewID("c", now), now, importer.ID
	return &arrival{candidate: store.Row[recruiting.Candidate]{ID: c.ID, Val: c}, changed: true,
		process: store.Row[recruiting.Process]{ID: c.ID, Val: recruiting.Process{Candidate: c.ID}}}
}

// apply puts a person on the job a row names, through the same guard as every other
// door. The answer is why not, or "". Where they stand here already, here counts.
func (s *staging) apply(a *arrival, r *recruiting.Row) string {
	note := r.Note
	if r.Job != "" {
		j, fault := s.in.job(r.Job)
		if fault != nil {
			return fault.Say
		}
		if a.process.Val.On(j.ID) == nil && !a.noted(j.Title) {
			rejected, fault := s.join(a, r, j)
			if fault != nil {
				return fault.Say
			}
			if rejected != "" {
				a.past++
				note = rejected + "\n" + note
			}
		}
	}
	if note == "" || a.candidate.Rev != 0 && !a.moved && a.past == 0 {
		return "" // known people keep their notes as they are
	}
	n, fault := recruiting.NewNote(a.candidate.ID, note, recruiting.TeamOnly, importer, s.in.now())
	if fault != nil {
		return fault.Say
	}
	n.ID = store.NewID("n", n.At)
	a.notes = append(slices.Clip(a.notes), n)
	return ""
}

// noted reports whether a rejection from before is on record for a job already.
func (a *arrival) noted(title string) bool {
	return a.candidate.Rev != 0 && slices.Contains(a.candidate.Val.Tags, pastTag(title))
}

// pastTag marks somebody who was rejected for a job before they came here.
func pastTag(title string) string {
	return bot.Clip("rejected: "+strings.Join(strings.FieldsFunc(title, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ';' }), " "), 40)
}

// join applies a person and brings them to their stage; for a rejection from before
// it only gives the words of a note.
func (s *staging) join(a *arrival, r *recruiting.Row, j recruiting.Job) (rejected string, fault *bot.Fault) {
	stage := recruiting.Stage{}
	if r.Stage != "" {
		if stage, fault = j.FindStage(r.Stage, ""); fault != nil {
			return "", fault
		}
	}
	if stage.Kind == recruiting.AtRejected {
		c, fault := a.candidate.Val.AddTags(pastTag(j.Title))
		if fault != nil {
			return "", fault
		}
		a.candidate.Val, a.changed = c, true
		return fmt.Sprintf("Was rejected for “%s” before the import.", j.Title), nil
	}
	first := recruiting.Apply{Job: j.ID, Source: r.Candidate.Source, Made: r.Applied}
	if !stage.Kind.Ends() {
		first.Stage = stage.ID
	}
	if fault := s.do(a, first, j); fault != nil {
		return "", fault
	}
	if stage.Kind.Ends() {
		if fault := s.do(a, recruiting.Move{App: a.process.Val.On(j.ID).ID, To: stage.ID}, j); fault != nil {
			return "", fault
		}
	}
	a.moved = true
	a.records = append(slices.Clip(a.records), "job:"+j.ID)
	return "", nil
}

func (s *staging) do(a *arrival, act recruiting.Act, j recruiting.Job) *bot.Fault {
	all := append(slices.Clone(s.in.jobs), j)
	ch, err := recruiting.Decide(recruiting.Situation{Candidate: a.candidate.Val, Process: a.process.Val, Jobs: all}, act, importer, s.in.now())
	if err != nil {
		var fault *bot.Fault
		if !errors.As(err, &fault) {
			fault = bot.Faultf(bot.Invalid, "%s", err.Error())
		}
		return fault
	}
	a.process.Val = ch.Process
	return nil
}

// commit writes what was staged and counts it. Nobody is told: thousands of cards
// about people who are not new would teach everybody to look away.
func (s *staging) commit(ctx context.Context) error {
	if s.err != nil {
		return s.err
	}
	b := s.in.sc.Batch("")
	for _, a := range s.people {
		if !a.changed && !a.moved {
			continue
		}
		if a.changed {
			store.Put(b, tables.Candidates, a.candidate)
		} else {
			store.Check(b, tables.Candidates, a.candidate)
		}
		if a.moved || a.process.Rev == 0 {
			store.Put(b, tables.Processes, a.process)
		}
		for _, n := range a.notes {
			store.Put(b, tables.Notes, store.Row[recruiting.Note]{ID: n.ID, Val: n})
		}
		b.Audit(store.Audit{At: s.in.now(), By: importer.ID, Door: "import", Event: "import", Act: "candidate import",
			Records: append([]string{"candidate:" + a.candidate.ID}, slices.Compact(slices.Sorted(slices.Values(a.records)))...)})
	}
	err := s.in.sc.Commit(ctx, b)
	for try := 0; try < 5 && errors.As(err, new(*store.Unavailable)) && ctx.Err() == nil; try++ {
		err = s.in.sc.Commit(ctx, b) // the same operation: done once
	}
	if err == nil {
		s.count()
	}
	return err
}

func (s *staging) count() {
	s.in.keep(s.aside...)
	s.in.mu.Lock()
	s.in.left = append(s.in.left, s.left...)
	s.in.mu.Unlock()
	for _, a := range s.people {
		s.in.past.Add(int64(a.past))
		switch {
		case a.candidate.Rev == 0:
			s.in.added.Add(1)
			s.in.same.Add(int64(a.rows - 1))
		case a.moved:
			s.in.joined.Add(1)
			s.in.same.Add(int64(a.rows - 1))
		default:
			s.in.same.Add(int64(a.rows))
		}
	}
}
