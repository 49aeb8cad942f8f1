package scheduling

import (
	"context"
	"encoding/json"
	"strings"
	"time"
)

// slotCase is one problem of the acceptance files.
type slotCase struct {
	Window          []time.Time   `json:"window"`
	DurationMinutes float64       `json:"duration_minutes"`
	GridMinutes     float64       `json:"grid_minutes"`
	Earliest        *time.Time    `json:"earliest"`
	People          []slotPerson  `json:"people"`
	Required        []string      `json:"required"`
	Pools           []slotPool    `json:"pools"`
	Chain           []slotSegment `json:"chain"`
	MaxGapMinutes   float64       `json:"max_gap_minutes"`
}

type slotPerson struct {
	Name            string                 `json:"name"`
	TZ              string                 `json:"tz"`
	WorkingHours    map[string][][2]string `json:"working_hours"`
	Busy            [][2]time.Time         `json:"busy"`
	Events          []slotEvent            `json:"events"`
	DaysOff         []string               `json:"days_off"`
	BufferMinutes   float64                `json:"buffer_minutes"`
	TentativeBlocks *bool                  `json:"tentative_blocks"`
}

type slotEvent struct {
	Start   string   `json:"start"`
	End     string   `json:"end"`
	TZ      string   `json:"tz"`
	RRule   ruleList `json:"rrule"`
	ExDate  []string `json:"exdate"`
	RDate   []string `json:"rdate"`
	Status  string   `json:"status"`
	Transp  string   `json:"transp"`
	AllDay  bool     `json:"all_day"`
	Summary string   `json:"summary"`
}

type slotPool struct {
	Name   string   `json:"name"`
	Need   int      `json:"need"`
	People []string `json:"people"`
}

type slotSegment struct {
	Name    string     `json:"name"`
	Minutes float64    `json:"minutes"`
	People  []string   `json:"people"`
	Pools   []slotPool `json:"pools"`
}

// ruleList is a rule or several.
type ruleList []string

func (l *ruleList) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		if *l = nil; one != "" {
			*l = ruleList{one}
		}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(l))
}

// slotAnswer has the shape of expected_common_free and expected_slots.
type slotAnswer struct {
	CommonFree [][2]string `json:"common_free"` // null with pools or a chain
	Slots      []slotFound `json:"slots"`
}

type slotFound struct {
	Start     string              `json:"start"`
	End       string              `json:"end,omitempty"`
	Available map[string][]string `json:"available,omitempty"`
	Segments  []string            `json:"segments,omitempty"`
}

// SlotsCase answers one slot problem of the acceptance files: the exact common
// free time of all required people, and every slot on the grid by start.
func SlotsCase(raw json.RawMessage) (got any, err error) { return SlotsCaseWith(Default(), raw) }

// SlotsCaseWith is SlotsCase with another database.
func SlotsCaseWith(db *DB, raw json.RawMessage) (got any, err error) {
	p, chain, err := slotProblem(raw, db.Zone)
	if err != nil {
		return nil, err
	}
	e, err := newEngine(context.Background(), &p, nil, nil, nil)
	if err != nil {
		return nil, err
	}
	list, err := e.list()
	if err != nil {
		return nil, err
	}
	out := slotAnswer{Slots: []slotFound{}}
	for _, f := range list {
		g := &e.steps[f.order[0]]
		s := slotFound{Start: stamp(unix(f.times[0]))}
		if !chain {
			s.End = stamp(unix(f.times[0] + g.length))
		}
		for i := range f.times {
			if chain {
				s.Segments = append(s.Segments, stamp(unix(f.times[i])))
			}
			g := &e.steps[f.order[i]]
			for n := range g.pools {
				if s.Available == nil {
					s.Available = map[string][]string{}
				}
				s.Available[g.pools[n].Name] = e.available(g, n, f.times[i])
			}
		}
		out.Slots = append(out.Slots, s)
	}
	if common := e.common(); common != nil && !chain {
		out.CommonFree = [][2]string{}
		for _, s := range common {
			out.CommonFree = append(out.CommonFree, [2]string{stamp(s.Start), stamp(s.End)})
		}
	}
	return out, nil
}

// CaseProblem turns a case into the problem that Find solves.
func CaseProblem(db *DB, raw json.RawMessage) (Problem, error) {
	p, _, err := slotProblem(raw, db.Zone)
	return p, err
}

func minutes(n float64) time.Duration { return time.Duration(n * float64(time.Minute)) }

// slotProblem also says whether the case is a chain.
func slotProblem(raw json.RawMessage, find ZoneFinder) (p Problem, chain bool, err error) {
	var q slotCase
	if err := json.Unmarshal(raw, &q); err != nil {
		return p, false, faultf("this is no slot problem: %s", err)
	}
	if len(q.Window) != 2 {
		return p, false, faultf("the window is a start and an end")
	}
	p = Problem{From: q.Window[0], To: q.Window[1], Grid: minutes(q.GridMinutes), MaxGap: minutes(q.MaxGapMinutes)}
	if q.Earliest != nil {
		p.Earliest = *q.Earliest
	}
	for i := range q.People {
		person, err := q.People[i].person(find)
		if err != nil {
			return p, false, faultf("%s: %s", clip(q.People[i].Name), err)
		}
		p.People = append(p.People, person)
	}
	if len(q.Chain) == 0 {
		p.Steps = []Step{{Length: minutes(q.DurationMinutes), Required: q.Required, Pools: pools(q.Pools)}}
		return p, false, nil
	}
	for _, s := range q.Chain {
		p.Steps = append(p.Steps, Step{Name: s.Name, Length: minutes(s.Minutes), Required: s.People, Pools: pools(s.Pools)})
	}
	return p, true, nil
}

func pools(list []slotPool) []Pool {
	var out []Pool
	for _, s := range list {
		out = append(out, Pool{Name: s.Name, Need: s.Need, People: s.People})
	}
	return out
}

func (q *slotPerson) person(find ZoneFinder) (Person, error) {
	zone, err := find(q.TZ)
	if err != nil {
		return Person{}, err
	}
	p := Person{ID: q.Name, Zone: zone, Before: minutes(q.BufferMinutes), After: minutes(q.BufferMinutes)}
	p.IgnoreTentative = q.TentativeBlocks != nil && !*q.TentativeBlocks
	for _, b := range q.Busy {
		p.Busy = append(p.Busy, Stretch{b[0], b[1]})
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

func (q *slotPerson) hours(zone *time.Location) (*Hours, error) {
	h := &Hours{Zone: zone}
	if q.WorkingHours == nil {
		all := []Shift{{0, 24 * time.Hour}}
		h = EveryDay(zone, all, 0, 1, 2, 3, 4, 5, 6)
	}
	for name, shifts := range q.WorkingHours {
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
