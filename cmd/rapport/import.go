package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"rapport/bot/recruiting"
	"rapport/store"
)

// importCmd reads an export back in, or candidates from a table of another system.
type importCmd struct {
	File       string            `arg:"" help:"An export, or with --csv a table of candidates with a header line." type:"path"`
	CSV        bool              `name:"csv" help:"Read candidates from CSV."`
	CreateJobs bool              `help:"With --csv: open the jobs that the file names and that do not exist yet."`
	Column     map[string]string `help:"With --csv: say what a column means, such as --column Talent=name. Known are name, email, phone, job, stage, external id, zone, city, tags, source, link, applied, note." mapsep:"none"`
	Region     string            `help:"With --csv: country of phone numbers without a country code, such as DE."`
	Tenant     string            `help:"With --csv: the tenant the candidates belong to." default:"main"`
	System     string            `help:"With --csv: name of the system the external ids come from." default:"csv"`
}

// Help says what the exit code means.
func (importCmd) Help() string {
	return "The exit code is 0 when every row is in, 3 when rows were kept aside, 1 when the import ended early."
}

// errAside ends an import with exit code 3; all has been said by then.
var errAside = errors.New("rows were kept aside")

// readable says why a file cannot be imported, before any store is opened.
func (i importCmd) readable() error {
	f, err := os.Open(i.File)
	if err != nil {
		return err
	}
	defer f.Close()
	first, err := bufio.NewReader(f).Peek(1)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return fmt.Errorf("%s cannot be read: %w", i.File, err)
	case !i.CSV && (len(first) == 0 || first[0] != '{'):
		if strings.EqualFold(filepath.Ext(i.File), ".csv") {
			return fmt.Errorf("%s is no export of Rapport; it looks like CSV: add --csv", i.File)
		}
		return fmt.Errorf("%s is no export of Rapport. For a table of candidates add --csv", i.File)
	}
	return nil
}

// candidates brings in the good rows of a CSV file and keeps the bad ones aside in
// FILE.rejected.csv, with the reasons in FILE.rejected.txt (asideOf). A second run with the
// same file changes nothing.
func (i importCmd) candidates(ctx context.Context, m *Main, c *commands) (err error) {
	cfg, db, err := m.whole(ctx, c)
	if err != nil {
		return err
	}
	defer shut(ctx, db, &err)
	sc, err := i.tenant(ctx, m, db)
	if err != nil {
		return err
	}
	zones, err := loadZones(cfg.TZData)
	if err != nil {
		return err
	}
	in := &intake{sc: sc, now: m.Now, system: i.System, zones: zones, found: map[string]jobFound{}}
	if err := in.readJobs(ctx); err != nil {
		return err
	}
	if i.CreateJobs {
		defer in.sayOpened(m.Stdout)
		if err := i.openJobs(ctx, m, in); err != nil {
			return err
		}
	}
	f, err := os.Open(i.File)
	if err != nil {
		return err
	}
	defer f.Close()
	bar := newBar(m.Stderr, f)
	sheet, err := i.sheet(bar, in)
	if err != nil {
		return err
	}
	if len(sheet.Unknown) > 0 {
		fmt.Fprintf(m.Stderr, "These columns mean nothing here and are left out: %s. Name one with --column \"%s=name\".\n", strings.Join(sheet.Unknown, ", "), sheet.Unknown[0])
	}
	err = in.run(ctx, sheet)
	bar.end()
	if err != nil {
		return fmt.Errorf("%s: %w. What was read so far is in; run the same command again to go on", i.File, err)
	}
	return i.report(m, in)
}

// sheet opens the table on r as this command wants it read.
func (i importCmd) sheet(r io.Reader, in *intake) (*recruiting.Import, error) {
	sheet, fault := recruiting.OpenCSV(r, i.Column)
	if fault != nil {
		return nil, fmt.Errorf("%s: %s", i.File, fault.Say)
	}
	sheet.System, sheet.Region, sheet.Zone = i.System, strings.ToUpper(i.Region), in.zone
	return sheet, nil
}

// tenant is where the candidates go. The first tenant is made when the store is new.
func (i importCmd) tenant(ctx context.Context, m *Main, db *store.DB) (store.Scope, error) {
	if i.Tenant == tenantOf(false) {
		s := &system{db: db}
		return db.In(i.Tenant), s.ensureTenant(ctx, m, i.Tenant, "Rapport", false)
	}
	return db.In(i.Tenant), mustExist(ctx, db, i.Tenant)
}

// report says what came of it: figures, and where the rest is.
func (i importCmd) report(m *Main, in *intake) error {
	fmt.Fprintf(m.Stdout, "%s: %d added, %d already here and unchanged, %d already here and put on a job, %d kept aside.\n",
		i.File, in.added.Load(), in.same.Load(), in.joined.Load(), in.bad())
	if n := in.past.Load(); n > 0 {
		fmt.Fprintf(m.Stdout, "%d were rejected before the import: they are in with a note and without an application, so that nobody is told again.\n", n)
	}
	const shown = 20
	slices.SortFunc(in.left, func(a, b reject) int { return a.line - b.line })
	for _, r := range in.left[:min(shown, len(in.left))] {
		fmt.Fprintln(m.Stderr, r.say)
	}
	if n := len(in.left) - shown; n > 0 {
		fmt.Fprintf(m.Stderr, "… and %d more phone numbers.\n", n)
	}
	if in.bad() == 0 {
		return nil
	}
	slices.SortFunc(in.rejects, func(a, b reject) int { return a.line - b.line })
	table, reasons, err := i.keepAside(in)
	if err != nil {
		return err
	}
	for _, r := range in.rejects[:min(shown, len(in.rejects))] {
		fmt.Fprintln(m.Stderr, r.say)
	}
	if n := len(in.rejects) - shown; n > 0 {
		fmt.Fprintf(m.Stderr, "… and %d more.\n", n)
	}
	if len(in.noJob) > 0 {
		titles := slices.Sorted(maps.Keys(in.noJob))
		fmt.Fprintf(m.Stderr, "Jobs that do not exist here: %s. Run this again with --create-jobs, or open one in chat: /rapport job open \"%s\".\n",
			quotedList(titles, 8), titles[0])
	}
	fmt.Fprintf(m.Stdout, "The rows kept aside are in %s, the reasons in %s. Correct the rows and import that file.\n", table, reasons)
	return errAside
}

// keepAside writes the bad rows as they were, under the header, and why.
func (i importCmd) keepAside(in *intake) (table, reasons string, err error) {
	head, err := firstLine(i.File)
	if err != nil {
		return "", "", err
	}
	var rows, why bytes.Buffer
	rows.Write(head)
	rows.WriteByte('\n')
	last := 0
	for _, r := range in.rejects {
		if r.line != last {
			rows.WriteString(r.raw)
			rows.WriteByte('\n')
		}
		last = r.line
		fmt.Fprintln(&why, r.say)
	}
	base := asideOf(i.File)
	for touched(base) {
		base = asideOf(base)
	}
	table, reasons = base+".csv", base+".txt"
	if err := os.WriteFile(table, rows.Bytes(), 0o600); err != nil {
		return "", "", err
	}
	return table, reasons, os.WriteFile(reasons, why.Bytes(), 0o600)
}

// touched reports whether rows kept aside were changed by somebody since: they are
// written before their reasons.
func touched(base string) bool {
	table, err := os.Stat(base + ".csv")
	if err != nil {
		return false
	}
	reasons, err := os.Stat(base + ".txt")
	return err != nil || table.ModTime().After(reasons.ModTime())
}

var asideName = regexp.MustCompile(`^(.*)\.rejected(?:-(\d{1,4}))?$`)

// asideOf is where the rows of a file are kept aside, without the ending: for
// people.csv people.rejected, for that people.rejected-2, and so on. It is never the
// file that was read, which somebody may have corrected by hand.
func asideOf(file string) string {
	base := strings.TrimSuffix(file, ".csv")
	was := asideName.FindStringSubmatch(base)
	if was == nil {
		return base + ".rejected"
	}
	round, _ := strconv.Atoi(was[2])
	return fmt.Sprintf("%s.rejected-%d", was[1], max(round, 1)+1)
}

func firstLine(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, 64<<10)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, err
	}
	head = head[:n]
	if end := bytes.IndexAny(head, "\r\n"); end >= 0 {
		head = head[:end]
	}
	return head, nil
}

func quotedList(words []string, most int) string {
	out := make([]string, 0, most)
	for _, w := range words[:min(most, len(words))] {
		out = append(out, "“"+w+"”")
	}
	if n := len(words) - most; n > 0 {
		out = append(out, fmt.Sprintf("%d more", n))
	}
	return strings.Join(out, ", ")
}

// bar draws how far a file is read, on a terminal only.
type bar struct {
	in     io.Reader
	out    io.Writer // nil: nobody looks
	size   int64
	read   int64
	marked int
}

func newBar(stderr io.Writer, f *os.File) *bar {
	b := &bar{in: f, marked: -1}
	if info, err := f.Stat(); err == nil {
		b.size = info.Size()
	}
	if t, ok := stderr.(*os.File); ok {
		if info, err := t.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			b.out = t
		}
	}
	return b
}

func (b *bar) Read(p []byte) (int, error) {
	n, err := b.in.Read(p)
	b.read += int64(n)
	if b.out != nil && b.size > 0 {
		if part := int(b.read * 40 / b.size); part != b.marked {
			b.marked = min(part, 40)
			fmt.Fprintf(b.out, "\r[%s%s] %3d %%", strings.Repeat("█", b.marked), strings.Repeat("·", 40-b.marked), min(100, b.read*100/b.size))
		}
	}
	return n, err
}

func (b *bar) end() {
	if b.out != nil {
		fmt.Fprint(b.out, "\r"+strings.Repeat(" ", 50)+"\r")
	}
}

// day is a date for a sentence in a file.
func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
