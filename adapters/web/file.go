package web

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strconv"

	"rapport/bot"
)

// DownloadAt is the page where a link to a download is used.
func (c *Console) DownloadAt(link string) string {
	return c.cfg.PublicURL + "/console/file?link=" + url.QueryEscape(link)
}

// filePage only shows a button: previews follow links, and must not spend them.
func (c *Console) filePage(w http.ResponseWriter, r *http.Request) {
	link := r.URL.Query().Get("link")
	what, err := c.fetch(r, link, false)
	if err != nil {
		c.noFile(w, err)
		return
	}
	c.show(w, http.StatusOK, "file.html", page{Title: what.Name, Token: link})
}

// file hands the file over, once.
func (c *Console) file(w http.ResponseWriter, r *http.Request) {
	if !c.form(w, r) {
		return
	}
	f, err := c.fetch(r, r.PostFormValue("link"), true)
	if err != nil {
		c.noFile(w, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.Type)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	h.Set("Content-Length", strconv.Itoa(len(f.Data)))
	h.Set("Cache-Control", "no-store")
	if _, err := w.Write(f.Data); err != nil {
		c.log.Info("download broken off", "err", err)
	}
}

// fetch uses a link as whoever is signed in here, or as nobody: links are opened from
// a chat, mostly in a browser that has no session.
func (c *Console) fetch(r *http.Request, link string, spend bool) (bot.Download, error) {
	_, asks, err := c.who(r)
	if err != nil && !errors.Is(err, errSignedOut) {
		return bot.Download{}, err
	}
	if err != nil {
		asks = bot.Person{}
	}
	return c.host.Fetch(r.Context(), link, asks, spend)
}

func (c *Console) noFile(w http.ResponseWriter, err error) {
	var f *bot.Fault
	if !errors.As(err, &f) {
		c.log.Error("download", "err", err)
		c.show(w, http.StatusServiceUnavailable, "file.html", page{Title: "Not now", Say: away})
		return
	}
	status := http.StatusGone
	if f.Kind == bot.Forbidden {
		status = http.StatusForbidden
	}
	c.host.Count("console.no_file")
	c.show(w, status, "file.html", page{Title: "Nothing to fetch here", Say: bot.Flat(f.Say)})
}
