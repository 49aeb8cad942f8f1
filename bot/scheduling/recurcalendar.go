package scheduling

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// Calendar is somebody's events made ready for asking many times. It does not
// change and may be used by many goroutines.
type Calendar struct {
	Unread []Unread // events that could not be understood; they block nothing, so say so

	events  []Event
	once    []single // events that happen once, by start
	longest int64    // of those
	series  []*Series
}

// Unread is an event that could not be understood, and why.
type Unread struct {
	UID, Title string
	Reason     string
}

// single is an event that happens once.
type single struct {
	piece
	event int32
}

// NewCalendar makes events ready. Events of one UID belong together: the one
// without Instance is the series, the others change it; of several versions
// the highest Sequence holds, then the last. Changes without a series stand
// alone. Home is the zone of all-day and floating events, UTC when nil. Only
// too many events are an error; an event that cannot be understood is Unread.
func NewCalendar(ctx context.Context, events []Event, home *time.Location) (*Calendar, error) {
	if len(events) > MaxEvents {
		return nil, tooManyf("%d events in one calendar", len(events))
	}
	if home == nil {
		home = time.UTC
	}
	c := &Calendar{events: events}
	seen := make(map[string]int, len(events))
	var families []family
	for i := range events {
		e := &events[i]
		n, ok := seen[e.UID]
		if !ok || e.UID == "" {
			n = len(families)
			families = append(families, family{master: -1})
			seen[e.UID] = n
		}
		families[n].add(events, i)
	}
	for i, f := range families {
		if i%256 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		c.admit(f, home)
	}
	slices.SortStableFunc(c.once, func(a, b single) int { return cmp.Compare(a.from, b.from) })
	return c, nil
}

// family is the events of one UID.
type family struct {
	master  int
	changes []int
}

func (f *family) add(events []Event, i int) {
	e := &events[i]
	if e.Instance == nil {
		if f.master < 0 || e.Sequence >= events[f.master].Sequence {
			f.master = i
		}
		return
	}
	for n, other := range f.changes {
		if o := &events[other]; *o.Instance == *e.Instance && o.Following == e.Following {
			if e.Sequence >= o.Sequence {
				f.changes[n] = i
			}
			return
		}
	}
	f.changes = append(f.changes, i)
}

func (c *Calendar) admit(f family, home *time.Location) {
	if f.master < 0 {
		for _, i := range f.changes {
			c.lone(i, home)
		}
		return
	}
	e := &c.events[f.master]
	if len(f.changes) == 0 && len(e.Rules)+len(e.Except)+len(e.Dates)+len(e.Gone) == 0 {
		c.lone(f.master, home)
		return
	}
	changes := make([]Event, len(f.changes))
	for n, i := range f.changes {
		changes[n] = c.events[i]
	}
	s, err := NewSeries(*e, changes, home)
	if err != nil {
		c.Unread = append(c.Unread, Unread{e.UID, e.Title, err.Error()})
		return
	}
	c.series = append(c.series, s)
}

func (c *Calendar) lone(i int, home *time.Location) {
	e := &c.events[i]
	if e.Status == Cancelled {
		return
	}
	zone, reach := zoneFor(e, home), e.Length.reach()
	if reach < 0 {
		c.Unread = append(c.Unread, Unread{e.UID, e.Title, "it ends before it starts"})
		return
	}
	clock := clockOf(zone, int64(e.Start)-2*daySeconds, int64(e.Start)+reach+2*daySeconds)
	from := clock.at(e.Start)
	p := piece{span{from, e.Length.end(e.Start, from, clock)}, e.flags()}
	c.once = append(c.once, single{p, int32(i)})
	c.longest = max(c.longest, p.to-p.from)
}

// Expand lists what touches [from, to) in order of start, cancelled instances
// left out and free ones marked. It refuses more than MaxInstances with
// ErrTooMany, and ends when the context does.
func (c *Calendar) Expand(ctx context.Context, from, to time.Time) ([]Instance, error) {
	var out []Instance
	a, b := from.Unix(), to.Unix()
	err := c.pieces(ctx, a, b, clocksFor(a, b), func(p piece, e *Event) { out = append(out, p.instance(e)) })
	if err != nil {
		return nil, err
	}
	sortInstances(out)
	return out, nil
}

// Busy lists the stretches of [from, to) in which instances block, joined
// where they meet, and cut at the window.
func (c *Calendar) Busy(ctx context.Context, from, to time.Time, tentativeBlocks bool) ([]Stretch, error) {
	a, b := from.Unix(), to.Unix()
	list, err := c.busy(ctx, nil, a, b, tentativeBlocks, clocksFor(a, b))
	if err != nil {
		return nil, err
	}
	var out []Stretch
	for _, s := range clipSpans(union(list), a, b) {
		out = append(out, s.span())
	}
	return out, nil
}

// pieces gives each instance that touches [from, to), in no order.
func (c *Calendar) pieces(ctx context.Context, from, to int64, k *clocks, give func(piece, *Event)) error {
	n := 0
	i, _ := slices.BinarySearchFunc(c.once, from-c.longest, func(s single, at int64) int { return cmp.Compare(s.from, at) })
	for ; i < len(c.once) && c.once[i].from < to; i++ {
		if c.once[i].touch(from, to) {
			n++
			give(c.once[i].piece, &c.events[c.once[i].event])
		}
	}
	for _, s := range c.series {
		err := s.pieces(ctx, from, to, k, func(p piece, e *Event) {
			n++
			give(p, e)
		})
		if err != nil {
			return err
		}
		if n > MaxInstances {
			return tooManyf("%d instances", n)
		}
	}
	return nil
}

// busy appends, in no order, the instances that block in [from, to).
func (c *Calendar) busy(ctx context.Context, dst []span, from, to int64, tentativeBlocks bool, k *clocks) ([]span, error) {
	not := pieceFree
	if !tentativeBlocks {
		not |= pieceTentative
	}
	err := c.pieces(ctx, from, to, k, func(p piece, _ *Event) {
		if p.flags&not == 0 && p.from < p.to {
			dst = append(dst, p.span)
		}
	})
	return dst, err
}

func sortInstances(list []Instance) {
	slices.SortFunc(list, func(a, b Instance) int {
		return cmp.Or(a.Start.Compare(b.Start), a.End.Compare(b.End), cmp.Compare(a.UID, b.UID), cmp.Compare(a.Title, b.Title))
	})
}
