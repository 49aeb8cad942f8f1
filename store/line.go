package store

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// line lets concurrent callers share one pipeline: who comes first runs it,
// who comes while it runs makes up the next one. A lone caller pays nothing;
// a crowd shares writes, reads and, with appendfsync always, the fsync.
type line struct {
	db   *DB
	key  string     // on a cluster, a key of the node this line leads to
	wait func() int // replicas to wait for after a pipeline, 0 for none

	mu    sync.Mutex
	busy  bool
	queue []*call
}

type call struct {
	cmd   redis.Cmder
	batch []*call       // set when this caller is to run the next pipeline
	done  chan struct{} // 1: answered, or batch is set
	gone  bool          // nobody waits any more
}

const (
	maxPipeline = 128
	patience    = 5 * time.Second        // for one pipeline
	waitReplica = 200 * time.Millisecond // for a replica to have it
)

// newLines makes one line, or on a cluster one for every shard.
func newLines(db *DB, wait func() int) []*line {
	if db.kind != "cluster" {
		return []*line{{db: db, wait: wait}}
	}
	lines := make([]*line, db.shards+1)
	for n := range lines {
		lines[n] = &line{db: db, key: db.shardKey(n, "news"), wait: wait}
	}
	return lines
}

func pick(lines []*line, shard int) *line {
	if len(lines) == 1 {
		return lines[0]
	}
	return lines[shard]
}

// do runs cmd and returns its error; at the end of ctx it returns at once,
// and whether cmd ran is unknown.
func (l *line) do(ctx context.Context, cmd redis.Cmder) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	me := &call{cmd: cmd}
	l.mu.Lock()
	if !l.busy {
		l.busy = true
		l.mu.Unlock()
		return l.lead(ctx, me, []*call{me})
	}
	me.done = make(chan struct{}, 1)
	l.queue = append(l.queue, me)
	l.mu.Unlock()
	select {
	case <-me.done:
	case <-ctx.Done():
		l.mu.Lock()
		me.gone = true
		batch := me.batch
		l.mu.Unlock()
		if batch != nil { // chosen to run the next one just now
			go l.run(batch) //nolint:contextcheck // many callers share a pipeline: it ends with none of them
		}
		return ctx.Err()
	}
	if me.batch != nil {
		return l.lead(ctx, me, me.batch)
	}
	return cmd.Err()
}

// lead runs a pipeline for all, but waits no longer than ctx allows.
func (l *line) lead(ctx context.Context, me *call, batch []*call) error {
	deadline, ok := ctx.Deadline()
	if !ok || time.Until(deadline) > patience {
		l.run(batch) //nolint:contextcheck // many callers share a pipeline: it ends with none of them
		return me.cmd.Err()
	}
	ran := make(chan struct{})
	go func() { //nolint:contextcheck // many callers share a pipeline: it ends with none of them
		l.run(batch)
		close(ran)
	}()
	select {
	case <-ran:
		return me.cmd.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// run executes a pipeline, answers its callers and hands on the next one.
func (l *line) run(batch []*call) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	l.exec(ctx, batch)
	cancel()
	for _, c := range batch {
		if c.done != nil && c.batch == nil {
			c.done <- struct{}{}
		}
	}
	l.mu.Lock()
	for {
		n := min(len(l.queue), maxPipeline)
		if n == 0 {
			l.busy, l.queue = false, nil
			break
		}
		next := l.queue[:n:n]
		l.queue = l.queue[n:]
		i := 0
		for i < n && next[i].gone {
			i++
		}
		if i == n {
			continue
		}
		next[i].batch = next[i:]
		next[i].done <- struct{}{}
		break
	}
	l.mu.Unlock()
}

func (l *line) exec(ctx context.Context, batch []*call) {
	replicas := 0
	if l.wait != nil {
		replicas = l.wait()
	}
	if l.key == "" && len(batch) == 1 && replicas == 0 {
		_ = l.db.c.Process(ctx, batch[0].cmd)
		return
	}
	var p redis.Pipeliner
	cluster, ok := l.db.c.(*redis.ClusterClient)
	if !ok {
		p = l.db.c.Pipeline()
	} else if node, err := cluster.MasterForKey(ctx, l.key); err == nil {
		p = node.Pipeline()
	} else {
		for _, c := range batch {
			c.cmd.SetErr(err)
		}
		return
	}
	for _, c := range batch {
		_ = p.Process(ctx, c.cmd)
	}
	if replicas > 0 {
		p.Do(ctx, "wait", replicas, waitReplica.Milliseconds())
	}
	if _, err := p.Exec(ctx); err == nil || !ok {
		return
	}
	for _, c := range batch { // the shard may have moved or its master died
		if err := c.cmd.Err(); err != nil && redirected(err) {
			c.cmd.SetErr(nil)
			_ = cluster.Process(ctx, c.cmd)
		}
	}
}

// redirected says whether a cluster client may find another node for it.
func redirected(err error) bool {
	var answer redis.Error
	if !errors.As(err, &answer) {
		return true
	}
	for _, p := range []string{"MOVED", "ASK", "READONLY", "CLUSTERDOWN", "LOADING", "TRYAGAIN"} {
		if strings.HasPrefix(answer.Error(), p) {
			return true
		}
	}
	return false
}
