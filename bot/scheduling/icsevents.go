package scheduling

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// ICSOptions say how to read what iCalendar data leaves open.
type ICSOptions struct {
	Zone  ZoneFinder     // nil: Default().Zone
	Home  *time.Location // zone of all-day and floating events; nil: X-WR-TIMEZONE, else UTC
	Owner string         // mail address: what its owner declined does not block, what is unanswered is tentative
}

// ReadICS reads VEVENTs and published VFREEBUSYs as Exchange, Google and Apple
// write them. Only text that is no calendar, or too much of it, is an error;
// an event that cannot be understood is listed in Calendar.Unread.
func ReadICS(ctx context.Context, text string, o ICSOptions) (*Calendar, error) {
	root, err := parseICS(text)
	if err != nil {
		return nil, err
	}
	if o.Zone == nil {
		o.Zone = Default().Zone
	}
	r := &icsReader{zones: newICSZones(root, o.Zone), home: o.Home, owner: strings.ToLower(o.Owner)}
	var events []Event
	var unread []Unread
	for _, cal := range root.parts {
		home := r.home
		if home == nil {
			home = time.UTC
			if name := cal.text("X-WR-TIMEZONE"); name != "" {
				if home, err = r.zones.zone(name); err != nil {
					home = time.UTC
				}
			}
		}
		if o.Home == nil {
			o.Home = home
		}
		parts := cal.parts
		if cal.name == "VEVENT" || cal.name == "VFREEBUSY" { // without its VCALENDAR
			parts = []*component{cal}
		}
		for _, part := range parts {
			if len(events) > MaxEvents {
				return nil, tooManyf("%d events in one calendar", len(events))
			}
			switch part.name {
			case "VEVENT":
				e, err := r.event(part, home)
				if err != nil {
					unread = append(unread, Unread{part.text("UID"), part.text("SUMMARY"), err.Error()})
					continue
				}
				if strings.EqualFold(cal.text("METHOD"), "CANCEL") {
					e.Status = Cancelled
				}
				events = append(events, e)
			case "VFREEBUSY":
				events = append(events, r.published(part)...)
			}
		}
	}
	c, err := NewCalendar(ctx, events, o.Home)
	if err != nil {
		return nil, err
	}
	c.Unread = append(unread, c.Unread...)
	return c, nil
}

type icsReader struct {
	zones *icsZones
	home  *time.Location
	owner string
}

func (r *icsReader) event(c *component, home *time.Location) (Event, error) {
	e := Event{UID: c.text("UID"), Title: c.text("SUMMARY")}
	p, ok := c.get("DTSTART")
	if !ok {
		return e, faultf("it has no DTSTART")
	}
	start, err := r.mark(p, p.value)
	if err != nil {
		return e, err
	}
	e.Start, e.Zone, e.AllDay = start.At, start.Zone, start.Day
	if e.Length, err = r.length(c, start, home); err != nil {
		return e, err
	}
	for _, p := range c.props {
		if err := r.repeat(&e, p, home); err != nil {
			return e, err
		}
	}
	r.mood(&e, c)
	return e, nil
}

// mark reads a DATE or DATE-TIME property with its TZID.
func (r *icsReader) mark(p property, value string) (Mark, error) {
	m, err := parseMoment(value)
	if err != nil {
		return Mark{}, faultf("%s: %s", clip(p.name), err)
	}
	out := Mark{At: m.wall, Day: m.date}
	switch id := p.param("TZID"); {
	case m.date:
	case m.utc:
		out.Zone = time.UTC
	case id != "":
		out.Zone, err = r.zones.zone(id)
	}
	return out, err
}

// length takes DTEND or DURATION; without both, a date lasts its day and a
// time lasts nothing (RFC 5545 3.6.1).
func (r *icsReader) length(c *component, start Mark, home *time.Location) (Length, error) {
	if p, ok := c.get("DTEND"); ok {
		end, err := r.mark(p, p.value)
		if err != nil {
			return Length{}, err
		}
		return lengthOf(start, end, home)
	}
	if p, ok := c.get("DURATION"); ok {
		l, err := parseDuration(p.value)
		if err == nil && start.Day && l.Days == 0 {
			l = Length{Days: int((l.Time + 24*time.Hour - 1) / (24 * time.Hour))}
		}
		return l, err
	}
	if start.Day {
		return Length{Days: 1}, nil
	}
	return Length{}, nil
}

func lengthOf(start, end Mark, home *time.Location) (Length, error) {
	if start.Day {
		return Length{Days: max(1, int(end.At.Day()-start.At.Day()))}, nil // the last day is exclusive; some write the same day twice
	}
	in := func(m Mark, other *time.Location) time.Time {
		zone := m.Zone
		if zone == nil {
			zone = other
		}
		if zone == nil {
			zone = home
		}
		return m.At.In(zone)
	}
	l := Length{Time: in(end, start.Zone).Sub(in(start, nil))}
	if l.Time < 0 && end.Zone == start.Zone && end.At >= start.At {
		l.Time = time.Duration(end.At-start.At) * time.Second // a start inside a gap
	}
	if l.Time < 0 {
		return l, faultf("it ends before it starts")
	}
	return l, nil
}

func (r *icsReader) repeat(e *Event, p property, home *time.Location) error {
	switch p.name {
	case "RRULE", "EXRULE":
		rule, err := ParseRule(p.value)
		if err != nil {
			return err
		}
		if p.name == "RRULE" {
			e.Rules = append(e.Rules, rule)
		} else {
			e.Except = append(e.Except, rule)
		}
	case "RDATE", "EXDATE":
		if strings.TrimSpace(p.value) == "" {
			return nil // Exchange writes empty lists
		}
		for word := range strings.SplitSeq(p.value, ",") {
			first, last, period := strings.Cut(word, "/")
			m, err := r.mark(p, first)
			if err != nil {
				return err
			}
			if p.name == "EXDATE" {
				e.Gone = append(e.Gone, m)
				continue
			}
			x := Extra{Mark: m}
			if period {
				l, err := r.periodLength(p, m, last, home)
				if err != nil {
					return err
				}
				x.Length = &l
			}
			e.Dates = append(e.Dates, x)
		}
	case "RECURRENCE-ID":
		m, err := r.mark(p, p.value)
		if err != nil {
			return err
		}
		e.Instance, e.Following = &m, strings.EqualFold(p.param("RANGE"), "THISANDFUTURE")
	case "SEQUENCE":
		e.Sequence, _ = strconv.Atoi(strings.TrimSpace(p.value))
	}
	return nil
}

// periodLength reads the second half of a PERIOD: an end or a duration.
func (r *icsReader) periodLength(p property, start Mark, text string, home *time.Location) (Length, error) {
	if strings.ContainsAny(text, "pP") {
		return parseDuration(text)
	}
	end, err := r.mark(p, text)
	if err != nil {
		return Length{}, err
	}
	return lengthOf(start, end, home)
}

// mood reads what says whether an event blocks. Exchange's own word counts
// only where the standard one is missing.
func (r *icsReader) mood(e *Event, c *component) {
	switch strings.ToUpper(strings.TrimSpace(c.text("STATUS"))) {
	case "TENTATIVE":
		e.Status = Tentative
	case "CANCELLED", "CANCELED":
		e.Status = Cancelled
	}
	word := func(name string) string { return strings.ToUpper(strings.TrimSpace(c.text(name))) }
	e.Free = word("TRANSP") == "TRANSPARENT"
	switch busy := word("X-MICROSOFT-CDO-BUSYSTATUS"); {
	case busy == "FREE" && word("TRANSP") == "":
		e.Free = true
	case busy == "TENTATIVE" && word("STATUS") == "":
		e.Status = Tentative
	}
	if r.owner == "" {
		return
	}
	for _, p := range c.props {
		address := strings.ToLower(strings.TrimSpace(p.value))
		if p.name != "ATTENDEE" || strings.TrimPrefix(address, "mailto:") != r.owner {
			continue
		}
		switch strings.ToUpper(p.param("PARTSTAT")) {
		case "DECLINED", "DELEGATED":
			e.Free = true
		case "TENTATIVE", "NEEDS-ACTION":
			if e.Status == Confirmed {
				e.Status = Tentative
			}
		}
	}
}

// published reads the busy times of a VFREEBUSY.
func (r *icsReader) published(c *component) []Event {
	var events []Event
	for _, p := range c.props {
		kind := strings.ToUpper(p.param("FBTYPE"))
		if p.name != "FREEBUSY" || kind == "FREE" {
			continue
		}
		for word := range strings.SplitSeq(p.value, ",") {
			first, last, _ := strings.Cut(word, "/")
			m, err := r.mark(p, first)
			if err != nil {
				continue
			}
			l, err := r.periodLength(p, m, last, time.UTC)
			if err != nil {
				continue
			}
			e := Event{Start: m.At, Zone: m.Zone, Length: l}
			if kind == "BUSY-TENTATIVE" {
				e.Status = Tentative
			}
			events = append(events, e)
		}
	}
	return events
}

// parseDuration reads P1W, P1DT2H or PT24H (RFC 5545 3.3.6): weeks and days
// pass on the wall clock, hours and less exactly.
func parseDuration(text string) (Length, error) {
	fail := func() (Length, error) { return Length{}, faultf("%q is no duration", clip(text)) }
	s := strings.ToUpper(strings.TrimSpace(text))
	s = strings.TrimPrefix(s, "+")
	if strings.HasPrefix(s, "-") {
		return Length{}, faultf("it ends before it starts")
	}
	s, ok := strings.CutPrefix(s, "P")
	if !ok || s == "" || s == "T" {
		return fail()
	}
	var l Length
	clock := false
	for s != "" {
		if s[0] == 'T' && !clock {
			clock, s = true, s[1:]
			continue
		}
		i := 0
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		n, err := strconv.Atoi(s[:i])
		if err != nil || i == len(s) || n > 100_000_000 {
			return fail()
		}
		switch unit := s[i]; {
		case unit == 'W' && !clock:
			l.Days += 7 * n
		case unit == 'D' && !clock:
			l.Days += n
		case unit == 'H' && clock:
			l.Time += time.Duration(n) * time.Hour
		case unit == 'M' && clock:
			l.Time += time.Duration(n) * time.Minute
		case unit == 'S' && clock:
			l.Time += time.Duration(n) * time.Second
		default:
			return fail()
		}
		s = s[i+1:]
	}
	if l.Days > 4000 || l.Time > 100_000*time.Hour {
		return Length{}, faultf("it lasts more than ten years")
	}
	return l, nil
}
