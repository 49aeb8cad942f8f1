package discordtest

// File is a file a person sends.
type File struct {
	Name string
	Type string // "text/csv"
	Data []byte
}

// Say posts a message, as typed, and returns it.
func (h *Human) Say(c *Channel, text string, files ...File) Message {
	if n := size(text); n > 4000 || n == 0 && len(files) == 0 {
		h.fail("the client sends 1 to 4000 characters, not %d", n)
	}
	h.may(c, ViewChannel|sending(c), "write")
	defer h.s.mu.Unlock()
	return h.post(c, text, nil, files)
}

// DM says something to the app in the DM with it.
func (h *Human) DM(text string, files ...File) Message { return h.Say(h.DMs(), text, files...) }

// Mention says something to the app in a channel: "@Rapport text".
func (h *Human) Mention(c *Channel, text string) Message {
	return h.Say(c, h.s.app.Mention()+" "+text)
}

// Reply answers a message.
func (h *Human) Reply(to Message, text string) Message {
	h.may(to.Channel, ViewChannel|ReadHistory|sending(to.Channel), "reply")
	defer h.s.mu.Unlock()
	return h.post(to.Channel, text, to.Channel.find(to.ID), nil)
}

// post makes a person's message. The lock is held.
func (h *Human) post(c *Channel, text string, to *message, files []File) Message {
	s := h.s
	m := s.newMessage(c, h.user)
	m.content = text
	m.nonce = s.newID()
	for _, f := range files {
		one := &file{id: s.newID(), name: f.Name, kind: f.Type, data: f.Data}
		s.keep(c, one)
		m.attachments = append(m.attachments, one)
	}
	if to != nil {
		m.kind, m.reference, m.refID = kindReply, to, to.id
	}
	s.mention(m, nil)
	s.post(m)
	return s.view(m, h)
}

// Edit changes the text of one of the person's own messages.
func (h *Human) Edit(what Message, text string) Message {
	m := h.own(what, "edit")
	defer h.s.mu.Unlock()
	m.content = text
	m.edited = h.s.now()
	h.s.mention(m, nil)
	h.s.publish(h.s.messageEvent("MESSAGE_UPDATE", m))
	return h.s.view(m, h)
}

// Delete removes one of the person's own messages.
func (h *Human) Delete(what Message) {
	m := h.own(what, "delete")
	defer h.s.mu.Unlock()
	h.s.remove(m)
}

// own finds the person's message and leaves the lock held.
func (h *Human) own(what Message, do string) *message {
	h.s.mu.Lock()
	m := what.Channel.find(what.ID)
	if m == nil || m.author != h.user {
		h.s.mu.Unlock()
		h.fail("%s cannot %s %q: it is gone, or somebody else's", h.user.Name, do, what.Text)
	}
	return m
}

// Unfurl does what Discord does when it has fetched a link's preview: the
// message is updated, its content unchanged.
func (s *Server) Unfurl(what Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := what.Channel.find(what.ID)
	if m == nil {
		return
	}
	m.embeds = append(m.embeds, obj{"type": "link", "url": "https://preview.example/", "title": "Preview"})
	s.publish(s.messageEvent("MESSAGE_UPDATE", m))
}

// React puts a reaction on a message; Unreact takes it off.
func (h *Human) React(what Message, emoji string) {
	h.may(what.Channel, ViewChannel|ReadHistory|AddReactions, "react")
	defer h.s.mu.Unlock()
	if m := what.Channel.find(what.ID); m != nil {
		h.s.addReaction(m, emoji, h.user)
	}
}

// Unreact takes the person's reaction off a message.
func (h *Human) Unreact(what Message, emoji string) {
	h.may(what.Channel, ViewChannel, "react")
	defer h.s.mu.Unlock()
	if m := what.Channel.find(what.ID); m != nil {
		h.s.dropReaction(m, emoji, h.user)
	}
}

// Types shows the typing mark in a channel.
func (h *Human) Types(c *Channel) {
	h.may(c, ViewChannel, "type")
	defer h.s.mu.Unlock()
	o := obj{"channel_id": c.ID, "user_id": h.user.ID, "timestamp": h.s.now().Unix()}
	if c.guild != nil {
		o["guild_id"], o["member"] = c.guild.ID, h.s.memberWithUser(c.guild.members[h.user.ID])
	}
	h.s.publish(placeEvent(c, "TYPING_START", intentGuildTyping, 1<<14, o))
}
