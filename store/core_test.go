package store

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

type person struct {
	Name   string
	Email  string
	Stage  string
	Tags   []string
	At     int64
	Remote string
}

var people = NewTable("people", Def[person]{
	Whose: func(id string, _ person) []string { return []string{id} },
	Index: func(v person, x *Index) {
		x.Words(v.Name, v.Email)
		x.Words(v.Tags...)
		x.Ref(v.Email)
		x.Exact("stage", v.Stage)
		x.Order("stage", v.Stage, float64(v.At))
		x.Unique("remote", v.Remote)
	},
})

var plainTable = NewTable("plain", Def[int]{Whose: Nobody[int]})

func TestCoreSmoke(t *testing.T) {
	ctx := context.Background()
	for _, mem := range []bool{true, false} {
		t.Run(fmt.Sprint(mem), func(t *testing.T) {
			db, err := Open(ctx, Options{Data: t.TempDir(), Memory: mem})
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close(ctx)
			sc := db.In("acme")
			b := sc.Batch("op1")
			Put(b, people, Row[person]{ID: "c1", Val: person{Name: "Ada Okafor", Email: "ada@mail.example", Stage: "screen", At: 5}})
			b.Audit(Audit{Act: "add", Records: []string{"candidate:c1"}})
			b.News("added", []byte("c1"))
			b.Out(Out{Place: "p1", Kind: "card"})
			b.Seen("e1", []byte("done"))
			if err := sc.Commit(ctx, b); err != nil {
				t.Fatal(err)
			}
			for _, q := range []string{"c1", "ADA@mail.example", "ada", "oka ada", "mail.ex"} {
				rows, err := people.Lookup(ctx, sc, q, 10)
				if err != nil || len(rows) != 1 || rows[0].Rev != 1 {
					t.Fatal(q, rows, err)
				}
			}
			r, err := people.Get(ctx, sc, "c1")
			if err != nil {
				t.Fatal(err)
			}
			r.Val.Stage = "onsite"
			b = sc.Batch("")
			Check(b, people, r)
			Put(b, people, r)
			if err := sc.Commit(ctx, b); err != nil {
				t.Fatal(err)
			}
			b = sc.Batch("")
			Put(b, people, r)
			var stale *Stale
			if err := sc.Commit(ctx, b); !errors.As(err, &stale) || *stale != (Stale{"people", "c1"}) {
				t.Fatal(err)
			}
			if ids, err := people.Range(ctx, sc, "stage", "onsite", Span{}); err != nil || len(ids) != 1 {
				t.Fatal(ids, err)
			}
			if ids, err := people.Exact(ctx, sc, "stage", "screen"); err != nil || len(ids) != 0 {
				t.Fatal(ids, err)
			}
			owned, err := db.Divide(ctx, "p")
			if err != nil || len(owned) != 17 {
				t.Fatal(owned, err)
			}
			news, err := db.TakeNews(ctx, owned, 10, 0)
			if err != nil || len(news) != 1 {
				t.Fatal(news, err)
			}
			if err := db.NewsDone(ctx, news...); err != nil {
				t.Fatal(err)
			}
			outs, _, err := db.TakeOut(ctx, owned, db.now(), 10)
			if err != nil || len(outs) != 1 {
				t.Fatal(outs, err)
			}
			if err := db.OutSent(ctx, outs[0], "m1"); err != nil {
				t.Fatal(err)
			}
			if n, err := sc.Forget(ctx, "c1"); err != nil || n != 1 {
				t.Fatal(n, err)
			}
		})
	}
}
