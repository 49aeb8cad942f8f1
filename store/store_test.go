package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
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

func TestAddresses(t *testing.T) {
	for url, want := range map[string]string{
		"redis://":                                   "server [127.0.0.1:6379] 0   ",
		"redis://h":                                  "server [h:6379] 0   ",
		"redis://u:p%40ss@h:7000/3":                  "server [h:7000] 3 u p@ss ",
		"rediss://:p@h":                              "server [h:6379] 0  p tls",
		"unix:///run/redis.sock?db=2":                "server [/run/redis.sock] 2   ",
		"redis+sentinel://u:p@a:1,b,c:3/main/4":      "sentinel main [a:1 b:26379 c:3] 4 u p ",
		"redis-sentinel://a/main":                    "sentinel main [a:26379] 0   ",
		"redis://a:1?master_name=main&addr=b:2&db=1": "sentinel main [a:1 b:2] 1   ",
		"redis+cluster://:p@a:1,b:2":                 "cluster [a:1 b:2] 0  p ",
		"rediss+cluster://a":                         "cluster [a:6379] 0   tls",
		"redis-cluster://a,b":                        "cluster [a:6379 b:6379] 0   ",
		"redis://a:1?addr=b:2":                       "cluster [a:1 b:2] 0   ",
		"redis://[::1]:6379":                         "server [[::1]:6379] 0   ",
		"redis://[::1]":                              "server [[::1]:6379] 0   ",
		"redis+sentinel://a/m?sentinel_user=x&sentinel_password=y": "sentinel m [a:26379] 0   x y",
		"http://h":            "error",
		"h:6379":              "error",
		"redis+sentinel://a":  "error",
		"redis://h/x":         "error",
		"redis+cluster://h/1": "error",
		"redis://u:%zz@h":     "error",
	} {
		a, err := parseURL(url)
		got := "error"
		if err == nil {
			got = a.kind + " "
			if a.opt.MasterName != "" {
				got += a.opt.MasterName + " "
			}
			got += fmt.Sprint(a.opt.Addrs) + fmt.Sprintf(" %d %s %s ", a.opt.DB, a.opt.Username, a.opt.Password)
			if a.opt.TLSConfig != nil {
				got += "tls"
			}
			if a.opt.SentinelUsername != "" {
				got += a.opt.SentinelUsername + " " + a.opt.SentinelPassword
			}
		} else if strings.Contains(err.Error(), "%zz") {
			t.Errorf("%s: the error tells the password: %v", url, err)
		}
		if got != want {
			t.Errorf("%s: got %q, want %q (%v)", url, got, want, err)
		}
	}
}

func TestTenantsNeverShareAKey(t *testing.T) {
	names := []string{"a", "A", "a:b", "a%3ab", "~", ":", "a\x1fb", "ä", "a b", "{1}", "..", strings.Repeat("x", 300)}
	seen := map[string]string{}
	for _, n := range names {
		s := newSpace(n, 16)
		if other, ok := seen[s.own]; ok {
			t.Errorf("%q and %q share %s", n, other, s.own)
		}
		seen[s.own] = n
		if strings.Contains(strings.TrimPrefix(s.own, shardTag(s.shard, 16)), ":~:") {
			t.Errorf("%q reaches into the loops' keys: %s", n, s.own)
		}
		if s.shard < 0 || s.shard >= 16 {
			t.Errorf("%q lies in shard %d", n, s.shard)
		}
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"  Ada   OKAFOR ": "ada okafor", "Zoë": "zoe", "ŁÓDŹ": "lodz", "ﬁn": "fin", "Ｆｕｌｌ": "full", "a\u200bb\u00adc": "abc", "x\u202ey": "xy",
		"O’Brien": "o'brien", "Ærø": "aero", "İstanbul": "istanbul", "a\x00b": "a b", "\xff\xfe": "", "a\u00a0b": "a b", "Ελλάδα": "ελλαδα", "Жук": "жук",
	} {
		if got := fold(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"C++ C# node.js": "c++ c# node.js nodejs node js", "ada.okafor@mail.example": "ada.okafor@mail.example mail.example ada okafor",
		"Anne-Marie O'Neil": "anne-marie annemarie anne marie o'neil oneil o neil", "(Ada)": "ada", "--": "", "🙂 Kim": "🙂 kim", "'": "",
	} {
		if got := strings.Join(tokens(nil, in), " "); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Ada", "Zoë Müller-O'Brien", "\xff", "a\x00b", "张伟", "🙂", "=x", strings.Repeat("é", 1000)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := fold(s)
		if !utf8.ValidString(once) && utf8.ValidString(s) {
			t.Errorf("%q folds to %q", s, once)
		}
		if fold(once) != once {
			t.Errorf("%q folds to %q and then %q", s, once, fold(once))
		}
		words := tokens(nil, s)
		for _, w := range words {
			if w == "" || len(w) > maxWord || strings.ContainsAny(w, " \x00") || strings.HasPrefix(w, "=") {
				t.Errorf("%q has the word %q", s, w)
			}
		}
		for _, w := range typed(s) { // what is typed is found, unless there is too much of it
			if len(words) < maxWords && !slices.ContainsFunc(words, func(x string) bool { return strings.HasPrefix(x, w) }) {
				t.Errorf("%q typed is not found in %q", w, words)
			}
		}
	})
}

type tree struct {
	Name  string
	At    time.Time
	List  []string
	Rows  []struct{ In []int }
	Map   map[string][]int
	Ptr   *struct{ S []string }
	Arr   [2][]int
	Bytes []byte
}

func TestCopiesShareNothing(t *testing.T) {
	clone, ok := cloner[tree]()
	if !ok {
		t.Fatal("no cloner")
	}
	make := func() tree {
		var v tree
		if err := json.Unmarshal([]byte(`{"Name":"n","At":"2026-11-22T09:00:00Z","List":["a"],"Rows":[{"In":[1]}],"Map":{"k":[2]},"Ptr":{"S":["p"]},"Arr":[[3],null],"Bytes":"eHg="}`), &v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	v := make()
	c := clone(&v)
	if !reflect.DeepEqual(c, make()) {
		t.Errorf("copy %+v", c)
	}
	c.List[0], c.Rows[0].In[0], c.Map["k"][0], c.Ptr.S[0], c.Arr[0][0], c.Bytes[0] = "x", 9, 9, "x", 9, 9
	c.Map["new"] = nil
	if !reflect.DeepEqual(v, make()) {
		t.Errorf("the original changed: %+v", v)
	}
	if _, ok := cloner[struct{ V any }](); ok {
		t.Error("an interface was copied")
	}
	if _, ok := cloner[struct{ hidden []int }](); ok {
		t.Error("a hidden slice was copied")
	}
	if _, ok := cloner[json.RawMessage](); ok {
		c, _ := cloner[json.RawMessage]()
		v := json.RawMessage("a")
		n := c(&v)
		n[0] = 'b'
		if v[0] != 'a' {
			t.Error("a raw message is shared")
		}
	}
}

func TestCacheIsBoundedAndForgets(t *testing.T) {
	c := newCache()
	now := time.Unix(0, 0)
	for i := range cacheRows + 100 {
		c.put(place{"t", "x", fmt.Sprint(i)}, "1 1 {}", known{}, now)
	}
	if len(c.rows) != cacheRows || c.used.Len() != cacheRows {
		t.Errorf("%d rows", len(c.rows))
	}
	if _, _, ok := c.get(place{"t", "x", "5"}, now); ok {
		t.Error("the oldest is still there")
	}
	last := place{"t", "x", fmt.Sprint(cacheRows + 99)}
	if _, _, ok := c.get(last, now.Add(cacheFor)); !ok {
		t.Error("the newest is not there")
	}
	if _, _, ok := c.get(last, now.Add(cacheFor+1)); ok {
		t.Error("still there after its time")
	}
	c.put(last, strings.Repeat("x", cacheBytes+1), known{}, now)
	if len(c.rows) != 0 || c.bytes != 0 {
		t.Errorf("%d rows of %d bytes", len(c.rows), c.bytes)
	}
}

func TestIdsRiseWithinAMillisecond(t *testing.T) {
	now := time.UnixMilli(1790000000000)
	last := ""
	for range 10_000 {
		id := NewID("c", now)
		if id <= last || !strings.HasPrefix(id, "c_") || id != strings.ToLower(id) || len(id) != 28 {
			t.Fatalf("%q after %q", id, last)
		}
		last = id
	}
	if NewID("", now.Add(time.Millisecond)) < last[2:] {
		t.Error("a later id sorts before")
	}
}

func TestHealthInWords(t *testing.T) {
	for name, c := range map[string]struct {
		info, conf string
		want       string
	}{
		"good":       {"redis_version:7.2.1\naof_enabled:1\nmaxmemory_policy:noeviction\n", "always", ""},
		"valkey":     {"redis_version:7.2.4\nvalkey_version:8.1.0\naof_enabled:1\n", "always", ""},
		"old":        {"redis_version:6.2.1\naof_enabled:1\n", "always", "too old"},
		"everysec":   {"redis_version:7.2.1\naof_enabled:1\n", "everysec", "up to a second"},
		"never":      {"redis_version:7.2.1\naof_enabled:1\n", "no", "not written yet"},
		"no file":    {"redis_version:7.2.1\naof_enabled:0\n", "always", "no append-only file"},
		"disk full":  {"redis_version:7.2.1\naof_enabled:1\naof_last_write_status:err\n", "always", "cannot write"},
		"evicts":     {"redis_version:7.2.1\naof_enabled:1\nmaxmemory:100\nmaxmemory_policy:allkeys-lru\n", "always", "throws records away"},
		"no limit":   {"redis_version:7.2.1\naof_enabled:1\nmaxmemory:0\nmaxmemory_policy:allkeys-lru\n", "always", ""},
		"replicated": {"redis_version:7.2.1\naof_enabled:1\nconnected_slaves:1\nmaster_repl_offset:9\nslave0:ip=x,offset=9,lag=0\n", "always", "asynchronous"},
		"lags":       {"redis_version:7.2.1\naof_enabled:1\nconnected_slaves:1\nmaster_repl_offset:9000000\nslave0:ip=x,offset=9,lag=0\n", "always", "lags by 8 MB"},
	} {
		_, loses := judge(infoFields(c.info), map[string]string{"appendfsync": c.conf})
		got := strings.Join(loses, " ")
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestTablesAreDeclaredRightOrNotAtAll(t *testing.T) {
	for name, declare := range map[string]func(){
		"nobody said whose": func() { NewTable("nobodys", Def[int]{}) },
		"an odd name":       func() { NewTable("a:b", Def[int]{Whose: Nobody[int]}) },
		"no name":           func() { NewTable("", Def[int]{Whose: Nobody[int]}) },
		"twice":             func() { NewTable(people.name, Def[int]{Whose: Nobody[int]}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			declare()
		}()
	}
	if !slices.Contains(Tables(), TableInfo{"people", 1}) {
		t.Errorf("tables %v", Tables())
	}
}

var oldThing = NewTable("thing", Def[struct{ A string }]{Whose: Nobody[struct{ A string }]})

func TestSchemasMigrateOnRead(t *testing.T) {
	ctx := context.Background()
	db, err := Open(ctx, Options{Memory: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(ctx)
	sc := db.In("acme")
	type old = struct{ A string }
	b := sc.Batch("")
	Put(b, oldThing, Row[old]{ID: "x", Val: old{"Ada"}})
	if err := sc.Commit(ctx, b); err != nil {
		t.Fatal(err)
	}
	// The next version of the program declares the same table anew.
	registry.Lock()
	delete(registry.tables, "thing")
	registry.Unlock()
	type thing struct{ Name string }
	next := NewTable("thing", Def[thing]{Schema: 2, Whose: func(string, thing) []string { return []string{"p1"} },
		Index: func(v thing, x *Index) { x.Words(v.Name) },
		Migrate: func(from int, raw []byte) ([]byte, error) {
			if from != 1 {
				return nil, fmt.Errorf("from %d", from)
			}
			var o old
			err := json.Unmarshal(raw, &o)
			out, _ := json.Marshal(thing{o.A})
			return out, err
		}})
	r, err := next.Get(ctx, sc, "x")
	if err != nil || r.Val.Name != "Ada" {
		t.Fatal(r, err)
	}
	b = sc.Batch("")
	Put(b, next, r)
	if err := sc.Commit(ctx, b); err != nil {
		t.Fatal(err)
	}
	// Writing it gave it the index that the old version did not know.
	if rows, err := next.Search(ctx, sc, "ada", 5); err != nil || len(rows) != 1 {
		t.Error(rows, err)
	}
	if n, err := sc.Forget(ctx, "p1"); n != 1 || err != nil {
		t.Error(n, err)
	}
}

func TestACrashAroundTheCommitIsHealedByTheSameOperation(t *testing.T) {
	ctx := context.Background()
	for _, point := range []string{"commit.before", "commit.after"} {
		armed := true
		db, err := Open(ctx, Options{Memory: true, Crash: func(p string) {
			if armed && p == point {
				armed = false
				panic(p)
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		sc := db.In("acme")
		act := func() (err error) {
			defer func() {
				if p := recover(); p != nil {
					err = fmt.Errorf("died at %v", p)
				}
			}()
			b := sc.Batch("op")
			Put(b, people, Row[person]{ID: "c1", Val: person{Name: "Ada"}})
			b.Counter("n", 1)
			b.Seen("event", []byte("done"))
			return sc.Commit(ctx, b)
		}
		if err := act(); err == nil {
			t.Fatal("it lived")
		}
		if err := act(); err != nil {
			t.Errorf("%s: %v", point, err)
		}
		if n, _ := sc.Counters(ctx); n["n"] != 1 {
			t.Errorf("%s: done %d times", point, n["n"])
		}
		db.Close(ctx)
	}
}

func TestUnavailableIsToldFromAnswers(t *testing.T) {
	var away *Unavailable
	if !errors.As(unavailable(context.DeadlineExceeded), &away) || !errors.As(unavailable(errors.New("EOF")), &away) {
		t.Error("a lost connection is an answer")
	}
	if unavailable(nil) != nil {
		t.Error("nil is trouble")
	}
}

func TestAuditLinesAreWhatJSONWouldWrite(t *testing.T) {
	for _, a := range []Audit{
		{},
		{At: time.Date(2026, 11, 22, 9, 0, 0, 123456789, time.FixedZone("", 5400)), By: "p\"1", Door: "slack", Event: "e\\", Act: "mo\x01ve", Records: []string{"a", "ü\u2028", "\xff"}, Facts: map[string]string{"k\n": "<v>"}},
		{Act: "x", Records: []string{}, Facts: map[string]string{"a": "1", "b": "2", "c": ""}},
	} {
		var got, want Audit
		wanted, _ := json.Marshal(a)
		if err := json.Unmarshal(a.append(nil), &got); err != nil {
			t.Fatalf("%s: %v", a.append(nil), err)
		}
		if err := json.Unmarshal(wanted, &want); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %s, want %s", a.append(nil), wanted)
		}
	}
}

// Whether an old server still writes here is not known then, so none is started.
func TestAProcessFileThatCannotBeReadIsAnError(t *testing.T) {
	t.Parallel()
	c := &child{dir: t.TempDir(), program: "redis-server"}
	if err := c.outlive(); err != nil {
		t.Fatalf("no file: %v", err)
	}
	if err := os.Mkdir(c.pidFile(), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := c.outlive(); err == nil {
		t.Error("taken for no old server")
	}
}
