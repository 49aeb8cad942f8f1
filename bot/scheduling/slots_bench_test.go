package scheduling

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// panel is the interview panel of the shared benchmark: five people in five
// zones with 200 events each, over both clock changes of March 2027.
func panel(t testing.TB) (p Problem, expected []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "panel.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Query struct {
			From, To      time.Time
			Minutes, Step int
		}
		Panel []struct {
			ID, TZ, Open, Close string
			Days                []time.Weekday
			Events              []struct {
				UID, Start, RRule string
				Minutes           int
				ExDates           []string
			}
		}
		Expected []string
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	q := file.Query
	p = Problem{From: q.From, To: q.To, Grid: time.Duration(q.Step) * time.Minute, Plans: 1000}
	step := Step{Length: time.Duration(q.Minutes) * time.Minute}
	for _, who := range file.Panel {
		zone, err := Default().Zone(who.TZ)
		if err != nil {
			t.Fatal(err)
		}
		shift, err := ParseShift(who.Open, who.Close)
		if err != nil {
			t.Fatal(err)
		}
		var events []Event
		for _, e := range who.Events {
			start, err := caseMoment(e.Start, zone)
			if err != nil {
				t.Fatal(err)
			}
			event := Event{UID: e.UID, Start: start.At, Zone: zone, Length: Length{Time: time.Duration(e.Minutes) * time.Minute}}
			if e.RRule != "" {
				rule, err := ParseRule(e.RRule)
				if err != nil {
					t.Fatal(err)
				}
				event.Rules = []Rule{rule}
			}
			for _, x := range e.ExDates {
				m, err := caseMoment(x, zone)
				if err != nil {
					t.Fatal(err)
				}
				event.Gone = append(event.Gone, m)
			}
			events = append(events, event)
		}
		cal, err := NewCalendar(context.Background(), events, zone)
		if err != nil || len(cal.Unread) > 0 {
			t.Fatal(err, cal.Unread)
		}
		p.People = append(p.People, Person{ID: who.ID, Zone: zone, Hours: EveryDay(zone, []Shift{shift}, who.Days...), Calendars: []*Calendar{cal}})
		step.Required = append(step.Required, who.ID)
	}
	p.Steps = []Step{step}
	return p, file.Expected
}

func TestPanelOfTheBenchmark(t *testing.T) {
	p, expected := panel(t)
	e, err := newEngine(t.Context(), &p, nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	list, err := e.list()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range list {
		got = append(got, stamp(unix(f.times[0])))
	}
	if !sameJSON(t, got, expected) {
		t.Errorf("got %q\nwant %q", got, expected)
	}
	r, err := Find(t.Context(), p)
	if err != nil || len(r.Plans) != len(expected) {
		t.Errorf("%d plans, %v", len(r.Plans), err)
	}
}

// BenchmarkPanel finds and ranks the 23 slots, rules expanded each time.
func BenchmarkPanel(b *testing.B) {
	p, expected := panel(b)
	p.Plans = 0
	b.ReportAllocs()
	for b.Loop() {
		if r, err := Find(b.Context(), p); err != nil || r.Count != len(expected) {
			b.Fatal(r.Count, err)
		}
	}
}

// BenchmarkPanelStarts is the listing alone, as other implementations have it.
func BenchmarkPanelStarts(b *testing.B) {
	p, expected := panel(b)
	b.ReportAllocs()
	for b.Loop() {
		e, err := newEngine(b.Context(), &p, nil, nil, nil)
		if err != nil {
			b.Fatal(err)
		}
		if list, err := e.list(); err != nil || len(list) != len(expected) {
			b.Fatal(len(list), err)
		}
	}
}

// BenchmarkWeekOfThirtyYears asks for one week out of rules that began 30
// years before.
func BenchmarkWeekOfThirtyYears(b *testing.B) {
	zone, err := Default().Zone("Europe/Berlin")
	if err != nil {
		b.Fatal(err)
	}
	from := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	for _, text := range []string{
		"FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;COUNT=1000",
		"FREQ=MONTHLY;BYDAY=-1FR", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
		"FREQ=YEARLY;BYWEEKNO=48;BYDAY=MO", "FREQ=HOURLY;INTERVAL=6",
	} {
		b.Run(text, func(b *testing.B) {
			rule, err := ParseRule(text)
			if err != nil {
				b.Fatal(err)
			}
			s, err := NewSeries(Event{Start: DayOf(1996, 11, 25).At(9 * time.Hour), Zone: zone, Length: Length{Time: time.Hour}, Rules: []Rule{rule}}, nil, nil)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.Expand(b.Context(), from, from.AddDate(0, 0, 7)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
