package discordtest

import "strings"

// webhook is a channel's webhook; app says that this app owns it.
type webhook struct {
	id, token, name string
	ch              *Channel
	app             bool
}

func (s *Server) hookJSON(w *webhook) obj {
	o := obj{"id": w.id, "type": 1, "name": w.name, "avatar": nil, "channel_id": w.ch.ID, "guild_id": w.ch.guild.ID,
		"application_id": nil, "token": w.token, "url": s.base + "/api/webhooks/" + w.id + "/" + w.token}
	if w.app {
		o["application_id"] = s.app.ID
		o["user"] = s.userJSON(s.app.user)
	}
	return o
}

func (r *request) hooksAllowed(c *Channel) *apiError {
	if c.guild == nil {
		return errNotInDM()
	}
	if r.s.permissions(r.s.app.user, c)&ManageWebhooks == 0 {
		return errPermissions()
	}
	return nil
}

func (s *Server) hooksOf(c *Channel) []any {
	all := []any{}
	for _, m := range sortedHooks(s.webhooks) {
		if m.ch == c {
			all = append(all, s.hookJSON(m))
		}
	}
	return all
}

func sortedHooks(all map[string]*webhook) []*webhook {
	var list []*webhook
	for _, w := range all {
		at := len(list)
		for at > 0 && older(w.id, list[at-1].id) {
			at--
		}
		list = append(list[:at], append([]*webhook{w}, list[at:]...)...)
	}
	return list
}

func (r *request) channelWebhooks() (int, any, *apiError) {
	c, e := r.place()
	if e == nil {
		e = r.hooksAllowed(c)
	}
	if e != nil {
		return 0, nil, e
	}
	return 200, r.s.hooksOf(c), nil
}

func (r *request) guildWebhooks() (int, any, *apiError) {
	g, e := r.inGuild()
	if e != nil {
		return 0, nil, e
	}
	if g.permissions(g.members[r.s.app.user.ID], nil, false)&ManageWebhooks == 0 {
		return 0, nil, errPermissions()
	}
	all := []any{}
	for _, w := range sortedHooks(r.s.webhooks) {
		if w.ch.guild == g {
			all = append(all, r.s.hookJSON(w))
		}
	}
	return 200, all, nil
}

func (r *request) createWebhook() (int, any, *apiError) {
	c, e := r.place()
	if e == nil {
		e = r.hooksAllowed(c)
	}
	if e != nil {
		return 0, nil, e
	}
	if c.IsThread() {
		return 0, nil, errTaskOnThread()
	}
	if len(r.s.hooksOf(c)) >= 15 {
		return 0, nil, errWebhookLimit()
	}
	name := strings.TrimSpace(str(r.obj(), "name"))
	var f form
	checkHookName(name, "name", &f)
	if e := f.err(); e != nil {
		return 0, nil, e
	}
	w := r.s.newHook(c, name, true)
	r.s.publish(guildEvent(c.guild, "WEBHOOKS_UPDATE", intentWebhooks, obj{"guild_id": c.guild.ID, "channel_id": c.ID}))
	return 200, r.s.hookJSON(w), nil
}

// checkHookName: 1–80 characters, and nothing that looks like Discord itself.
func checkHookName(name, at string, f *form) {
	if n := size(name); n < 1 || n > 80 {
		f.length(at, 1, 80)
	}
	for _, bad := range []string{"clyde", "discord"} {
		if strings.Contains(strings.ToLower(name), bad) {
			f.add(at, "USERNAME_INVALID_CONTAINS", "Username cannot contain \""+bad+"\"")
		}
	}
}

func (s *Server) newHook(c *Channel, name string, app bool) *webhook {
	w := &webhook{id: s.newID(), token: random(68), name: name, ch: c, app: app}
	s.webhooks[w.id] = w
	return w
}

// Webhook makes a webhook that the app does not own and returns its path
// below the root: api/webhooks/{id}/{token}.
func (c *Channel) Webhook(name string) string {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	w := c.s.newHook(c, name, false)
	return "api/webhooks/" + w.id + "/" + w.token
}

func (r *request) theHook() (*webhook, *apiError) {
	w := r.s.webhooks[r.vars["webhook_id"]]
	if w == nil {
		return nil, errUnknown("Webhook")
	}
	if t, ok := r.vars["webhook_token"]; ok && t != w.token {
		return nil, errWebhookToken()
	}
	return w, nil
}

func (r *request) hook() (int, any, *apiError) {
	w, e := r.theHook()
	if e != nil {
		return 0, nil, e
	}
	return 200, r.s.hookJSON(w), nil
}

func (r *request) deleteHook() (int, any, *apiError) {
	w, e := r.theHook()
	if e != nil {
		return 0, nil, e
	}
	delete(r.s.webhooks, w.id)
	return 204, nil, nil
}

// execute posts through a webhook, or follows an interaction up: both have
// the same path, and an interaction's webhook id is the app's id.
func (r *request) execute() (int, any, *apiError) {
	if r.vars["webhook_id"] == r.s.app.ID {
		return r.followUp()
	}
	w, e := r.theHook()
	if e != nil {
		return 0, nil, e
	}
	s, body := r.s, r.obj()
	var f form
	if name := str(body, "username"); name != "" {
		checkHookName(name, "username", &f)
	}
	v2 := truthy(r.query("with_components"))
	if len(list(body, "components")) > 0 && !w.app {
		if !v2 {
			s.broken(r.where(), "components of a webhook that the app does not own are ignored without with_components=true")
			body = clone(body).(obj)
			delete(body, "components")
		} else {
			walk(list(body, "components"), func(o obj) {
				if k := integer(o, "type", 0); isSelect(k) || k == compButton && integer(o, "style", 0) != 5 {
					f.add("components", "WEBHOOK_COMPONENTS_NON_INTERACTIVE", "Only webhooks owned by an application can send interactive components")
				}
			})
		}
	}
	if e := f.err(); e != nil {
		return 0, nil, e
	}
	c, e := r.hookPlace(w, body)
	if e != nil {
		return 0, nil, e
	}
	m, e := r.compose(c, s.app.user, body, "")
	if e != nil {
		return 0, nil, e
	}
	m.hook, m.face = w, &User{ID: w.id, Name: first(str(body, "username"), w.name), bot: true}
	if m.flags&flagEphemeral != 0 {
		m.flags &^= flagEphemeral
		s.broken(r.where(), "the ephemeral flag counts only in interaction replies: everybody in %s can read this", c)
	}
	s.post(m)
	if !truthy(r.query("wait")) {
		return 204, nil, nil
	}
	return 200, s.messageJSON(m), nil
}

// hookPlace is where a webhook's message goes: its channel, a thread of it,
// or a new forum post.
func (r *request) hookPlace(w *webhook, body obj) (*Channel, *apiError) {
	thread, name := r.query("thread_id"), str(body, "thread_name")
	switch {
	case thread != "" && name != "":
		return nil, refusal(400, 220002, "Webhooks posted to forum channels cannot have both a thread_name and thread_id")
	case thread != "":
		t := r.s.channels[thread]
		if t == nil || t.parent != w.ch {
			return nil, errUnknown("Channel")
		}
		if t.locked {
			return nil, errThreadLocked()
		}
		return t, nil
	case w.ch.isForum() && name == "":
		return nil, refusal(400, 220001, "Webhooks posted to forum channels must have a thread_name or thread_id")
	case !w.ch.isForum() && name != "":
		return nil, refusal(400, 220003, "Webhooks can only create threads in forum channels")
	case w.ch.isForum():
		return r.s.newThread(w.ch, name, typePublicThread, r.s.app.user, r.s.newID()), nil
	}
	return w.ch, nil
}

func truthy(q string) bool { return q == "true" || q == "1" }

func (r *request) hookMessage() (int, any, *apiError) {
	m, e := r.hooked()
	if e != nil {
		return 0, nil, e
	}
	return 200, r.s.messageJSON(m), nil
}

func (r *request) editHookMessage() (int, any, *apiError) {
	m, e := r.hooked()
	if e != nil {
		return 0, nil, e
	}
	if e := r.amend(m, r.obj(), ""); e != nil {
		return 0, nil, e
	}
	if m.origin != nil {
		r.s.settled(m.origin, m)
	}
	return 200, r.s.messageJSON(m), nil
}

func (r *request) deleteHookMessage() (int, any, *apiError) {
	m, e := r.hooked()
	if e != nil {
		return 0, nil, e
	}
	r.s.remove(m)
	return 204, nil, nil
}

// hooked finds a message that a webhook or an interaction made.
func (r *request) hooked() (*message, *apiError) {
	if r.vars["webhook_id"] == r.s.app.ID {
		return r.replied()
	}
	w, e := r.theHook()
	if e != nil {
		return nil, e
	}
	for _, c := range r.s.channels {
		if m := c.find(r.vars["message_id"]); m != nil && m.hook == w {
			return m, nil
		}
	}
	return nil, errUnknown("Message")
}
