package scheduling

import (
	_ "embed"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

//go:embed places.txt
var placesText string

// place is one meaning of a name: a city or a region, or (many) a country with
// zones that differ.
type place struct {
	name    string // as people write it
	country string
	region  string
	zones   []string
	many    bool // a country or a region: its zones may differ
	minor   bool // meant only when the country or region is said too
}

// gazetteer finds places by folded name.
type gazetteer struct {
	byName    map[string][]place
	regions   map[string][]string // folded name or short form -> regions
	countries map[string]string   // folded name -> country code
	ofZone    map[string]string   // zone -> country code

	names   []string // folded, sorted
	letters []uint64 // in each

	mu   sync.Mutex
	laws map[string][]string // place -> one zone for every law
}

// notPlaces are last parts of zone names that are words of their own.
var notPlaces = map[string]bool{
	"center": true, "easter": true, "christmas": true, "wake": true, "resolute": true, "midway": true,
	"north": true, "south": true, "west": true, "act": true, "lhi": true, "nsw": true, "central": true,
	"victoria": true, "creston": true, "knox": true, "mountain": true, "salta": false,
}

// continents are the parts of the database whose zones are named after cities.
var continents = []string{"Africa/", "America/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/"}

func newGazetteer(db *DB) *gazetteer {
	g := &gazetteer{
		byName:    make(map[string][]place, 2000),
		regions:   map[string][]string{},
		countries: map[string]string{},
		ofZone:    map[string]string{},
		laws:      map[string][]string{},
	}
	ofCountry := g.readCountries(db)
	for line := range strings.Lines(placesText) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line[1:], ";")
		switch line[0] {
		case '=':
			code, official, _ := strings.Cut(f[0], "!")
			zones := ofCountry[code]
			if official != "" {
				zones = []string{official}
			}
			names := strings.Split(f[1], "|")
			for _, name := range names {
				name = fold(name)
				g.countries[name] = code
				g.add(name, place{name: title(names[0]), country: code, zones: zones, many: len(zones) > 1})
			}
		case '+':
			names := strings.Split(f[0], "|")
			zones := strings.Split(f[2], ",")
			for _, name := range names {
				g.regions[fold(name)] = append(g.regions[fold(name)], names[0])
				if len(name) > 3 {
					g.add(fold(name), place{name: title(names[0]), country: f[1], region: names[0], zones: zones, many: len(zones) > 1})
				}
			}
		default:
			f = strings.Split(strings.TrimPrefix(line, "~"), ";")
			names := strings.Split(f[0], "|")
			for _, name := range names {
				g.add(fold(name), place{name: title(names[0]), country: f[1], region: f[2], zones: []string{f[3]}, minor: line[0] == '~'})
			}
		}
	}
	g.readZoneNames(db)
	g.names = slices.Sorted(maps.Keys(g.byName))
	for _, name := range g.names {
		g.letters = append(g.letters, lettersOf(name))
	}
	return g
}

// readCountries fills ofZone from zone.tab and gives each country's zones, the
// largest first, as that file orders them.
func (g *gazetteer) readCountries(db *DB) map[string][]string {
	table := db.country
	if table == nil {
		table = Default().country
	}
	zones := map[string][]string{}
	for line := range strings.Lines(string(table)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if strings.HasPrefix(line, "#") || len(f) < 3 || db.Canonical(f[2]) == "" {
			continue
		}
		zones[f[0]] = append(zones[f[0]], f[2])
		g.ofZone[f[2]] = f[0]
	}
	return zones
}

// readZoneNames adds the cities that the database itself names. What the table
// of places says about a name goes first.
func (g *gazetteer) readZoneNames(db *DB) {
	for _, full := range db.names {
		if !slices.ContainsFunc(continents, func(c string) bool { return strings.HasPrefix(full, c) }) {
			continue
		}
		city := fold(full[strings.LastIndexByte(full, '/')+1:])
		if notPlaces[city] || len(city) < 3 || g.byName[city] != nil {
			continue
		}
		g.add(city, place{name: title(city), country: g.countryOf(db, full), zones: []string{full}})
	}
}

func (g *gazetteer) add(name string, p place) { g.byName[name] = append(g.byName[name], p) }

// countryOf is the country of a zone, "" when it lies in none.
func (g *gazetteer) countryOf(db *DB, zone string) string {
	if code := g.ofZone[zone]; code != "" {
		return code
	}
	return g.ofZone[db.Canonical(zone)]
}

// find gives the places of a folded name, narrowed by what is said after it (a
// folded country or region, "" when nothing is).
func (g *gazetteer) find(name, within string) []place {
	all := g.byName[name]
	var out []place
	for _, p := range all {
		if within == "" && !p.minor || within != "" && (p.region != "" && slices.Contains(g.regions[within], p.region) || g.countries[within] == p.country && p.country != "") {
			out = append(out, p)
		}
	}
	return out
}

// title writes a folded name as a name: "new york" is "New York".
func title(name string) string {
	words := strings.Fields(strings.ReplaceAll(name, "_", " "))
	for i, w := range words {
		switch {
		case w == "of" || w == "and" || w == "de" || w == "es" || w == "upon":
		case len(w) <= 3 && (w == "uk" || w == "us" || w == "usa" || w == "uae" || w == "nz" || w == "dc" || w == "nyc" || w == "sf" || w == "kl"):
			words[i] = strings.ToUpper(w)
		default:
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, " ")
}

// places is the gazetteer of this edition, made when first needed.
func (db *DB) places() *gazetteer {
	db.placesOnce.Do(func() { db.gaz = newGazetteer(db) })
	return db.gaz
}

// laws leaves one zone for every law of a place: zones of a country that show the
// same clock for some years around this edition are one.
func (db *DB) laws(p place) []string {
	if len(p.zones) < 2 {
		return p.zones
	}
	g, key := db.places(), p.country+p.name
	g.mu.Lock()
	defer g.mu.Unlock()
	if known := g.laws[key]; known != nil {
		return known
	}
	around := db.released
	if around.IsZero() {
		around = Default().released
	}
	var names []string
	var locs []*time.Location
	for _, name := range p.zones {
		loc, err := db.Zone(name)
		if err != nil || slices.ContainsFunc(locs, func(other *time.Location) bool { return sameLaw(loc, other, around) }) {
			continue
		}
		names, locs = append(names, name), append(locs, loc)
	}
	g.laws[key] = names
	return names
}

// sameLaw says that two zones show the same clock from a year before a day to
// three years after it.
func sameLaw(a, b *time.Location, day time.Time) bool {
	for week := -52; week < 156; week++ {
		at := day.AddDate(0, 0, 7*week)
		_, x := at.In(a).Zone()
		_, y := at.In(b).Zone()
		if x != y {
			return false
		}
	}
	return true
}
