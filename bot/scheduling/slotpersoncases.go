package scheduling

import (
	"context"
	"strings"
	"time"
)

func (q *slotPerson) person(find ZoneFinder) (Person, error) {
	zone, err := find(q.TZ)
	if err != nil {
		return Person{}, err
	}
	p := Person{ID: q.Name, Zone: zone, Before: minutes(q.BufferMinutes), After: minutes(q.BufferMinutes),
		AnyHour: q.AnyHour, PerDay: q.PerDay, PerWeek: q.PerWeek, Interviews: q.Interviews, Recent: q.Recent}
	if q.Available != nil {
		p.Available = stretches(q.Available)
	}
	switch q.Training {
	case "":
	case "shadow":
		p.Training = Shadow
	case "reversed":
		p.Training = Reversed
	default:
		return Person{}, faultf("training is shadow or reversed, not %q", clip(q.Training))
	}
	p.IgnoreTentative = q.TentativeBlocks != nil && !*q.TentativeBlocks
	p.Busy = stretches(q.Busy)
	if q.Preferred != nil {
		if p.Preferred, err = weekHours(q.Preferred, zone); err != nil {
			return Person{}, err
		}
	}
	if p.Hours, err = q.hours(zone); err != nil {
		return Person{}, err
	}
	var events []Event
	for i := range q.Events {
		e, err := q.Events[i].event(zone, find)
		if err != nil {
			return Person{}, err
		}
		events = append(events, e)
	}
	cal, err := NewCalendar(context.Background(), events, zone)
	if err != nil {
		return Person{}, err
	}
	if len(cal.Unread) > 0 {
		return Person{}, faultf("an event cannot be read: %s", cal.Unread[0].Reason)
	}
	p.Calendars = []*Calendar{cal}
	return p, nil
}

func stretches(pairs [][2]time.Time) []Stretch {
	out := make([]Stretch, 0, len(pairs))
	for _, b := range pairs {
		out = append(out, Stretch{b[0], b[1]})
	}
	return out
}

// weekHours are shifts by weekday.
func weekHours(week map[string][][2]string, zone *time.Location) (*Hours, error) {
	h := &Hours{Zone: zone}
	for name, shifts := range week {
		day := weekdayNamed(name)
		if day < 0 {
			return nil, faultf("%q is no weekday", clip(name))
		}
		for _, s := range shifts {
			shift, err := ParseShift(s[0], s[1])
			if err != nil {
				return nil, err
			}
			h.Week[day] = append(h.Week[day], shift)
		}
	}
	return h, nil
}

func (q *slotPerson) hours(zone *time.Location) (*Hours, error) {
	h, err := weekHours(q.WorkingHours, zone)
	if err != nil {
		return nil, err
	}
	if q.WorkingHours == nil {
		h = EveryDay(zone, []Shift{{0, 24 * time.Hour}}, 0, 1, 2, 3, 4, 5, 6)
	}
	h.Away = stretches(q.Away)
	if q.Holidays != "" {
		if h.Holidays, err = PublicHolidays(q.Holidays); err != nil {
			return nil, err
		}
	}
	for _, text := range q.DaysOff {
		day, err := ParseDay(text)
		if err != nil {
			return nil, err
		}
		if h.Days == nil {
			h.Days = map[Day][]Shift{}
		}
		h.Days[day] = nil
	}
	return h, nil
}

func weekdayNamed(name string) int {
	if len(name) < 3 {
		return -1
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		if full := strings.ToLower(d.String()); strings.HasPrefix(full, strings.ToLower(name)) {
			return int(d)
		}
	}
	return -1
}

// event reads a local start and end in the event's zone, or instants where an
// offset is written.
func (q *slotEvent) event(home *time.Location, find ZoneFinder) (Event, error) {
	zone := home
	if q.TZ != "" {
		var err error
		if zone, err = find(q.TZ); err != nil {
			return Event{}, err
		}
	}
	start, err := caseMoment(q.Start, zone)
	if err != nil {
		return Event{}, err
	}
	e := Event{Title: q.Summary, Start: start.At, Zone: start.Zone, Free: strings.EqualFold(q.Transp, "TRANSPARENT")}
	switch strings.ToUpper(q.Status) {
	case "TENTATIVE":
		e.Status = Tentative
	case "CANCELLED", "CANCELED":
		e.Status = Cancelled
	}
	if q.End != "" {
		end, err := caseMoment(q.End, zone)
		if err != nil {
			return Event{}, err
		}
		if e.Length, err = lengthOf(start, end, zone); err != nil {
			return Event{}, err
		}
		if q.AllDay {
			e.Length = Length{Days: max(1, int(end.At.Day()-start.At.Day()))}
		}
	} else if q.AllDay {
		e.Length = Length{Days: 1}
	}
	for _, text := range q.RRule {
		rule, err := ParseRule(text)
		if err != nil {
			return Event{}, err
		}
		e.Rules = append(e.Rules, rule)
	}
	for _, text := range q.ExDate {
		m, err := caseMoment(text, zone)
		if err != nil {
			return Event{}, err
		}
		m.Day = len(strings.TrimSpace(text)) == len(time.DateOnly) || q.AllDay
		e.Gone = append(e.Gone, m)
	}
	for _, text := range q.RDate {
		m, err := caseMoment(text, zone)
		if err != nil {
			return Event{}, err
		}
		e.Dates = append(e.Dates, Extra{Mark: m})
	}
	if q.AllDay {
		e.Start = e.Start.Day().At(0)
		e.Rules = wholeDays(e.Rules, zone)
	}
	return e, nil
}

func wholeDays(list []Rule, zone *time.Location) []Rule {
	for i := range list {
		list[i] = list[i].wholeDays(zone)
	}
	return list
}

// caseMoment reads "2026-11-23T13:00:00", a date, or a time with an offset.
func caseMoment(text string, zone *time.Location) (Mark, error) {
	text = strings.TrimSpace(text)
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly, "2006-01-02 15:04:05", "2006-01-02 15:04"} {
		if t, err := time.Parse(layout, text); err == nil {
			return Mark{At: Wall(t.Unix()), Zone: zone}, nil
		}
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return Mark{At: Wall(t.Unix()), Zone: time.UTC}, nil
	}
	m, err := parseMoment(text)
	if err != nil {
		return Mark{}, err
	}
	if m.utc {
		zone = time.UTC
	}
	return Mark{At: m.wall, Zone: zone}, nil
}
