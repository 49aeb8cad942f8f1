package scheduling

import (
	"cmp"
	"slices"
	"strings"
)

// Place is a city, a region or a country that a person can pick a zone by.
type Place struct {
	Name    string // "Portland"
	Where   string // what tells it from others of its name: "Oregon, US"; may be empty
	Zone    string // IANA name
	Country string // ISO 3166; may be empty
}

// FindPlaces lists the places whose name starts with what was typed, in any case
// and with or without accents: exact names first, then by the alphabet, at most max.
// A country with several zones is left out: its cities are there.
func (db *DB) FindPlaces(typed string, max int) []Place {
	want := fold(typed)
	if want == "" || max <= 0 || len(typed) > maxPhrase {
		return nil
	}
	g := db.places()
	from, _ := slices.BinarySearch(g.names, want)
	var out []Place
	for _, name := range g.names[from:] {
		if !strings.HasPrefix(name, want) || len(out) >= 10*max {
			break
		}
		for _, p := range g.byName[name] {
			if len(db.laws(p)) != 1 {
				continue
			}
			where := p.country
			if p.region != "" && p.region != name {
				where = title(p.region) + ", " + p.country
			}
			place := Place{Name: p.name, Where: where, Zone: p.zones[0], Country: p.country}
			if !slices.Contains(out, place) {
				out = append(out, place)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Place) int {
		exact := func(p Place) int {
			if fold(p.Name) == want {
				return 0
			}
			return 1
		}
		return cmp.Or(exact(a)-exact(b), strings.Compare(a.Name, b.Name))
	})
	return out[:min(max, len(out))]
}

// citiesOf names a city of each of those who say the same letters.
func citiesOf(senses []letterSense) []string {
	var out []string
	for _, s := range senses {
		city := strings.ReplaceAll(s.zone[strings.LastIndexByte(s.zone, '/')+1:], "_", " ")
		if !slices.Contains(out, city) && len(out) < 3 {
			out = append(out, city)
		}
	}
	return out
}

// Locate lists what somebody may mean who names their time zone: an identifier, a
// Windows name, a city, region or country, with the country or region behind it where
// the name alone stands for several ("Portland, Maine"; "Portland OR"). One place is
// an answer; several, whose clocks differ, have to be asked about; none is an
// *UnknownZone. Zones are named as the database spells them today.
func (db *DB) Locate(typed string) ([]Place, error) {
	typed = strings.TrimSpace(typed)
	if len(typed) > maxPhrase {
		return nil, &UnknownZone{Name: typed}
	}
	if strings.Contains(typed, "/") {
		if loc, err := db.Zone(typed); err == nil {
			return db.located(loc.String()), nil
		}
	}
	if out := db.meant(typed); len(out) > 0 {
		return out, nil
	}
	loc, err := db.Zone(typed)
	if err != nil {
		if senses := lettersByName()[strings.ToLower(typed)]; senses != nil {
			return nil, &UnknownZone{Name: typed, Near: citiesOf(senses), Letters: true}
		}
		return nil, &UnknownZone{Name: typed, Near: db.nearPlaces(typed)}
	}
	return db.located(loc.String()), nil
}

// located is a zone without a name of its own.
func (db *DB) located(zone string) []Place {
	return []Place{{Name: zone, Zone: db.Canonical(zone), Country: db.places().countryOf(db, zone)}}
}

// meant are the places of a name, one for every law.
func (db *DB) meant(typed string) []Place {
	g := db.places()
	name, within, parted := strings.Cut(typed, ",")
	found := g.find(fold(name), fold(within))
	if !parted && len(found) == 0 {
		for i := strings.LastIndexByte(typed, ' '); i > 0 && len(found) == 0; i = strings.LastIndexByte(typed[:i], ' ') {
			found = g.find(fold(typed[:i]), fold(typed[i+1:]))
		}
	}
	var out []Place
	for _, p := range found {
		zones := db.laws(p)
		for _, z := range zones {
			place := Place{Name: p.name, Where: p.country, Zone: db.Canonical(z), Country: p.country}
			if p.region != "" && p.region != fold(p.name) {
				place.Where = title(p.region) + ", " + p.country
			}
			if len(zones) > 1 {
				place.Name = cityOf(z)
			}
			if !slices.ContainsFunc(out, func(q Place) bool { return q.Zone == place.Zone }) {
				out = append(out, place)
			}
		}
	}
	return out
}
