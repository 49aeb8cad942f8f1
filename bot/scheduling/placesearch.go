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
