package scheduling

import (
	"context"
	"encoding/json"
	"slices"
	"time"
)

// slotCase is one problem, as files write it. The fields from Optional on are for
// what a plan needs beyond one meeting of people with hours; left out, nothing changes.
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

	Optional  []string `json:"optional"`
	Candidate string   `json:"candidate"`
	Days      string   `json:"days"` // one_stretch, one_day, several_days
	AnyOrder  bool     `json:"any_order"`
	NewFaces  bool     `json:"new_faces"`
	WeekStart string   `json:"week_start"` // sun, mon …
	Plans     int      `json:"plans"`
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

	Available  [][2]time.Time         `json:"available"` // only then
	Preferred  map[string][][2]string `json:"preferred_hours"`
	AnyHour    bool                   `json:"any_hour"` // said yes to before 8 and after 20
	Holidays   string                 `json:"holidays"` // of a country, such as DE or DE-BY
	Away       [][2]time.Time         `json:"away"`
	PerDay     int                    `json:"per_day"`
	PerWeek    int                    `json:"per_week"`
	Interviews []time.Time            `json:"interviews"`
	Recent     int                    `json:"recent"`
	Training   string                 `json:"training"` // shadow, reversed
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

	Trainees int `json:"trainees"`
}

// slotSegment is one meeting of a chain. Among its people, the name of a pool of the
// whole problem is that pool.
type slotSegment struct {
	Name    string     `json:"name"`
	Minutes float64    `json:"minutes"`
	People  []string   `json:"people"`
	Pools   []slotPool `json:"pools"`

	Optional []string `json:"optional"`
	Break    float64  `json:"break_minutes"` // at least, before it
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
	Order     []int               `json:"order,omitempty"` // of the segments, where they may change places
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
			if p.AnyOrder {
				s.Order = append(s.Order, f.order[i])
			}
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
		return p, false, unreadableCase("slot", err)
	}
	if len(q.Window) != 2 {
		return p, false, faultf("the window is a start and an end")
	}
	p = Problem{From: q.Window[0], To: q.Window[1], Grid: minutes(q.GridMinutes), MaxGap: minutes(q.MaxGapMinutes)}
	if q.Earliest != nil {
		p.Earliest = *q.Earliest
	}
	if err := q.whole(&p); err != nil {
		return p, false, err
	}
	for i := range q.People {
		person, err := q.People[i].person(find)
		if err != nil {
			return p, false, faultf("%s: %s", clip(q.People[i].Name), err)
		}
		p.People = append(p.People, person)
	}
	if len(q.Chain) == 0 {
		p.Steps = []Step{{Length: minutes(q.DurationMinutes), Required: q.Required, Pools: pools(q.Pools), Optional: q.Optional}}
		return p, false, nil
	}
	used := make([]bool, len(q.Pools))
	for _, s := range q.Chain {
		step := Step{Name: s.Name, Length: minutes(s.Minutes), Pools: pools(s.Pools), Optional: s.Optional, Break: minutes(s.Break)}
		for _, name := range s.People {
			if n := slices.IndexFunc(q.Pools, func(pool slotPool) bool { return pool.Name == name }); n >= 0 {
				step.Pools = append(step.Pools, pools(q.Pools[n:n+1])...)
				used[n] = true
			} else {
				step.Required = append(step.Required, name)
			}
		}
		p.Steps = append(p.Steps, step)
	}
	for n, pool := range q.Pools {
		if !used[n] {
			return p, false, faultf("in which meeting of the chain does the pool %q sit? Name it among the people there", clip(pool.Name))
		}
	}
	return p, true, nil
}

// whole reads what holds for all meetings of a plan.
func (q *slotCase) whole(p *Problem) error {
	p.Candidate, p.AnyOrder, p.NewFaces, p.Plans = q.Candidate, q.AnyOrder, q.NewFaces, q.Plans
	switch q.Days {
	case "", "one_stretch":
	case "one_day":
		p.Days = OneDay
	case "several_days":
		p.Days = SeveralDays
	default:
		return faultf("%q is none of one_stretch, one_day and several_days", clip(q.Days))
	}
	if q.WeekStart != "" {
		day := weekdayNamed(q.WeekStart)
		if day < 0 {
			return faultf("%q is no weekday", clip(q.WeekStart))
		}
		p.WeekStart = time.Weekday(day)
	}
	return nil
}

func pools(list []slotPool) []Pool {
	var out []Pool
	for _, s := range list {
		out = append(out, Pool(s))
	}
	return out
}
