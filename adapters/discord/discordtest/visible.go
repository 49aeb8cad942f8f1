package discordtest

import (
	"fmt"
	"strings"
)

// Message is a message as one person sees it.
type Message struct {
	ID        string
	Channel   *Channel
	Author    string
	FromApp   bool
	Text      string // what can be read: content, embeds and text displays, rendered
	Content   string // the content as sent
	Buttons   []Button
	Selects   []Select
	Files     []FileLink
	Ephemeral bool // only this person sees it
	Thinking  bool
	Edited    bool
	ReplyTo   string   // id of the message it answers
	Pings     []string // names of those who are notified
	Reactions map[string]int
	JSON      string // the message object
}

// Button is a button of a message.
type Button struct {
	Label    string
	CustomID string
	URL      string
	Style    int
	Disabled bool
}

// Select is a menu of a message.
type Select struct {
	Name     string // its placeholder
	CustomID string
	Options  []string // labels; empty for menus of people, roles or channels
	Disabled bool
	kind     int
}

// FileLink is an attachment; URL hangs below the fake's root.
type FileLink struct{ Name, URL string }

// View is what a person sees in a channel.
type View struct {
	Messages []Message
	Modal    *Modal // the form that is open, nil if none
}

// Visible is what the person sees in a channel: everybody's messages, their
// own ephemeral ones, and the open form. Empty if they cannot see it.
func (h *Human) Visible(c *Channel) View {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	return h.visible(c)
}

func (h *Human) visible(c *Channel) View {
	var v View
	for _, m := range h.messages(c) {
		v.Messages = append(v.Messages, h.s.view(m, h))
	}
	if h.modal != nil {
		md := h.modal.view()
		v.Modal = &md
	}
	return v
}

// messages are those of a channel that the person can see. The lock is held.
func (h *Human) messages(c *Channel) []*message {
	if c.IsDM() && c.person != h.user || !c.IsDM() && h.s.permissions(h.user, c)&ViewChannel == 0 {
		return nil
	}
	var all []*message
	for _, m := range c.messages {
		if !m.deleted && (m.only == nil || m.only == h.user) {
			all = append(all, m)
		}
	}
	return all
}

// Last is the newest message the person sees in a channel.
func (v View) Last() Message {
	if len(v.Messages) == 0 {
		return Message{}
	}
	return v.Messages[len(v.Messages)-1]
}

// String is the view as plain text, one block per message.
func (v View) String() string {
	var b strings.Builder
	for _, m := range v.Messages {
		b.WriteString(m.String() + "\n")
	}
	if v.Modal != nil {
		b.WriteString(v.Modal.String() + "\n")
	}
	return b.String()
}

// String is the message as plain text: author, marks, text, then controls.
func (m Message) String() string {
	var b strings.Builder
	b.WriteString(m.Author)
	if m.Ephemeral {
		b.WriteString(" (only you can see this)")
	}
	b.WriteString(": ")
	if m.Thinking {
		b.WriteString("… is thinking")
	}
	b.WriteString(m.Text)
	if m.Edited {
		b.WriteString(" (edited)")
	}
	for _, f := range m.Files {
		b.WriteString("\n  file " + f.Name)
	}
	if len(m.Buttons) > 0 {
		b.WriteString("\n ")
		for _, x := range m.Buttons {
			mark := ""
			if x.Disabled {
				mark = " off"
			}
			b.WriteString(" [" + x.Label + mark + "]")
		}
	}
	for _, x := range m.Selects {
		b.WriteString("\n  <" + x.Name + ": " + strings.Join(x.Options, " | ") + ">")
	}
	for e, n := range m.Reactions {
		fmt.Fprintf(&b, "\n  %s %d", e, n)
	}
	return b.String()
}

// Await waits until a message that fits appears (or already stands) in what
// the person sees of a channel, and returns the newest one.
func (h *Human) Await(c *Channel, what string, fits func(Message) bool) Message {
	if h.s.t != nil {
		h.s.t.Helper()
	}
	var found Message
	ok := h.s.await(h.s.opt.Patience, func() bool {
		all := h.messages(c)
		for i := len(all) - 1; i >= 0; i-- {
			if v := h.s.view(all[i], h); fits(v) {
				found = v
				return true
			}
		}
		return false
	})
	if !ok {
		h.fail("%s waited %v for %s in %s and sees:\n%s", h.user.Name, h.s.opt.Patience, what, c, h.Visible(c))
	}
	return found
}

// Sees waits for a message of the app whose text holds every part given.
func (h *Human) Sees(c *Channel, parts ...string) Message {
	if h.s.t != nil {
		h.s.t.Helper()
	}
	return h.Await(c, fmt.Sprintf("%q", parts), func(m Message) bool {
		for _, p := range parts {
			if !strings.Contains(m.Text, p) {
				return false
			}
		}
		return m.FromApp && !m.Thinking
	})
}

// view is a message as a person sees it. The lock is held.
func (s *Server) view(m *message, h *Human) Message {
	author := m.author
	if m.face != nil {
		author = m.face
	}
	v := Message{
		ID: m.id, Channel: m.ch, Author: author.Name, FromApp: m.author == s.app.user, Content: m.content,
		Ephemeral: m.only != nil, Thinking: m.flags&flagLoading != 0, Edited: !m.edited.IsZero(), ReplyTo: m.refID,
		Reactions: map[string]int{}, JSON: compact(s.messageJSON(m)),
	}
	for _, u := range m.pinged {
		v.Pings = append(v.Pings, u.Name)
	}
	for _, f := range m.attachments {
		v.Files = append(v.Files, FileLink{f.name, str(s.attachmentJSON(f), "url")})
	}
	for _, r := range m.reactions {
		v.Reactions[r.emoji] = len(r.users)
	}
	var lines []string
	rich, plain := shown(&message{content: m.content, embeds: m.embeds})
	walk(m.components, func(o obj) {
		switch kind := integer(o, "type", 0); {
		case kind == compText:
			rich = append(rich, str(o, "content"))
		case kind == compButton:
			v.Buttons = append(v.Buttons, Button{first(str(o, "label"), str(sub(o, "emoji"), "name")), str(o, "custom_id"), str(o, "url"),
				integer(o, "style", 0), truth(o, "disabled")})
		case isSelect(kind):
			one := Select{Name: str(o, "placeholder"), CustomID: str(o, "custom_id"), Disabled: truth(o, "disabled"), kind: kind}
			for _, op := range objects(list(o, "options")) {
				one.Options = append(one.Options, str(op, "label"))
			}
			v.Selects = append(v.Selects, one)
		}
	})
	for _, t := range rich {
		if t != "" {
			lines = append(lines, s.readAs(t, h, m.ch))
		}
	}
	for _, t := range plain {
		if t != "" {
			lines = append(lines, t)
		}
	}
	v.Text = strings.Join(lines, "\n")
	return v
}
