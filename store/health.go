package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// Health is what the present Redis is and may lose.
type Health struct {
	OK      bool
	Version string
	Kind    string
	Loses   []string // plain sentences; none when nothing acknowledged can be lost; of a store that is not OK, why
}

const watchEvery = 5 * time.Second

// upkeep is how Redis is kept, as it said a moment ago.
type upkeep struct {
	sync.Mutex
	at      Hold
	known   bool
	version string
	loses   []string
}

// takesWrites is a script that changes nothing and that Redis refuses, by its first
// line, whenever it would refuse a write.
const takesWrites = "#!lua\nreturn 1"

// Health asks Redis whether it takes writes, each time, and how it is kept, once in
// five seconds. It never fails: OK is false when Redis does not answer or takes none.
func (db *DB) Health(ctx context.Context) Health {
	h := Health{Kind: db.kind}
	if db.kind == "memory" {
		if db.c.Ping(ctx).Err() != nil {
			return Health{Kind: db.kind, Loses: []string{"The in-process store does not answer."}}
		}
		h.OK = true
		h.Version = "in-process"
		h.Loses = []string{"The in-process store is for one process and for trying out."}
		if db.opt.Data == "" {
			h.Loses = append(h.Loses, "Nothing is kept on disk: everything is lost when the process ends.")
		} else {
			h.Loses = append(h.Loses, "A crash loses what was written since the last snapshot, a few seconds or more.")
		}
		return h
	}
	err := db.masters(ctx, func(ctx context.Context, c *redis.Client) error {
		err := c.Eval(ctx, takesWrites, nil).Err()
		if errors.As(unavailable(err), new(*Unavailable)) {
			return err
		}
		return nil // an older Redis cannot read it
	})
	if err == nil {
		h.Version, h.Loses, err = db.keeps(ctx)
	}
	if err != nil {
		return Health{Kind: db.kind, Loses: []string{ended("Redis: " + Why(err))}}
	}
	h.OK = true
	if db.kind == "cluster" {
		if info, err := db.c.ClusterInfo(ctx).Result(); err == nil && !strings.Contains(info, "cluster_state:ok") {
			return Health{Kind: db.kind, Version: h.Version, Loses: []string{"The cluster is not whole: some slots have no master."}}
		}
	}
	return h
}

// keeps is the version of Redis and what it may lose.
func (db *DB) keeps(ctx context.Context) (version string, loses []string, err error) {
	k := &db.upkeep
	k.Lock()
	defer k.Unlock()
	if k.known && k.at.Younger(watchEvery) {
		return k.version, slices.Clone(k.loses), nil
	}
	var all []string
	err = db.masters(ctx, func(ctx context.Context, c *redis.Client) error {
		info, err := c.Info(ctx, "server", "replication", "persistence", "memory").Result()
		if err != nil {
			return err
		}
		fields := infoFields(info)
		conf, _ := c.ConfigGet(ctx, "append*").Result() // some hosts do not allow it
		v, loses := judge(fields, conf)
		version = v
		all = append(all, loses...)
		return nil
	})
	if err != nil {
		return "", nil, err
	}
	slices.Sort(all)
	k.at, k.known, k.version, k.loses = NewHold(), true, version, slices.Compact(all)
	return version, slices.Clone(k.loses), nil
}

// ended is a sentence with its full stop, unless it asks.
func ended(s string) string {
	if strings.HasSuffix(s, "?") {
		return s
	}
	return s + "."
}

// judge says in words what one server may lose.
func judge(f, conf map[string]string) (version string, loses []string) {
	version = f["redis_version"]
	if v := f["valkey_version"]; v != "" {
		version = "valkey " + v
	} else if major, _, _ := strings.Cut(version, "."); major != "" {
		if n, _ := strconv.Atoi(major); n < 7 {
			loses = append(loses, "Redis "+version+" is too old; 7.0 or newer is needed.")
		}
	}
	switch {
	case f["aof_enabled"] == "0":
		loses = append(loses, "Redis writes no append-only file: a crash loses everything since its last dump.")
	case f["aof_enabled"] == "1" && conf["appendfsync"] == "everysec":
		loses = append(loses, "appendfsync is everysec: a power cut or a kernel crash loses up to a second of acknowledged writes.")
	case f["aof_enabled"] == "1" && conf["appendfsync"] == "no":
		loses = append(loses, "appendfsync is no: a power cut loses what the system had not written yet, often half a minute.")
	}
	if f["aof_last_write_status"] == "err" {
		loses = append(loses, "Redis cannot write its append-only file; look at its disk.")
	}
	if p := f["maxmemory_policy"]; p != "" && p != "noeviction" && f["maxmemory"] != "0" {
		loses = append(loses, "maxmemory-policy is "+p+": when memory is full Redis throws records away. Set it to noeviction.")
	}
	replicas, _ := strconv.Atoi(f["connected_slaves"])
	if replicas > 0 {
		loses = append(loses, "Replication is asynchronous: a fail-over may lose the last moment. Commits wait up to "+waitReplica.String()+" for one replica.")
	}
	offset, _ := strconv.ParseInt(f["master_repl_offset"], 10, 64)
	for i := range replicas {
		for part := range strings.SplitSeq(f["slave"+strconv.Itoa(i)], ",") {
			if s, ok := strings.CutPrefix(part, "offset="); ok {
				if at, _ := strconv.ParseInt(s, 10, 64); offset-at > 1<<20 {
					loses = append(loses, fmt.Sprintf("A replica lags by %d MB.", (offset-at)>>20))
				}
			}
		}
	}
	return version, loses
}

func infoFields(info string) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(info) {
		if k, v, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			out[k] = v
		}
	}
	return out
}

// masters calls f for every master, one after the other.
func (db *DB) masters(ctx context.Context, f func(context.Context, *redis.Client) error) error {
	switch c := db.c.(type) {
	case *redis.ClusterClient:
		turn := make(chan struct{}, 1)
		return c.ForEachMaster(ctx, func(ctx context.Context, n *redis.Client) error {
			turn <- struct{}{}
			defer func() { <-turn }()
			return f(ctx, n)
		})
	case *redis.Client:
		return f(ctx, c)
	}
	return fmt.Errorf("store: client %T", db.c)
}

// watch keeps count of the replicas, for commits wait where there is one.
func (db *DB) watch(ctx context.Context) {
	if db.kind == "memory" || db.kind == "child" {
		return
	}
	t := time.NewTicker(watchEvery)
	defer t.Stop()
	for {
		least := -1
		err := db.masters(ctx, func(ctx context.Context, c *redis.Client) error {
			info, err := c.Info(ctx, "replication").Result()
			n, _ := strconv.Atoi(infoFields(info)["connected_slaves"])
			if least < 0 || n < least {
				least = n
			}
			return err
		})
		if err == nil {
			db.replicas.Store(int32(max(0, least)))
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// wrote is asked before each pipeline of writes: how many replicas to wait for.
func (db *DB) wrote() int {
	if m, ok := db.backend.(*memory); ok {
		m.dirty.Store(true)
	}
	return min(1, int(db.replicas.Load()))
}
