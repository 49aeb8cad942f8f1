package store

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/redis/go-redis/v9"
)

// kept is one key of the in-process server.
type kept struct {
	Key, Type string
	Life      time.Duration // 0 is for ever
	Data      []string      // what Type needs to be made again
}

const snapshotHead = "rapport snapshot 1\n"

// client reads and writes without a deadline: a busy machine must not cost a snapshot.
func (s *memory) client() *redis.Client {
	return redis.NewClient(&redis.Options{Addr: "in-process", Dialer: s.dial, PoolSize: 1, PipelinePoolSize: -1, ReadTimeout: -1, WriteTimeout: -1})
}

// save writes all keys, as they are at one moment, to a new file and puts it
// in the place of the old one.
func (s *memory) save() error {
	if s.file == "" {
		return nil
	}
	all, err := s.all()
	if err != nil {
		return fmt.Errorf("snapshot: %w", err)
	}
	tmp := s.file + ".new"
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	_, _ = w.WriteString(snapshotHead)
	z := gzip.NewWriter(w)
	if err = gob.NewEncoder(z).Encode(all); err == nil {
		err = errors.Join(z.Close(), w.Flush(), f.Sync(), f.Close())
	}
	if err != nil {
		return err
	}
	return os.Rename(tmp, s.file)
}

// all reads every key inside one transaction.
func (s *memory) all() ([]kept, error) {
	ctx := context.Background()
	c := s.client()
	defer c.Close()
	for {
		keys := s.m.Keys()
		if len(keys) == 0 {
			return nil, nil
		}
		out := make([]kept, len(keys))
		types := make([]string, len(keys))
		cmds := make([]redis.Cmder, len(keys))
		lives := make([]*redis.DurationCmd, len(keys))
		for i, k := range keys {
			types[i] = s.m.Type(k)
		}
		_, err := c.TxPipelined(ctx, func(p redis.Pipeliner) error {
			for i, k := range keys {
				lives[i] = p.PTTL(ctx, k)
				switch types[i] {
				case "string":
					cmds[i] = p.Get(ctx, k)
				case "hash":
					cmds[i] = p.HGetAll(ctx, k)
				case "set":
					cmds[i] = p.SMembers(ctx, k)
				case "zset":
					cmds[i] = p.ZRangeWithScores(ctx, k, 0, -1)
				case "list":
					cmds[i] = p.LRange(ctx, k, 0, -1)
				case "stream":
					cmds[i] = p.XRange(ctx, k, "-", "+")
				default: // gone since
					cmds[i] = p.Get(ctx, k)
				}
			}
			return nil
		})
		if err != nil && !isNil(err) {
			if redis.HasErrorPrefix(err, "WRONGTYPE") { // a key changed its type between
				continue
			}
			return nil, err
		}
		n := 0
		for i, k := range keys {
			e := kept{Key: k, Type: types[i], Data: plain(cmds[i])}
			if life := lives[i].Val(); life > 0 {
				e.Life = life
			}
			if cmds[i].Err() == nil && len(e.Data) > 0 {
				out[n] = e
				n++
			}
		}
		return out[:n], nil
	}
}

func plain(cmd redis.Cmder) []string {
	var out []string
	switch c := cmd.(type) {
	case *redis.StringCmd:
		out = []string{c.Val()}
	case *redis.MapStringStringCmd:
		for k, v := range c.Val() {
			out = append(out, k, v)
		}
	case *redis.StringSliceCmd:
		out = c.Val()
	case *redis.ZSliceCmd:
		for _, z := range c.Val() {
			out = append(out, fmt.Sprintf("%.17g", z.Score), fmt.Sprint(z.Member))
		}
	case *redis.XMessageSliceCmd:
		for _, m := range c.Val() {
			out = append(out, m.ID, fmt.Sprint(2*len(m.Values)))
			for k, v := range m.Values {
				out = append(out, k, fmt.Sprint(v))
			}
		}
	}
	return out
}

// load fills the server from the file, if there is one.
func (s *memory) load() error {
	f, err := os.Open(s.file)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	r := bufio.NewReader(f)
	head := make([]byte, len(snapshotHead))
	if _, err := io.ReadFull(r, head); err != nil || string(head) != snapshotHead {
		return fmt.Errorf("store: %s is not a snapshot", s.file)
	}
	z, err := gzip.NewReader(r)
	if err != nil {
		return fmt.Errorf("store: %s: %w", s.file, err)
	}
	var all []kept
	if err := gob.NewDecoder(z).Decode(&all); err != nil {
		return fmt.Errorf("store: %s: %w", s.file, err)
	}
	return s.fill(all, time.Since(info.ModTime()))
}

func (s *memory) fill(all []kept, age time.Duration) error {
	ctx := context.Background()
	c := s.client()
	defer c.Close()
	p := c.Pipeline()
	for _, e := range all {
		if e.Life > 0 && e.Life <= age {
			continue
		}
		for _, args := range remake(e) {
			p.Do(ctx, args...)
		}
		if e.Life > 0 {
			p.PExpire(ctx, e.Key, e.Life-age)
		}
		if p.Len() > 5000 {
			if _, err := p.Exec(ctx); err != nil {
				return err
			}
			p = c.Pipeline()
		}
	}
	_, err := p.Exec(ctx)
	return err
}

// remake is the commands that make a key again.
func remake(e kept) [][]any {
	cmd := map[string]string{"string": "set", "hash": "hset", "set": "sadd", "zset": "zadd", "list": "rpush"}[e.Type]
	var out [][]any
	if e.Type == "stream" {
		for i := 0; i+1 < len(e.Data); {
			var n int
			_, _ = fmt.Sscan(e.Data[i+1], &n)
			out = append(out, append([]any{"xadd", e.Key, e.Data[i]}, anys(e.Data[i+2:i+2+n])...))
			i += 2 + n
		}
		return out
	}
	const part = 1000 // even: pairs stay together
	for i := 0; i < len(e.Data); i += part {
		out = append(out, append([]any{cmd, e.Key}, anys(e.Data[i:min(i+part, len(e.Data))])...))
	}
	return out
}

func anys(s []string) []any {
	out := make([]any, len(s))
	for i, v := range s {
		out[i] = v
	}
	return out
}
