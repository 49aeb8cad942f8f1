package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"

	"rapport/bot"
)

// rest speaks with Discord's REST API through discordgo's session: its buckets,
// its version, its user agent. Bodies are our own JSON, and waiting is ours: the
// library sleeps without looking at the context.
type rest struct {
	session *discordgo.Session
	host    bot.Host
	refused atomic.Bool // the token was refused once: calling on would end in a ban
}

// version of the REST API and of the gateway; the library's own is 9.
const version = "10"

// endpoint is where the API's paths begin.
var endpoint = discordgo.EndpointDiscord + "api/v" + version + "/"

// patience is how long a call waits for its own rate limit before it says *bot.Wait.
const patience = 1500 * time.Millisecond

func newRest(c Config, h bot.Host) (*rest, error) {
	s, err := discordgo.New("Bot " + strings.TrimPrefix(c.BotToken, "Bot "))
	if err != nil {
		return nil, err
	}
	client := http.Client{Timeout: 20 * time.Second}
	if c.HTTPClient != nil {
		client = *c.HTTPClient
	}
	if c.root != nil {
		client.Transport = &detour{root: c.root, next: client.Transport}
	}
	s.Client = &client
	s.ShouldRetryOnRateLimit = false
	s.MaxRestRetries = 1
	s.StateEnabled = false
	return &rest{session: s, host: h}, nil
}

// detour sends requests meant for Discord to another root.
type detour struct {
	root *url.URL
	next http.RoundTripper
}

func (d *detour) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, r.Host = d.root.Scheme, d.root.Host, ""
	if p := strings.TrimSuffix(d.root.Path, "/"); p != "" {
		r.URL.Path, r.URL.RawPath = p+r.URL.Path, ""
	}
	next := d.next
	if next == nil {
		next = http.DefaultTransport
	}
	return next.RoundTrip(r)
}

// refusal is an answer of Discord's that is not success.
type refusal struct {
	Status int
	Code   int // Discord's JSON error code; 0 when there was none
	Text   string
}

func (r *refusal) Error() string {
	return fmt.Sprintf("discord %d: %s (%d)", r.Status, r.Text, r.Code)
}

// errToken is what every call says once Discord refused the token.
var errToken = &bot.Fault{Kind: bot.Unavailable,
	Say: "Discord refuses the bot token. Copy it anew from the Bot page of the developer portal into RAPPORT_DISCORD_BOT_TOKEN and start again."}

// call makes a request with the bot token. bucket names what Discord limits
// together: method and path with the top-level id.
func (r *rest) call(ctx context.Context, method, path, bucket string, in, out any) error {
	if r.refused.Load() {
		return errToken
	}
	if err := r.pace(ctx, "discord/global", 40, 40); err != nil {
		return err
	}
	b, err := r.lock(ctx, r.session.Ratelimiter.GetBucket(method+" "+bucket))
	if err != nil {
		return err
	}
	err = r.do(ctx, method, path, b, in, out)
	var no *refusal
	if errors.As(err, &no) && no.Status == http.StatusUnauthorized {
		r.refused.Store(true)
		return errToken
	}
	return err
}

// reply makes a request that an interaction's token allows. Those lie outside the
// global limit, and each interaction has buckets of its own, kept by its turn.
func (r *rest) reply(ctx context.Context, own *discordgo.RateLimiter, method, path string, in, out any) error {
	for {
		b, err := r.lock(ctx, own.GetBucket(method))
		if err == nil {
			err = r.do(ctx, method, path, b, in, out)
		}
		var wait *bot.Wait
		if !errors.As(err, &wait) || wait.For > 10*time.Second {
			return err
		}
		if sleep(ctx, wait.For) != nil {
			return err
		}
	}
}

// pace asks the limit that all processes share.
func (r *rest) pace(ctx context.Context, key string, perSecond float64, burst int) error {
	if r.host.Pace == nil {
		return nil
	}
	for {
		wait, err := r.host.Pace(ctx, key, perSecond, burst)
		if err != nil || wait <= 0 {
			return nil //nolint:nilerr // Discord's own answer is the last word on limits
		}
		if wait > patience {
			return &bot.Wait{For: wait}
		}
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// lock takes a bucket as the library's LockBucket does, but minds the context and
// gives up with a *bot.Wait when the bucket stays empty for long.
func (r *rest) lock(ctx context.Context, b *discordgo.Bucket) (*discordgo.Bucket, error) {
	for !b.TryLock() {
		if err := sleep(ctx, 2*time.Millisecond); err != nil {
			return nil, err
		}
	}
	for {
		wait := r.session.Ratelimiter.GetWaitTime(b, 1)
		if wait <= 0 {
			b.Remaining--
			return b, nil
		}
		if wait > patience {
			b.Unlock()
			return nil, &bot.Wait{For: wait}
		}
		if err := sleep(ctx, wait); err != nil {
			b.Unlock()
			return nil, err
		}
	}
}

func (r *rest) do(ctx context.Context, method, path string, b *discordgo.Bucket, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			b.Unlock()
			return err
		}
	}
	raw, err := r.session.RequestWithLockedBucket(method, endpoint+path, "application/json", body, b, 0, discordgo.WithContext(ctx))
	if err != nil {
		return failure(ctx, err)
	}
	if out != nil && len(raw) > 0 {
		if err := json.Unmarshal(raw, out); err != nil {
			return fmt.Errorf("discord %s %s: %w", method, path, err)
		}
	}
	return nil
}

// failure sorts the library's errors: refusals with their code, limits as
// *bot.Wait, all else as it is.
func failure(ctx context.Context, err error) error {
	var limited *discordgo.RateLimitError
	if errors.As(err, &limited) {
		return &bot.Wait{For: max(limited.RetryAfter, 50*time.Millisecond), Err: errors.New("discord 429")}
	}
	var no *discordgo.RESTError
	if errors.As(err, &no) {
		out := &refusal{Status: no.Response.StatusCode}
		if no.Message != nil {
			out.Code, out.Text = no.Message.Code, no.Message.Message
		}
		return out
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("discord: %w", err)
}

// sleep waits, or says why ctx ended first.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
