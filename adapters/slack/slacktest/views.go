package slacktest

const (
	maxView  = 250 * 1024
	maxStack = 3
)

func (s *Server) viewsOpen(c *call) (obj, *trouble) {
	in, t := s.checkView(c.args["view"], "modal")
	if t != nil {
		return nil, t
	}
	trig, t := s.spendTrigger(c)
	if t != nil {
		return nil, t
	}
	if s.taken(trig.desk.team, str(in["external_id"]), nil) {
		return nil, refuse("duplicate_external_id")
	}
	trig.used = true
	trig.desk.drop(s, 0)
	v := s.newView(trig.desk, c.in, trig.cause)
	trig.desk.stack = append(trig.desk.stack, v)
	s.fillView(v, in)
	return obj{"view": v.json()}, nil
}

func (s *Server) viewsPush(c *call) (obj, *trouble) {
	in, t := s.checkView(c.args["view"], "modal")
	if t != nil {
		return nil, t
	}
	trig, t := s.spendTrigger(c)
	if t != nil {
		return nil, t
	}
	switch d := trig.desk; {
	case trig.inside == nil || d.top() == nil:
		return nil, refuse("invalid_trigger_id") // only a trigger from inside a modal can push
	case len(d.stack) >= maxStack:
		return nil, refuse("push_limit_reached")
	case s.taken(d.team, str(in["external_id"]), nil):
		return nil, refuse("duplicate_external_id")
	}
	trig.used = true
	return obj{"view": s.push(trig.desk, c.in, trig.cause, in).json()}, nil
}

func (s *Server) push(d *desk, in *install, cause *exchange, fields obj) *view {
	below := d.top()
	v := s.newView(d, in, cause)
	if below != nil {
		v.root, v.previous, v.from = below.root, below.id, below.from
	}
	d.stack = append(d.stack, v)
	s.fillView(v, fields)
	return v
}

func (s *Server) viewsUpdate(c *call) (obj, *trouble) {
	v, t := s.viewNamed(c)
	if t != nil {
		return nil, t
	}
	in, t := s.checkView(c.args["view"], v.kind)
	if t != nil {
		return nil, t
	}
	if hash := c.str("hash"); hash != "" && hash != v.hash {
		return nil, refuse("hash_conflict")
	}
	if s.taken(v.desk.team, str(in["external_id"]), v) {
		return nil, refuse("duplicate_external_id")
	}
	s.fillView(v, in)
	return obj{"view": v.json()}, nil
}

func (s *Server) viewNamed(c *call) (*view, *trouble) {
	id, external := c.str("view_id"), c.str("external_id")
	if id == "" && external == "" {
		return nil, invalid("invalid_arguments", "missing required field: view_id")
	}
	if id != "" && external != "" {
		return nil, invalid("invalid_arguments", "only one of view_id and external_id")
	}
	for _, v := range s.views {
		if v.in == c.in && (v.id == id || external != "" && v.externalID == external && v.desk.team == c.team) {
			return v, nil
		}
	}
	return nil, refuse("not_found")
}

func (s *Server) viewsPublish(c *call) (obj, *trouble) {
	in, t := s.checkView(c.args["view"], "home")
	if t != nil {
		return nil, t
	}
	u := c.team.users[c.str("user_id")]
	if u == nil || u.Deleted {
		return nil, refuse("user_not_found")
	}
	d := c.team.desk(u)
	if hash := c.str("hash"); hash != "" && (d.home == nil || d.home.hash != hash) {
		return nil, refuse("hash_conflict")
	}
	if d.home == nil {
		d.home = s.newView(d, c.in, nil)
	}
	s.fillView(d.home, in)
	return obj{"view": d.home.json()}, nil
}
