package discordtest

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// upload is a file that came with a call, as files[n].
type upload struct {
	name, kind string
	data       []byte
}

// file is something the CDN serves.
type file struct {
	id, name, kind, description string
	data                        []byte
	path                        string
	ephemeral                   bool
}

// uploadLimit is the size of one file for a bot without boosts (10 MiB).
const uploadLimit = 10 << 20

var filePart = regexp.MustCompile(`^files\[(\d+)\]$`)

func (r *request) decodeMultipart(boundary string) *apiError {
	parts := multipart.NewReader(bytes.NewReader(r.raw), boundary)
	r.files = map[string]upload{}
	r.raw = nil
	for {
		p, err := parts.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return errBadJSON()
		}
		data, _ := io.ReadAll(p)
		if p.FormName() == "payload_json" {
			r.raw = data
			continue
		}
		m := filePart.FindStringSubmatch(p.FormName())
		if m == nil {
			r.s.lint(r.where(), "multipart field %q is neither payload_json nor files[n]", p.FormName())
			continue
		}
		if len(data) > uploadLimit {
			return errTooLarge()
		}
		r.files[m[1]] = upload{name: p.FileName(), kind: p.Header.Get("Content-Type"), data: data}
	}
	if r.raw == nil {
		r.body = obj{}
		return nil
	}
	return r.decodeJSON(r.raw)
}

// attach turns the uploads of a call, and the old attachments it keeps, into
// the message's attachments.
func (r *request) attach(c *Channel, old []*file, ephemeral bool) ([]*file, *apiError) {
	var f form
	var kept []*file
	described := map[string]obj{}
	for i, a := range objects(list(r.obj(), "attachments")) {
		id := idOf(a["id"])
		if _, ok := r.files[id]; ok {
			described[id] = a
			continue
		}
		if was := fileByID(old, id); was != nil {
			kept = append(kept, was)
			continue
		}
		f.add("attachments."+itoa(i)+".id", "ATTACHMENT_NOT_FOUND", "Attachment data not found")
	}
	if e := f.err(); e != nil {
		return nil, e
	}
	if _, given := r.obj()["attachments"]; !given || r.obj()["attachments"] == nil {
		kept = old
	}
	for n := 0; n < 10; n++ {
		u, ok := r.files[itoa(n)]
		if !ok {
			continue
		}
		one := &file{id: r.s.newID(), name: u.name, kind: u.kind, data: u.data, ephemeral: ephemeral}
		if d := described[itoa(n)]; d != nil {
			one.name = first(str(d, "filename"), one.name)
			one.description = str(d, "description")
		}
		r.s.keep(c, one)
		kept = append(kept, one)
	}
	return kept, nil
}

func idOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case interface{ String() string }:
		return v.String()
	}
	return ""
}

func fileByID(all []*file, id string) *file {
	for _, f := range all {
		if f.id == id {
			return f
		}
	}
	return nil
}

func (s *Server) keep(c *Channel, f *file) {
	dir := "/attachments/"
	if f.ephemeral {
		dir = "/ephemeral-attachments/"
	}
	f.path = dir + c.ID + "/" + f.id + "/" + f.name
	s.files[f.path] = f
}

func (s *Server) attachmentJSON(f *file) obj {
	url := s.base + f.path + "?ex=" + strconv.FormatInt(s.now().Add(24*time.Hour).Unix(), 16) + "&is=0&hm=0&"
	o := obj{"id": f.id, "filename": f.name, "size": len(f.data), "url": url, "proxy_url": url}
	if f.kind != "" {
		o["content_type"] = f.kind
	}
	if f.description != "" {
		o["description"] = f.description
	}
	if f.ephemeral {
		o["ephemeral"] = true
	}
	return o
}

// dot is a one-pixel PNG for avatars, icons and emoji.
const dot = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89" +
	"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"

var pictures = regexp.MustCompile(`^/(avatars|icons|embed/avatars|emojis|banners|splashes|guilds|role-icons|app-icons)/\S+\.(png|webp|jpg|gif)$`)

// serveCDN answers what hangs below the root beside the API.
func (s *Server) serveCDN(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f := s.files[r.URL.Path]
	s.mu.Unlock()
	switch {
	case f != nil && r.Method == http.MethodGet:
		if f.kind != "" {
			w.Header().Set("Content-Type", f.kind)
		}
		w.Write(f.data)
	case pictures.MatchString(r.URL.Path):
		w.Header().Set("Content-Type", "image/png")
		io.WriteString(w, dot)
	case strings.HasPrefix(r.URL.Path, "/attachments/"), strings.HasPrefix(r.URL.Path, "/ephemeral-attachments/"):
		http.Error(w, "This content is no longer available.", http.StatusNotFound)
	default:
		http.NotFound(w, r)
	}
}
