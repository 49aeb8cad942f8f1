package main

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/bot/scheduling"
	"rapport/store"
)

const (
	intakeWorkers = 6  // commits in flight
	intakeRows    = 40 // rows of a commit: at most five writes each
)

// importer is who acts in an import: no person, so that nobody's rights or names
// stand for what a program did.
var importer = bot.Person{ID: "import", Name: "the import", Roles: bot.Machine}

// intake takes rows in. Rows about one person go to one worker, in their order;
// apart from that commits overtake each other.
type intake struct {
	sc     store.Scope
	now    func() time.Time
	system string
	zones  *scheduling.DB
	jobs   recruiting.Jobs

	added, same, joined, past atomic.Int64

	opened []opened // jobs this import made

	mu      sync.Mutex
	found   map[string]jobFound
	noJob   map[string]int
	unfit   map[int]string      // by line, why no job or stage could be made for the row
	known   map[string]zoneRead // by zone as written
	rejects []reject
	left    []reject // rows that are in, but for something they say
}

// reject is a row that is kept aside, or one more reason for it.
type reject struct {
	line     int
	say, raw string
}

func asReject(r recruiting.Row, say string) reject {
	return reject{r.Line, fmt.Sprintf("line %d: %s", r.Line, say), r.Raw}
}

func (in *intake) keep(aside ...reject) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.rejects = append(in.rejects, aside...)
}

// bad is how many rows are kept aside.
func (in *intake) bad() int {
	lines := map[int]bool{}
	for _, r := range in.rejects {
		lines[r.line] = true
	}
	return len(lines)
}

// zone reads a time zone as written; files repeat a few thousand times over.
func (in *intake) zone(text string) (zone, say string) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.known == nil {
		in.known = map[string]zoneRead{}
	}
	r, ok := in.known[text]
	if !ok {
		if z, err := zoneOf(in.zones, text); err != nil {
			r.say = err.Error()
		} else {
			r.zone = z
		}
		in.known[text] = r
	}
	return r.zone, r.say
}

type zoneRead struct{ zone, say string }

// zoneOf reads a time zone as chat does: a city will do. The error says what is meant
// or asks which of several places.
func zoneOf(db *scheduling.DB, text string) (string, error) {
	places, err := db.Locate(text)
	if err != nil {
		return "", err
	}
	if len(places) == 1 {
		return places[0].Zone, nil
	}
	var which []string
	for _, p := range places {
		which = append(which, strings.TrimSuffix(p.Name+", "+p.Where, ", ")+" ("+p.Zone+")")
	}
	return "", fmt.Errorf("%q stands for more than one place: %s. Write the zone of the one that is meant", bot.Clip(strings.TrimSpace(text), 40), strings.Join(which, "; "))
}

// run takes the whole sheet in. It ends early only when the store or the file
// cannot be read.
func (in *intake) run(ctx context.Context, sheet *recruiting.Import) error {
	in.noJob = map[string]int{}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	lanes := make([]chan recruiting.Row, intakeWorkers)
	for n := range lanes {
		lanes[n] = make(chan recruiting.Row, 4*intakeRows)
		wg.Go(func() {
			if err := in.work(ctx, lanes[n]); err != nil {
				cancel(err)
			}
		})
	}
	err := in.deal(ctx, sheet, lanes)
	for _, l := range lanes {
		close(l)
	}
	wg.Wait()
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// deal reads rows and hands each to its lane.
func (in *intake) deal(ctx context.Context, sheet *recruiting.Import, lanes []chan recruiting.Row) error {
	again := map[string]int{}
	for {
		row, bad, err := sheet.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if len(bad) > 0 {
			for _, p := range bad {
				in.keep(reject{row.Line, p.Error(), row.Raw})
			}
			continue
		}
		if say := in.unfit[row.Line]; say != "" {
			in.keep(asReject(row, say))
			continue
		}
		if row.External.ID == "" && len(row.Candidate.Emails) == 0 {
			in.nameless(&row, again)
		}
		h := fnv.New32a()
		h.Write([]byte(rowKey(&row)))
		select {
		case lanes[int(h.Sum32())%len(lanes)] <- row:
		case <-ctx.Done():
			return nil
		}
	}
}

// rowKey is what rows about one person have in common.
func rowKey(r *recruiting.Row) string {
	if len(r.Candidate.Emails) > 0 {
		return r.Candidate.Emails[0]
	}
	return r.External.ID
}

// nameless gives a row without any id one of its own, made from what it says, so
// that a second import knows it again. Equal rows are different people.
func (in *intake) nameless(r *recruiting.Row, again map[string]int) {
	sum := sha256.Sum256([]byte(r.Raw))
	id := "row-" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
	if again[id]++; again[id] > 1 {
		id = fmt.Sprintf("%s-%d", id, again[id])
	}
	r.External = recruiting.External{System: in.system, ID: id}
	r.Candidate = r.Candidate.SetExternal(r.External)
}

// work commits the rows of one lane, so many at a time as are there.
func (in *intake) work(ctx context.Context, lane <-chan recruiting.Row) error {
	rows := make([]recruiting.Row, 0, intakeRows)
	for {
		rows = rows[:0]
		for r := range lane {
			if rows = append(rows, r); len(rows) == intakeRows {
				break
			}
		}
		if len(rows) == 0 || ctx.Err() != nil {
			return nil //nolint:nilerr // run tells why ctx ended
		}
		if err := in.take(ctx, rows); err != nil {
			return err
		}
	}
}

// take brings rows in by one commit; when another had touched one of them, each by
// its own.
func (in *intake) take(ctx context.Context, rows []recruiting.Row) error {
	s := in.stage(ctx, rows)
	err := s.commit(ctx)
	if err == nil || !contested(err) {
		return err
	}
	for i := range rows {
		for range 5 {
			one := in.stage(ctx, slices.Clone(rows[i:i+1]))
			if err = one.commit(ctx); err == nil || !contested(err) {
				break
			}
		}
		if contested(err) {
			in.keep(asReject(rows[i], "Somebody else changed this person at the same time. Import the row again."))
			err = nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func contested(err error) bool {
	return errors.As(err, new(*store.Stale)) || errors.As(err, new(*store.Taken))
}
