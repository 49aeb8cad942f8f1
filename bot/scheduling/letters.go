package scheduling

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// letterSense is one meaning of letters such as IST or ET.
type letterSense struct {
	zone   string   // the zone whose people use them most
	off    int      // seconds east of Greenwich; anySeason for letters like ET
	family []string // other zones whose people say them (CLDR metazones)
	always bool     // the database has no letters for the zone: in force whenever the offset is
	only   string   // meant only by people in zones that start so
}

const anySeason = 1 << 20

// The families that share letters, after CLDR 48.2 (metaZones). A law may have
// parted some from the rest: that is what the reader asks about.
var (
	pacific  = []string{"America/Los_Angeles", "America/Tijuana", "America/Vancouver"}
	mountain = []string{"America/Denver", "America/Boise", "America/Cambridge_Bay", "America/Ciudad_Juarez", "America/Creston",
		"America/Dawson_Creek", "America/Edmonton", "America/Fort_Nelson", "America/Inuvik", "America/Phoenix"}
	central = []string{"America/Chicago", "America/Bahia_Banderas", "America/Belize", "America/Chihuahua", "America/Costa_Rica", "America/El_Salvador",
		"America/Guatemala", "America/Indiana/Knox", "America/Indiana/Tell_City", "America/Managua", "America/Matamoros", "America/Menominee",
		"America/Merida", "America/Mexico_City", "America/Monterrey", "America/North_Dakota/Beulah", "America/North_Dakota/Center",
		"America/North_Dakota/New_Salem", "America/Ojinaga", "America/Rankin_Inlet", "America/Regina", "America/Resolute",
		"America/Swift_Current", "America/Tegucigalpa", "America/Winnipeg"}
	eastern = []string{"America/New_York", "America/Cancun", "America/Cayman", "America/Atikokan", "America/Detroit", "America/Grand_Turk",
		"America/Indiana/Marengo", "America/Indiana/Petersburg", "America/Indiana/Vevay", "America/Indiana/Vincennes", "America/Indiana/Winamac",
		"America/Indiana/Indianapolis", "America/Iqaluit", "America/Jamaica", "America/Kentucky/Monticello", "America/Kentucky/Louisville",
		"America/Nassau", "America/Panama", "America/Port-au-Prince", "America/Toronto"}
	arabian    = []string{"Asia/Riyadh", "Asia/Aden", "Asia/Baghdad", "Asia/Bahrain", "Asia/Kuwait", "Asia/Qatar"}
	gulf       = []string{"Asia/Dubai", "Asia/Muscat"}
	indian     = []string{"Asia/Kolkata", "Asia/Colombo"}
	australian = []string{"Australia/Sydney", "Australia/Melbourne", "Australia/Brisbane", "Australia/Hobart", "Australia/Lindeman"}
)

// lettersTable holds zone, offset and the letters for the whole year (ET), the
// standard time (EST) and the summer time (EDT), where people use them.
var lettersTable = []struct {
	generic, standard, summer string
	off                       int // minutes, of the standard time
	letterSense
}{
	{"et|eastern time|us eastern|eastern|east coast|us east coast", "est", "edt", -300, letterSense{zone: "America/New_York", family: eastern}},
	{"ct|central time|us central|central", "cst", "cdt", -360, letterSense{zone: "America/Chicago", family: central}},
	{"mt|mountain time|us mountain|mountain", "mst", "mdt", -420, letterSense{zone: "America/Denver", family: mountain}},
	{"pt|pacific time|us pacific|pacific|west coast|us west coast", "pst", "pdt", -480, letterSense{zone: "America/Los_Angeles", family: pacific}},
	{"akt|alaska time", "akst", "akdt", -540, letterSense{zone: "America/Anchorage"}},
	{"hawaii time", "hst", "", -600, letterSense{zone: "Pacific/Honolulu"}},
	{"atlantic time", "ast", "adt", -240, letterSense{zone: "America/Halifax"}},
	{"newfoundland time", "nst", "ndt", -210, letterSense{zone: "America/St_Johns"}},
	{"", "cst", "cdt", -300, letterSense{zone: "America/Havana", only: "America/Havana"}},
	{"", "cst|china standard time", "", 480, letterSense{zone: "Asia/Shanghai", family: []string{"Asia/Shanghai", "Asia/Macau", "Asia/Taipei"}}},
	{"", "ast", "", 180, letterSense{zone: "Asia/Riyadh", family: arabian, always: true}},
	{"", "pst", "", 480, letterSense{zone: "Asia/Manila"}},
	{"", "ist", "", 330, letterSense{zone: "Asia/Kolkata", family: indian}},
	{"israel time", "ist", "idt", 120, letterSense{zone: "Asia/Jerusalem"}},
	{"", "", "ist", 0, letterSense{zone: "Europe/Dublin"}},
	{"", "", "bst|british summer time", 0, letterSense{zone: "Europe/London"}},
	{"", "bst", "", 360, letterSense{zone: "Asia/Dhaka", always: true}},
	{"", "gst", "", 240, letterSense{zone: "Asia/Dubai", family: gulf, always: true}},
	{"", "gst", "", -120, letterSense{zone: "Atlantic/South_Georgia", always: true}},
	{"", "sst", "", -660, letterSense{zone: "Pacific/Pago_Pago"}},
	{"", "sst|sgt", "", 480, letterSense{zone: "Asia/Singapore", always: true}},
	{"", "amt", "", 240, letterSense{zone: "Asia/Yerevan", always: true}},
	{"", "amt", "", -240, letterSense{zone: "America/Manaus", always: true}},
	{"", "wst", "", 780, letterSense{zone: "Pacific/Apia", always: true}},
	{"", "wst", "", 480, letterSense{zone: "Australia/Perth", always: true}},
	{"", "gmt|greenwich mean time|greenwich time", "", 0, letterSense{zone: "Etc/GMT"}},
	{"", "utc|zulu|zulu time|coordinated universal time|universal time|koordinierte weltzeit|weltzeit", "", 0, letterSense{zone: "UTC"}},
	{"western european time", "wet|wez", "west|wesz|western european summer time", 0, letterSense{zone: "Europe/Lisbon"}},
	{"central european time|mitteleuropaische zeit|mitteleuropaeische zeit|hora central europea|hora peninsular|cet/cest", "cet|mez|met", "cest|mesz|mest|central european summer time|mitteleuropaische sommerzeit|hora de verano de europa central", 60, letterSense{zone: "Europe/Berlin"}},
	{"eastern european time|osteuropaische zeit|eet/eest", "eet|oez", "eest|oesz|eastern european summer time|osteuropaische sommerzeit", 120, letterSense{zone: "Europe/Athens"}},
	{"moscow time", "msk", "", 180, letterSense{zone: "Europe/Moscow"}},
	{"turkey time", "trt", "", 180, letterSense{zone: "Europe/Istanbul", always: true}},
	{"", "wat|west africa time", "", 60, letterSense{zone: "Africa/Lagos"}},
	{"", "cat|central africa time", "", 120, letterSense{zone: "Africa/Maputo"}},
	{"", "eat|east africa time", "", 180, letterSense{zone: "Africa/Nairobi"}},
	{"", "sast", "", 120, letterSense{zone: "Africa/Johannesburg"}},
	{"", "irst", "", 210, letterSense{zone: "Asia/Tehran", always: true}},
	{"", "aft", "", 270, letterSense{zone: "Asia/Kabul", always: true}},
	{"", "pkt", "", 300, letterSense{zone: "Asia/Karachi"}},
	{"", "uzt", "", 300, letterSense{zone: "Asia/Tashkent", always: true}},
	{"", "npt", "", 345, letterSense{zone: "Asia/Kathmandu", always: true}},
	{"", "mmt", "", 390, letterSense{zone: "Asia/Yangon", always: true}},
	{"", "ict|indochina time", "", 420, letterSense{zone: "Asia/Bangkok", always: true}},
	{"", "wib", "", 420, letterSense{zone: "Asia/Jakarta"}},
	{"", "wita", "", 480, letterSense{zone: "Asia/Makassar"}},
	{"", "wit", "", 540, letterSense{zone: "Asia/Jayapura"}},
	{"", "hkt", "", 480, letterSense{zone: "Asia/Hong_Kong"}},
	{"", "myt", "", 480, letterSense{zone: "Asia/Kuala_Lumpur", always: true}},
	{"", "pht", "", 480, letterSense{zone: "Asia/Manila", always: true}},
	{"", "jst", "", 540, letterSense{zone: "Asia/Tokyo"}},
	{"", "kst", "", 540, letterSense{zone: "Asia/Seoul"}},
	{"", "awst", "", 480, letterSense{zone: "Australia/Perth"}},
	{"", "acst", "acdt", 570, letterSense{zone: "Australia/Adelaide"}},
	{"aet|australian eastern time", "aest", "aedt", 600, letterSense{zone: "Australia/Sydney", family: australian}},
	{"et|eastern time", "est", "edt", 600, letterSense{zone: "Australia/Sydney", only: "Australia/"}},
	{"nzt", "nzst", "nzdt", 720, letterSense{zone: "Pacific/Auckland"}},
	{"", "brt", "", -180, letterSense{zone: "America/Sao_Paulo", always: true}},
	{"", "art", "", -180, letterSense{zone: "America/Argentina/Buenos_Aires", always: true}},
	{"", "uyt", "", -180, letterSense{zone: "America/Montevideo", always: true}},
	{"", "pyt", "", -180, letterSense{zone: "America/Asuncion", always: true}},
	{"", "clt", "clst", -240, letterSense{zone: "America/Santiago", always: true}},
	{"", "bot", "", -240, letterSense{zone: "America/La_Paz", always: true}},
	{"", "vet", "", -240, letterSense{zone: "America/Caracas", always: true}},
	{"", "cot", "", -300, letterSense{zone: "America/Bogota", always: true}},
	{"", "pet", "", -300, letterSense{zone: "America/Lima", always: true}},
	{"", "ect", "", -300, letterSense{zone: "America/Guayaquil", always: true}},
}

// lettersInCapitals are words of their own unless written in capitals.
var lettersInCapitals = map[string]bool{
	"cat": true, "eat": true, "pet": true, "art": true, "met": true, "act": true, "cot": true, "bot": true, "vet": true, "wit": true, "west": true, "ect": true, "aft": true,
}

var lettersByName = sync.OnceValue(func() map[string][]letterSense {
	out := map[string][]letterSense{}
	for _, row := range lettersTable {
		add := func(names string, off int) {
			s := row.letterSense
			s.off = off
			for _, name := range strings.Split(names, "|") {
				if name != "" {
					out[name] = append(out[name], s)
				}
			}
		}
		add(row.generic, anySeason)
		add(row.standard, row.off*60)
		add(row.summer, (row.off+60)*60)
	}
	return out
})

// letters is what a person wrote, with everything it can mean.
type letters struct {
	text   string // in capitals
	senses []letterSense
}

// hit is one instant that a clock time can stand for.
type hit struct {
	at   time.Time // in its zone's location
	zone string
}

// hits finds what a clock time with letters means for a speaker (nil: unknown).
func (l *letters) hits(db *DB, wall time.Time, speaker *time.Location, out []hit) ([]hit, Why) {
	senses := make([]letterSense, 0, len(l.senses))
	for _, s := range l.senses {
		if s.only != "" && speaker != nil && strings.HasPrefix(speaker.String(), s.only) {
			senses = append(senses, s)
		}
	}
	for _, s := range l.senses {
		if s.only == "" {
			senses = append(senses, s)
		}
	}
	if speaker != nil {
		if out, why, done := l.ownHits(db, senses, wall, speaker, out); done {
			return out, why
		}
	}
	if len(senses) == 1 {
		return l.onlyHits(db, senses[0], wall, out)
	}
	inForce := 0
	for _, s := range senses {
		if at, ok := literal(db, s, wall); ok {
			inForce++
			out = append(out, hit{at, s.zone})
		}
	}
	if inForce < 2 {
		out = out[:0]
		for _, s := range senses {
			out, _ = l.onlyHits(db, s, wall, out)
		}
	}
	return out, AmbiguousLetters
}

// literal is the instant by the sense's own offset, and whether the letters are
// in force there and then.
func literal(db *DB, s letterSense, wall time.Time) (time.Time, bool) {
	loc, err := db.Zone(s.zone)
	if err != nil {
		return time.Time{}, false
	}
	if s.off == anySeason {
		return Resolve(wall, loc).First, true
	}
	at := wall.Add(-time.Duration(s.off) * time.Second).In(loc)
	_, off := at.Zone()
	return at, off == s.off
}

// onlyHits is what one sense means: the instant, or a question where the letters
// are not in force on that day.
func (l *letters) onlyHits(db *DB, s letterSense, wall time.Time, out []hit) ([]hit, Why) {
	loc, err := db.Zone(s.zone)
	if err != nil {
		return out, UnknownZoneName
	}
	if s.off == anySeason {
		return localHits(wall, loc, out)
	}
	at, ok := literal(db, s, wall)
	if ok {
		return append(out, hit{at, s.zone}), ""
	}
	out = append(out, hit{Resolve(wall, loc).First, s.zone}, fixedHit(wall, s.off))
	return out, SeasonMismatch
}

// ownHits is what letters mean to a speaker whose own zone uses them.
func (l *letters) ownHits(db *DB, senses []letterSense, wall time.Time, speaker *time.Location, out []hit) ([]hit, Why, bool) {
	name := speaker.String()
	home := db.Canonical(name)
	member := func(s letterSense) bool {
		return s.only == "" && (db.Canonical(s.zone) == home || slices.Contains(s.family, home))
	}
	for _, s := range senses {
		if s.only != "" && s.only != name {
			if len(senses) > 1 {
				return out, "", false // a word of the neighbours as well: ask
			}
			continue
		}
		if s.off == anySeason {
			if !member(s) {
				continue
			}
			loc, err := db.Zone(s.zone)
			if err != nil {
				return out, UnknownZoneName, true
			}
			own, lead := Resolve(wall, speaker), Resolve(wall, loc)
			if own.First.Equal(lead.First) && own.Second.Equal(lead.Second) {
				out, why := localHits(wall, speaker, out)
				return out, why, true
			}
			return append(out, hit{own.First, name}, hit{lead.First, s.zone}), AmbiguousLetters, true
		}
		at := wall.Add(-time.Duration(s.off) * time.Second).In(speaker)
		if shown, off := at.Zone(); off == s.off && (shown == l.text || member(s)) {
			return append(out, hit{at, name}), "", true
		}
	}
	for _, s := range senses {
		if s.off == anySeason || s.only != "" && s.only != name {
			continue
		}
		at := wall.Add(-time.Duration(s.off) * time.Second).In(speaker)
		seasonal := usesLetters(speaker, at, l.text, s.off)
		if !seasonal && !(member(s) && isStandard(db, s)) {
			continue
		}
		out = append(out, hit{Resolve(wall, speaker).First, name})
		if elsewhere, ok := literal(db, s, wall); ok && !seasonal && db.Canonical(s.zone) != home {
			return append(out, hit{elsewhere, s.zone}), AmbiguousLetters, true
		}
		return append(out, fixedHit(wall, s.off)), SeasonMismatch, true
	}
	return out, "", false
}

// isStandard tells EST from EDT: a zone of the family that keeps no summer time
// never says EDT of itself.
func isStandard(db *DB, s letterSense) bool {
	loc, err := db.Zone(s.zone)
	if err != nil {
		return false
	}
	_, off := time.Date(2025, 1, 15, 12, 0, 0, 0, time.UTC).In(loc).Zone()
	return off == s.off
}

// usesLetters says that clocks in loc show these letters for this offset in the
// season to come.
func usesLetters(loc *time.Location, at time.Time, letters string, off int) bool {
	for end, limit := at, at.Add(400*24*time.Hour); !end.IsZero() && end.Before(limit); {
		if name, shown := end.Zone(); name == letters && shown == off {
			return true
		}
		_, end = PeriodOf(end.In(loc))
		end = end.In(loc)
	}
	return false
}

// localHits is what a clock time means in a zone, with a question at a change
// of clocks.
func localHits(wall time.Time, loc *time.Location, out []hit) ([]hit, Why) {
	l := Resolve(wall, loc)
	switch l.Times {
	case Once:
		return append(out, hit{l.First, loc.String()}), ""
	case Never:
		return append(out, hit{l.First, loc.String()}, hit{l.Second, loc.String()}), Nonexistent
	}
	return append(out, hit{l.First, loc.String()}, hit{l.Second, loc.String()}), AmbiguousLocal
}

func fixedHit(wall time.Time, off int) hit {
	name := offsetName(off)
	return hit{wall.Add(-time.Duration(off) * time.Second).In(time.FixedZone(name, off)), name}
}

// offsetName is how a bare offset is named as a zone: "+05:30", "UTC" for none.
func offsetName(off int) string {
	if off == 0 {
		return "UTC"
	}
	return string(appendOffset(nil, off, true))
}
