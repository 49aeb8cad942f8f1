package recruiting

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/bot"
)

func TestParseEmail(t *testing.T) {
	for text, want := range map[string]string{
		"Ada@Mail.Example": "ada@mail.example", " Ada Okafor <ada@mail.example> ": "ada@mail.example", "mailto:ada+x@mail.example": "ada+x@mail.example",
		"jörg@bücher.example": "jörg@bücher.example", "o'neil@mail.example": "o'neil@mail.example", "a\u200bda@mail.example": "ada@mail.example",
	} {
		if got, f := ParseEmail(text); f != nil || got != want {
			t.Errorf("%q: %q %v", text, got, f)
		}
	}
	for _, text := range []string{"", "ada", "ada@", "@mail.example", "ada@mail", "a b@mail.example", "ada@-mail.example", ".ada@mail.example", "ada..x@mail.example", "ada@1.2", "ada@mail.example\nbcc:x@y.example", strings.Repeat("a", 65) + "@mail.example", "ada@mail..example"} {
		if got, f := ParseEmail(text); f == nil || f.Field != "email" {
			t.Errorf("%q passed as %q", text, got)
		}
	}
}

func TestParsePhone(t *testing.T) {
	for _, c := range []struct{ text, region, want string }{
		{"+44 20 7946 0958", "", "+442079460958"}, {"0044 20 7946 0958", "", "+442079460958"}, {"020 7946 0958", "GB", "+442079460958"},
		{"020 7946 0958", "US", ""}, {"020 7946 0958", "", ""}, {"+234 803 123 4567", "", "+2348031234567"},
	} {
		p, f := ParsePhone(c.text, c.region)
		if f != nil || p.E164 != c.want || p.As != c.text {
			t.Errorf("%q in %q: %+v %v", c.text, c.region, p, f)
		}
	}
	for _, text := range []string{"", "12", "call me", "1234567890123456789012345"} {
		if p, f := ParsePhone(text, ""); f == nil {
			t.Errorf("%q passed: %+v", text, p)
		}
	}
	if Region("en-NG") != "NG" || Region("de") != "" || Region("zh-Hant-TW") != "TW" {
		t.Error("region")
	}
}

func TestNamesAndFold(t *testing.T) {
	for text, want := range map[string]string{"  Ada   Okafor ": "Ada Okafor", "李小龍": "李小龍", "🦄": "🦄", "A\u202eda": "Ada", "Ada\nOkafor": "Ada Okafor", "*Ada* <@U1>": "*Ada* <@U1>"} {
		if got, f := ParseName(text); f != nil || got != want {
			t.Errorf("%q: %q %v", text, got, f)
		}
	}
	for _, text := range []string{"", " \u200b ", "...", "ada@mail.example", strings.Repeat("a", 40000)} {
		if _, f := ParseName(text); f == nil {
			t.Errorf("%.20q passed", text)
		}
	}
	for text, want := range map[string]string{"Łukasz Ørsted-Weiß": "lukasz orsted weiss", "ÉCOLE": "ecole", "O'Neil": "oneil", "Ngũgĩ": "ngugi", "Nguyễn Văn Đức": "nguyen van duc", "🦄 Ada": "🦄 ada", "İpek": "ipek", "हिन्दी": "हिन्दी"} {
		if got := Fold(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestS3_06_DuplicatesNeverByNameAlone(t *testing.T) {
	a := Candidate{ID: "1", Name: "Zhang Wei", Emails: []string{"wei@a.example"}, City: "Lagos", Phones: []Phone{{E164: "+442079460958", As: "x"}}}
	cases := []struct {
		name string
		b    Candidate
		want Likeness
	}{
		{"name alone", Candidate{ID: "2", Name: "Zhang Wei"}, Different},
		{"the same mail", Candidate{ID: "2", Name: "Other", Emails: []string{"wei@a.example"}}, Certain},
		{"the same phone", Candidate{ID: "2", Name: "Other", Phones: []Phone{{E164: "+442079460958"}}}, Certain},
		{"turned name and city", Candidate{ID: "2", Name: "Wei Zhang", City: "LAGOS"}, Likely},
		{"the same mail name elsewhere", Candidate{ID: "2", Name: "Zhang Wéi", Emails: []string{"w.ei@b.example"}}, Likely},
		{"an unsure phone that ends the same", Candidate{ID: "2", Name: "Zhang Wei", Phones: []Phone{{As: "020 7946 0958"}}}, Likely},
		{"another name, same city", Candidate{ID: "2", Name: "Li Na", City: "Lagos"}, Different},
		{"erased", Candidate{ID: "2", Name: "Zhang Wei", Emails: []string{"wei@a.example"}, Erased: noon}, Different},
	}
	for _, c := range cases {
		if m := Compare(a, c.b); m.Like != c.want || (m.Like != Different) != (len(m.Why) > 0) {
			t.Errorf("%s: %+v", c.name, m)
		}
	}
	if sameName("Maria Garcia", "Mario Garza") {
		t.Error("Maria Garcia is not Mario Garza")
	}
}

// two are Ada in two records, both on Backend, one with a reference.
func two() (Situation, Situation) {
	k, g := ada(), ada()
	k.Candidate.Tags, k.Candidate.City = []string{"go"}, ""
	g.Candidate = Candidate{ID: "c-two", Name: "A. Okafor", Emails: []string{"ada@work.example", "ada@mail.example"}, City: "Lagos", Tags: []string{"Go", "redis"}, Zone: "Europe/Berlin"}
	g.Process.Candidate = "c-two"
	g.Process.Apps[0].Stage, g.Process.Seq = "onsite", 3
	g.Process.Apps = append(g.Process.Apps, Application{ID: "A-2", Job: "data", Stage: "screen", Since: noon, Made: noon, State: Active})
	g.Process.Refs = []Reference{{ID: "R-3", App: "A-2", Referee: "Prof. Bello", State: ReferenceSent, Since: noon, Asked: noon, By: sam.ID}}
	return k, g
}

func TestMergeAndUnmerge(t *testing.T) {
	k, g := two()
	m, f := PlanMerge(k, g, sam, noon)
	if f != nil {
		t.Fatal(f)
	}
	if !slices.Equal(m.Keep.Emails, []string{"ada@mail.example", "ada@work.example"}) || m.Keep.City != "Lagos" || !slices.Equal(m.Keep.Tags, []string{"go", "redis"}) || m.Keep.Zone != "Africa/Lagos" {
		t.Errorf("%+v", m.Keep)
	}
	if m.Gone.Into != "c-ada" || m.GoneProcess.Into != "c-ada" || len(m.Lines()) != 4 {
		t.Errorf("%+v %q", m.Gone, m.Lines())
	}
	if n := len(m.Process.Active()); n != 2 || len(m.Process.Apps) != 3 {
		t.Fatalf("%+v", m.Process.Apps)
	}
	if a := m.Process.App("A-1"); a.State != MovedOn || m.Process.App(a.To).Stage != "onsite" {
		t.Errorf("the one that is further goes on: %+v", m.Process.Apps)
	}
	// Life goes on, then they are parted.
	w := play(t, Situation{Candidate: m.Keep, Process: m.Process, Jobs: k.Jobs})
	theirs := m.Ids["A-1"]
	w.do(sam, Move{App: theirs, To: "offer"}, ReceiveReference{m.Ids["R-3"], "n-1"})
	w.s.Candidate, _ = w.s.Candidate.AddTags("later")
	if _, f := Unmerge(m, w.s, m.GoneProcess, sam, noon.Add(31*24*time.Hour)); f == nil {
		t.Error("parted after 30 days")
	}
	out, f := Unmerge(m, w.s, m.GoneProcess, sam, noon.Add(time.Hour))
	if f != nil {
		t.Fatal(f)
	}
	if !slices.Equal(out.Keep.Emails, []string{"ada@mail.example"}) || out.Keep.City != "" || !slices.Equal(out.Keep.Tags, []string{"go", "later"}) {
		t.Errorf("keep: %+v", out.Keep)
	}
	if out.Gone.Into != "" || len(out.Gone.Emails) != 2 {
		t.Errorf("gone: %+v", out.Gone)
	}
	if a := out.Process.Apps; len(a) != 1 || a[0].ID != "A-1" || a[0].State != Active || a[0].Stage != "applied" || !a[0].Since.Equal(noon.AddDate(0, 0, -1)) {
		t.Errorf("keep's process: %+v", a)
	}
	if a := out.Back.App("A-1"); a == nil || a.Stage != "offer" || out.Back.Reference("R-3") == nil || out.Back.Reference("R-3").State != ReferenceReceived || out.Back.Candidate != "c-two" || out.Back.Into != "" {
		t.Errorf("gone's process: %+v", out.Back)
	}
	if _, f := Unmerge(out.Merge, w.s, m.GoneProcess, sam, noon.Add(2*time.Hour)); f == nil {
		t.Error("parted twice")
	}
}

func TestMergeIsRefused(t *testing.T) {
	k, g := two()
	if _, f := PlanMerge(k, k, sam, noon); f == nil {
		t.Error("merged with itself")
	}
	if _, f := PlanMerge(k, g, mo, noon); f == nil || f.Kind != bot.Forbidden {
		t.Errorf("%+v", f)
	}
	w := play(t, k)
	w.do(sam, reject("A-1"))
	_, f := PlanMerge(w.s, g, sam, noon)
	if f == nil || f.Kind != bot.Refused || !strings.Contains(f.Facts["rule"], "merge_") {
		t.Errorf("a no and an open reference came together: %+v", f)
	}
	g.Candidate.Demo = true
	if _, f := PlanMerge(k, g, sam, noon); f == nil {
		t.Error("an invented person was merged with a real one")
	}
}

func TestCSV(t *testing.T) {
	cases := []struct{ name, file string }{
		{"English", "name,email,phone,job,stage,id,tags\nAda Okafor,ada@mail.example,+44 20 7946 0958,Backend Engineer,Screen,77,\"go, redis\"\n"},
		{"byte order mark and CRLF", "\ufeffName,E-Mail,Phone,Position,Status,Candidate ID,Skills\r\nAda Okafor,ada@mail.example,+442079460958,Backend Engineer,Screen,77,\"go,redis\"\r\n"},
		{"German, semicolons", "Vorname;Nachname;E-Mail-Adresse;Telefon;Stelle;Phase;Kandidaten-ID;Kenntnisse\nAda;Okafor;ada@mail.example;+442079460958;Backend Engineer;Screen;77;go|redis\n"},
		{"Spanish, tabs", "Nombre\tApellidos\tCorreo electrónico\tTeléfono\tPuesto\tEtapa\tID\tEtiquetas\nAda\tOkafor\tada@mail.example\t+442079460958\tBackend Engineer\tScreen\t77\tgo,redis"},
		{"quotes", "\"name\",\"email\",\"phone\",\"job\",\"stage\",\"id\",\"tags\"\n\n\"Ada Okafor\",\"ada@mail.example\",\"+442079460958\",\"Backend Engineer\",\"Screen\",\"77\",\"go,redis\""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			im, f := OpenCSV(strings.NewReader(c.file), nil)
			if f != nil {
				t.Fatal(f)
			}
			r, probs, err := im.Next()
			if err != nil || len(probs) > 0 {
				t.Fatal(probs, err)
			}
			if r.Candidate.Name != "Ada Okafor" || r.Candidate.Mail() != "ada@mail.example" || r.Candidate.Phones[0].E164 != "+442079460958" || r.Job != "Backend Engineer" || r.Stage != "Screen" || r.External.String() != "csv:77" || len(r.Candidate.Tags) != 2 {
				t.Errorf("%+v", r)
			}
			if _, _, err := im.Next(); !errors.Is(err, io.EOF) {
				t.Error(err)
			}
		})
	}
	t.Run("Windows-1252", func(t *testing.T) {
		im, _ := OpenCSV(strings.NewReader("name\nJ\xf6rg Wei\xdf\n"), nil)
		if r, _, _ := im.Next(); r.Candidate.Name != "Jörg Weiß" {
			t.Errorf("%q", r.Candidate.Name)
		}
	})
	t.Run("names of columns given", func(t *testing.T) {
		im, f := OpenCSV(strings.NewReader("Talent,Wohin,Foo\nAda,Backend,x\n"), map[string]string{"talent": "name", "Wohin": "job"})
		if f != nil || !slices.Equal(im.Unknown, []string{"Foo"}) {
			t.Fatal(f)
		}
		if r, _, _ := im.Next(); r.Job != "Backend" {
			t.Errorf("%+v", r)
		}
	})
	for name, file := range map[string]string{"empty": "", "no name": "email,job\n", "UTF-16": "\xff\xfen\x00a\x00"} {
		if _, f := OpenCSV(strings.NewReader(file), nil); f == nil || f.Kind != bot.Invalid {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

// Old programs of the Macintosh end lines in CR alone; a CR among lines that end in LF is no end.
func TestCSVEndsLinesInCR(t *testing.T) {
	for file, want := range map[string]int{
		"name,email\rAda Okafor,ada@mail.example\rBo Chen,bo@mail.example":                        2,
		"name,note\rAda Okafor,\"met\rin May\"\rBo Chen,\r":                                       2,
		"name,email\rAda Okafor,ada@mail.example\r\n":                                             1,
		"name,note\nAda Okafor,\"met\rin May\"\nBo\rChen,\n":                                      2,
		"name,note\r\nAda Okafor,met\r\n":                                                         1,
		"name,email\r" + strings.Repeat("Ada Okafor,ada@mail.example\r", 5000) + "Bo,b@x.example": 5001,
	} {
		im, f := OpenCSV(strings.NewReader(file), nil)
		if f != nil {
			t.Errorf("%.30q: %s", file, f.Say)
			continue
		}
		n := 0
		for ; ; n++ {
			row, bad, err := im.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil || len(bad) > 0 {
				t.Errorf("%.30q: line %d: %v %v", file, row.Line, bad, err)
			}
		}
		if n != want {
			t.Errorf("%.30q: %d rows, not %d", file, n, want)
		}
	}
}

func TestCSVReportsBadLinesAndGoesOn(t *testing.T) {
	file := "name,email,zone,applied\n" +
		"Ada,ada@mail.example,Africa/Lagos,2026-11-03\n" + // 2
		"Bo,not-an-address,,\n" + // 3
		"\"Cy,cy@mail.example,,\n" + // 4: a quote that never closes
		"Di,di@mail.example,,\n" + // 5
		",x@mail.example,,\n" + // 6: no name
		"\"Ed\nEdison\",ed@mail.example,,\n" + // 7-8: a break in quotes
		"Flo,flo@mail.example,CET,\n" + // 9
		"Gus,a,b,c,d,e\n" + // 10
		"Hal,hal@mail.example,,03/11/2026\n" + // 11
		"Ida \"I\" Lund,ida@mail.example,,\n" // 12
	im, f := OpenCSV(strings.NewReader(file), nil)
	if f != nil {
		t.Fatal(f)
	}
	var good []string
	bad := map[int]string{}
	for {
		r, probs, err := im.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if len(probs) > 0 {
			bad[probs[0].Line] = probs[0].Column
			if probs[0].Raw == "" || !strings.HasPrefix(probs[0].Error(), fmt.Sprintf("line %d", probs[0].Line)) {
				t.Errorf("%+v", probs[0])
			}
			continue
		}
		good = append(good, r.Candidate.Name)
	}
	if want := []string{"Ada", "Di", "Ed Edison", `Ida "I" Lund`}; !slices.Equal(good, want) {
		t.Errorf("good: %q", good)
	}
	if want := map[int]string{3: "email", 4: "", 6: "", 9: "zone", 10: "", 11: "applied"}; fmt.Sprint(bad) != fmt.Sprint(want) {
		t.Errorf("bad: %v", bad)
	}
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("name,email\n\"a\nb\",\"c\"\"d\"\n\"open,x\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		im, fault := OpenCSV(bytes.NewReader(data), nil)
		if fault != nil {
			return
		}
		for n := 0; ; n++ {
			if _, _, err := im.Next(); err != nil {
				return
			}
			if n > len(data) {
				t.Fatal("it does not end")
			}
		}
	})
}

func BenchmarkCSV(b *testing.B) {
	var file bytes.Buffer
	file.WriteString("name,email,phone,job,stage,id\n")
	for i := range 10000 {
		fmt.Fprintf(&file, "Person %d,p%d@mail.example,+44 20 7946 %04d,Backend Engineer,Screen,%d\n", i, i, i, i)
	}
	b.ResetTimer()
	for range b.N {
		im, _ := OpenCSV(bytes.NewReader(file.Bytes()), nil)
		for {
			if _, _, err := im.Next(); err != nil {
				break
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/10000, "ns/row")
}

func TestBoard(t *testing.T) {
	j := testJob("backend", "Backend Engineer")
	var seats []Seat
	for i := range 500 {
		st := j.Stages[i%4].ID
		seats = append(seats, Seat{Job: "backend", Stage: st, Name: fmt.Sprintf("P%03d", i), App: fmt.Sprint(i), Since: noon.Add(-time.Duration(i) * time.Hour), State: Active})
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(seats), func(a, b int) { seats[a], seats[b] = seats[b], seats[a] })
	cols := Board(&j, seats, 3, noon)
	if len(cols) != 7 || cols[0].Count != 125 || cols[0].Stage.ID != "applied" || cols[4].Count != 0 {
		t.Fatalf("%+v", cols[0])
	}
	if p := cols[0].People; len(p) != 3 || p[0].Name != "P496" || p[1].Name != "P492" || p[2].Name != "P488" {
		t.Errorf("%+v", p)
	}
	if cols[0].Stuck != 94 { // over 5 days: hours 121…496 in steps of four
		t.Errorf("%d stuck", cols[0].Stuck)
	}
}

func BenchmarkBoard10000(b *testing.B) {
	j := testJob("backend", "Backend Engineer")
	seats := make([]Seat, 10000)
	for i := range seats {
		seats[i] = Seat{Job: "backend", Stage: j.Stages[i%4].ID, Name: "P", App: fmt.Sprint(i), Since: noon.Add(-time.Duration(i*7919%10000) * time.Minute), State: Active}
	}
	for b.Loop() {
		Board(&j, seats, 10, noon)
	}
}

func TestTodosOldestFirst(t *testing.T) {
	w := play(t, ada())
	w.s.Jobs[0].Stages[0].Limit = 30
	w.do(sam, AskReference{App: "A-1", Referee: "Prof. Bello"}, DraftOffer{App: "A-1"})
	todos := Todos(&w.s.Process, w.s.Jobs, sam, w.now.Add(60*24*time.Hour))
	OldestFirst(todos)
	var got []string
	for _, d := range todos {
		got = append(got, string(d.Kind))
	}
	if want := []string{string(TodoStuck), string(TodoSendAsk), string(TodoSendOffer)}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if n := len(Todos(&w.s.Process, w.s.Jobs, rita, w.now)); n != 0 {
		t.Errorf("%d things wait for somebody else", n)
	}
}

func TestRetention(t *testing.T) {
	w := rejected(t)
	due, ok := Retention(w.s.Candidate, &w.s.Process, 0)
	if !ok || !due.Equal(w.s.Process.Apps[0].Since.AddDate(0, 6, 0)) {
		t.Errorf("%v %v", due, ok)
	}
	w.s.Candidate.Consents = []Consent{{To: ConsentPool, Yes: true, At: noon}}
	if _, ok := Retention(w.s.Candidate, &w.s.Process, 0); ok {
		t.Error("who agreed to be kept is erased")
	}
	w.s.Candidate.Consents = nil
	w.s.Candidate.Keep = due.AddDate(0, 2, 0)
	if later, ok := Retention(w.s.Candidate, &w.s.Process, 0); !ok || !later.Equal(w.s.Candidate.Keep) {
		t.Errorf("an Admin wants the data until %v, and it is due on %v", w.s.Candidate.Keep, later)
	}
	w.s.Candidate.Keep = due.AddDate(0, -2, 0)
	if later, _ := Retention(w.s.Candidate, &w.s.Process, 0); !later.Equal(due) {
		t.Errorf("keeping it for longer made it due sooner: %v", later)
	}
	s := ada()
	if _, ok := Retention(s.Candidate, &s.Process, 0); ok {
		t.Error("somebody in process is erased")
	}
	if d := months(time.Date(2027, 8, 31, 9, 0, 0, 0, time.UTC), 6); d.Format(time.DateOnly) != "2028-02-29" {
		t.Errorf("leap day: %v", d)
	}
}

func TestNearNames(t *testing.T) {
	names := []string{"Jonas Weber", "Ada Okafor", "Adam Odell", "Wu"}
	for typed, want := range map[string]string{"Adda": "Ada Okafor", "Okafro": "Ada Okafor", "jonsa": "Jonas Weber", "Ada Okofor": "Ada Okafor"} {
		if got := Near(typed, names, 1); len(got) != 1 || names[got[0]] != want {
			t.Errorf("%s: %v, want %s", typed, got, want)
		}
	}
	if got := Near("Zzyzxqvw", names, 3); len(got) != 0 {
		t.Errorf("a name like nobody's is near to %v", got)
	}
}

// In a file whose names stand in quotes, a quote that never closes takes nobody with it.
func TestCSVAnOpenQuoteBeforeAQuotedRow(t *testing.T) {
	text := "name,email,notes,city\n" +
		"\"Al One\",al@mail.example,,\n" +
		"\"unclosed,quote\n" + // 3
		"\"Bo Two\",bo@mail.example,\"says \"\"hi\"\"\nand\n\"\"bye\"\"\",Lagos\n" + // 4-6: a text over three lines
		"\"Cy Three\",cy@mail.example,,\n"
	im, f := OpenCSV(strings.NewReader(text), nil)
	if f != nil {
		t.Fatal(f)
	}
	var names []string
	var bad []int
	for {
		row, problems, err := im.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range problems {
			bad = append(bad, p.Line)
		}
		if len(problems) == 0 {
			names = append(names, row.Candidate.Name)
		}
	}
	if strings.Join(names, ", ") != "Al One, Bo Two, Cy Three" || !slices.Equal(bad, []int{3}) {
		t.Error(names, bad)
	}
}
