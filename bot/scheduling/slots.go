package scheduling

import "time"

// Limits of a problem; beyond them Find refuses with a Fault.
const (
	MaxPeople  = 200
	MaxSteps   = 10
	MaxHorizon = 370 * 24 * time.Hour
	MaxBusy    = 10_000  // busy stretches given for one person
	maxStarts  = 120_000 // grid points of a horizon
)

// Problem asks when the steps of a plan can take place. All times of day are
// the people's own.
type Problem struct {
	From, To time.Time     // the window; nothing lies outside
	Earliest time.Time     // nothing starts before it (now and the notice people need); zero: From
	Grid     time.Duration // starts lie on From + k·Grid; zero: 15 minutes

	People    []Person
	Candidate string // whose days count; empty: the first required person's

	Steps    []Step
	Days     DayRule
	MaxGap   time.Duration // longest wait between two steps with OneStretch
	AnyOrder bool          // steps may change places
	NewFaces bool          // nobody from a pool sits in two steps

	WeekStart time.Weekday // for weekly limits
	Plans     int          // how many plans to describe; zero: 10
}

// DayRule says how the steps of a plan spread.
type DayRule byte

const (
	OneStretch  DayRule = iota // one after the other, waiting at most MaxGap
	OneDay                     // on one day of the candidate, however long the waits
	SeveralDays                // in order, on any days
)

// Step is one meeting of a plan.
type Step struct {
	Name     string
	Length   time.Duration
	Break    time.Duration // least wait after the step before
	Required []string      // ids of people
	Pools    []Pool
	Optional []string // told, and welcome; they block nothing
}

// Pool is a group of which Need people must come.
type Pool struct {
	Name     string
	Need     int
	People   []string
	Trainees int // at most so many people in training join, beside Need trained ones
}

// Person is somebody to meet, with what their calendars say.
type Person struct {
	ID   string
	Name string         // empty: the ID
	Zone *time.Location // nil: that of Hours; one of both is needed

	Hours     *Hours    // nil: any time
	Available []Stretch // nil: whenever Hours allow; else only then, as a candidate offers
	Preferred *Hours    // nil: no wish; only ranks
	AnyHour   bool      // said yes to hours before 8 and after 20

	Calendars       []*Calendar
	Busy            []Stretch
	Maybe           []Stretch // tentative
	IgnoreTentative bool
	Before, After   time.Duration // kept free around what is busy

	PerDay, PerWeek int         // interviews at most; 0: no limit
	Interviews      []time.Time // those they have around the window, for the limits
	Recent          int         // interviews in the past weeks, for a fair load
	Training        Training
}

func (p *Person) name() string {
	if p.Name == "" {
		return p.ID
	}
	return p.Name
}

// Training is how far somebody is as an interviewer.
type Training byte

const (
	Trained  Training = iota
	Shadow            // listens
	Reversed          // leads while a trained one listens
)

// Kind hours: nobody meets before or after without having said yes.
const (
	kindFrom = 8 * 3600
	kindTo   = 20 * 3600
)

const defaultGrid = 15 * time.Minute

// check refuses what cannot be asked.
func (p *Problem) check() error {
	switch {
	case !p.From.Before(p.To):
		return faultf("the search ends before it begins")
	case p.To.Sub(p.From) > MaxHorizon:
		return faultf("the search covers %d days; %d are the most", int(p.To.Sub(p.From).Hours()/24), int(MaxHorizon.Hours()/24))
	case p.grid() < time.Minute:
		return faultf("the grid is finer than a minute")
	case p.To.Sub(p.From)/p.grid() > maxStarts:
		return faultf("a grid of %s is too fine for %d days", short(p.grid()), int(p.To.Sub(p.From).Hours()/24))
	case len(p.People) > MaxPeople:
		return faultf("%d people are more than %d", len(p.People), MaxPeople)
	case len(p.Steps) == 0:
		return faultf("there is nothing to plan: the plan has no step")
	case len(p.Steps) > MaxSteps || p.AnyOrder && len(p.Steps) > 5:
		return faultf("%d steps are too many", len(p.Steps))
	case p.MaxGap < 0:
		return faultf("the longest wait is negative")
	}
	known := make(map[string]bool, len(p.People))
	for i := range p.People {
		q := &p.People[i]
		if known[q.ID] {
			return faultf("%q is listed twice", clip(q.ID))
		}
		if q.Zone == nil && (q.Hours == nil || q.Hours.Zone == nil) {
			return faultf("the time zone of %s is not known", clip(q.name()))
		}
		if len(q.Busy)+len(q.Maybe) > MaxBusy {
			return faultf("%s has %d busy times; %d are the most", clip(q.name()), len(q.Busy)+len(q.Maybe), MaxBusy)
		}
		if q.Before < 0 || q.After < 0 {
			return faultf("%s has a negative buffer", clip(q.name()))
		}
		known[q.ID] = true
	}
	for i := range p.Steps {
		if err := p.Steps[i].check(i, known); err != nil {
			return err
		}
	}
	if p.Candidate != "" && !known[p.Candidate] {
		return faultf("nobody is called %q", clip(p.Candidate))
	}
	return nil
}

func (s *Step) check(i int, known map[string]bool) error {
	if s.Length <= 0 || s.Break < 0 {
		return faultf("step %d has no length", i+1)
	}
	lists := [][]string{s.Required, s.Optional}
	for _, pool := range s.Pools {
		if pool.Need < 0 || pool.Trainees < 0 {
			return faultf("the pool %q needs fewer than nobody", clip(pool.Name))
		}
		lists = append(lists, pool.People)
	}
	people := len(s.Required)
	for _, list := range lists {
		for _, id := range list {
			if !known[id] {
				return faultf("nobody is called %q", clip(id))
			}
		}
	}
	for _, pool := range s.Pools {
		people += pool.Need
	}
	if people == 0 {
		return faultf("step %d needs nobody", i+1)
	}
	return nil
}

func (p *Problem) grid() time.Duration {
	if p.Grid == 0 {
		return defaultGrid
	}
	return p.Grid
}

func (p *Problem) plans() int {
	if p.Plans == 0 {
		return 10
	}
	return p.Plans
}

// short writes a duration as people do: "45 minutes", "1 h 30 min".
func short(d time.Duration) string {
	h, m := int(d/time.Hour), int(d%time.Hour/time.Minute)
	switch {
	case h == 0:
		return plural(m, "minute")
	case m == 0:
		return plural(h, "hour")
	}
	return itoa(h) + " h " + itoa(m) + " min"
}
