package discordtest

// live finds the interaction whose token is in the path, if it may still be
// used: after the first answer, for fifteen minutes.
func (r *request) live() (*interaction, *apiError) {
	in := r.s.interactionByToken(r.vars["webhook_token"])
	switch {
	case in == nil, r.s.now().Sub(in.created) > tokenLife:
		return nil, errWebhookToken()
	case !in.acked:
		return nil, errUnknown("Webhook")
	}
	return in, nil
}

// followUp is POST /webhooks/{application}/{token}.
func (r *request) followUp() (int, any, *apiError) {
	in, e := r.live()
	if e != nil {
		return 0, nil, e
	}
	s, body := r.s, r.obj()
	if in.kind == interAutocomplete {
		return 0, nil, errUnknown("Webhook")
	}
	if in.ackKind == backDeferred && in.thinking() {
		s.lint(r.where(), "the first follow-up after a deferred answer edits the placeholder, which is deprecated: edit @original")
		if e := r.amend(in.original, body, ""); e != nil {
			return 0, nil, e
		}
		return 200, s.messageJSON(in.original), nil
	}
	m, e := r.reply(in, body, "")
	if e != nil {
		return 0, nil, e
	}
	in.followUps = append(in.followUps, m)
	s.post(m)
	return 200, s.messageJSON(m), nil
}

// replied finds a message that answered an interaction.
func (r *request) replied() (*message, *apiError) {
	in, e := r.live()
	if e != nil {
		return nil, e
	}
	id := r.vars["message_id"]
	if id == "@original" {
		if in.original == nil || in.original.deleted {
			return nil, errUnknown("Message")
		}
		return in.original, nil
	}
	for _, m := range append(in.followUps, in.original) {
		if m != nil && m.id == id && !m.deleted {
			return m, nil
		}
	}
	return nil, errUnknown("Message")
}

// settled is called when an answer was edited; it tells those who wait.
func (s *Server) settled(in *interaction, m *message) {
	if in.original == m {
		in.overdue = false
	}
	s.signal()
}
