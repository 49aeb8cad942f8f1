package discordtest

import "strings"

// Callback types.
const (
	backPong           = 1
	backMessage        = 4
	backDeferred       = 5
	backDeferredUpdate = 6
	backUpdate         = 7
	backChoices        = 8
	backModal          = 9
)

// callback is POST /interactions/{id}/{token}/callback.
func (r *request) callback() (int, any, *apiError) {
	in := r.s.interaction(r.vars["interaction_id"])
	if in == nil || in.token != r.vars["interaction_token"] {
		return 0, nil, errUnknown("interaction")
	}
	if e := r.respond(in); e != nil {
		return 0, nil, e
	}
	if !truthy(r.query("with_response")) {
		return 204, nil, nil
	}
	return 200, r.s.callbackJSON(in), nil
}

// respond is the first answer to an interaction, over either transport.
func (r *request) respond(in *interaction) *apiError {
	s, body := r.s, r.obj()
	switch {
	case in.acked:
		return errAcknowledged()
	case s.now().Sub(in.created) > answerWithin:
		return errUnknown("interaction")
	}
	kind := integer(body, "type", 0)
	if ok, among := in.takes(kind); !ok {
		var f form
		f.choices("type", among)
		return f.err()
	}
	data := sub(body, "data")
	if data == nil {
		data = obj{}
	}
	var e *apiError
	switch kind {
	case backMessage:
		e = r.answer(in, data)
	case backDeferred:
		r.think(in, data)
	case backDeferredUpdate:
		in.original = in.source
	case backUpdate:
		in.original = in.source
		e = r.amend(in.source, data, "data.")
	case backChoices:
		e = r.suggest(in, data)
	case backModal:
		e = r.open(in, data)
	}
	if e != nil {
		in.original = nil
		return e
	}
	in.acked, in.ackKind = true, kind
	if in.kind == interModal && in.user.modal != nil && in.user.modal.id == in.data["custom_id"] {
		in.user.modal = nil
	}
	s.signal()
	return nil
}

// takes says whether a kind of answer fits the interaction.
func (in *interaction) takes(kind int) (bool, string) {
	allowed := map[int][]int{
		interPing:         {backPong},
		interCommand:      {backMessage, backDeferred, backModal},
		interComponent:    {backMessage, backDeferred, backDeferredUpdate, backUpdate, backModal},
		interAutocomplete: {backChoices},
		interModal:        {backMessage, backDeferred},
	}[in.kind]
	if in.kind == interModal && in.source != nil {
		allowed = append(allowed, backDeferredUpdate, backUpdate)
	}
	var words []string
	for _, k := range allowed {
		if k == kind {
			return true, ""
		}
		words = append(words, itoa(k))
	}
	return false, strings.Join(words, ", ")
}

// reply is a new message that answers an interaction.
func (r *request) reply(in *interaction, data obj, at string) (*message, *apiError) {
	m, e := r.compose(in.ch, r.s.app.user, data, at)
	if e != nil {
		return nil, e
	}
	m.origin = in
	if m.flags&flagEphemeral != 0 {
		m.only = in.user.user
	}
	return m, nil
}

func (r *request) answer(in *interaction, data obj) *apiError {
	m, e := r.reply(in, data, "data.")
	if e != nil {
		return e
	}
	m.kind = in.messageKind()
	in.original = m
	r.s.post(m)
	return nil
}

func (in *interaction) messageKind() int {
	switch {
	case in.kind != interCommand:
		return kindDefault
	case in.command != nil && in.command.kind != cmdSlash:
		return kindMenu
	}
	return kindCommand
}

// think is a deferred answer: its visibility is fixed here and only here.
func (r *request) think(in *interaction, data obj) {
	s := r.s
	m := s.newMessage(in.ch, s.app.user)
	m.origin, m.kind, m.flags = in, in.messageKind(), flagLoading
	given := integer(data, "flags", 0)
	if given&flagEphemeral != 0 {
		m.only = in.user.user
		m.flags |= flagEphemeral
	}
	if given&flagV2 != 0 {
		s.broken(r.where(), "IS_COMPONENTS_V2 on a deferred answer is lost: it belongs on the edit")
	}
	for k := range data {
		if k != "flags" && filled(data[k]) {
			s.lint(r.where(), "%s of a deferred answer is ignored", k)
		}
	}
	in.original = m
	s.post(m)
}

func (r *request) open(in *interaction, data obj) *apiError {
	var f form
	checkModal(data, &f)
	if e := f.err(); e != nil {
		return e
	}
	tops, _ := clone(data["components"]).([]any)
	md := &modal{id: str(data, "custom_id"), title: str(data, "title"), components: number(tops), from: in, values: map[string]any{}}
	rich, plain := shownComponents(md.components)
	for _, t := range rich {
		r.s.lookAt(t, r.where())
	}
	for _, t := range append(plain, md.title) {
		r.s.lookPlain(t, r.where())
	}
	in.opened, in.user.modal = md, md
	return nil
}

// suggest takes the choices for what a person is typing.
func (r *request) suggest(in *interaction, data obj) *apiError {
	var f form
	kind := integer(in.option, "type", 0)
	choices := objects(list(data, "choices"))
	if len(choices) > 25 {
		f.tooLong("data.choices", 25)
	}
	for i, c := range choices {
		at := "data.choices." + itoa(i)
		if n := size(str(c, "name")); n < 1 || n > 100 {
			f.length(at+".name", 1, 100)
		}
		text, isText := c["value"].(string)
		switch {
		case kind == optString && !isText:
			f.add(at+".value", "STRING_TYPE_CONVERT", "Could not interpret value as string.")
		case kind == optString && (size(text) > 100 || text == ""):
			f.length(at+".value", 1, 100)
		case kind != optString && isText:
			f.add(at+".value", "NUMBER_TYPE_COERCE", "Value \""+text+"\" is not a number.")
		}
	}
	if e := f.err(); e != nil {
		return e
	}
	in.choices = []Choice{}
	for _, c := range choices {
		r.s.lookPlain(str(c, "name"), r.where())
		in.choices = append(in.choices, Choice{Name: str(c, "name"), Value: c["value"]})
	}
	return nil
}

// callbackJSON is the answer to ?with_response=true.
func (s *Server) callbackJSON(in *interaction) obj {
	o := obj{"id": in.id, "type": in.kind}
	resource := obj{"type": in.ackKind}
	if in.original != nil {
		o["response_message_id"], o["response_message_loading"], o["response_message_ephemeral"] = in.original.id, in.thinking(), in.original.only != nil
		if in.ackKind == backMessage || in.ackKind == backUpdate {
			resource["message"] = s.messageJSON(in.original)
		}
	}
	out := obj{"interaction": o}
	if resource["message"] != nil {
		out["resource"] = resource
	}
	return out
}
