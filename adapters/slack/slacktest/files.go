package slacktest

import (
	"io"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// upload is a file: announced, then sent, then shared.
type upload struct {
	id, name, title string
	length          int
	bytes           []byte
	done            bool
	in              *install
	by              string
	at              time.Time
	shared          []string
}

func (s *Server) uploadURL(c *call) (obj, *trouble) {
	length, err := strconv.Atoi(c.str("length"))
	if err != nil || length <= 0 || c.str("filename") == "" {
		return nil, invalid("invalid_arguments", "missing required field: filename or length")
	}
	u := &upload{id: s.newID("F"), name: c.str("filename"), length: length, in: c.in, by: c.in.botUser, at: time.Now()}
	s.uploads[u.id] = u
	return obj{"upload_url": s.base + "/upload/v1/" + u.id, "file_id": u.id}, nil
}

// serveUpload takes the bytes, raw or as a form's file.
func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 64<<20))
	if err != nil {
		return
	}
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "multipart/form-data" {
		form := obj{}
		if readMultipart(form, raw, params["boundary"]) == nil {
			for _, v := range form {
				raw = []byte(str(v))
			}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.uploads[r.PathValue("id")]
	switch {
	case u == nil || u.done:
		s.fault("invalid_upload_url", "upload", "%s", r.PathValue("id"))
		http.Error(w, "not found", http.StatusNotFound)
	case len(raw) != u.length:
		s.fault("upload_length", "upload", "%s: %d bytes announced, %d sent", u.name, u.length, len(raw))
		http.Error(w, "length mismatch", http.StatusBadRequest)
	default:
		u.bytes = raw
		_, _ = io.WriteString(w, "OK - "+strconv.Itoa(len(raw)))
	}
}

func (s *Server) completeUpload(c *call) (obj, *trouble) {
	given := list(c.args["files"])
	if len(given) == 0 {
		return nil, invalid("invalid_arguments", "missing required field: files")
	}
	var done []*upload
	for _, f := range given {
		u := s.uploads[str(object(f)["id"])]
		if u == nil || u.in != c.in || u.bytes == nil || u.done {
			return nil, refuse("file_not_found")
		}
		u.title = str(object(f)["title"])
		done = append(done, u)
	}
	var channels []string
	if one := c.str("channel_id"); one != "" {
		channels = []string{one}
	} else if many := c.str("channels"); many != "" {
		channels = strings.Split(many, ",")
	}
	for _, id := range channels {
		c.args["channel"] = id
		ch, t := s.place(c, false)
		if t == nil && !ch.has(c.in.botUser) {
			t = refuse("not_in_channel")
		}
		if t != nil {
			return nil, t
		}
		m := &message{channel: ch, team: c.team, user: c.in.botUser, botID: c.in.botID, subtype: "file_share", text: c.str("initial_comment")}
		if m.thread, t = s.threadOf(ch, c.str("thread_ts"), c.method); t != nil {
			return nil, t
		}
		for _, u := range done {
			m.files = append(m.files, s.fileJSON(u))
			u.shared = append(u.shared, id)
		}
		s.publish(m)
	}
	var out []any
	for _, u := range done {
		u.done = true
		out = append(out, s.fileJSON(u))
	}
	return obj{"files": out}, nil
}

func (s *Server) fileJSON(u *upload) obj {
	kind := strings.TrimPrefix(path.Ext(u.name), ".")
	title := u.title
	if title == "" {
		title = u.name
	}
	link := s.base + "/files-pri/" + u.id + "/" + u.name
	return obj{"id": u.id, "name": u.name, "title": title, "mimetype": mime.TypeByExtension("." + kind), "filetype": kind,
		"user": u.by, "size": len(u.bytes), "mode": "hosted", "is_external": false, "is_public": false, "created": u.at.Unix(),
		"timestamp": u.at.Unix(), "url_private": link, "url_private_download": link, "permalink": link, "has_rich_preview": false}
}

func (s *Server) filesInfo(c *call) (obj, *trouble) {
	u := s.uploads[c.str("file")]
	if u == nil || !u.done {
		return nil, refuse("file_not_found")
	}
	o := s.fileJSON(u)
	o["channels"] = anys(u.shared)
	return obj{"file": o}, nil
}

// serveFile is url_private: it needs the bot token.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	value := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.mu.Lock()
	t, u := s.tokens[value], s.uploads[r.PathValue("id")]
	if t == nil || t.revoked || t.of.gone {
		s.fault("not_authed", "files", "a private file was asked for without a valid token")
		u = nil
	}
	s.mu.Unlock()
	if u == nil {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	_, _ = w.Write(u.bytes)
}

// File is what has been uploaded under an id.
func (s *Server) File(id string) (name string, content []byte, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.uploads[id]
	if u == nil {
		return "", nil, false
	}
	return u.name, append([]byte(nil), u.bytes...), true
}
