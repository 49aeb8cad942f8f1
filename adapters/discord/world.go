package discord

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// servers is what this process has seen of Discord's servers: enough to tell a
// thread from a channel and whether the bot is part of it.
type servers struct {
	id     atomic.Pointer[string] // the bot's own user
	mu     sync.Mutex
	places map[string]spot
	roles  map[string]string // by server: the bot's own role
	known  map[string]bool   // servers the session began with
	ask    func(ctx context.Context, channel string) (spot, error)
}

// spot is a channel (parent "") or a thread.
type spot struct {
	parent string
	mine   bool
}

const maxSpots = 50000

func (w *servers) init() {
	w.places, w.roles, w.known = map[string]spot{}, map[string]string{}, map[string]bool{}
}

func (w *servers) self() string {
	if p := w.id.Load(); p != nil {
		return *p
	}
	return ""
}

func (w *servers) ownRole(guild, role string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return role != "" && w.roles[guild] == role
}

// thread says whether a channel is a thread, of which channel, and whether the bot
// is part of it. Channels not seen yet, as after a session was taken over, are
// asked for once.
func (w *servers) thread(ctx context.Context, guild, ch string) (string, bool) {
	w.mu.Lock()
	s, ok := w.places[ch]
	w.mu.Unlock()
	if !ok && w.ask != nil {
		var err error
		if s, err = w.ask(ctx, ch); err == nil {
			w.put(ch, s)
		}
	}
	return s.parent, s.mine
}

func (w *servers) put(ch string, s spot) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.places) >= maxSpots {
		clear(w.places)
	}
	w.places[ch] = s
}

func (w *servers) spot(c channel) spot {
	if !c.thread() {
		return spot{}
	}
	return spot{parent: c.ParentID, mine: c.Member != nil || c.OwnerID != "" && c.OwnerID == w.self()}
}

// see keeps up with what happens to servers and channels. joined is true when the
// bot was added to a server just now.
func (w *servers) see(kind string, raw []byte, now time.Time) (guild string, joined bool) {
	switch kind {
	case "READY":
		var r struct {
			User   user `json:"user"`
			Guilds []struct {
				ID string `json:"id"`
			} `json:"guilds"`
		}
		if json.Unmarshal(raw, &r) == nil {
			w.id.Store(&r.User.ID)
			w.mu.Lock()
			for _, g := range r.Guilds {
				w.known[g.ID] = true
			}
			w.mu.Unlock()
		}
	case "GUILD_CREATE":
		return w.server(raw, now)
	case "GUILD_DELETE":
		var g struct {
			ID          string `json:"id"`
			Unavailable bool   `json:"unavailable"`
		}
		if json.Unmarshal(raw, &g) == nil && !g.Unavailable {
			w.mu.Lock()
			delete(w.known, g.ID)
			delete(w.roles, g.ID)
			w.mu.Unlock()
		}
	case "CHANNEL_CREATE", "THREAD_CREATE", "THREAD_UPDATE":
		var c channel
		if json.Unmarshal(raw, &c) == nil && c.ID != "" {
			s := w.spot(c)
			w.mu.Lock()
			s.mine = s.mine || w.places[c.ID].mine // an update leaves out the membership
			w.mu.Unlock()
			w.put(c.ID, s)
		}
	case "THREAD_DELETE", "CHANNEL_DELETE":
		var c channel
		if json.Unmarshal(raw, &c) == nil {
			w.mu.Lock()
			delete(w.places, c.ID)
			w.mu.Unlock()
		}
	case "THREAD_LIST_SYNC":
		var l struct {
			Threads []channel `json:"threads"`
			Members []struct {
				ID string `json:"id"`
			} `json:"members"`
		}
		if json.Unmarshal(raw, &l) == nil {
			for _, c := range l.Threads {
				w.put(c.ID, w.spot(c))
			}
			for _, m := range l.Members {
				w.joinThread(m.ID, true)
			}
		}
	case "THREAD_MEMBER_UPDATE":
		var m struct {
			ID string `json:"id"`
		}
		if json.Unmarshal(raw, &m) == nil {
			w.joinThread(m.ID, true)
		}
	case "THREAD_MEMBERS_UPDATE":
		var m struct {
			ID    string `json:"id"`
			Added []struct {
				UserID string `json:"user_id"`
			} `json:"added_members"`
			Removed []string `json:"removed_member_ids"`
		}
		if json.Unmarshal(raw, &m) == nil {
			for _, a := range m.Added {
				if a.UserID == w.self() {
					w.joinThread(m.ID, true)
				}
			}
			for _, id := range m.Removed {
				if id == w.self() {
					w.joinThread(m.ID, false)
				}
			}
		}
	case "MESSAGE_CREATE": // the bot is part of a thread it wrote in
		var m message
		if json.Unmarshal(raw, &m) == nil && m.Author != nil && m.Author.ID == w.self() && m.GuildID != "" {
			w.joinThread(m.ChannelID, true)
		}
	}
	return "", false
}

func (w *servers) joinThread(id string, in bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if s, ok := w.places[id]; ok && s.parent != "" {
		s.mine = in
		w.places[id] = s
	}
}

func (w *servers) server(raw []byte, now time.Time) (string, bool) {
	var g struct {
		ID          string    `json:"id"`
		JoinedAt    string    `json:"joined_at"`
		Unavailable bool      `json:"unavailable"`
		Channels    []channel `json:"channels"`
		Threads     []channel `json:"threads"`
		Roles       []role    `json:"roles"`
	}
	if json.Unmarshal(raw, &g) != nil || g.ID == "" || g.Unavailable {
		return "", false
	}
	for _, c := range append(g.Channels, g.Threads...) {
		w.put(c.ID, w.spot(c))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, r := range g.Roles {
		if r.Tags != nil && r.Tags.BotID != "" && r.Tags.BotID == w.self() {
			w.roles[g.ID] = r.ID
		}
	}
	// After an outage, and after a session was taken over, servers appear that are not new.
	fresh := !w.known[g.ID] && now.Sub(at(g.JoinedAt, time.Time{})) < 10*time.Minute
	w.known[g.ID] = true
	return g.ID, fresh
}

// lookUp asks Discord what a channel is.
func (n *Network) lookUp(ctx context.Context, id string) (spot, error) {
	var c channel
	if err := n.rest.call(ctx, http.MethodGet, "channels/"+id, "channels/"+id, nil, &c); err != nil {
		return spot{}, err
	}
	return n.world.spot(c), nil
}
