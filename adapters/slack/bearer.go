package slack

import (
	"io"
	"net/http"
	"net/url"
	"strings"
)

const formContent = "application/x-www-form-urlencoded"

// bearer puts a token that the library wrote into a form into the Authorization header: bodies are
// what proxies and traces keep. A request announced as JSON without any goes out as an empty form,
// and JSON says its charset (both are warned about otherwise: invalid_json, missing_charset).
func bearer(r *http.Request) error {
	switch kind := r.Header.Get("Content-Type"); {
	case kind == "application/json" && r.ContentLength == 0:
		r.Header.Set("Content-Type", formContent)
	case kind == "application/json":
		r.Header.Set("Content-Type", "application/json; charset=utf-8")
	case kind == formContent && r.Method == http.MethodPost && r.GetBody != nil && r.Header.Get("Authorization") == "":
		return liftToken(r)
	}
	return nil
}

func liftToken(r *http.Request) error {
	body, err := r.GetBody()
	if err != nil {
		return err
	}
	raw, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	form, err := url.ParseQuery(string(raw))
	if err != nil {
		return err
	}
	token := form.Get("token")
	if token == "" {
		return nil
	}
	form.Del("token")
	rest := form.Encode()
	r.Header.Set("Authorization", "Bearer "+token)
	r.ContentLength = int64(len(rest))
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(rest)), nil }
	r.Body, err = r.GetBody()
	return err
}
