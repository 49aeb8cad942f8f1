package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"rapport/bot"
)

// application is what Discord says of the app itself.
type application struct {
	ID        string `json:"id"`
	Flags     int    `json:"flags"`
	VerifyKey string `json:"verify_key"`
	Endpoint  string `json:"interactions_endpoint_url"`
}

// Flags of an application that say which privileged intents are switched on.
const (
	flagMembers = 1<<14 | 1<<15
	flagContent = 1<<18 | 1<<19
)

func (n *Network) application(ctx context.Context) (application, error) {
	var a application
	err := n.rest.call(ctx, http.MethodGet, "applications/@me", "applications/@me", nil, &a)
	return a, err
}

// intents asks for what the app is allowed: privileged ones only where they are
// switched on, since asking for others ends the session for good.
func intents(flags int) discordgo.Intent {
	i := discordgo.IntentGuilds | discordgo.IntentGuildMessages | discordgo.IntentGuildMessageReactions |
		discordgo.IntentDirectMessages | discordgo.IntentDirectMessageReactions
	if flags&flagMembers != 0 {
		i |= discordgo.IntentGuildMembers
	}
	if flags&flagContent != 0 {
		i |= discordgo.IntentMessageContent
	}
	return i
}

// gateway asks where to connect and how often the bot may still identify.
func (n *Network) gateway(ctx context.Context) (discordgo.GatewayBotResponse, error) {
	var g discordgo.GatewayBotResponse
	err := n.rest.call(ctx, http.MethodGet, "gateway/bot", "gateway/bot", nil, &g)
	if err == nil && g.URL == "" {
		err = errors.New("discord: no gateway address")
	}
	return g, err
}

// shards runs every shard that no other process holds until ctx ends or Discord
// refuses for good.
func (n *Network) shards(ctx context.Context) error {
	var g discordgo.GatewayBotResponse
	var flags int
	wait := time.Second
	for {
		var err error
		if g, err = n.gateway(ctx); err == nil {
			var a application
			if a, err = n.application(ctx); err == nil {
				flags = a.Flags
				if n.appID() == "" {
					n.app.Store(&a.ID)
				}
			}
			break
		}
		if errors.Is(err, errToken) || ctx.Err() != nil {
			return err
		}
		n.log.WarnContext(ctx, "Discord gateway not found", "err", err, "again in", wait)
		if sleep(ctx, wait) != nil {
			return ctx.Err()
		}
		wait = min(wait*2, time.Minute)
	}
	n.gate.set(g, time.Now())
	count := n.cfg.Shards
	if count <= 0 {
		count = max(g.Shards, 1)
	}
	n.world.ask = n.lookUp
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	errs := make(chan error, count)
	for i := range count {
		s := &shard{n: n, id: i, of: count, parallel: max(g.SessionStartLimit.MaxConcurrency, 1), intents: intents(flags),
			busy: map[int64]int{}, slots: make(chan struct{}, 256), started: make(chan struct{}, 1)}
		wg.Go(func() {
			if err := s.own(ctx); err != nil {
				errs <- err
				cancel()
			}
		})
	}
	wg.Wait()
	close(errs)
	return <-errs
}

// shard is one connection's share of the servers. One process owns it at a time;
// the next one goes on with its session where it stopped.
type shard struct {
	n        *Network
	id, of   int
	parallel int // how many shards may identify in five seconds
	intents  discordgo.Intent

	session session
	missed  int           // connections that could not be made, in a row
	started chan struct{} // a new session began: keep it at once
	slots   chan struct{} // how many messages are worked on at once

	mu   sync.Mutex
	busy map[int64]int // dispatches not yet handled, by sequence number
	seq  int64
}

// session is what resuming takes. It is kept in the secrets.
type session struct {
	ID      string           `json:"id"`
	URL     string           `json:"url"`
	Seq     int64            `json:"seq"`
	Intents discordgo.Intent `json:"intents"`
}

const leaseLife = 10 * time.Second

// own holds the shard's lease and runs its connection, again and again.
func (s *shard) own(ctx context.Context) error {
	for ctx.Err() == nil {
		held, release := ctx, func() {}
		if s.n.host.Lease != nil {
			var err error
			if held, release, err = s.n.host.Lease.Hold(ctx, s.name("shard"), leaseLife); err != nil {
				_ = sleep(ctx, time.Second)
				continue
			}
		}
		s.load(held)
		keeping, stop := context.WithCancel(held)
		go s.keepSession(keeping)
		err := s.connectAlways(held)
		stop()
		lost := held.Err() != nil && ctx.Err() == nil
		if ctx.Err() != nil { // going down in order: say where the next process goes on
			s.n.drain()
			s.save(context.WithoutCancel(ctx))
		}
		release()
		if err != nil && !lost && ctx.Err() == nil {
			return err
		}
	}
	return nil
}

func (s *shard) name(what string) string {
	return fmt.Sprintf("discord/%s/%dof%d", what, s.id, s.of)
}

// load takes up the session that the last owner left. Where that is this process,
// or nothing was left, its own knowledge is the newest.
func (s *shard) load(ctx context.Context) {
	if s.n.host.Secrets == nil {
		return
	}
	raw, err := s.n.host.Secrets.Get(ctx, s.name("session"))
	if err != nil || raw == nil {
		return
	}
	var kept session
	if json.Unmarshal(raw, &kept) != nil || kept.Intents != s.intents {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if kept.ID != s.session.ID {
		s.session, s.seq = kept, kept.Seq
	}
	s.seq = max(s.seq, kept.Seq)
}

// save keeps the session with the last number up to which everything is handled:
// what a crash cuts off comes again.
func (s *shard) save(ctx context.Context) {
	if s.n.host.Secrets == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	s.mu.Lock()
	kept := s.session
	kept.Seq, kept.Intents = s.seq, s.intents
	for seq := range s.busy {
		kept.Seq = min(kept.Seq, seq-1)
	}
	s.mu.Unlock()
	var err error
	if kept.ID == "" {
		err = s.n.host.Secrets.Drop(ctx, s.name("session"))
	} else if raw, merr := json.Marshal(kept); merr == nil {
		err = s.n.host.Secrets.Put(ctx, s.name("session"), raw)
	}
	if err != nil {
		s.n.log.WarnContext(ctx, "Discord session not kept", "shard", s.id, "err", err)
	}
}

func (s *shard) keepSession(ctx context.Context) {
	t := time.NewTicker(5 * time.Second)
	defer t.Stop()
	var last int64 = -1
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.started:
		case <-t.C:
		}
		s.mu.Lock()
		now := s.seq
		s.mu.Unlock()
		if now != last {
			last = now
			s.save(ctx)
		}
	}
}

// begin and end frame the handling of one dispatch.
func (s *shard) begin(seq int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seq = seq
	s.busy[seq]++
}

func (s *shard) end(seq int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy[seq]--; s.busy[seq] <= 0 {
		delete(s.busy, seq)
	}
}

// dispatch hands on what came over the gateway, each event in a goroutine of its own.
func (s *shard) dispatch(ctx context.Context, e *discordgo.Event) {
	l := s.n.listen.Load()
	if l == nil {
		return
	}
	guild, joined := s.n.world.see(e.Type, e.RawData, s.n.now())
	id := fmt.Sprintf("%s/%d", s.session.ID, e.Sequence)
	if joined {
		ev := bot.Event{ID: id, Guest: true, Place: bot.Place{Network: Name, Team: guild}, At: s.n.now(),
			Body: bot.Joined{Account: account(s.n.world.self()), Self: true}}
		s.begin(e.Sequence)
		go func() { defer s.end(e.Sequence); s.deliver(l, ev) }()
		return
	}
	switch e.Type {
	case "INTERACTION_CREATE":
		s.begin(e.Sequence)
		go func() { defer s.end(e.Sequence); s.interaction(l, e.RawData) }()
	case "MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK", "MESSAGE_REACTION_ADD", "MESSAGE_REACTION_REMOVE",
		"GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", "GUILD_MEMBER_REMOVE", "GUILD_DELETE":
		select {
		case s.slots <- struct{}{}: // full: stop reading; what waits stays with Discord
		case <-ctx.Done():
			return
		}
		s.begin(e.Sequence)
		go func() {
			defer func() { <-s.slots; s.end(e.Sequence) }()
			s.talk(l, e, id)
		}()
	default:
		s.mu.Lock()
		s.seq = e.Sequence
		s.mu.Unlock()
	}
}

func (s *shard) interaction(l *listening, raw []byte) {
	in, ev, err := decode(raw, s.n.names.Load(), s.n.world.self(), s.n.now())
	if err != nil || ev.Body == nil {
		s.n.count("discord.malformed")
		s.n.log.WarnContext(l.ctx, "Discord interaction not understood", "err", err)
		return
	}
	t := s.n.turn(in, nil)
	ev.Turn = t
	if err := s.n.hand(l, ev); err != nil {
		s.n.log.WarnContext(l.ctx, "event neither done nor kept", "event", ev.ID, "err", err)
		t.sorry(l.ctx)
	}
}

func (s *shard) talk(l *listening, e *discordgo.Event, id string) {
	defer func() {
		if p := recover(); p != nil {
			s.n.count("discord.panic")
			s.n.log.ErrorContext(l.ctx, "dispatch failed", "type", e.Type, "panic", p)
		}
	}()
	list, err := heard(l.end, e.Type, e.RawData, id, &s.n.world, s.n.now())
	if err != nil {
		s.n.count("discord.malformed")
		s.n.log.WarnContext(l.ctx, "Discord event not understood", "type", e.Type, "err", err)
		return
	}
	for _, ev := range list {
		if said, ok := ev.Body.(bot.Said); ok {
			ev.Turn = &reply{n: s.n, to: spoken{Event: ev.ID, Message: said.Message, From: ev.From.ID, Place: ev.Place}}
		}
		s.deliver(l, ev)
	}
}

// deliver gives an event to the kernel until it is done or kept. The gateway has
// no acknowledgement, so waiting here is what "not acknowledged" means.
func (s *shard) deliver(l *listening, ev bot.Event) {
	for wait := 500 * time.Millisecond; ; wait = min(wait*2, 15*time.Second) {
		err := s.n.hand(l, ev)
		if err == nil || l.end.Err() != nil {
			return
		}
		s.n.log.WarnContext(l.ctx, "event neither done nor kept", "event", ev.ID, "err", err, "again in", wait)
		if sleep(l.end, wait) != nil {
			return
		}
	}
}
