package web

import (
	"embed"
	"encoding/json"
	"errors"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"strings"

	"rapport/bot"
)

//go:embed assets
var assets embed.FS

//go:embed pages/*.html
var pageFiles embed.FS

var pages = template.Must(template.ParseFS(pageFiles, "pages/*.html"))

// page is what the few server-made pages show.
type page struct {
	Title string
	Say   string
	Token string
	Demo  bool
	Setup bool
}

// Handler serves everything under /console/.
func (c *Console) Handler() http.Handler {
	mux := http.NewServeMux()
	static, err := fs.Sub(assets, "assets")
	if err != nil {
		panic(err)
	}
	mux.Handle("GET /console/assets/", http.StripPrefix("/console/assets/", tagged(static)))
	mux.HandleFunc("GET /console/{$}", c.workspace)
	mux.HandleFunc("GET /console/enter", c.enterPage)
	mux.HandleFunc("POST /console/enter", c.enter)
	mux.HandleFunc("GET /console/file", c.filePage)
	mux.HandleFunc("POST /console/file", c.file)
	mux.HandleFunc("POST /console/leave", c.leave)
	mux.HandleFunc("POST /console/setup", c.setup)
	mux.HandleFunc("GET /console/api/me", c.me)
	mux.HandleFunc("GET /console/api/zone", c.zone)
	mux.HandleFunc("GET /console/api/stream", c.stream)
	mux.HandleFunc("POST /console/api/event", c.event)
	if c.cfg.Demo {
		mux.HandleFunc("POST /console/be", c.be)
	}
	return c.guard(mux)
}

// tagged serves files that a browser may keep as long as they have not changed.
func tagged(files fs.FS) http.Handler {
	tags := map[string]string{}
	err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(files, path)
		tags[path] = `"` + hashed(string(raw))[:16] + `"`
		return err
	})
	if err != nil {
		panic(err)
	}
	server := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tag, ok := tags[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("ETag", tag)
		w.Header().Set("Cache-Control", "no-cache")
		server.ServeHTTP(w, r)
	})
}

// guard sets what every answer carries, and refuses names that are not ours.
func (c *Console) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin") // no-referrer would make browsers post our forms with "Origin: null"
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		own, err := url.Parse(c.cfg.PublicURL)
		if err != nil || !sameHost(r.Host, own.Host) {
			c.host.Count("console.host")
			http.Error(w, "This server is reached under another name.", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (c *Console) show(w http.ResponseWriter, status int, name string, p page) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if err := pages.ExecuteTemplate(w, name, p); err != nil {
		c.log.Error("page", "name", name, "err", err)
	}
}

// workspace is the one page everything happens on.
func (c *Console) workspace(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Has("setup") && !c.cfg.Demo { // a further employer begins
		c.show(w, http.StatusOK, "door.html", page{Title: "Set up", Setup: true})
		return
	}
	if _, _, err := c.who(r); err != nil {
		if c.cfg.Demo && c.enterDemo(w, r) {
			http.Redirect(w, r, "/console/", http.StatusSeeOther)
			return
		}
		c.show(w, http.StatusUnauthorized, "door.html", page{Title: "Sign in", Setup: c.host.Desk.Empty(r.Context())})
		return
	}
	c.show(w, http.StatusOK, "workspace.html", page{Title: "Rapport", Demo: c.cfg.Demo})
}

// enterPage only shows a button: mail scanners and previews follow links, and must
// not spend them.
func (c *Console) enterPage(w http.ResponseWriter, r *http.Request) {
	token := r.URL.Query().Get("token")
	var s session
	raw, err := c.host.Once.Peek(r.Context(), "console/link/"+hashed(token))
	if err != nil {
		c.show(w, http.StatusServiceUnavailable, "door.html", page{Title: "Not now", Say: away})
		return
	}
	if raw == nil || json.Unmarshal(raw, &s) != nil || c.over(s, linkLife) {
		c.usedUp(w)
		return
	}
	c.show(w, http.StatusOK, "enter.html", page{Title: "Come in", Token: token})
}

func (c *Console) enter(w http.ResponseWriter, r *http.Request) {
	if !c.form(w, r) {
		return
	}
	raw, err := c.host.Once.Take(r.Context(), "console/link/"+hashed(r.PostFormValue("token")))
	if err != nil {
		c.show(w, http.StatusServiceUnavailable, "door.html", page{Title: "Not now", Say: away})
		return
	}
	var s session
	if raw == nil || json.Unmarshal(raw, &s) != nil || c.over(s, linkLife) {
		c.usedUp(w)
		return
	}
	switch _, err := c.whose(r.Context(), s); {
	case errors.Is(err, errSignedOut):
		c.show(w, http.StatusForbidden, "door.html", page{Title: "This link opens nothing any more",
			Say: "Access ended after the link was made. If you are still a member, type /console link in your chat for a new one; otherwise an Admin of Rapport can help."})
	case err != nil:
		c.show(w, http.StatusServiceUnavailable, "door.html", page{Title: "Not now", Say: away})
	default:
		c.letIn(w, r, s.Tenant, s.Person)
	}
}

func (c *Console) usedUp(w http.ResponseWriter) {
	c.show(w, http.StatusGone, "door.html", page{Title: "This link is used up",
		Say: "This link was used already or is older than ten minutes. Type /console link in your chat for a new one."})
}

func (c *Console) letIn(w http.ResponseWriter, r *http.Request, tenant, person string) {
	c.end(w, r)
	if err := c.begin(w, r, tenant, person); err != nil {
		c.show(w, http.StatusServiceUnavailable, "door.html", page{Title: "Not now", Say: away})
		return
	}
	http.Redirect(w, r, "/console/", http.StatusSeeOther)
}

// setup makes the first Admin where no chat network is connected.
func (c *Console) setup(w http.ResponseWriter, r *http.Request) {
	if !c.form(w, r) {
		return
	}
	tenant, person, err := c.host.Desk.Setup(r.Context(), strings.TrimSpace(r.PostFormValue("code")), bot.Clean(r.PostFormValue("name")))
	if err != nil {
		c.show(w, http.StatusForbidden, "door.html", page{Title: "Sign in", Setup: true, Say: bot.Flat(sayOf(err))})
		return
	}
	c.letIn(w, r, tenant, person)
}

func (c *Console) leave(w http.ResponseWriter, r *http.Request) {
	if !c.form(w, r) {
		return
	}
	c.end(w, r)
	c.show(w, http.StatusOK, "door.html", page{Title: "Signed out", Say: "You are signed out. Type /console link in your chat to come back."})
}

// be makes the visitor of a demo somebody else, by one click.
func (c *Console) be(w http.ResponseWriter, r *http.Request) {
	if !c.form(w, r) {
		return
	}
	p, err := c.host.Desk.PersonByID(r.Context(), c.cfg.Tenant, r.PostFormValue("person"))
	if err != nil {
		c.show(w, http.StatusNotFound, "door.html", page{Title: "Nobody there", Say: "There is no such person in this demo."})
		return
	}
	c.letIn(w, r, c.cfg.Tenant, p.ID)
}

// enterDemo makes a visitor the first of the demo's people.
func (c *Console) enterDemo(w http.ResponseWriter, r *http.Request) bool {
	p, err := c.host.Desk.PersonByID(r.Context(), c.cfg.Tenant, c.cfg.First)
	return err == nil && c.begin(w, r, c.cfg.Tenant, p.ID) == nil
}

// form checks a posted form: ours by Origin, small.
func (c *Console) form(w http.ResponseWriter, r *http.Request) bool {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if !c.trusted(r) || r.ParseForm() != nil {
		c.host.Count("console.origin")
		c.show(w, http.StatusForbidden, "door.html", page{Title: "Not from here", Say: "This request does not come from the console. Open it and try again."})
		return false
	}
	return true
}

func sayOf(err error) string {
	var f *bot.Fault
	if errors.As(err, &f) {
		return f.Say
	}
	return "Something went wrong on my side. Try again in a moment."
}
