package discordtest

import "strconv"

func (r *request) channel() (int, any, *apiError) {
	c, e := r.place()
	if e != nil {
		return 0, nil, e
	}
	return 200, r.s.channelJSON(c), nil
}

func (r *request) editChannel() (int, any, *apiError) {
	c, e := r.place()
	if e != nil {
		return 0, nil, e
	}
	if c.guild == nil {
		return 0, nil, errNotInDM()
	}
	have, body := r.s.permissions(r.s.app.user, c), r.obj()
	need := ManageChannels
	if c.IsThread() {
		need = ManageThreads
	}
	if have&need == 0 && c.owner != r.s.app.user {
		return 0, nil, errPermissions()
	}
	if n := str(body, "name"); n != "" {
		if size(n) > 100 {
			var f form
			f.length("name", 1, 100)
			return 0, nil, f.err()
		}
		c.Name = n
	}
	if _, ok := body["topic"]; ok {
		c.topic = str(body, "topic")
	}
	if v, ok := body["archived"].(bool); ok {
		c.archived = v
	}
	if v, ok := body["locked"].(bool); ok && have&ManageThreads != 0 {
		c.locked = v
	}
	name := "CHANNEL_UPDATE"
	if c.IsThread() {
		name = "THREAD_UPDATE"
	}
	r.s.publish(guildEvent(c.guild, name, intentGuilds, r.s.channelJSON(c)))
	return 200, r.s.channelJSON(c), nil
}

func (r *request) deleteChannel() (int, any, *apiError) {
	c, e := r.place()
	if e != nil {
		return 0, nil, e
	}
	if c.guild == nil {
		return 200, r.s.channelJSON(c), nil
	}
	need := ManageChannels
	if c.IsThread() {
		need = ManageThreads
	}
	if r.s.permissions(r.s.app.user, c)&need == 0 {
		return 0, nil, errPermissions()
	}
	o := r.s.channelJSON(c)
	c.remove()
	return 200, o, nil
}

func (r *request) setPermission() (int, any, *apiError) {
	c, e := r.place()
	if e != nil {
		return 0, nil, e
	}
	if c.guild == nil || c.IsThread() {
		return 0, nil, errTaskOnThread()
	}
	if r.s.permissions(r.s.app.user, c)&ManageRoles == 0 {
		return 0, nil, errPermissions()
	}
	allow, _ := strconv.ParseUint(idOf(r.obj()["allow"]), 10, 64)
	deny, _ := strconv.ParseUint(idOf(r.obj()["deny"]), 10, 64)
	c.setOverwrite(Overwrite{ID: r.vars["overwrite_id"], Person: integer(r.obj(), "type", 0) == 1, Allow: allow, Deny: deny})
	return 204, nil, nil
}

// threadFromMessage opens the one thread a message can have; it shares the
// message's id.
func (r *request) threadFromMessage() (int, any, *apiError) {
	c, m, e := r.placed()
	if e != nil {
		return 0, nil, e
	}
	if e := r.threadable(c, CreatePublicThreads); e != nil {
		return 0, nil, e
	}
	if m.thread != nil {
		return 0, nil, errThreadExists()
	}
	kind := typePublicThread
	if c.kind == typeNews {
		kind = typeNewsThread
	}
	t := r.s.newThread(c, str(r.obj(), "name"), kind, r.s.app.user, m.id)
	t.archive = integer(r.obj(), "auto_archive_duration", 4320)
	m.thread = t
	return 201, r.s.channelJSON(t), nil
}

func (r *request) threadable(c *Channel, need uint64) *apiError {
	var f form
	body := r.obj()
	if n := size(str(body, "name")); n < 1 || n > 100 {
		f.length("name", 1, 100)
	}
	switch integer(body, "auto_archive_duration", 4320) {
	case 60, 1440, 4320, 10080:
	default:
		f.choices("auto_archive_duration", "60, 1440, 4320, 10080")
	}
	if e := f.err(); e != nil {
		return e
	}
	if c.guild == nil || c.IsThread() {
		return errTaskOnThread()
	}
	if r.s.permissions(r.s.app.user, c)&need == 0 {
		return errPermissions()
	}
	return nil
}

// newThread makes a thread without a message, or a forum post.
func (r *request) newThread() (int, any, *apiError) {
	c, e := r.place()
	if e != nil {
		return 0, nil, e
	}
	body := r.obj()
	if c.isForum() {
		return r.forumPost(c)
	}
	kind := integer(body, "type", typePrivateThread)
	need := CreatePublicThreads
	switch kind {
	case typePrivateThread:
		need = CreatePrivateThreads
	case typePublicThread, typeNewsThread:
	default:
		var f form
		f.choices("type", "10, 11, 12")
		return 0, nil, f.err()
	}
	if e := r.threadable(c, need); e != nil {
		return 0, nil, e
	}
	t := r.s.newThread(c, str(body, "name"), kind, r.s.app.user, r.s.newID())
	t.archive = integer(body, "auto_archive_duration", 4320)
	return 201, r.s.channelJSON(t), nil
}

func (r *request) forumPost(c *Channel) (int, any, *apiError) {
	body := r.obj()
	if e := r.threadable(c, SendMessages); e != nil {
		return 0, nil, e
	}
	var f form
	tags := texts(list(body, "applied_tags"))
	if len(tags) > 5 {
		f.tooLong("applied_tags", 5)
	}
	for i, id := range tags {
		known := false
		for _, t := range c.tags {
			known = known || t.id == id
		}
		if !known {
			f.add("applied_tags."+itoa(i), "FORUM_TAG_UNKNOWN", "Unknown tag")
		}
	}
	if sub(body, "message") == nil {
		f.required("message")
	}
	if e := f.err(); e != nil {
		return 0, nil, e
	}
	if c.needsTag && len(tags) == 0 {
		return 0, nil, refusal(400, 40067, "A tag is required to create a forum post in this channel")
	}
	id := r.s.newID()
	t := &Channel{ID: id, s: r.s, kind: typePublicThread, guild: c.guild, parent: c, owner: r.s.app.user}
	m, e := r.compose(t, r.s.app.user, sub(body, "message"), "message.")
	if e != nil {
		return 0, nil, e
	}
	t = r.s.newThread(c, str(body, "name"), typePublicThread, r.s.app.user, id)
	t.applied, t.archive = tags, integer(body, "auto_archive_duration", 4320)
	m.id, m.ch = id, t
	r.s.post(m)
	o := r.s.channelJSON(t)
	o["message"] = r.s.messageJSON(m)
	return 201, o, nil
}

func (r *request) joinThread() (int, any, *apiError) {
	c, e := r.place()
	if e != nil {
		return 0, nil, e
	}
	if !c.IsThread() {
		return 0, nil, errTaskOnThread()
	}
	if !contains(c.thread, r.s.app.user.ID) {
		c.thread = append(c.thread, r.s.app.user.ID)
	}
	return 204, nil, nil
}

func (r *request) addToThread() (int, any, *apiError) {
	c, e := r.place()
	if e != nil {
		return 0, nil, e
	}
	switch {
	case !c.IsThread():
		return 0, nil, errTaskOnThread()
	case c.guild.members[r.vars["user_id"]] == nil:
		return 0, nil, errUnknown("Member")
	case r.s.permissions(r.s.app.user, c)&SendMessagesInThreads == 0:
		return 0, nil, errPermissions()
	}
	if !contains(c.thread, r.vars["user_id"]) {
		c.thread = append(c.thread, r.vars["user_id"])
	}
	return 204, nil, nil
}
