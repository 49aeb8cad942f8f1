package store

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// address is what Options.URL says.
type address struct {
	kind string // "server", "sentinel", "cluster"
	opt  redis.UniversalOptions
}

// parseURL reads the forms of RAPPORT_REDIS_URL:
//
//	redis://[user:password@]host[:6379][/db]     rediss:// with TLS, unix:///path
//	redis+sentinel://…@h:26379,h:26379/master[/db]   also redis-sentinel://, rediss+sentinel://, redis://…?master_name=x&addr=…
//	redis+cluster://…@h:6379,h:6379                  also redis-cluster://, rediss+cluster://, redis://…?addr=…
//
// ?sentinel_user=…&sentinel_password=… sign in at the sentinels themselves.
func parseURL(s string) (address, error) {
	var a address
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok {
		return a, fmt.Errorf("RAPPORT_REDIS_URL: %q has no scheme such as redis://", redact(s))
	}
	if scheme == "unix" {
		path, query, _ := strings.Cut(rest, "?")
		q, _ := url.ParseQuery(query)
		a.kind, a.opt.Addrs = "server", []string{path}
		a.opt.DB, _ = strconv.Atoi(q.Get("db"))
		return a, nil
	}
	rest, query, _ := strings.Cut(rest, "?")
	q, err := url.ParseQuery(query)
	if err != nil {
		return a, fmt.Errorf("RAPPORT_REDIS_URL: the part after ?: %w", err)
	}
	hosts, path, _ := strings.Cut(rest, "/")
	if at := strings.LastIndex(hosts, "@"); at >= 0 {
		user, password, _ := strings.Cut(hosts[:at], ":")
		if a.opt.Username, err = url.PathUnescape(user); err == nil {
			a.opt.Password, err = url.PathUnescape(password)
		}
		if err != nil {
			return a, fmt.Errorf("RAPPORT_REDIS_URL: user or password: bad %%-escape")
		}
		hosts = hosts[at+1:]
	}
	switch scheme {
	case "redis", "rediss":
		a.kind = "server"
		if q.Has("master_name") {
			a.kind, a.opt.MasterName = "sentinel", q.Get("master_name")
		} else if q.Has("addr") || strings.Contains(hosts, ",") {
			a.kind = "cluster"
		}
	case "redis+sentinel", "redis-sentinel", "rediss+sentinel", "rediss-sentinel":
		a.kind = "sentinel"
		if a.opt.MasterName = q.Get("master_name"); a.opt.MasterName == "" {
			a.opt.MasterName, path, _ = strings.Cut(path, "/")
		}
	case "redis+cluster", "redis-cluster", "rediss+cluster", "rediss-cluster":
		a.kind = "cluster"
	default:
		return a, fmt.Errorf("RAPPORT_REDIS_URL: unknown scheme %q; use redis, rediss, redis+sentinel or redis+cluster", scheme)
	}
	port := "6379"
	if a.kind == "sentinel" {
		port = "26379"
		if a.opt.MasterName == "" {
			return a, fmt.Errorf("RAPPORT_REDIS_URL: a sentinel address needs the master's name: redis+sentinel://host:26379/mymaster")
		}
	}
	for _, h := range append(strings.Split(hosts, ","), q["addr"]...) {
		if h == "" {
			continue
		}
		if i := strings.LastIndex(h, ":"); i < 0 || strings.HasSuffix(h, "]") {
			h += ":" + port
		}
		if !slices.Contains(a.opt.Addrs, h) {
			a.opt.Addrs = append(a.opt.Addrs, h)
		}
	}
	if len(a.opt.Addrs) == 0 {
		a.opt.Addrs = []string{"127.0.0.1:" + port}
	}
	if strings.HasPrefix(scheme, "rediss") {
		a.opt.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	if db := q.Get("db"); path == "" {
		path = db
	}
	if path = strings.Trim(path, "/"); path != "" {
		if a.opt.DB, err = strconv.Atoi(path); err != nil {
			return a, fmt.Errorf("RAPPORT_REDIS_URL: database %q is not a number", path)
		}
	}
	if a.kind == "cluster" && a.opt.DB != 0 {
		return a, fmt.Errorf("RAPPORT_REDIS_URL: a cluster has only database 0")
	}
	a.opt.SentinelUsername, a.opt.SentinelPassword = q.Get("sentinel_user"), q.Get("sentinel_password")
	return a, nil
}

// redact leaves out what may be a password.
func redact(s string) string {
	if at := strings.LastIndex(s, "@"); at >= 0 {
		return "…" + s[at:]
	}
	return s
}

// quiet keeps go-redis, which logs by itself, from writing to the terminal;
// its troubles come back as errors.
type quiet struct{}

func (quiet) Printf(context.Context, string, ...any) {}

var hush = sync.OnceFunc(func() { redis.SetLogger(quiet{}) })

// dial makes the two clients, after starting a Redis if none is named.
func (db *DB) dial(ctx context.Context) error {
	hush()
	var a address
	var err error
	if db.opt.URL == "" {
		a, err = db.own(ctx)
	} else {
		a, err = parseURL(db.opt.URL)
	}
	if err != nil {
		return err
	}
	db.kind = a.kind
	o := a.opt
	o.ClientName = "rapport"
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout = 2*time.Second, 3*time.Second, 3*time.Second
	o.DialerRetries, o.DialerRetryTimeout = 2, 50*time.Millisecond
	o.ContextTimeoutEnabled = true
	o.MaxRetries = 3 // every script is safe to run twice
	o.PoolSize, o.PipelinePoolSize = 16, -1
	o.IsClusterMode = a.kind == "cluster"
	db.c = redis.NewUniversalClient(&o)
	b := o
	b.ReadTimeout, b.PoolSize = lookAgain+5*time.Second, 4
	db.block = redis.NewUniversalClient(&b)
	return nil
}
