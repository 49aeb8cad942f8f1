package scheduling

import (
	"slices"
	"strings"
	"time"
)

// zoneOption is one zone that was meant, with what it has to agree with.
type zoneOption struct {
	none    bool
	loc     *time.Location // nil for letters without one, and for none
	letters *letters
	fixed   bool
	off     int
	check   *zoneRef // a second zone that was said of the same time
}

// zones are the zones that were meant. most says that a country or region with
// several was named.
func (r *reader) zones(a *alt) (out []zoneOption, why Why, most bool) {
	z, second := a.zone, a.zone2
	if z.set && second.set && (z.fixed || z.letters != nil) && !second.fixed && second.letters == nil {
		z, second = second, z // the place leads, the offset or letters check it
	}
	switch {
	case !z.set || z.mine:
		if r.speaker == nil {
			if a.span && !a.from.set && a.part == 0 || z.mine && a.span {
				return []zoneOption{{none: true}}, "", false
			}
			return nil, NoZone, false
		}
		out = append(out, zoneOption{loc: r.speaker})
	case z.fixed:
		name := offsetName(z.off)
		loc := time.UTC
		if z.off != 0 {
			loc = time.FixedZone(name, z.off)
		}
		out = append(out, zoneOption{fixed: true, off: z.off, loc: loc})
	case z.letters != nil:
		out = append(out, zoneOption{letters: z.letters})
	case z.name != "":
		loc, err := r.db.Zone(z.name)
		if err != nil {
			return nil, UnknownZoneName, false
		}
		out = append(out, zoneOption{loc: loc})
	default:
		for _, p := range z.places {
			most = most || p.many
			for _, name := range r.db.laws(p) {
				if loc, err := r.db.Zone(name); err == nil && !slices.ContainsFunc(out, func(o zoneOption) bool { return o.loc == loc }) {
					out = append(out, zoneOption{loc: loc})
				}
			}
		}
		if len(out) == 0 {
			return nil, UnknownZoneName, false
		}
		most = most && len(z.places) == 1
	}
	if second.set {
		for i := range out {
			out[i].check = &second
		}
	}
	return out, "", most
}

// calendar is the zone whose days are meant: its own, for letters that of the
// people who say them, else the speaker's; nil when nobody knows.
func (z *zoneOption) calendar(r *reader) *time.Location {
	if z.loc != nil {
		return z.loc
	}
	if z.letters != nil {
		var buf [4]hit
		if r.speaker != nil {
			if hits, _, done := z.letters.ownHits(r.db, z.letters.senses, wallOf(r.now.In(r.speaker)), r.speaker, buf[:0]); done && len(hits) > 0 {
				return r.speaker
			}
		}
		if loc, err := r.db.Zone(z.letters.senses[0].zone); err == nil {
			return loc
		}
	}
	return r.speaker
}

// hits finds the instants of a clock time in the zone. own is an offset said of
// this end alone.
func (z *zoneOption) hits(r *reader, wall time.Time, own zoneRef, out []hit) ([]hit, Why) {
	var why Why
	switch {
	case z.fixed:
		return z.agree(r, wall, append(out, hit{wall.Add(-time.Duration(z.off) * time.Second).In(z.loc), zoneName(z.loc)}), "")
	case z.letters != nil:
		out, why = z.letters.hits(r.db, wall, r.speaker, out)
	default:
		out, why = localHits(wall, z.loc, out)
	}
	if own.set && why != Nonexistent {
		return agreeOffset(wall, own.off, out)
	}
	return z.agree(r, wall, out, why)
}

// agree checks the instants against the second zone that was said.
func (z *zoneOption) agree(r *reader, wall time.Time, out []hit, why Why) ([]hit, Why) {
	c := z.check
	switch {
	case c == nil:
		return out, why
	case c.fixed:
		return agreeOffset(wall, c.off, out)
	case c.letters != nil:
		for _, s := range c.letters.senses {
			if s.off == anySeason {
				continue
			}
			literal := wall.Add(-time.Duration(s.off) * time.Second)
			if i := slices.IndexFunc(out, func(h hit) bool { return h.at.Equal(literal) }); i >= 0 {
				return out[i : i+1], ""
			}
		}
		others, _ := c.letters.hits(r.db, wall, r.speaker, nil)
		return meet(out, others)
	}
	second := alt{zone: *c}
	options, _, _ := r.zones(&second)
	var others []hit
	for i := range options {
		others, _ = options[i].hits(r, wall, zoneRef{}, others)
	}
	return meet(out, others)
}

// agreeOffset keeps the instant that has this offset; none is a conflict, of
// which the offset's reading comes first.
func agreeOffset(wall time.Time, off int, out []hit) ([]hit, Why) {
	literal := wall.Add(-time.Duration(off) * time.Second)
	if i := slices.IndexFunc(out, func(h hit) bool { return h.at.Equal(literal) }); i >= 0 {
		if _, shown := out[i].at.Zone(); shown == off {
			return out[i : i+1], ""
		}
	}
	conflict := []hit{fixedHit(wall, off)}
	return append(conflict, out...), ConflictingZones
}

// meet keeps the instants on which two zones agree.
func meet(out, others []hit) ([]hit, Why) {
	for _, h := range out {
		if slices.ContainsFunc(others, func(o hit) bool { return o.at.Equal(h.at) }) {
			return []hit{h}, ""
		}
	}
	return append(slices.Clone(out), others...), ConflictingZones
}

// cityOf is the last part of a zone's name.
func cityOf(zone string) string {
	return strings.ReplaceAll(zone[strings.LastIndexByte(zone, '/')+1:], "_", " ")
}
