package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
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
		{"no message about somebody forgotten goes out", outForgotten},
		{"the backlog is what follows by itself", backlog},
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
