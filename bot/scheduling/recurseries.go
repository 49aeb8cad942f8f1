package scheduling

import (
	"context"
	"slices"
	"time"

	"github.com/teambition/rrule-go"
)

// Series is an event made ready for asking, with the changes to its instances.
// It does not change and may be used by many goroutines.
type Series struct {
	event Event
	zone  *time.Location
	first int64 // instant of the start
	back  int64 // how long before a window an instance may start
	shift int64 // how far changes move instances

	rules, except set
	dates         []occurrence
	gone          marks
	changed       []change
	follow        []following
}

// set is a union of rules.
type set struct {
	walkers []*walker
	tickers []*ticker
}

// occurrence is a start at work; length is its own, or nil.
type occurrence struct {
	wall   Wall
	at     int64
	length *Length
}

// change is one instance as it became.
type change struct {
	event *Event
	piece piece
}

// following is a change of an instance and all later ones.
type following struct {
	from  int64
	by    Wall
	zone  *time.Location
	event *Event
}

// marks finds instances by instant or by day.
type marks struct {
	at   []int64
	days []Day
}

func (m *marks) has(o occurrence) bool {
	if len(m.at) > 0 {
		if _, ok := slices.BinarySearch(m.at, o.at); ok {
			return true
		}
	}
	if len(m.days) > 0 {
		_, ok := slices.BinarySearch(m.days, o.wall.Day())
		return ok
	}
	return false
}

// NewSeries makes an event ready. Changes are events of the same UID with
// Instance set; home is the zone of all-day and floating events, UTC when nil.
// A Fault says what cannot be understood.
func NewSeries(event Event, changes []Event, home *time.Location) (*Series, error) {
	if home == nil {
		home = time.UTC
	}
	if event.Start < DayOf(1, 1, 2).At(0) || event.Start > DayOf(9999, 1, 1).At(0) {
		return nil, faultf("its start is no date of our calendar")
	}
	s := &Series{event: event, zone: zoneFor(&event, home)}
	c := s.clock(int64(event.Start), int64(event.Start))
	s.first = c.at(event.Start)
	if s.back = event.Length.reach(); s.back < 0 {
		return nil, faultf("it ends before it starts")
	}
	var err error
	if s.rules, err = s.tie(event.Rules, true); err != nil {
		return nil, err
	}
	if s.except, err = s.tie(event.Except, false); err != nil {
		return nil, err
	}
	for _, d := range event.Dates {
		o := s.place(d.Mark)
		o.length = d.Length
		if d.Length != nil {
			s.back = max(s.back, d.Length.reach())
		}
		s.dates = append(s.dates, o)
	}
	for _, m := range event.Gone {
		s.mark(m)
	}
	for i := range changes {
		s.change(&changes[i], home)
	}
	slices.Sort(s.gone.at)
	slices.Sort(s.gone.days)
	slices.SortFunc(s.follow, func(a, b following) int { return int(a.from - b.from) })
	return s, nil
}

func zoneFor(e *Event, home *time.Location) *time.Location {
	if e.Zone == nil || e.AllDay {
		return home
	}
	return e.Zone
}

func (s *Series) clock(from, to int64) *dial {
	return clockOf(s.zone, from-2*daySeconds, to+2*daySeconds)
}

// tie binds rules to the start. A start that none of the rules hits is an
// instance all the same.
func (s *Series) tie(rules []Rule, including bool) (set, error) {
	var out set
	hit := !including
	for _, r := range rules {
		if s.event.AllDay {
			r = r.wholeDays(s.zone)
		}
		if r.freq == rrule.HOURLY || r.freq == rrule.MINUTELY {
			t := r.ticks(s.first, s.clock)
			hit = hit || t.hits(s.clock(s.first, s.first))
			out.tickers = append(out.tickers, t)
			continue
		}
		w := r.walk(s.event.Start)
		hit = hit || w.hits()
		out.walkers = append(out.walkers, w)
	}
	for _, w := range out.walkers {
		if err := w.settle(!hit); err != nil {
			return set{}, err
		}
	}
	for _, t := range out.tickers {
		if err := t.settle(!hit, s.clock); err != nil {
			return set{}, err
		}
	}
	return out, nil
}

// wholeDays reads an UNTIL in UTC for events of whole days: midnight or a last second means the
// date as written, any other time is the local midnight written in UTC.
func (r Rule) wholeDays(zone *time.Location) Rule {
	r.hours, r.minutes, r.seconds = nil, nil, nil
	switch {
	case r.until.kind == untilUTC && r.until.wall.clock() != 0 && r.until.wall.clock() != daySeconds-1:
		r.until = until{untilDate, wallIn(int64(r.until.wall), zone)}
	case r.until.kind != untilNever:
		r.until.kind = untilDate
	}
	return r
}

// place puts a mark on the clock of the series.
func (s *Series) place(m Mark) occurrence {
	zone := m.Zone
	if zone == nil {
		zone = s.zone
	}
	w := m.At
	switch {
	case m.Day && !s.event.AllDay:
		w = w.Day().At(0) + Wall(s.event.Start.clock())
		zone = s.zone
	case s.event.AllDay && zone == time.UTC && zone != s.zone && w.clock() != 0:
		w = wallIn(int64(w), s.zone).Day().At(0)
		zone = s.zone
	case s.event.AllDay:
		w, zone = w.Day().At(0), s.zone
	}
	at := clockOf(zone, int64(w)-2*daySeconds, int64(w)+2*daySeconds).at(w)
	if zone != s.zone {
		w = wallIn(at, s.zone)
	}
	return occurrence{wall: w, at: at}
}

func (s *Series) mark(m Mark) occurrence {
	o := s.place(m)
	if m.Day || s.event.AllDay {
		s.gone.days = append(s.gone.days, o.wall.Day())
	} else {
		s.gone.at = append(s.gone.at, o.at)
	}
	return o
}

func (s *Series) change(e *Event, home *time.Location) {
	was := s.mark(*e.Instance)
	zone := zoneFor(e, home)
	c := clockOf(zone, int64(e.Start)-2*daySeconds, int64(e.Start)+2*daySeconds+max(0, e.Length.reach()))
	if e.Status != Cancelled {
		from := c.at(e.Start)
		s.changed = append(s.changed, change{e, piece{span{from, e.Length.end(e.Start, from, c)}, e.flags()}})
	}
	if e.Following {
		f := following{from: was.at, by: e.Start - was.wall, zone: zone, event: e}
		s.follow = append(s.follow, f)
		s.shift = max(s.shift, int64(max(f.by, -f.by))+daySeconds)
		s.back = max(s.back, e.Length.reach())
	}
}

// Expand lists what touches [from, to), in order, cancelled instances left
// out. It refuses more than MaxInstances with ErrTooMany.
func (s *Series) Expand(ctx context.Context, from, to time.Time) ([]Instance, error) {
	var out []Instance
	a, b := from.Unix(), to.Unix()
	err := s.pieces(ctx, a, b, clocksFor(a, b), func(p piece, e *Event) { out = append(out, p.instance(e)) })
	sortInstances(out)
	return out, err
}

// pieces gives each instance that touches [from, to), in no order.
func (s *Series) pieces(ctx context.Context, from, to int64, k *clocks, give func(piece, *Event)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for i := range s.changed {
		if p := s.changed[i].piece; p.touch(from, to) {
			give(p, s.changed[i].event)
		}
	}
	if s.event.Status == Cancelled && len(s.follow) == 0 {
		return nil
	}
	lo, hi := from-s.back-s.shift, to+s.shift
	c := k.of(s.zone, lo, hi)
	found, err := s.starts(lo, hi, c, k)
	if err != nil {
		return err
	}
	flags := s.event.flags()
	for _, o := range found {
		if s.gone.has(o) {
			continue
		}
		e, length, p := &s.event, s.event.Length, piece{flags: flags}
		if f := s.followed(o.at); f != nil {
			e, length, p.flags = f.event, f.event.Length, f.event.flags()
			o.wall += f.by
			moved := k.of(f.zone, lo, hi)
			o.at = moved.at(o.wall)
			p.span = span{o.at, length.end(o.wall, o.at, moved)}
		} else {
			if o.length != nil {
				length = *o.length
			}
			p.span = span{o.at, length.end(o.wall, o.at, c)}
		}
		if e.Status != Cancelled && p.touch(from, to) {
			give(p, e)
		}
	}
	return nil
}

func (s *Series) followed(at int64) *following {
	for i := len(s.follow) - 1; i >= 0; i-- {
		if s.follow[i].from <= at {
			return &s.follow[i]
		}
	}
	return nil
}

// starts gives the starts in [lo, hi) by rules and dates, before changes. The
// list is valid until the clocks are used again.
func (s *Series) starts(lo, hi int64, c *dial, k *clocks) ([]occurrence, error) {
	found := k.found[:0]
	if len(s.rules.walkers)+len(s.rules.tickers) == 0 && s.first >= lo && s.first < hi {
		found = append(found, occurrence{wall: s.event.Start, at: s.first})
	}
	found, err := s.rules.between(found, lo, hi, c, k)
	if err != nil {
		return nil, err
	}
	for _, o := range s.dates {
		if o.at >= lo && o.at < hi {
			found = append(found, o)
		}
	}
	if len(s.rules.walkers)+len(s.rules.tickers)+len(s.dates) > 1 {
		slices.SortStableFunc(found, func(a, b occurrence) int { return int(a.at - b.at) })
		// Of equal starts the last one holds: a period's own length.
		kept := found[:0]
		for i, o := range found {
			if i+1 < len(found) && found[i+1].at == o.at {
				continue
			}
			kept = append(kept, o)
		}
		found = kept
	}
	if len(s.except.walkers)+len(s.except.tickers) > 0 {
		out, err := s.except.between(nil, lo, hi, c, k)
		if err != nil {
			return nil, err
		}
		not := map[int64]bool{}
		for _, o := range out {
			not[o.at] = true
		}
		found = slices.DeleteFunc(found, func(o occurrence) bool { return not[o.at] })
	}
	k.found = found
	return found, nil
}

// between appends the starts of the rules in [lo, hi).
func (u *set) between(dst []occurrence, lo, hi int64, c *dial, k *clocks) ([]occurrence, error) {
	least, most := c.spread()
	for _, w := range u.walkers {
		walls, err := w.walls(k.walls[:0], Wall(lo+least), Wall(hi+most))
		k.walls = walls
		if err != nil {
			return dst, err
		}
		end := forever
		if w.rule.until.kind == untilUTC {
			end = int64(w.rule.until.wall)
		}
		for _, x := range walls {
			if at := c.at(x); at >= lo && at < hi && at <= end {
				dst = append(dst, occurrence{wall: x, at: at})
			}
		}
	}
	for _, t := range u.tickers {
		ticks, err := t.between(k.ticks[:0], lo, hi, c)
		k.ticks = ticks
		if err != nil {
			return dst, err
		}
		for _, at := range ticks {
			dst = append(dst, occurrence{wall: c.wall(at), at: at})
		}
	}
	return dst, nil
}
