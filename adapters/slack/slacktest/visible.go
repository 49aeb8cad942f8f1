package slacktest

import (
	"fmt"
	"strings"
)

// Sight is what a person sees now.
type Sight struct {
	Channel  string
	Messages []Message
	Modal    *View // the topmost
	Home     *View
	Text     string // all of it as plain text
}

// Message is a message as one person sees it.
type Message struct {
	Channel, TS, Thread string
	From                string // the name shown
	App                 bool   // written by the app
	Private             bool   // only this person sees it
	Edited              bool
	Text                string   // readable: marks resolved, moments in the reader's zone
	Buttons, Menus      []string // labels
	Reactions           []string
	Pings               []string       // user ids and "here", "channel", "everyone" this message notifies
	Raw                 map[string]any // as Slack stores it
}

// View is a modal or Home as a person sees it.
type View struct {
	ID, Title, Text, CallbackID, ExternalID, PrivateMetadata string
	Fields                                                   []Field
	Buttons                                                  []string
	Submit, Close                                            string // labels, "" when there is no such button
	Depth                                                    int    // 1 for the first modal of a stack
	Raw                                                      map[string]any
}

// Field is one input of a form with what stands in it.
type Field struct {
	Label, Hint, Kind, Value, Error string
	Options                         []string
	Optional                        bool
}

// Visible is what the person sees in a channel and around it.
func (h *Human) Visible(channel string) (Sight, error) {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	ch, err := h.place(channel)
	if err != nil {
		return Sight{}, err
	}
	s := Sight{Channel: ch.ID}
	var text []string
	for _, m := range ch.messages {
		if !m.visibleTo(h.u.ID) {
			continue
		}
		one := h.see(m)
		s.Messages = append(s.Messages, one)
		text = append(text, one.line())
	}
	d := h.w.desk(h.u)
	if d.home != nil {
		v := h.seeView(d.home)
		s.Home = &v
	}
	if top := d.top(); top != nil {
		v := h.seeView(top)
		s.Modal = &v
		text = append(text, v.Text)
	}
	s.Text = strings.Join(text, "\n")
	return s, nil
}

func (m Message) line() string {
	from := m.From
	if m.Private {
		from += " (only you)"
	}
	lead := ""
	if m.Thread != "" {
		lead = "  ↳ "
	}
	return lead + from + ": " + m.Text
}

// Modal is the topmost modal the person has open, nil when there is none.
func (h *Human) Modal() *View {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	if v := h.w.desk(h.u).top(); v != nil {
		seen := h.seeView(v)
		return &seen
	}
	return nil
}

// Home is the app's Home as this person sees it, nil before the first publish.
func (h *Human) Home() *View {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	if v := h.w.desk(h.u).home; v != nil {
		seen := h.seeView(v)
		return &seen
	}
	return nil
}

// Await waits until a message that contains the words is visible in the channel.
func (h *Human) Await(channel, words string) (Message, error) {
	var found Message
	var last Sight
	ok := h.s.WaitFor(h.s.opt.Wait, func() bool {
		sight, err := h.Visible(channel)
		if err != nil {
			return false
		}
		last = sight
		for i := len(sight.Messages) - 1; i >= 0; i-- {
			if strings.Contains(sight.Messages[i].Text, words) {
				found = sight.Messages[i]
				return true
			}
		}
		return false
	})
	if !ok {
		return Message{}, fmt.Errorf("%s waited for %q and sees:\n%s", h.u.Name, words, last.Text)
	}
	return found, nil
}

// AwaitHome waits until the Home contains the words.
func (h *Human) AwaitHome(words string) (View, error) {
	return h.awaitView(words, h.Home)
}

// AwaitModal waits until an open modal contains the words.
func (h *Human) AwaitModal(words string) (View, error) {
	return h.awaitView(words, h.Modal)
}

func (h *Human) awaitView(words string, get func() *View) (View, error) {
	var seen *View
	if h.s.WaitFor(h.s.opt.Wait, func() bool {
		seen = get()
		return seen != nil && strings.Contains(seen.Text, words)
	}) {
		return *seen, nil
	}
	if seen == nil {
		return View{}, fmt.Errorf("%s waited for %q and sees nothing", h.u.Name, words)
	}
	return View{}, fmt.Errorf("%s waited for %q and sees:\n%s", h.u.Name, words, seen.Text)
}

func (h *Human) see(m *message) Message {
	out := Message{Channel: m.channel.ID, TS: m.ts, Thread: m.thread, App: m.botID != "", Private: m.onlyFor != "",
		Edited: m.edited != "", Raw: clone(m.json())}
	out.From = m.username
	if u := h.w.userFor(m.user); u != nil && out.From == "" {
		out.From = u.RealName
		if u.DisplayName != "" {
			out.From = u.DisplayName
		}
	}
	r := h.reader()
	if len(m.blocks) > 0 {
		out.Text = r.blocks(m.blocks, m.state, nil)
	} else {
		out.Text = r.mrkdwn(m.text)
	}
	for _, a := range m.attached {
		out.Text = strings.TrimSpace(out.Text + "\n" + r.attachment(object(a)))
	}
	for _, f := range m.files {
		out.Text = strings.TrimSpace(out.Text + "\n(file " + str(object(f)["name"]) + ")")
	}
	for _, c := range controlsOf(m.blocks) {
		if c.kind() == "button" {
			out.Buttons = append(out.Buttons, controlLabel(c))
		} else {
			out.Menus = append(out.Menus, controlLabel(c))
		}
	}
	for _, re := range m.reactions {
		out.Reactions = append(out.Reactions, re.name)
	}
	out.Pings = pingsOf(m)
	return out
}

func (h *Human) seeView(v *view) View {
	r := h.reader()
	out := View{ID: v.id, Title: r.plainText(v.title), CallbackID: v.callbackID, ExternalID: v.externalID, PrivateMetadata: v.private,
		Submit: r.plainText(v.submit), Close: r.plainText(v.close), Raw: clone(v.json())}
	for i, one := range v.desk.stack {
		if one == v {
			out.Depth = i + 1
		}
	}
	for _, c := range controlsOf(v.blocks) {
		switch {
		case c.input():
			f := Field{Label: controlLabel(c), Hint: r.plainText(c.in["hint"]), Kind: c.kind(), Optional: truth(c.in["optional"]),
				Value: r.value(c, v.state), Error: v.errors[c.block]}
			for _, o := range optionsOf(c.element) {
				f.Options = append(f.Options, optionLabel(o))
			}
			out.Fields = append(out.Fields, f)
		case c.kind() == "button":
			out.Buttons = append(out.Buttons, controlLabel(c))
		}
	}
	body := r.blocks(v.blocks, v.state, v.errors)
	if v.kind == "home" {
		out.Text = body
		return out
	}
	out.Text = "[ " + out.Title + " ]\n" + body
	var feet []string
	for _, label := range []string{out.Close, out.Submit} {
		if label != "" {
			feet = append(feet, "["+label+"]")
		}
	}
	out.Text = strings.TrimSpace(out.Text + "\n" + strings.Join(feet, " "))
	return out
}
