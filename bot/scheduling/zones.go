package scheduling

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

//go:embed tzdata.zip
var carried []byte

// DB is one edition of the time-zone database. It is safe for use by many
// goroutines; zones are read when first asked for.
type DB struct {
	version  string
	released time.Time
	entries  map[string]entry // by lower-case name
	names    []string         // sorted, as the database writes them
	lower    []string         // the same in lower case
	letters  []uint64         // and the letters in each
	country  []byte           // zone.tab; nil when the archive has none

	mu     sync.RWMutex
	loaded map[string]*time.Location // by the name asked for
	labels map[*time.Location]string

	placesOnce sync.Once
	gaz        *gazetteer
}

// entry is one name of the database; target is empty unless it is a link.
type entry struct {
	name   string
	target string
	file   *zip.File
}

// ErrNoDatabase is wrapped by what Open says about bytes that hold no zones.
var ErrNoDatabase = errors.New("not a time-zone database")

// Default is the database that the program carries.
func Default() *DB { return carriedDB() }

var carriedDB = sync.OnceValue(func() *DB {
	db, err := Open(carried)
	if err != nil {
		panic(err) // wrong wiring: the archive is part of the program
	}
	return db
})

// Load is Open, under the name of the setting that calls it.
func Load(archive []byte) (*DB, error) { return Open(archive) }

// Open reads a zip of compiled zone files, as made by deploy/tzdata.sh, by
// `zip -ry` of a zoneinfo directory, or like Go's own zoneinfo.zip. A file
// VERSION (version, release day) is used when there is one; else the version
// comes from tzdata.zi or +VERSION and the release day from the newest file.
// The bytes must not change afterwards.
func Open(archive []byte) (*DB, error) {
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoDatabase, err)
	}
	db := &DB{entries: make(map[string]entry, len(r.File)), loaded: map[string]*time.Location{}, labels: map[*time.Location]string{}}
	root := archiveRoot(r.File)
	for _, f := range r.File {
		name, ok := strings.CutPrefix(f.Name, root)
		if !ok || f.FileInfo().IsDir() {
			continue
		}
		if err := db.admit(name, f); err != nil {
			return nil, fmt.Errorf("%w: %s: %w", ErrNoDatabase, name, err)
		}
	}
	if len(db.entries) < 100 {
		return nil, fmt.Errorf("%w: only %d zones", ErrNoDatabase, len(db.entries))
	}
	for _, e := range db.entries {
		db.names = append(db.names, e.name)
	}
	slices.Sort(db.names)
	for _, name := range db.names {
		low := strings.ToLower(name)
		db.lower, db.letters = append(db.lower, low), append(db.letters, lettersOf(low))
	}
	if db.version == "" && db.released.Year() < 1990 { // what archives write when they keep no dates
		db.released = time.Time{}
	}
	for _, must := range []string{"Europe/Berlin", "America/New_York", "Asia/Kolkata"} {
		if _, err := db.Zone(must); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrNoDatabase, err)
		}
	}
	return db, nil
}

// archiveRoot is the folder in which the zones lie, such as "zoneinfo/".
func archiveRoot(files []*zip.File) string {
	for _, f := range files {
		if root, ok := strings.CutSuffix(f.Name, "Europe/Berlin"); ok && !strings.Contains(root, "posix/") && !strings.Contains(root, "right/") {
			return root
		}
	}
	return ""
}

func (db *DB) admit(name string, f *zip.File) error {
	switch {
	case name == "VERSION", name == "+VERSION", name == "tzdata.zi":
		text, err := readAll(f, 1<<20)
		if err != nil {
			return err
		}
		lines := strings.SplitN(string(text), "\n", 4)
		if db.version == "" || name == "VERSION" {
			db.version = strings.TrimSpace(strings.TrimPrefix(lines[0], "# version "))
		}
		if name == "VERSION" && len(lines) > 1 {
			if day, err := time.Parse(time.DateOnly, strings.TrimSpace(lines[1])); err == nil {
				db.released = day
			}
		}
		return nil
	case name == "zone.tab":
		text, err := readAll(f, 1<<20)
		db.country = text
		return err
	case strings.HasPrefix(name, "posix/"), strings.HasPrefix(name, "right/"), strings.Contains(name, "."),
		name == "localtime", name == "posixrules", name == "Factory", name == "leapseconds", strings.HasPrefix(name, "+"):
		return nil
	}
	if db.released.IsZero() || db.version == "" {
		if f.Modified.After(db.released) {
			db.released = f.Modified.UTC()
		}
	}
	e := entry{name: name, file: f}
	if f.Mode()&fs.ModeSymlink != 0 {
		to, err := readAll(f, 256)
		if err != nil {
			return err
		}
		e.target = path.Join(path.Dir(name), string(to))
	}
	db.entries[strings.ToLower(name)] = e
	return nil
}

func readAll(f *zip.File, limit int64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = errors.New("too large")
	}
	return b, err
}

// Version is the name of the edition, such as "2026f"; "unknown" when the
// archive does not say.
func (db *DB) Version() string {
	if db.version == "" {
		return "unknown"
	}
	return db.version
}

// Released is the day the edition was packed, in UTC; zero when unknown.
func (db *DB) Released() time.Time { return db.released }

// MaxAge is how old an edition may grow before somebody should renew it.
const MaxAge = 180 * 24 * time.Hour

// Stale says in words that the edition is older than MaxAge at now, or "".
func (db *DB) Stale(now time.Time) string {
	if db.released.IsZero() {
		return "The time-zone database does not say when it was made. Use one made by deploy/tzdata.sh."
	}
	if age := now.Sub(db.released); age > MaxAge {
		return fmt.Sprintf("The time-zone database %s is %d days old. Laws change more often than that: renew it with `make tzdata`, or point RAPPORT_TZDATA at a newer one.",
			db.Version(), int(age.Hours()/24))
	}
	return ""
}

// Names lists every zone and link of the database, sorted. The caller must not
// change the slice.
func (db *DB) Names() []string { return db.names }

// Canonical is the name behind a link, or the database's own spelling of a
// name; "" when there is no such zone.
func (db *DB) Canonical(name string) string {
	e, ok := db.entries[strings.ToLower(name)]
	for hops := 0; ok && e.target != "" && hops < 4; hops++ {
		e, ok = db.entries[strings.ToLower(e.target)]
	}
	if !ok {
		return ""
	}
	return e.name
}

// UnknownZone is the error for a name that is no zone: it says so in a
// sentence with the names that are near it.
type UnknownZone struct {
	Name    string
	Near    []string // best first; may be empty
	Letters bool     // the name is letters such as IST; Near are cities of those who say them
}

func (u *UnknownZone) Error() string {
	name := u.Name
	if len(name) > 60 {
		name = strings.ToValidUTF8(name[:60], "") + "…"
	}
	if u.Letters {
		return fmt.Sprintf("%q stands for several time zones. Name a city, such as %s.", name, orList(u.Near))
	}
	if len(u.Near) == 0 {
		return fmt.Sprintf("%q is not a time zone. Name a city, or a zone such as Europe/Berlin.", name)
	}
	return fmt.Sprintf("%q is not a time zone. Did you mean %s?", name, orList(u.Near))
}

func orList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// Zone finds a zone by its identifier: a name of the database in any case, a
// link, or a Windows name (in the whole world's meaning; see WindowsZone for a
// territory's). Paths that calendars put before a name are dropped. The
// location bears the name asked for in the database's spelling, also for a
// link. Anything else is an *UnknownZone; "Local" and "" are nobody's zone.
func (db *DB) Zone(name string) (*time.Location, error) {
	db.mu.RLock()
	loc := db.loaded[name]
	db.mu.RUnlock()
	if loc != nil {
		return loc, nil
	}
	if len(name) > 200 {
		return nil, &UnknownZone{Name: name}
	}
	tidy := strings.Trim(strings.TrimSpace(name), `"'`)
	e, ok := db.entries[strings.ToLower(tidy)]
	if !ok {
		if zone, known := WindowsZone(tidy, ""); known {
			e, ok = db.entries[strings.ToLower(zone)]
		}
	}
	for rest := tidy; !ok && strings.Contains(rest, "/"); {
		_, rest, _ = strings.Cut(rest, "/")
		e, ok = db.entries[strings.ToLower(rest)]
	}
	if !ok {
		return nil, &UnknownZone{Name: name, Near: db.near(tidy)}
	}
	loc, err := db.load(e)
	if err != nil {
		return nil, err
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	if known := db.loaded[e.name]; known != nil {
		loc = known
	}
	db.loaded[e.name] = loc
	if len(db.loaded) < 4*len(db.entries) { // spellings are people's words: keep some, not all
		db.loaded[name] = loc
	}
	return loc, nil
}

func (db *DB) load(e entry) (*time.Location, error) {
	file := e.file
	if e.target != "" {
		real, ok := db.entries[strings.ToLower(db.Canonical(e.name))]
		if !ok {
			return nil, fmt.Errorf("zone %s is a link to %s, which the database %s lacks", e.name, e.target, db.Version())
		}
		file = real.file
	}
	data, err := readAll(file, 1<<20)
	if err != nil {
		return nil, fmt.Errorf("zone %s: %w", e.name, err)
	}
	loc, err := time.LoadLocationFromTZData(e.name, data)
	if err != nil {
		return nil, fmt.Errorf("zone %s: %w", e.name, err)
	}
	return loc, nil
}
