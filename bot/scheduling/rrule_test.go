package scheduling

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/teambition/rrule-go"
	"pgregory.net/rapid"
)

func mustRule(t testing.TB, text string) Rule {
	t.Helper()
	r, err := ParseRule(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func wallAt(t testing.TB, text string) Wall {
	t.Helper()
	m, err := parseMoment(text)
	if err != nil {
		t.Fatal(err)
	}
	return m.wall
}

func walk(t testing.TB, r Rule, start Wall) *walker {
	t.Helper()
	w := r.walk(start)
	if err := w.settle(!w.hits()); err != nil {
		t.Fatal(err)
	}
	return w
}

// The file was made with python-dateutil 2.9: start, rule, from, to, walls.
func TestRulesAgreeWithDateutil(t *testing.T) {
	text, err := os.ReadFile("testdata/rulewalks.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases [][]json.RawMessage
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		var in [4]string
		var want []string
		for i := range in {
			if err := json.Unmarshal(c[i], &in[i]); err != nil {
				t.Fatal(err)
			}
		}
		if err := json.Unmarshal(c[4], &want); err != nil {
			t.Fatal(err)
		}
		w := walk(t, mustRule(t, in[1]), wallAt(t, in[0]))
		walls, err := w.walls(nil, wallAt(t, in[2]), wallAt(t, in[3]))
		if err != nil {
			t.Fatal(err)
		}
		got := []string{}
		for _, x := range walls {
			got = append(got, strings.NewReplacer("-", "", ":", "").Replace(x.String()))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%v\n got %v\nwant %v", in, got, want)
		}
	}
}

// Any window of a rule holds what rrule-go itself gives from the start of the
// rule, where rrule-go is right: on walls taken as UTC, without week numbers.
func TestAnchoringLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := drawRule(t)
		r, err := ParseRule(text)
		if err != nil {
			t.Fatal(err)
		}
		start := DayOf(rapid.IntRange(1995, 2025).Draw(t, "year"), 1, rapid.IntRange(1, 366).Draw(t, "day")).At(9*time.Hour + 30*time.Minute)
		option, err := rrule.StrToROption(text)
		if err != nil {
			t.Fatal(err)
		}
		option.Dtstart = time.Unix(int64(start), 0).UTC()
		lib, err := rrule.NewRRule(*option)
		if err != nil {
			t.Fatal(err)
		}
		w := r.walk(start)
		if !w.hits() && r.count > 0 {
			t.Skip("rrule-go does not count a start beside the rule")
		}
		if err := w.settle(false); err != nil {
			t.Fatal(err)
		}
		from := start + Wall(rapid.IntRange(-100, 4000).Draw(t, "from"))*daySeconds
		to := from + Wall(rapid.IntRange(1, 400).Draw(t, "days"))*daySeconds
		got, err := w.walls(nil, from, to)
		if err != nil {
			t.Fatal(err)
		}
		var want []Wall
		for _, at := range lib.Between(time.Unix(int64(from), 0).UTC(), time.Unix(int64(to)-1, 0).UTC(), true) {
			want = append(want, Wall(at.Unix()))
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%s from %s in %s – %s\n got %v\nwant %v", text, start, from, to, got, want)
		}
	})
}

func drawRule(t *rapid.T) string {
	freq := rapid.SampledFrom([]string{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}).Draw(t, "freq")
	parts := []string{"FREQ=" + freq, "INTERVAL=" + itoa(rapid.IntRange(1, 5).Draw(t, "interval"))}
	if rapid.Bool().Draw(t, "months?") {
		parts = append(parts, "BYMONTH="+rapid.SampledFrom([]string{"1", "2,3", "6,7,8,12"}).Draw(t, "months"))
	}
	days := []string{"MO", "TU,TH", "SA,SU", "MO,TU,WE,TH,FR"}
	if freq == "MONTHLY" || freq == "YEARLY" {
		days = append(days, "1MO", "-1FR", "2TU,-2WE", "5SU")
	}
	byday := rapid.Bool().Draw(t, "days?")
	if byday {
		parts = append(parts, "BYDAY="+rapid.SampledFrom(days).Draw(t, "days"))
	}
	if freq != "WEEKLY" && rapid.Bool().Draw(t, "month days?") {
		parts = append(parts, "BYMONTHDAY="+rapid.SampledFrom([]string{"1", "13,-1", "29,30,31", "-2"}).Draw(t, "month days"))
		byday = true
	}
	if byday && freq != "WEEKLY" && freq != "DAILY" && rapid.Bool().Draw(t, "positions?") {
		parts = append(parts, "BYSETPOS="+rapid.SampledFrom([]string{"1", "-1", "2,3"}).Draw(t, "positions"))
	}
	switch rapid.IntRange(0, 2).Draw(t, "end") {
	case 1:
		parts = append(parts, "COUNT="+itoa(rapid.IntRange(1, 60).Draw(t, "count")))
	case 2:
		parts = append(parts, "UNTIL=20220315T093000")
	}
	parts = append(parts, "WKST="+rapid.SampledFrom([]string{"MO", "SU", "SA"}).Draw(t, "week start"))
	return strings.Join(parts, ";")
}

func TestRulesThatAreRefused(t *testing.T) {
	for _, text := range []string{
		"", "FREQ=", "FREQ=SECONDLY", "FREQ=SOMETIMES", "INTERVAL=1", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;COUNT=0",
		"FREQ=DAILY;COUNT=-1", "FREQ=DAILY;BYHOUR=24", "FREQ=DAILY;BYMINUTE=60", "FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=MONTHLY;BYMONTHDAY=32",
		"FREQ=MONTHLY;BYDAY=0MO", "FREQ=MONTHLY;BYDAY=54MO", "FREQ=MONTHLY;BYDAY=XX", "FREQ=DAILY;BYDAY=", "FREQ=YEARLY;BYMONTH=13",
		"FREQ=YEARLY;BYWEEKNO=54", "FREQ=MONTHLY;BYWEEKNO=3", "FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY;NONSENSE=1", "FREQ=DAILY;UNTIL=tomorrow",
		"FREQ=YEARLY;RSCALE=HEBREW", "FREQ=MONTHLY;RSCALE=GREGORIAN;SKIP=FORWARD", "FREQ=DAILY;BYSETPOS=0", strings.Repeat("FREQ=DAILY;", 1000),
	} {
		if _, err := ParseRule(text); err == nil {
			t.Errorf("%.40q is taken as a rule", text)
		}
	}
}

func TestRulesAsOthersWriteThem(t *testing.T) {
	for _, text := range []string{
		"RRULE:FREQ=DAILY", "freq=weekly;byday=mo, we", "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO;WKST=SU;", "UNTIL=20270101;FREQ=DAILY",
		"FREQ=DAILY;COUNT=2;UNTIL=20270101T000000Z", "FREQ=DAILY;X-MINE=1", "FREQ=MONTHLY;RSCALE=GREGORIAN;SKIP=OMIT", "FREQ=MINUTELY;INTERVAL=30",
	} {
		if _, err := ParseRule(text); err != nil {
			t.Errorf("%q: %s", text, err)
		}
	}
}

// Rules that never or hardly ever happen must not search for it.
func TestImpossibleRulesAreCheap(t *testing.T) {
	for _, text := range []string{
		"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31;COUNT=5",
		"FREQ=MONTHLY;BYDAY=53MO", "FREQ=MONTHLY;BYDAY=-53SU;BYMONTH=12", "FREQ=YEARLY;BYMONTH=1;BYDAY=20MO", "FREQ=WEEKLY;BYMONTHDAY=31;BYMONTH=2",
		"FREQ=YEARLY;INTERVAL=100000;BYMONTHDAY=31;BYMONTH=4;COUNT=9", "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",
	} {
		start := time.Now() // measured, not used as a moment
		s, err := NewSeries(Event{Start: DayOf(2026, 1, 5).At(9 * time.Hour), Zone: time.UTC, Length: Length{Time: time.Hour}, Rules: []Rule{mustRule(t, text)}}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		list, err := s.Expand(t.Context(), unix(0), unix(0).AddDate(100, 0, 0))
		if err != nil || len(list) != 1 {
			t.Errorf("%s: %d instances beside the start, %v", text, len(list)-1, err)
		}
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("%s took %s", text, took)
		}
	}
}

func FuzzParseRule(f *testing.F) {
	for _, text := range []string{"FREQ=DAILY", "FREQ=YEARLY;BYDAY=53MO;BYWEEKNO=-1", "FREQ=MONTHLY;BYSETPOS=-366;BYDAY=-5SU,5MO;COUNT=3", "FREQ=HOURLY;BYMINUTE=0,30;COUNT=7", "FREQ=WEEKLY;UNTIL=00010101"} {
		f.Add(text, int64(800000000))
	}
	f.Fuzz(func(t *testing.T, text string, at int64) {
		defer soon(t, text)()
		rule, err := ParseRule(text)
		if err != nil {
			return
		}
		start := Wall(at % (200 * 366 * daySeconds))
		s, err := NewSeries(Event{Start: start, Zone: time.UTC, Length: Length{Time: time.Hour}, Rules: []Rule{rule}}, nil, nil)
		if err != nil {
			return
		}
		from := start.In(time.UTC).AddDate(1, 0, 0)
		list, err := s.Expand(t.Context(), from, from.AddDate(0, 0, 40))
		if err != nil {
			return
		}
		for i, x := range list {
			if x.Start.Before(from.Add(-time.Hour)) || !x.Start.Before(from.AddDate(0, 0, 40)) || i > 0 && !list[i-1].Start.Before(x.Start) {
				t.Fatalf("%q gives %v", text, list)
			}
		}
	})
}
