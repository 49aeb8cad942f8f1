package scheduling

import (
	"context"
	"time"
)

// desk is a person at work on one problem: their free time in the window, and
// how much they do already.
type desk struct {
	*Person
	zone  *time.Location
	clock *dial
	free  []span // united, inside [earliest, end of the window)
	wish  []span // preferred hours
	days  map[Day]int
}

// rules are what a relaxation may change about a person.
type rules struct {
	ignoreTentative bool
	noBuffers       bool
	longDays        bool // any working day is 8 to 20
	noLimits        bool
	otherTimes      bool // than those offered
}

// sit works out a person's free time in [from, to).
func sit(ctx context.Context, p *Person, from, to int64, r rules, k *clocks) (*desk, error) {
	d := &desk{Person: p, zone: p.Zone}
	if d.zone == nil {
		d.zone = p.Hours.zone()
	}
	d.clock = k.of(d.zone, from, to)
	open := []span{{from, to}}
	if p.Hours != nil {
		open = d.hours(from, to, r, k)
	}
	switch {
	case p.Available == nil:
	case r.otherTimes:
		kind := EveryDay(d.zone, []Shift{{kindFrom * time.Second, kindTo * time.Second}}, 0, 1, 2, 3, 4, 5, 6)
		open = intersect(nil, open, kind.open(nil, from, to, d.clock))
	default:
		var offered []span
		for _, s := range p.Available {
			offered = append(offered, s.span())
		}
		open = intersect(nil, open, union(offered))
	}
	busy, err := d.busy(ctx, from, to, r, k)
	if err != nil {
		return nil, err
	}
	d.free = subtract(make([]span, 0, len(open)+len(busy)), open, busy)
	if p.Preferred != nil {
		d.wish = p.Preferred.open(nil, from, to, k.of(p.Preferred.zone(), from, to))
	}
	if !r.noLimits && p.PerDay+p.PerWeek > 0 {
		d.count()
	}
	return d, nil
}

func (d *desk) hours(from, to int64, r rules, k *clocks) []span {
	h := d.Hours
	if r.longDays {
		long := *h
		for i, shifts := range long.Week {
			if len(shifts) > 0 {
				long.Week[i] = append([]Shift{{kindFrom * time.Second, kindTo * time.Second}}, shifts...)
			}
		}
		h = &long
	}
	return h.open(make([]span, 0, 64), from, to, k.of(h.zone(), from, to))
}

// busy is what blocks, widened by the buffers, united.
func (d *desk) busy(ctx context.Context, from, to int64, r rules, k *clocks) ([]span, error) {
	before, after := int64(d.Before/time.Second), int64(d.After/time.Second)
	if r.noBuffers {
		before, after = 0, 0
	}
	from, to = from-after, to+before
	list := make([]span, 0, 128)
	tentative := !d.IgnoreTentative && !r.ignoreTentative
	var err error
	for _, c := range d.Calendars {
		if list, err = c.busy(ctx, list, from, to, tentative, k); err != nil {
			return nil, err
		}
	}
	add := func(spans []Stretch) {
		for _, s := range spans {
			if p := s.span(); p.from < p.to && p.touch(from, to) {
				list = append(list, p)
			}
		}
	}
	add(d.Busy)
	if tentative {
		add(d.Maybe)
	}
	if before+after > 0 {
		for i := range list {
			list[i].from -= before
			list[i].to += after
		}
	}
	return union(list), nil
}

func (d *desk) count() {
	d.days = map[Day]int{}
	for _, t := range d.Interviews {
		day := wallIn(t.Unix(), d.zone).Day()
		d.days[day]++
	}
}

// week is the first day of the week in which a day lies.
func weekOf(d Day, first time.Weekday) Day {
	return d - Day((int(d.Weekday())-int(first)+7)%7)
}

// limit says whether one more interview fits the person's limits; more are
// those that the plan itself adds.
func (d *desk) limit(at int64, more []int64, first time.Weekday) bool {
	if d.days == nil {
		return true
	}
	day := d.clock.wall(at).Day()
	week := weekOf(day, first)
	today, weekly := d.days[day], 0
	for x := week; x < week+7; x++ {
		weekly += d.days[x]
	}
	for _, t := range more {
		other := d.clock.wall(t).Day()
		if other == day {
			today++
		}
		if weekOf(other, first) == week {
			weekly++
		}
	}
	return (d.PerDay == 0 || today < d.PerDay) && (d.PerWeek == 0 || weekly < d.PerWeek)
}

// kind says whether [from, to) lies between 8 and 20 on the person's clock.
func (d *desk) kind(from, to int64) bool {
	a, b := d.clock.wall(from), d.clock.wall(to-1)
	return a.Day() == b.Day() && a.clock() >= kindFrom && b.clock() < kindTo
}

func (d *desk) wishes(from, to int64) bool { return d.Preferred != nil && within(d.wish, from, to) }
