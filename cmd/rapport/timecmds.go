package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"rapport/bot/scheduling"
)

// caseFunc answers one case of a file.
type caseFunc func(db *scheduling.DB, raw json.RawMessage) (any, error)

// answered is one line of what --json prints.
type answered struct {
	ID    string `json:"id"`
	Got   any    `json:"got"`
	Error string `json:"error,omitempty"` // the case itself cannot be read or answered
}

// answer reads a file of cases, or one case, and prints an array of answers. A case
// that cannot be answered is in the array with its error, and the exit code is 1.
func answer(m *Main, c *commands, file string, one caseFunc) error {
	cfg, _ := ReadConfig(m.Env, c.Config)
	db, err := loadZones(cfg.TZData)
	if err != nil {
		return err
	}
	cases, err := readCases(m.Stdin, file)
	if err != nil {
		return err
	}
	out, failed := make([]answered, 0, len(cases)), 0
	for _, raw := range cases {
		var named struct {
			ID json.RawMessage `json:"id"`
		}
		if err := json.Unmarshal(raw, &named); err != nil {
			return fmt.Errorf("%s: a case is not an object: %w", file, err)
		}
		a := answered{ID: strings.Trim(string(named.ID), `"`)}
		if a.Got, err = one(db, raw); err != nil {
			a.Got, a.Error = nil, err.Error()
			failed++
		}
		out = append(out, a)
	}
	enc := json.NewEncoder(m.Stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(out); err != nil {
		return err
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d cases could not be answered; their errors are in the output", failed, len(cases))
	}
	return nil
}

// readCases finds the cases in a file: an object with a list called cases or
// problems, a bare list, or a single case. "-" is the standard input.
func readCases(stdin io.Reader, file string) ([]json.RawMessage, error) {
	var raw []byte
	var err error
	if file == "-" {
		raw, err = io.ReadAll(stdin)
	} else {
		raw, err = os.ReadFile(file)
	}
	if err != nil {
		return nil, err
	}
	raw = bytes.TrimPrefix(bytes.TrimSpace(raw), []byte("\xef\xbb\xbf"))
	var list []json.RawMessage
	if bytes.HasPrefix(raw, []byte("[")) {
		err := json.Unmarshal(raw, &list)
		return list, caseError(file, err)
	}
	var all struct {
		Cases    []json.RawMessage `json:"cases"`
		Problems []json.RawMessage `json:"problems"`
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, caseError(file, err)
	}
	if all.Cases != nil || all.Problems != nil {
		return append(all.Cases, all.Problems...), nil
	}
	return []json.RawMessage{raw}, nil
}

func caseError(file string, err error) error {
	if err != nil {
		return fmt.Errorf("%s is not JSON with cases in it: %w", file, err)
	}
	return nil
}

type whenCmd struct {
	Text []string  `arg:"" help:"What somebody typed, such as \"tue 3pm\"; with --json a file of cases."`
	JSON bool      `name:"json" help:"Answer a file of cases as JSON."`
	Zone string    `help:"The writer's city or time zone, such as Europe/Berlin." placeholder:"ZONE"`
	Now  time.Time `help:"When it was written, as 2026-11-24T12:00:00Z; left out, now." format:"2006-01-02T15:04:05Z07:00"`
	Lang string    `help:"The writer's language, such as de or en-US." placeholder:"LOCALE"`
}

// Help is the last paragraph of --help.
func (whenCmd) Help() string {
	return "A question that asks back is an answer too. docs/time.md describes files and exit codes."
}

func (w whenCmd) Run(m *Main, c *commands) error {
	if w.JSON {
		return answer(m, c, strings.Join(w.Text, " "), scheduling.WhenCaseWith)
	}
	cfg, _ := ReadConfig(m.Env, c.Config)
	db, err := loadZones(cfg.TZData)
	if err != nil {
		return err
	}
	ctx := scheduling.ReadContext{DB: db, Now: w.Now, Locale: w.Lang}
	if ctx.Now.IsZero() {
		ctx.Now = m.Now()
	}
	if w.Zone != "" {
		if ctx.Zone, err = zoneOf(db, w.Zone); err != nil {
			return err
		}
	}
	r := scheduling.Read(strings.Join(w.Text, " "), ctx)
	if r.Resolved() {
		for _, s := range r.Spans {
			fmt.Fprintln(m.Stdout, s.Words)
		}
		return nil
	}
	fmt.Fprintln(m.Stdout, r.Words)
	for n, o := range r.Options {
		fmt.Fprintf(m.Stdout, "  %d. %s\n", n+1, o.Words)
	}
	return nil
}

type expandCmd struct {
	File string `arg:"" help:"A file of recurrence cases: a calendar and a window each; - is the standard input."`
	JSON bool   `name:"json" help:"Print JSON."`
}

// Help is the last paragraph of --help.
func (expandCmd) Help() string { return "docs/time.md describes files and exit codes." }

func (e expandCmd) Run(m *Main, c *commands) error {
	if e.JSON {
		return answer(m, c, e.File, scheduling.ExpandCaseWith)
	}
	cfg, _ := ReadConfig(m.Env, c.Config)
	db, err := loadZones(cfg.TZData)
	if err != nil {
		return err
	}
	cases, err := readCases(m.Stdin, e.File)
	if err != nil {
		return err
	}
	failed := 0
	for _, raw := range cases {
		var one struct {
			ID   string `json:"id"`
			Name string `json:"name"`
			Zone string `json:"calendar_tz"`
		}
		_ = json.Unmarshal(raw, &one)
		fmt.Fprintln(m.Stdout, strings.TrimSpace(one.ID+" "+one.Name))
		got, err := scheduling.ExpandCaseWith(db, raw)
		if err != nil {
			fmt.Fprintln(m.Stdout, "  ", err)
			failed++
			continue
		}
		zone := time.UTC
		if z, err := db.Zone(one.Zone); err == nil && one.Zone != "" {
			zone = z
		}
		voice := scheduling.NewVoice(db, "en-GB", zone.String(), scheduling.Hours24, scheduling.DayFirst)
		pairs, _ := got.([][2]string)
		for _, p := range pairs {
			from, err1 := time.Parse(time.RFC3339, p[0])
			to, err2 := time.Parse(time.RFC3339, p[1])
			if err := errors.Join(err1, err2); err != nil {
				return err
			}
			fmt.Fprintln(m.Stdout, "  ", voice.SayRange(from.In(zone), to.In(zone)))
		}
		if len(pairs) == 0 {
			fmt.Fprintln(m.Stdout, "   nothing in this window")
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d cases could not be answered; above stands why", failed, len(cases))
	}
	return nil
}

type slotsCmd struct {
	File string `arg:"" help:"A file of problems: people, hours, busy times, what to plan; - is the standard input."`
	JSON bool   `name:"json" help:"Print all slots as JSON."`
}

// Help is the last paragraph of --help.
func (slotsCmd) Help() string { return "docs/time.md describes files and exit codes." }

func (s slotsCmd) Run(ctx context.Context, m *Main, c *commands) error {
	if s.JSON {
		return answer(m, c, s.File, scheduling.SlotsCaseWith)
	}
	cfg, _ := ReadConfig(m.Env, c.Config)
	db, err := loadZones(cfg.TZData)
	if err != nil {
		return err
	}
	cases, err := readCases(m.Stdin, s.File)
	if err != nil {
		return err
	}
	for n, raw := range cases {
		if n > 0 {
			fmt.Fprintln(m.Stdout)
		}
		if err := s.table(ctx, m, db, raw); err != nil {
			return err
		}
	}
	return nil
}

// table shows the best plans of one problem, each with every person's own time; when
// there is none, why, and what would help.
func (s slotsCmd) table(ctx context.Context, m *Main, db *scheduling.DB, raw json.RawMessage) error {
	var named struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	_ = json.Unmarshal(raw, &named)
	if title := strings.TrimSpace(named.ID + " " + named.Name); title != "" {
		fmt.Fprintln(m.Stdout, title)
	}
	p, err := scheduling.CaseProblem(db, raw)
	if err != nil {
		return err
	}
	r, err := scheduling.Find(ctx, p)
	if err != nil {
		return err
	}
	if r.Why != nil {
		fmt.Fprintln(m.Stdout, r.Why.Words)
		for _, h := range r.Why.Help[min(1, len(r.Why.Help)):] { // the first stands in the sentence
			fmt.Fprintln(m.Stdout, "  or", h.Words)
		}
		return nil
	}
	return plans(m.Stdout, r)
}

// plans writes a line for each meeting of the best plans, under it why it stands there.
func plans(out io.Writer, r scheduling.Result) error {
	count := fmt.Sprintf("%d possible starts", r.Count)
	if r.Count == 1 {
		count = "1 possible start"
	}
	fmt.Fprintf(out, "%s; the best first, each person's own time beside their name:\n", count)
	w := tabwriter.NewWriter(out, 2, 4, 2, ' ', 0)
	consent := false
	for n, plan := range r.Plans {
		for i, meet := range plan.Meetings {
			number := ""
			if i == 0 {
				number = fmt.Sprintf("%d.", n+1)
			}
			cells := []string{number, meet.Start.UTC().Format("Mon 2 Jan 15:04 UTC"), fmt.Sprintf("%d min", int(meet.End.Sub(meet.Start).Minutes()))}
			if meet.Name != "" {
				cells = append(cells, meet.Name)
			}
			for _, seat := range meet.Seats {
				local := seat.Local.Format("15:04")
				if seat.Local.YearDay() != meet.Start.UTC().YearDay() {
					local = seat.Local.Format("Mon 15:04")
				}
				if !seat.Kind {
					local, consent = local+" (!)", true
				}
				cells = append(cells, seat.Name+" "+local)
			}
			fmt.Fprintln(w, strings.Join(cells, "\t"))
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if len(r.Plans) > 0 {
		var why []string
		for _, reason := range r.Plans[0].Reasons {
			why = append(why, reason.Words)
		}
		fmt.Fprintf(out, "Why 1.: %s.\n", strings.Join(why, "; "))
	}
	if consent {
		fmt.Fprintln(out, "(!) before 8 or after 20 there: ask them first.")
	}
	return nil
}
