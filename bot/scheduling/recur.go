package scheduling

import "time"

// Event is one entry of a calendar as its owner wrote it: the wall clock of a
// zone, not an instant, because rules repeat on the wall clock. An Event with
// Instance set changes one instance of the series with the same UID, or, with
// Following, that one and all later ones.
type Event struct {
	UID   string
	Title string

	Start  Wall
	Zone   *time.Location // nil floats: the zone of the calendar
	AllDay bool           // Start is midnight of the first day, in the calendar's zone
	Length Length

	Rules  []Rule  // several are united
	Except []Rule  // EXRULE
	Dates  []Extra // RDATE
	Gone   []Mark  // EXDATE

	Instance  *Mark // RECURRENCE-ID
	Following bool  // RANGE=THISANDFUTURE

	Status   Status
	Free     bool // TRANSP:TRANSPARENT: shown, but does not block
	Sequence int  // of two versions the higher one holds
}

// Length of an event: days on the wall clock, then exact time (RFC 5545
// 3.3.6). An event written with an end has the exact time between start and
// end, in all its instances (3.8.5.3).
type Length struct {
	Days int
	Time time.Duration
}

// Status of an event.
type Status byte

// The states of RFC 5545 3.8.1.11.
const (
	Confirmed Status = iota
	Tentative
	Cancelled
)

// Mark names an instance by the start that its series gives it: by time in
// Zone (nil: that of the series), or by its day.
type Mark struct {
	At   Wall
	Zone *time.Location
	Day  bool
}

// Extra is an instance beside the rules; a period brings its own length.
type Extra struct {
	Mark
	Length *Length
}

// Stretch is a stretch of time, half open: [Start, End).
type Stretch struct{ Start, End time.Time }

// Instance is one happening of an event. Times are in UTC.
type Instance struct {
	Stretch
	UID       string
	Title     string
	AllDay    bool
	Tentative bool
	Free      bool // does not block
}

// span is Stretch in seconds since 1970.
type span struct{ from, to int64 }

func (s span) span() Stretch {
	return Stretch{time.Unix(s.from, 0).UTC(), time.Unix(s.to, 0).UTC()}
}

func (s Stretch) span() span { return span{s.Start.Unix(), s.End.Unix()} }

// touch says whether the half-open stretches share time; a stretch without
// length touches where it lies.
func (s span) touch(from, to int64) bool {
	return s.from < to && (s.to > from || s.from == s.to && s.from >= from)
}

// piece is an instance at work.
type piece struct {
	span
	flags uint8
}

const (
	pieceTentative uint8 = 1 << iota
	pieceFree
	pieceAllDay
)

func (e *Event) flags() uint8 {
	var f uint8
	if e.Status == Tentative {
		f |= pieceTentative
	}
	if e.Free {
		f |= pieceFree
	}
	if e.AllDay {
		f |= pieceAllDay
	}
	return f
}

func (p piece) instance(e *Event) Instance {
	return Instance{Stretch: p.span.span(), UID: e.UID, Title: e.Title, AllDay: p.flags&pieceAllDay != 0,
		Tentative: p.flags&pieceTentative != 0, Free: p.flags&pieceFree != 0}
}

// end is where an instance ends that starts at w, which is the instant from.
func (l Length) end(w Wall, from int64, c *dial) int64 {
	if l.Days == 0 {
		return from + int64(l.Time/time.Second)
	}
	return max(from, c.at(w+Wall(l.Days)*daySeconds)+int64(l.Time/time.Second))
}

// reach is the length at its longest, clocks changed or not.
func (l Length) reach() int64 {
	n := int64(l.Days)*daySeconds + int64(l.Time/time.Second)
	if l.Days > 0 {
		n += daySeconds
	}
	return n
}

// clocks keeps one clock per zone for a stretch of time, and memory that the
// events expanded over it share.
type clocks struct {
	from, to int64
	zones    []*time.Location
	made     []*dial
	walls    []Wall
	ticks    []int64
	found    []occurrence
}

func clocksFor(from, to int64) *clocks {
	return &clocks{from: from - 60*daySeconds, to: to + 60*daySeconds}
}

func (k *clocks) of(zone *time.Location, from, to int64) *dial {
	if from < k.from || to > k.to {
		return clockOf(zone, from, to)
	}
	for i, z := range k.zones {
		if z == zone {
			return k.made[i]
		}
	}
	c := clockOf(zone, k.from, k.to)
	k.zones, k.made = append(k.zones, zone), append(k.made, c)
	return c
}
