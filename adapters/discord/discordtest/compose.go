package discordtest

import (
	"strings"
	"time"
)

// nonce remembers a message made with enforce_nonce.
type nonce struct {
	message *message
	at      time.Time
}

const nonceLife = 5 * time.Minute

// compose makes a new message from a checked body. at is where the message's
// fields lie in the payload ("" or "data.").
func (r *request) compose(c *Channel, author *User, body obj, at string) (*message, *apiError) {
	s := r.s
	d := &draft{body: body, files: r.files, at: at, where: r.where()}
	var f form
	checkMessage(d, &f)
	if e := f.err(); e != nil {
		return nil, e
	}
	if d.isEmpty() {
		return nil, errEmpty()
	}
	if e := d.tooMuch(); e != nil {
		return nil, e
	}
	m := s.newMessage(c, author)
	m.content, m.tts, m.nonce = str(body, "content"), truth(body, "tts"), body["nonce"]
	m.embeds, m.components = clonedList(body, "embeds"), number(clonedList(body, "components"))
	m.flags = integer(body, "flags", 0) & (flagSuppressEmbeds | flagSilent | flagV2 | flagVoice | flagEphemeral)
	files, e := r.attach(c, nil, m.flags&flagEphemeral != 0)
	if e != nil {
		return nil, e
	}
	m.attachments = files
	s.mention(m, sub(body, "allowed_mentions"))
	s.look(m, d.where)
	if _, ok := body["allowed_mentions"]; !ok && len(m.pinged) > 0 && m.flags&flagEphemeral == 0 {
		s.lint(d.where, "no allowed_mentions: %s pinged by what the text happens to hold", names(m.pinged))
	}
	return m, nil
}

// amend edits a message with a checked body; what the body leaves out stays.
func (r *request) amend(m *message, body obj, at string) *apiError {
	s := r.s
	d := &draft{body: body, files: r.files, old: m, at: at, where: r.where()}
	var f form
	checkMessage(d, &f)
	if e := f.err(); e != nil {
		return e
	}
	if e := d.tooMuch(); e != nil {
		return e
	}
	files, e := r.attach(m.ch, m.attachments, m.only != nil)
	if e != nil {
		return e
	}
	after := *m
	if _, ok := body["content"]; ok {
		after.content = str(body, "content")
	}
	if _, ok := body["embeds"]; ok {
		after.embeds = clonedList(body, "embeds")
	}
	if _, ok := body["components"]; ok {
		after.components = number(clonedList(body, "components"))
	}
	after.flags = m.flags&^flagLoading | integer(body, "flags", 0)&(flagSuppressEmbeds|flagV2)
	after.attachments = files
	if after.content == "" && len(after.embeds) == 0 && len(after.components) == 0 && len(files) == 0 {
		return errEmpty()
	}
	if m.flags&flagLoading == 0 {
		after.edited = s.now()
	}
	*m = after
	s.mention(m, sub(body, "allowed_mentions"))
	s.look(m, d.where)
	if m.only == nil {
		s.publish(s.messageEvent("MESSAGE_UPDATE", m))
	}
	s.signal()
	return nil
}

func clonedList(o obj, key string) []any {
	l, _ := clone(o[key]).([]any)
	return l
}

// tooMuch: Components V2 beyond 10,170 bytes of text (12 more per display)
// make Discord fail with a 500 (discord-api-docs issue 8554).
func (d *draft) tooMuch() *apiError {
	n := 0
	walk(list(d.body, "components"), func(o obj) {
		if integer(o, "type", 0) == compText {
			n += len(str(o, "content")) + 12
		}
	})
	if n > 10170 {
		return refusal(500, 0, "500: Internal Server Error")
	}
	return nil
}

func names(users []*User) string {
	var all []string
	for _, u := range users {
		all = append(all, u.Name)
	}
	return strings.Join(all, ", ")
}

// mayPost says whether the app may post into a channel, and how Discord
// refuses if not.
func (s *Server) mayPost(c *Channel, body obj, files int) *apiError {
	if c.IsDM() {
		if c.person.closed || !s.sharesGuild(c.person) {
			return s.closedDM(c.person, str(body, "content")+compact(body["embeds"])+compact(body["components"]))
		}
		return nil
	}
	if c.isForum() || c.kind == typeCategory {
		return errNonText()
	}
	have := s.permissions(s.app.user, c)
	if have&ViewChannel == 0 {
		return errAccess()
	}
	if have&sending(c) == 0 {
		return errPermissions()
	}
	if c.locked && have&ManageThreads == 0 {
		return errThreadLocked()
	}
	if files > 0 && have&AttachFiles == 0 {
		return errPermissions()
	}
	if len(list(body, "embeds")) > 0 && have&EmbedLinks == 0 {
		s.broken("POST /channels/"+c.ID+"/messages", "embeds without the right to embed links in %s are not shown", c)
	}
	return nil
}

// closedDM is 50007. It cannot be foreseen, but saying the same again is a
// fault: the refusal is final.
func (s *Server) closedDM(u *User, what string) *apiError {
	if u.refused[what] {
		return errClosedDMs()
	}
	if u.refused == nil {
		u.refused = map[string]bool{}
	}
	u.refused[what] = true
	return errClosedDMs().unforeseen()
}
