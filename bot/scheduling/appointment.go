package scheduling

import (
	"fmt"
	"strconv"
	"time"
)

// Appointment is a promise about a clock on a wall: the local time, the zone, and
// which of two equal clock times was chosen. The instant follows from these and a
// database; when a law changes, the instant moves and the promise stays.
type Appointment struct {
	ID      string    `json:"id,omitempty"`
	Local   string    `json:"local"`   // 2006-01-02T15:04:05, as clocks in Zone show it
	Zone    string    `json:"zone"`    // IANA name, "UTC", or an offset such as "+05:30"
	Second  bool      `json:"second"`  // the second of a clock time that happens twice
	Version string    `json:"version"` // the database that At was computed with
	At      time.Time `json:"at"`      // that instant, UTC
}

const localLayout = "2006-01-02T15:04:05"

// NewAppointment keeps the instant at, as shown in its location, by the database.
// The location must be one of DB.Zone's, UTC, or an offset named like "+05:30".
func NewAppointment(db *DB, at time.Time) (Appointment, error) {
	at = at.Truncate(time.Second)
	a := Appointment{Local: at.Format(localLayout), Zone: zoneName(at.Location()), Version: db.Version(), At: at.UTC()}
	loc, err := db.location(a.Zone)
	if err != nil {
		return Appointment{}, err
	}
	l := Resolve(at, loc)
	a.Second = l.Times == Twice && l.Second.Equal(at)
	if !a.Second && !l.First.Equal(at) {
		return Appointment{}, fmt.Errorf("appointment %s in %s: the database %s shows another clock", a.Local, a.Zone, db.Version())
	}
	return a, nil
}

// Instant is when the appointment happens by a database, in its zone. A clock time
// that a new law made impossible is taken by the offset before the change, as RFC
// 5545 does; one that it made double, by Second.
func (a Appointment) Instant(db *DB) (time.Time, error) {
	wall, err := time.Parse(localLayout, a.Local)
	if err != nil {
		return time.Time{}, fmt.Errorf("appointment %s: %w", a.ID, err)
	}
	loc, err := db.location(a.Zone)
	if err != nil {
		return time.Time{}, err
	}
	l := Resolve(wall, loc)
	if l.Times == Twice && a.Second {
		return l.Second, nil
	}
	return l.First, nil
}

// Moved is an appointment whose instant is another one by a new database.
type Moved struct {
	Appointment // as kept by the old database
	From, To    time.Time
	By          time.Duration // positive: later than before
	Times       Times         // Never or Twice: the new law hit this very hour, ask
	Err         error         // the zone is gone: From and To are unset
}

// Recheck lists the appointments whose instant differs between two databases, in
// the order given, with how far each one moved.
func Recheck(all []Appointment, old, new *DB) []Moved {
	var moved []Moved
	for _, a := range all {
		to, err := a.Instant(new)
		if err != nil {
			moved = append(moved, Moved{Appointment: a, Err: err})
			continue
		}
		from, err := a.Instant(old)
		if err != nil { // a zone that only the new database knows: believe what was kept
			from = a.At
		}
		if to.Equal(from) {
			continue
		}
		l := Resolve(wallOf(to), to.Location())
		if wallOf(to).Format(localLayout) != a.Local {
			l.Times = Never
		}
		moved = append(moved, Moved{Appointment: a, From: from, To: to, By: to.Sub(from), Times: l.Times})
	}
	return moved
}

// Renewed is the appointment as the database has it now.
func (a Appointment) Renewed(db *DB) (Appointment, error) {
	at, err := a.Instant(db)
	if err != nil {
		return a, err
	}
	a.At, a.Version = at.UTC(), db.Version()
	return a, nil
}

// location is Zone for names that a Span bears: IANA names, UTC and offsets.
func (db *DB) location(name string) (*time.Location, error) {
	if name == "UTC" {
		return time.UTC, nil
	}
	if len(name) == 6 && (name[0] == '+' || name[0] == '-') && name[3] == ':' {
		h, err1 := strconv.Atoi(name[1:3])
		m, err2 := strconv.Atoi(name[4:6])
		if err1 == nil && err2 == nil && h <= 15 && m < 60 {
			off := h*3600 + m*60
			if name[0] == '-' {
				off = -off
			}
			return time.FixedZone(name, off), nil
		}
	}
	return db.Zone(name)
}
