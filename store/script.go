package store

import (
	"context"
	"crypto/sha1"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"
)

// script is one Lua file; its head says what its keys and arguments are.
type script struct{ name, src, sha string }

func newScript(name, src string) *script {
	sum := sha1.Sum([]byte(src)) // Redis names scripts so
	return &script{name, src, hex.EncodeToString(sum[:])}
}

//go:embed commit.lua
var commitSrc string

//go:embed lookup.lua
var lookupSrc string

//go:embed lease.lua
var leaseSrc string

//go:embed due.lua
var dueSrc string

//go:embed inbox.lua
var inboxSrc string

//go:embed outtake.lua
var outTakeSrc string

//go:embed outdone.lua
var outDoneSrc string

//go:embed newsdone.lua
var newsDoneSrc string

//go:embed pace.lua
var paceSrc string

var (
	commitScript   = newScript("commit", commitSrc)
	lookupScript   = newScript("lookup", lookupSrc)
	leaseScript    = newScript("lease", leaseSrc)
	dueScript      = newScript("due", dueSrc)
	inboxScript    = newScript("inbox", inboxSrc)
	outTakeScript  = newScript("outtake", outTakeSrc)
	outDoneScript  = newScript("outdone", outDoneSrc)
	newsDoneScript = newScript("newsdone", newsDoneSrc)
	paceScript     = newScript("pace", paceSrc)

	scripts = []*script{commitScript, lookupScript, leaseScript, dueScript, inboxScript, outTakeScript, outDoneScript, newsDoneScript, paceScript}
)

// loadScripts makes every master know the scripts.
func (db *DB) loadScripts(ctx context.Context) error {
	load := func(ctx context.Context, c redis.Cmdable) error {
		_, err := c.Pipelined(ctx, func(p redis.Pipeliner) error {
			for _, s := range scripts {
				p.ScriptLoad(ctx, s.src)
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("store: scripts: %w", unavailable(err))
		}
		return nil
	}
	if cluster, ok := db.c.(*redis.ClusterClient); ok {
		return cluster.ForEachMaster(ctx, func(ctx context.Context, c *redis.Client) error { return load(ctx, c) })
	}
	return load(ctx, db.c)
}

// evalsha is the command that runs s; args start with the keys.
func (s *script) cmd(ctx context.Context, keys int, args ...any) *redis.Cmd {
	all := make([]any, 0, 3+len(args))
	all = append(all, "evalsha", s.sha, keys)
	return redis.NewCmd(ctx, append(all, args...)...)
}

// runText is run with keys and arguments that are all text, without a copy of
// each.
func (db *DB) runText(ctx context.Context, lines []*line, shard int, s *script, keys []string, args ...[]string) (any, error) {
	n := 3 + len(keys)
	for _, a := range args {
		n += len(a)
	}
	all := make([]any, 3, n)
	all[0], all[1], all[2] = &evalsha, &s.sha, len(keys)
	for i := range keys {
		all = append(all, &keys[i])
	}
	for _, part := range args {
		for i := range part {
			all = append(all, &part[i])
		}
	}
	return db.runCmd(ctx, pick(lines, shard), s, redis.NewCmd(ctx, all...))
}

var evalsha = "evalsha"

// run executes s on a line; a server that does not know it gets its text.
// A failed answer is *Unavailable or Redis's own words.
func (db *DB) run(ctx context.Context, lines []*line, shard int, s *script, keys int, args ...any) (any, error) {
	return db.runCmd(ctx, pick(lines, shard), s, s.cmd(ctx, keys, args...))
}

func (db *DB) runCmd(ctx context.Context, l *line, s *script, cmd *redis.Cmd) (any, error) {
	err := l.do(ctx, cmd)
	if err != nil && strings.HasPrefix(err.Error(), "NOSCRIPT") {
		args := append([]any(nil), cmd.Args()...)
		args[0], args[1] = "eval", s.src
		cmd = redis.NewCmd(ctx, args...)
		err = l.do(ctx, cmd)
	}
	if err != nil {
		if errors.Is(err, redis.Nil) {
			return nil, nil
		}
		return nil, fmt.Errorf("store: %s: %w", s.name, unavailable(err))
	}
	return cmd.Val(), nil
}

// Answers of scripts are strings, integers and lists of them.

func answers(v any) []any {
	l, _ := v.([]any)
	return l
}

func text(l []any, i int) string {
	if i >= len(l) {
		return ""
	}
	switch v := l[i].(type) {
	case string:
		return v
	case int64:
		return fmt.Sprint(v)
	}
	return ""
}
