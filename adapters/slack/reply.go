package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// answer is the one direct reply a delivery allows: the HTTP response, or a socket's
// acknowledgement.
type answer interface {
	// empty acknowledges without words. early says that work goes on after it.
	empty(early bool) error
	// body acknowledges with JSON; early as above. It fails with errTooLarge, having sent nothing, where the door
	// is too narrow.
	body(json []byte, early bool) error
}

var errTooLarge = errors.New("slack: the answer does not fit into an acknowledgement")

// heads of a message's JSON, by who sees it and what it replaces.
const (
	headPrivate = `{"response_type":"ephemeral","replace_original":false`
	headPublic  = `{"response_type":"in_channel","replace_original":false`
	headReplace = `{"replace_original":true`
	// a slash command's direct answer has nothing to replace
	headDirect       = `{"response_type":"ephemeral"`
	headDirectPublic = `{"response_type":"in_channel"`
)

// encode renders m as the JSON of a response behind head. The bytes belong to the renderer.
func (r *renderer) encode(head, thread string, m bot.Message) []byte {
	plain := r.message(m)
	b := append(r.body[:0], head...)
	if thread != "" {
		b = append(b, `,"thread_ts":`...)
		b = appendString(b, thread)
	}
	b = append(b, `,"text":"`...)
	b = append(appendEscaped(b, r.text), '"')
	if plain {
		b = append(b, `,"mrkdwn":false`...)
	}
	if len(r.ends) > 0 {
		b = append(b, `,"blocks":[`...)
		start := 0
		for i, end := range r.ends {
			b = comma(b, i)
			b = append(b, r.out[start:end]...)
			start = end
		}
		b = append(b, ']')
	} else if head == headReplace {
		b = append(b, `,"blocks":[]`...)
	}
	b = append(b, '}')
	r.body = b
	return b
}

// errGone says that a response URL takes no more answers.
var errGone = errors.New("slack: the response URL is used up or too old")

// post sends a message to a response URL.
func (s *Slack) post(ctx context.Context, url string, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("slack: response URL: %w", errGone)
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	resp, err := s.cfg.HTTPClient.Do(req)
	if err != nil {
		return hideURL(err)
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(resp.Body, 4096))
	return judge(resp, text)
}

// hideURL keeps the address, which is a secret, out of errors.
func hideURL(err error) error {
	var u interface{ Unwrap() error }
	if errors.As(err, &u) && u.Unwrap() != nil {
		err = u.Unwrap()
	}
	return fault(err)
}

// judge reads what a response URL answered: "ok", {"ok":false,…} or a bare word of refusal.
func judge(resp *http.Response, text []byte) error {
	if resp.StatusCode == http.StatusTooManyRequests {
		after, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
		return fault(&slack.RateLimitedError{RetryAfter: time.Duration(max(after, 1)) * time.Second})
	}
	word := strings.TrimSpace(string(text))
	if strings.HasPrefix(word, "{") {
		var said struct {
			OK    bool   `json:"ok"`
			Error string `json:"error"`
		}
		if json.Unmarshal(text, &said) == nil {
			if word = said.Error; said.OK {
				word = "ok"
			}
		}
	}
	switch {
	case word == "used_url" || word == "expired_url" || word == "no_more_uses":
		return errGone
	case resp.StatusCode == http.StatusOK && (word == "ok" || word == "" || word == "OK"):
		return nil
	case resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusGone:
		return errGone
	case resp.StatusCode >= 500:
		return fmt.Errorf("slack: response URL: %w", slack.StatusCodeError{Code: resp.StatusCode, Status: resp.Status})
	}
	if word == "" || strings.ContainsAny(word, " <") {
		word = "status_" + strconv.Itoa(resp.StatusCode)
	}
	return fault(slack.SlackErrorResponse{Err: word})
}
