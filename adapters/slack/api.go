package slack

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// api makes clients of the Web API, one per token.
type api struct {
	root    *url.URL
	http    *http.Client
	nested  atomic.Bool // a root without a path turned out to keep its methods below /api/
	clients sync.Map    // token → *slack.Client
}

func newAPI(root string, client *http.Client) *api {
	if strings.TrimSpace(root) == "" {
		root = slack.APIURL
	}
	u, err := url.Parse(strings.TrimSpace(root))
	if err != nil || u.Host == "" {
		u, _ = url.Parse(slack.APIURL)
	}
	if !strings.HasSuffix(u.Path, "/") {
		u.Path += "/"
	}
	return &api{root: u, http: client}
}

// base is the address that method names are put behind, with its last slash.
func (a *api) base() string {
	if a.nested.Load() {
		return a.root.JoinPath("api/").String()
	}
	return a.root.String()
}

// client calls as the holder of token.
func (a *api) client(token string) *slack.Client {
	if c, ok := a.clients.Load(token); ok {
		return c.(*slack.Client)
	}
	c := slack.New(token, slack.OptionAPIURL(a.root.String()), slack.OptionHTTPClient(a))
	a.clients.Store(token, c)
	return c
}

// forget drops a client whose token is no longer good.
func (a *api) forget(token string) { a.clients.Delete(token) }

// socket calls with the app token, which travels in the header only.
func (a *api) socket(token string) *slack.Client {
	return slack.New("", slack.OptionAppLevelToken(token), slack.OptionAPIURL(a.root.String()), slack.OptionHTTPClient(a))
}

// Do sends a request of the library. A root given without a path is tried as it stands first
// and then with /api/.
func (a *api) Do(r *http.Request) (*http.Response, error) {
	if err := bearer(r); err != nil {
		return nil, err
	}
	bare := a.root.Path == "/"
	if bare && a.nested.Load() {
		r = below(r)
	}
	resp, err := a.http.Do(r)
	if err != nil || !bare || resp.StatusCode != http.StatusNotFound || a.nested.Load() || r.GetBody == nil {
		return resp, err
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16))
	_ = resp.Body.Close()
	again := below(r)
	if again.Body, err = r.GetBody(); err != nil {
		return nil, err
	}
	resp, err = a.http.Do(again)
	if err == nil && resp.StatusCode != http.StatusNotFound {
		a.nested.Store(true)
	}
	return resp, err
}

func below(r *http.Request) *http.Request {
	c := r.Clone(r.Context())
	c.URL.Path = "/api" + c.URL.Path
	return c
}

// code is the word Slack refused with; "" when err is of another kind.
func code(err error) string {
	var e slack.SlackErrorResponse
	if errors.As(err, &e) {
		return e.Err
	}
	return ""
}

// refusals sorts Slack's error words by whose move is next. What is not here is in doubt.
var refusals = map[string]bot.FaultKind{
	"channel_not_found": bot.Missing, "message_not_found": bot.Missing, "thread_not_found": bot.Missing,
	"user_not_found": bot.Missing, "users_not_found": bot.Missing, "no_such_subteam": bot.Missing, "subteam_not_found": bot.Missing,
	"user_disabled": bot.Missing, "account_inactive": bot.Forbidden, "cannot_dm_bot": bot.Forbidden, "team_not_found": bot.Missing,
	"not_in_channel": bot.Forbidden, "user_not_in_channel": bot.Forbidden, "is_archived": bot.Forbidden,
	"restricted_action": bot.Forbidden, "restricted_action_read_only_channel": bot.Forbidden,
	"restricted_action_thread_only_channel": bot.Forbidden, "restricted_action_non_threadable_channel": bot.Forbidden,
	"restricted_action_thread_locked": bot.Forbidden, "messages_tab_disabled": bot.Forbidden,
	"as_user_not_supported": bot.Forbidden, "ekm_access_denied": bot.Forbidden, "not_allowed_token_type": bot.Forbidden,
	"cant_update_message": bot.Forbidden, "edit_window_closed": bot.Forbidden, "cant_delete_message": bot.Forbidden,
	"missing_scope": bot.Forbidden, "no_permission": bot.Forbidden, "access_denied": bot.Forbidden, "team_access_not_granted": bot.Forbidden,
	"invalid_auth": bot.Forbidden, "not_authed": bot.Forbidden, "token_revoked": bot.Forbidden, "token_expired": bot.Unavailable,
	"org_login_required": bot.Unavailable, "two_factor_setup_required": bot.Forbidden,
	"msg_too_long": bot.Forbidden, "msg_blocks_too_long": bot.Forbidden, "invalid_blocks": bot.Forbidden,
	"invalid_blocks_format": bot.Forbidden, "no_text": bot.Forbidden, "invalid_arguments": bot.Forbidden,
	"invalid_metadata_format": bot.Forbidden, "invalid_metadata_schema": bot.Forbidden, "metadata_too_large": bot.Forbidden,
	"duplicate_external_id": bot.Forbidden, "view_too_large": bot.Forbidden, "push_limit_reached": bot.Forbidden,
	"not_found": bot.Missing, "hash_conflict": bot.Stale,
	"expired_trigger_id": bot.Unavailable, "exchanged_trigger_id": bot.Unavailable, "invalid_trigger_id": bot.Unavailable,
	"trigger_expired": bot.Unavailable, "trigger_exchanged": bot.Unavailable,
	"ratelimited": bot.Unavailable, "rate_limited": bot.Unavailable, "message_limit_exceeded": bot.Unavailable,
	"service_unavailable": bot.Unavailable, "team_added_to_org": bot.Unavailable, "accesslimited": bot.Unavailable,
	"used_url": bot.Unavailable, "expired_url": bot.Unavailable,
}

var sentences = map[string]string{
	"channel_not_found":    "Slack does not show me that conversation. Invite the app to it, or choose another.",
	"not_in_channel":       "The app is not in that channel. Type /invite and its name there.",
	"is_archived":          "That channel is archived.",
	"missing_scope":        "The Slack app lacks a permission for this. An Admin can reinstall it with the current manifest.",
	"user_not_in_channel":  "That person is not in the channel.",
	"cannot_dm_bot":        "Slack does not let one app write to another.",
	"invalid_auth":         "Slack no longer accepts the app's token. An Admin has to install the app again.",
	"token_revoked":        "Slack no longer accepts the app's token. An Admin has to install the app again.",
	"account_inactive":     "Slack no longer accepts the app's token. An Admin has to install the app again.",
	"expired_trigger_id":   tooLate,
	"exchanged_trigger_id": tooLate,
	"invalid_trigger_id":   tooLate,
	"trigger_expired":      tooLate,
	"trigger_exchanged":    tooLate,
	"hash_conflict":        "This page changed since you looked. Here it is again.",
}

const tooLate = "Slack did not wait for the form to open. Please try once more."

// fault turns an error of a call into what the kernel understands: a fault, a Wait around one, or,
// where nobody knows whether Slack did it, the error itself.
func fault(err error) error {
	if err == nil {
		return nil
	}
	var limited *slack.RateLimitedError
	if errors.As(err, &limited) {
		return &bot.Wait{For: limited.RetryAfter, Err: &bot.Fault{Kind: bot.Unavailable, Say: "Slack asks to slow down.", Err: err}}
	}
	if word := code(err); word != "" {
		kind, known := refusals[word]
		if !known {
			return err
		}
		say := sentences[word]
		if say == "" {
			say = "Slack refused this (" + strings.ReplaceAll(word, "_", " ") + ")."
		}
		return &bot.Fault{Kind: kind, Say: say, Facts: facts(err, word), Err: err}
	}
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return &bot.Fault{Kind: bot.Unavailable, Say: "Slack cannot be reached right now.", Err: err}
	}
	return err
}

// facts are what the log may know of a refusal: words of Slack, never of people.
func facts(err error, word string) map[string]string {
	f := map[string]string{"slack": word}
	var e slack.SlackErrorResponse
	if errors.As(err, &e) && e.Needed != "" {
		f["needed"] = e.Needed
	}
	return f
}

// revoked reports whether Slack says that a token is gone for good.
func revoked(err error) bool {
	switch code(err) {
	case "invalid_auth", "token_revoked", "account_inactive", "not_authed":
		return true
	}
	return false
}

// as calls f as the bot of a team. A token refused as expired is renewed once.
func (s *Slack) as(ctx context.Context, team string, f func(*slack.Client) error) error {
	for again := false; ; again = true {
		token, err := s.tokens.of(ctx, team)
		if err != nil {
			return err
		}
		err = f(s.api.client(token))
		if word := code(err); !again && (word == "token_expired" || word == "invalid_auth" || word == "token_revoked") {
			if s.tokens.distrust(ctx, team, token) {
				continue
			}
		}
		return fault(err)
	}
}
