package storetest

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/store"
)

// Person is the row of the suite's table.
type Person struct {
	Name, Mail, Stage string
	Tags              []string
	At                int64
	Remote            string
	Friend            string // another person whose data this is too
}

// People and Notes are the suite's tables.
var (
	People = store.NewTable("storetest.people", store.Def[Person]{
		Whose: func(id string, v Person) []string { return []string{id, v.Friend} },
		Forget: func(v *Person, whose string) bool {
			if v.Friend != whose {
				return false
			}
			v.Friend = ""
			return true
		},
		Index: func(v Person, x *store.Index) {
			x.Words(v.Name, v.Mail)
			x.Words(v.Tags...)
			x.Ref(v.Mail)
			x.Exact("stage", v.Stage)
			x.Order("stage", v.Stage, float64(v.At))
			x.Unique("ats", v.Remote)
		},
	})
	Notes = store.NewTable("storetest.notes", store.Def[string]{Whose: store.Nobody[string]})
)

// Run holds the store that open makes to its contract. Every case opens its
// own tenant; open may return the same DB each time.
func Run(t *testing.T, open func(t *testing.T) *store.DB) {
	cases := []struct {
		name string
		run  func(*testing.T, *store.DB, store.Scope)
	}{
		{"a row is read as it was written, and found by what it says", rows},
		{"indexes follow the row and leave nothing behind", indexes},
		{"find-as-you-type folds case, marks and order", search},
		{"who read an old row writes nothing", stale},
		{"a row made again is not the row that was deleted", again},
		{"a batch is done wholly or not at all", whole},
		{"an external id belongs to one row, and may pass within a batch", unique},
		{"the same operation is done once, another attempt gets the first answer", seen},
		{"of two people on one record one wins, a hundred times", race},
		{"a token is spent once", tokens},
		{"history tells what happened to a record", history},
		{"counters, too big, and an empty name", limits},
		{"two tenants never see each other", tenants},
		{"forget leaves no trace", forget},
		{"a lease has one owner, and the former changes nothing", leases},
		{"shards are divided evenly and taken over", divide},
		{"news comes once, and again when nobody finished it", news},
		{"a timer fires at its time, not before, and may be moved", timers},
		{"an acknowledged event is found again", inbox},
		{"messages to a place keep their order", outbox},
		{"a message somebody began to send is in doubt", doubt},
		{"dead letters can be sent again", dead},
		{"secrets are sealed and change their key", secrets},
		{"pace lets a burst go and then the rate", pace},
		{"a dead deadline says unavailable", deadline},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			db := open(t)
			c.run(t, db, db.In("t-"+store.NewID("", time.Now())))
		})
	}
}

func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func commit(t *testing.T, sc store.Scope, stage func(b *store.Batch)) {
	t.Helper()
	if err := try(t, sc, stage); err != nil {
		t.Fatal(err)
	}
}

func try(t *testing.T, sc store.Scope, stage func(b *store.Batch)) error {
	b := sc.Batch("")
	stage(b)
	return sc.Commit(t.Context(), b)
}

func put(t *testing.T, sc store.Scope, id string, v Person) {
	t.Helper()
	commit(t, sc, func(b *store.Batch) { store.Put(b, People, store.Row[Person]{ID: id, Val: v}) })
}

func get(t *testing.T, sc store.Scope, id string) store.Row[Person] {
	t.Helper()
	return must(People.Get(t.Context(), sc, id))(t)
}

func want[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if g, w := fmt.Sprintf("%#v", got), fmt.Sprintf("%#v", want); g != w {
		t.Errorf("%s: got %s, want %s", what, g, w)
	}
}

// say is all of it in a line.
func say(a ...any) string { return strings.TrimSuffix(fmt.Sprintln(a...), "\n") }

// is wants an error of a type.
func is[E error](t *testing.T, what string, err error) E {
	t.Helper()
	var e E
	if !errors.As(err, &e) {
		t.Errorf("%s: got %v, want %T", what, err, e)
	}
	return e
}

func ids(rows []store.Row[Person]) []string {
	out := []string{}
	for _, r := range rows {
		out = append(out, r.ID)
	}
	slices.Sort(out)
	return out
}

func rows(t *testing.T, db *store.DB, sc store.Scope) {
	ctx := t.Context()
	ada := Person{Name: "Ada <Okafor> & \"co\"", Mail: "Ada@mail.example", Stage: "screen", Tags: []string{"go"}, At: 5}
	put(t, sc, "c1", ada)
	put(t, sc, "c2", Person{Name: "Bo Berg", Stage: "screen", At: 3})
	r := get(t, sc, "c1")
	want(t, "value", r.Val, ada)
	want(t, "revision", r.Rev, int64(1))
	_, err := People.Get(ctx, sc, "c9")
	want(t, "nobody", errors.Is(err, store.ErrNone), true)
	_, err = People.Get(ctx, sc, "")
	want(t, "no id", errors.Is(err, store.ErrNone), true)
	many := must(People.Many(ctx, sc, []string{"c2", "", "c9", "c1"}))(t)
	want(t, "many", []string{many[0].ID, many[1].ID}, []string{"c2", "c1"})
	want(t, "how many", len(many), 2)
	for _, q := range []string{"c1", "ADA@MAIL.example", "oka", "ada oka", "mail.ex"} {
		want(t, "lookup "+q, ids(must(People.Lookup(ctx, sc, q, 5))(t)), []string{"c1"})
	}
	want(t, "lookup nothing", len(must(People.Lookup(ctx, sc, " \t", 5))(t)), 0)
	want(t, "len", must(People.Len(ctx, sc))(t), 2)
	want(t, "range", must(People.Range(ctx, sc, "stage", "screen", store.Span{}))(t), []string{"c2", "c1"})
	want(t, "range from the end", must(People.Range(ctx, sc, "stage", "screen", store.Span{Rev: true, Limit: 1}))(t), []string{"c1"})
	want(t, "range by score", must(People.Range(ctx, sc, "stage", "screen", store.Span{Min: 4, Max: 9}))(t), []string{"c1"})
	want(t, "count", must(People.Count(ctx, sc, "stage", "screen", "onsite"))(t), []int{2, 0})
	all := 0
	if err := People.Each(ctx, sc, func(store.Row[Person]) error { all++; return nil }); err != nil {
		t.Fatal(err)
	}
	want(t, "each", all, 2)
	// A reader may do with its copy what it likes.
	r = get(t, sc, "c1")
	r.Val.Tags[0] = "changed"
	want(t, "the next reader's copy", must(People.Cached(ctx, sc, "c1"))(t).Val.Tags, []string{"go"})
}

func indexes(t *testing.T, db *store.DB, sc store.Scope) {
	ctx := t.Context()
	put(t, sc, "c1", Person{Name: "Ada Okafor", Mail: "ada@mail.example", Stage: "screen", At: 1, Remote: "r1"})
	r := get(t, sc, "c1")
	r.Val = Person{Name: "Ada Berg", Mail: "berg@mail.example", Stage: "onsite", At: 2, Remote: "r2"}
	commit(t, sc, func(b *store.Batch) { store.Put(b, People, r) })
	for _, q := range []string{"okafor", "ada@mail.example"} {
		want(t, q, len(must(People.Lookup(ctx, sc, q, 5))(t)), 0)
	}
	for _, q := range []string{"berg", "berg@mail.example", "ada"} {
		want(t, q, ids(must(People.Lookup(ctx, sc, q, 5))(t)), []string{"c1"})
	}
	want(t, "old set", len(must(People.Exact(ctx, sc, "stage", "screen"))(t)), 0)
	want(t, "new set", must(People.Exact(ctx, sc, "stage", "onsite"))(t), []string{"c1"})
	_, err := People.Owner(ctx, sc, "ats", "r1")
	want(t, "old external id", errors.Is(err, store.ErrNone), true)
	want(t, "new external id", must(People.Owner(ctx, sc, "ats", "r2"))(t), "c1")
	// A row built by hand, with no old value to compare with.
	commit(t, sc, func(b *store.Batch) {
		store.Put(b, People, store.Row[Person]{ID: "c1", Rev: 2, Val: Person{Name: "Cy", Stage: "offer"}})
	})
	want(t, "words of before", len(must(People.Search(ctx, sc, "berg", 5))(t)), 0)
	commit(t, sc, func(b *store.Batch) { store.Delete(b, People, get(t, sc, "c1")) })
	want(t, "keys left", leftovers(t, db, sc, "row:", "set:", "ord:", "word:", "tok:", "uniq:", "whose:"), []string{"row:storetest.people"})
	want(t, "rows left", must(People.Len(ctx, sc))(t), 0)
}

// leftovers lists the tenant's keys of some kinds.
func leftovers(t *testing.T, db *store.DB, sc store.Scope, kinds ...string) []string {
	out := []string{}
	for key := range Dump(t, db) {
		_, kind, ok := strings.Cut(key, ":"+sc.Tenant()+":")
		if ok && slices.ContainsFunc(kinds, func(k string) bool { return strings.HasPrefix(kind, k) }) {
			out = append(out, kind)
		}
	}
	slices.Sort(out)
	return out
}

func search(t *testing.T, db *store.DB, sc store.Scope) {
	for id, name := range map[string]string{"c1": "Zoë Müller-O'Brien", "c2": "Łukasz  Żółć", "c3": "ZOE\u200b Miller", "c4": "张伟 Zhang Wei", "c5": "Straße Ünal"} {
		put(t, sc, id, Person{Name: name})
	}
	for q, found := range map[string][]string{
		"zoe": {"c1", "c3"}, "ZOË m": {"c1", "c3"}, "obri": {"c1"}, "o'br": {"c1"}, "o’brien": {"c1"}, "mullerob": {"c1"}, "lukasz zolc": {"c2"}, "Żółć": {"c2"},
		"wei zh": {"c4"}, "张": {"c4"}, "strasse u": {"c5"}, "zo zo": {"c1", "c2", "c3"}, "=zoe": {"c1", "c3"}, "zoex": {}, "zoe\x00c1": {}, "[": {}, "*": {},
	} {
		want(t, q, ids(must(People.Search(t.Context(), sc, q, 9))(t)), found)
	}
	for from := 0; from < 1500; from += 100 {
		commit(t, sc, func(b *store.Batch) {
			for i := range 100 {
				name := fmt.Sprintf("Kim Park%d", i)
				if from == 1400 && i == 99 {
					name = "Kim Rarely"
				}
				store.Put(b, Notes, store.Row[string]{ID: fmt.Sprint(from + i)})
				store.Put(b, People, store.Row[Person]{ID: fmt.Sprintf("k%04d", from+i), Val: Person{Name: name}})
			}
		})
	}
	want(t, "behind many pages", ids(must(People.Search(t.Context(), sc, "kim rar", 9))(t)), []string{"k1499"})
	want(t, "no more than asked for", len(must(People.Search(t.Context(), sc, "ki", 7))(t)), 7)
	want(t, "many of many", len(must(People.Search(t.Context(), sc, "kim par", 1400))(t)), 1400)
}

func stale(t *testing.T, db *store.DB, sc store.Scope) {
	put(t, sc, "c1", Person{Name: "Ada", Stage: "screen"})
	old := get(t, sc, "c1")
	now := get(t, sc, "c1")
	now.Val.Stage = "onsite"
	commit(t, sc, func(b *store.Batch) { store.Put(b, People, now) })
	before := Dump(t, db)
	for name, stage := range map[string]func(*store.Batch){
		"put":    func(b *store.Batch) { store.Put(b, People, old) },
		"check":  func(b *store.Batch) { store.Check(b, People, old) },
		"delete": func(b *store.Batch) { store.Delete(b, People, old) },
		"make":   func(b *store.Batch) { store.Put(b, People, store.Row[Person]{ID: "c1"}) },
		"absent": func(b *store.Batch) { store.Check(b, People, store.Row[Person]{ID: "c1"}) },
		"gone":   func(b *store.Batch) { store.Put(b, People, store.Row[Person]{ID: "c8", Rev: 4}) },
	} {
		err := try(t, sc, func(b *store.Batch) {
			b.Seen("event-"+name, []byte("x"))
			store.Put(b, Notes, store.Row[string]{ID: "n-" + name, Val: "must not be"})
			b.Audit(store.Audit{Act: name, Records: []string{"r"}})
			b.News("n", nil)
			stage(b)
		})
		e := is[*store.Stale](t, name, err)
		if e != nil && e.Table != "storetest.people" {
			t.Errorf("%s: %v", name, e)
		}
	}
	Same(t, before, Dump(t, db))
	want(t, "cached after a stale commit", must(People.Cached(t.Context(), sc, "c1"))(t).Val.Stage, "onsite")
}

func again(t *testing.T, db *store.DB, sc store.Scope) {
	put(t, sc, "c1", Person{Name: "Ada"})
	first := get(t, sc, "c1")
	commit(t, sc, func(b *store.Batch) { store.Delete(b, People, first) })
	put(t, sc, "c1", Person{Name: "Bea"})
	cached := must(People.Cached(t.Context(), sc, "c1"))(t)
	want(t, "cached is as it stands", cached.Rev, get(t, sc, "c1").Rev)
	is[*store.Stale](t, "the first Ada", try(t, sc, func(b *store.Batch) { store.Check(b, People, first) }))
	commit(t, sc, func(b *store.Batch) { store.Put(b, People, cached) })
}

func whole(t *testing.T, db *store.DB, sc store.Scope) {
	put(t, sc, "c1", Person{Name: "Ada", Remote: "r1"})
	before := Dump(t, db)
	err := try(t, sc, func(b *store.Batch) {
		store.Put(b, People, store.Row[Person]{ID: "c2", Val: Person{Name: "Bo"}})
		store.Put(b, People, store.Row[Person]{ID: "c3", Val: Person{Name: "Cy", Remote: "r1"}})
		b.Out(store.Out{Place: "p", ID: "o1"})
		b.Timer("t1", time.Now(), nil)
		b.Token("tok", nil, time.Hour)
		b.Counter("n", 1)
		b.Seen("e", nil)
	})
	want(t, "taken", *is[*store.Taken](t, "taken", err), store.Taken{System: "ats", ID: "r1", Row: "c1"})
	is[*store.Gone](t, "spent", try(t, sc, func(b *store.Batch) {
		b.Spend("never")
		store.Put(b, People, store.Row[Person]{ID: "c2"})
	}))
	is[*store.TooLate](t, "late", try(t, sc, func(b *store.Batch) {
		b.NoOut("never")
		store.Put(b, People, store.Row[Person]{ID: "c2"})
	}))
	Same(t, before, Dump(t, db))
}

func unique(t *testing.T, db *store.DB, sc store.Scope) {
	put(t, sc, "c1", Person{Name: "Ada", Remote: "r1"})
	put(t, sc, "c2", Person{Name: "Ada again"})
	one, two := get(t, sc, "c1"), get(t, sc, "c2")
	two.Val.Remote = "r1"
	is[*store.Taken](t, "taken", try(t, sc, func(b *store.Batch) { store.Put(b, People, two) }))
	one.Val.Remote = ""
	commit(t, sc, func(b *store.Batch) { // a merge, in the harder order
		store.Put(b, People, two)
		store.Put(b, People, one)
	})
	want(t, "owner", must(People.Owner(t.Context(), sc, "ats", "r1"))(t), "c2")
	commit(t, sc, func(b *store.Batch) {
		store.Delete(b, People, get(t, sc, "c2"))
		store.Put(b, People, store.Row[Person]{ID: "c3", Val: Person{Remote: "r1"}})
	})
	want(t, "owner after a delete", must(People.Owner(t.Context(), sc, "ats", "r1"))(t), "c3")
	commit(t, sc, func(b *store.Batch) { store.Put(b, People, get(t, sc, "c3")) })
}

func seen(t *testing.T, db *store.DB, sc store.Scope) {
	ctx := t.Context()
	batch := func(op string) *store.Batch {
		b := sc.Batch(op)
		b.Counter("n", 1)
		b.Out(store.Out{Place: "p"})
		b.News("x", nil)
		b.Seen("event 1", []byte("moved Ada"))
		b.Seen("message 1", []byte("moved Ada"))
		return b
	}
	for range 3 {
		if err := sc.Commit(ctx, batch("op 1")); err != nil {
			t.Fatal(err)
		}
	}
	e := is[*store.Seen](t, "another attempt", sc.Commit(ctx, batch("op 2")))
	want(t, "its answer", string(e.Reply), "moved Ada")
	b := sc.Batch("op 3")
	b.Counter("n", 1)
	b.Seen("fresh", nil)
	b.Seen("message 1", nil)
	is[*store.Seen](t, "by its second name", sc.Commit(ctx, b))
	_, ok, err := sc.SeenReply(ctx, "fresh")
	want(t, "a refused mark", say(ok, err), "false <nil>")
	for range 2 {
		b := sc.Batch("op 4")
		b.Counter("n", 10)
		if err := sc.Commit(ctx, b); err != nil {
			t.Fatal(err)
		}
	}
	want(t, "done", must(sc.Counters(ctx))(t), map[string]int64{"n": 11})
	reply, ok, err := sc.SeenReply(ctx, "event 1")
	want(t, "reply", say(string(reply), ok, err), "moved Ada true <nil>")
}

func race(t *testing.T, db *store.DB, sc store.Scope) {
	put(t, sc, "c1", Person{Name: "Ada"})
	for i := range 100 {
		r := get(t, sc, "c1")
		var wins, lost int
		var mu sync.Mutex
		var wg sync.WaitGroup
		for _, act := range []string{"reject", "offer"} {
			wg.Go(func() {
				mine := r
				mine.Val.Stage = act
				err := try(t, sc, func(b *store.Batch) {
					store.Put(b, People, mine)
					b.Counter(act, 1)
				})
				mu.Lock()
				defer mu.Unlock()
				var s *store.Stale
				switch {
				case err == nil:
					wins++
				case errors.As(err, &s):
					lost++
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if wins != 1 || lost != 1 {
			t.Fatalf("run %d: %d won, %d lost", i, wins, lost)
		}
	}
	n := must(sc.Counters(t.Context()))(t)
	want(t, "acts", n["reject"]+n["offer"], int64(100))
	want(t, "revision", get(t, sc, "c1").Rev, int64(101))
}

func tokens(t *testing.T, db *store.DB, sc store.Scope) {
	ctx := t.Context()
	commit(t, sc, func(b *store.Batch) {
		b.Token("t1", []byte("act"), time.Hour)
		b.Token("t2", []byte("short"), time.Second)
	})
	want(t, "body", string(must(sc.Token(ctx, "t1"))(t)), "act")
	commit(t, sc, func(b *store.Batch) { b.Spend("t1") })
	want(t, "spent twice", is[*store.Gone](t, "spent twice", try(t, sc, func(b *store.Batch) { b.Spend("t1") })).ID, "t1")
	Until(t, 4*time.Second, "t2 runs out", func(ctx context.Context) bool {
		_, err := sc.Token(ctx, "t2")
		return errors.Is(err, store.ErrNone)
	})
}

func history(t *testing.T, db *store.DB, sc store.Scope) {
	ctx := t.Context()
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	for i := range 5 {
		commit(t, sc, func(b *store.Batch) {
			b.Audit(store.Audit{At: at.Add(time.Duration(i) * time.Hour), By: "p1", Act: fmt.Sprint("act ", i), Records: []string{"candidate:c1", fmt.Sprint("job:", i%2)}, Facts: map[string]string{"field": "stage"}})
		})
	}
	acts := func(all []store.Audit) (out []string) {
		for _, a := range all {
			out = append(out, a.Act)
		}
		return out
	}
	want(t, "two", acts(must(sc.History(ctx, "candidate:c1", 2))(t)), []string{"act 4", "act 3"})
	all := must(sc.History(ctx, "job:1", 0))(t)
	want(t, "all", acts(all), []string{"act 3", "act 1"})
	want(t, "whole", say(all[0].At.Equal(at.Add(3*time.Hour)), all[0].By, all[0].Facts), "true p1 map[field:stage]")
	want(t, "nothing", len(must(sc.History(ctx, "job:9", 3))(t)), 0)
}

func limits(t *testing.T, db *store.DB, sc store.Scope) {
	err := try(t, sc, func(b *store.Batch) {
		for i := range 201 {
			store.Put(b, Notes, store.Row[string]{ID: fmt.Sprint(i)})
		}
	})
	want(t, "201 writes", errors.Is(err, store.ErrTooBig), true)
	commit(t, sc, func(b *store.Batch) {
		for i := range 200 {
			store.Put(b, Notes, store.Row[string]{ID: fmt.Sprint(i), Val: strings.Repeat("x", 1000)})
		}
	})
	err = try(t, sc, func(b *store.Batch) {
		store.Put(b, Notes, store.Row[string]{ID: "big", Val: strings.Repeat("x", 5<<20)})
	})
	want(t, "5 MB", errors.Is(err, store.ErrTooBig), true)
	if err := try(t, sc, func(b *store.Batch) { store.Put(b, Notes, store.Row[string]{}) }); err == nil {
		t.Error("a row without an id was written")
	}
	if err := try(t, sc, func(b *store.Batch) {
		store.Put(b, Notes, store.Row[string]{ID: "twice"})
		store.Put(b, Notes, store.Row[string]{ID: "twice"})
	}); err == nil {
		t.Error("a row was written twice by one batch")
	}
}

func tenants(t *testing.T, db *store.DB, sc store.Scope) {
	ctx := t.Context()
	for _, name := range []string{sc.Tenant() + "x", sc.Tenant() + ":row", sc.Tenant() + "*", "~", "ü {1}"} {
		other := db.In(name)
		if err := try(t, sc, func(b *store.Batch) {
			store.Put(b, Notes, store.Row[string]{ID: name, Val: "mine"})
			b.Seen(name, []byte("mine"))
			b.Token(name, nil, time.Minute)
			b.Audit(store.Audit{Act: "x", Records: []string{"r"}})
		}); err != nil {
			t.Fatal(err)
		}
		_, err := Notes.Get(ctx, other, name)
		want(t, "row", errors.Is(err, store.ErrNone), true)
		_, ok, _ := other.SeenReply(ctx, name)
		want(t, "seen", ok, false)
		_, err = other.Token(ctx, name)
		want(t, "token", errors.Is(err, store.ErrNone), true)
		want(t, "history", len(must(other.History(ctx, "r", 0))(t)), 0)
		commit(t, other, func(b *store.Batch) { b.Counter("n", 1) })
		if all := must(db.Tenants(ctx))(t); !slices.Contains(all, name) || slices.Contains(all, "") {
			t.Errorf("tenants %q lack %q", all, name)
		}
	}
	if err := sc.Commit(ctx, db.In("other").Batch("")); err == nil {
		t.Error("a batch was committed to another tenant")
	}
}

func forget(t *testing.T, db *store.DB, sc store.Scope) {
	const canary = "kanarienvogel"
	ctx := t.Context()
	put(t, sc, "c1", Person{Name: "Ada " + canary, Mail: canary + "@mail.example", Stage: canary, Tags: []string{canary}, Remote: canary})
	put(t, sc, "c2", Person{Name: "Bo", Friend: "c1", Stage: "screen"})
	put(t, sc, "c3", Person{Name: "Cy", Friend: "c2"})
	found := 0
	for _, v := range Dump(t, db) {
		if strings.Contains(v, canary) {
			found++
		}
	}
	if found < 3 {
		t.Fatalf("the canary sings in %d keys only", found)
	}
	commit(t, sc, func(b *store.Batch) {
		for _, id := range []string{"o1", "o2", "o3"} {
			b.Out(store.Out{ID: id, Place: id, Body: []byte(canary), Whose: []string{"c1"}, NotBefore: time.Now().Add(time.Hour)})
		}
		b.Out(store.Out{ID: "o4", Place: "o1", Body: []byte("stays")})
	})
	about := must(sc.About(ctx, "c1"))(t)
	want(t, "about", say(len(about), about[0].Table, about[0].ID, strings.Contains(string(about[0].Val), canary), about[1].ID), "2 storetest.people c1 true c2")
	want(t, "rows and messages changed", must(sc.Forget(ctx, "c1"))(t), 5)
	state, _, err := db.OutState(ctx, sc.Tenant(), "o4")
	want(t, "another's message", say(state, err), "waiting <nil>")
	for k, v := range Dump(t, db) {
		if strings.Contains(k+v, canary) || strings.Contains(v, base64.StdEncoding.EncodeToString([]byte(canary))) {
			t.Errorf("%s still holds the canary", k)
		}
	}
	want(t, "the friend's own row", get(t, sc, "c2").Val, Person{Name: "Bo", Stage: "screen"})
	want(t, "again", must(sc.Forget(ctx, "c1"))(t), 0)
	_, err = People.Cached(ctx, sc, "c1")
	want(t, "cached", errors.Is(err, store.ErrNone), true)
}
