package discordtest

import (
	"strconv"
	"strings"
)

// apiError is a refusal as it goes over the wire. Sources of codes and
// sentences: docs.discord.com/developers/topics/opcodes-and-status-codes.
type apiError struct {
	status  int
	code    int
	message string
	form    *form
	extra   obj
	kind    Kind // empty is Refused
}

func refusal(status, code int, message string) *apiError {
	return &apiError{status: status, code: code, message: message}
}

// unforeseen marks a refusal that the app could not know of beforehand.
func (e *apiError) unforeseen() *apiError { e.kind = Lint; return e }

func (e *apiError) body() obj {
	o := obj{"code": e.code, "message": e.message}
	if e.form != nil {
		o["errors"] = e.form.tree()
	}
	for k, v := range e.extra {
		o[k] = v
	}
	return o
}

func errUnauthorized() *apiError { return refusal(401, 0, "401: Unauthorized") }
func errNotFound() *apiError     { return refusal(404, 0, "404: Not Found") }
func errMethod() *apiError       { return refusal(405, 0, "405: Method Not Allowed") }
func errBadJSON() *apiError      { return refusal(400, 50109, "The request body contains invalid JSON.") }
func errTooLarge() *apiError     { return refusal(413, 40005, "Request entity too large") }
func errAgent() *apiError        { return refusal(403, 40333, "internal network error") }
func errAccess() *apiError       { return refusal(403, 50001, "Missing Access") }
func errPermissions() *apiError  { return refusal(403, 50013, "Missing Permissions") }
func errClosedDMs() *apiError    { return refusal(403, 50007, "Cannot send messages to this user") }
func errEmpty() *apiError        { return refusal(400, 50006, "Cannot send an empty message") }
func errNotAuthor() *apiError {
	return refusal(403, 50005, "Cannot edit a message authored by another user")
}
func errNonText() *apiError { return refusal(400, 50008, "Cannot send messages in a non-text channel") }
func errNoHistory() *apiError {
	return refusal(400, 160002, "Cannot reply without permission to read message history")
}
func errThreadExists() *apiError {
	return refusal(400, 160004, "A thread has already been created for this message")
}
func errThreadLocked() *apiError { return refusal(403, 50083, "Thread is archived") }
func errWebhookToken() *apiError { return refusal(401, 50027, "Invalid Webhook Token") }
func errAcknowledged() *apiError {
	return refusal(400, 40060, "Interaction has already been acknowledged.")
}
func errWebhookLimit() *apiError {
	return refusal(400, 30007, "Maximum number of webhooks reached (15)")
}
func errNotInDM() *apiError { return refusal(400, 50003, "Cannot execute action on a DM channel") }
func errTaskOnThread() *apiError {
	return refusal(400, 50024, "Cannot execute action on this channel type")
}
func errUnknown(what string) *apiError {
	return refusal(404, unknownCodes[what], "Unknown "+what)
}

var unknownCodes = map[string]int{
	"Application": 10002, "Channel": 10003, "Guild": 10004, "Member": 10007, "Message": 10008,
	"Overwrite": 10009, "Role": 10011, "User": 10013, "Emoji": 10014, "Webhook": 10015,
	"interaction": 10062, "application command": 10063,
}

// form collects the errors of a body, each at its path ("embeds.0.title").
type form struct{ found []formError }

type formError struct{ path, code, message string }

func (f *form) add(path, code, message string) {
	for _, e := range f.found {
		if e.path == path && e.code == code {
			return
		}
	}
	f.found = append(f.found, formError{path, code, message})
}

func (f *form) required(path string) { f.add(path, "BASE_TYPE_REQUIRED", "This field is required") }

func (f *form) tooLong(path string, most int) {
	f.add(path, "BASE_TYPE_MAX_LENGTH", "Must be "+strconv.Itoa(most)+" or fewer in length.")
}

func (f *form) length(path string, least, most int) {
	f.add(path, "BASE_TYPE_BAD_LENGTH", "Must be between "+strconv.Itoa(least)+" and "+strconv.Itoa(most)+" in length.")
}

func (f *form) choices(path, among string) {
	f.add(path, "BASE_TYPE_CHOICES", "Value must be one of {"+among+"}.")
}

// err is nil when nothing was found.
func (f *form) err() *apiError {
	if len(f.found) == 0 {
		return nil
	}
	return &apiError{status: 400, code: 50035, message: "Invalid Form Body", form: f}
}

// tree nests the errors the way Discord does: one object per step of the
// path, the errors themselves under "_errors".
func (f *form) tree() obj {
	root := obj{}
	for _, e := range f.found {
		at := root
		for _, step := range strings.Split(e.path, ".") {
			if step == "" {
				continue
			}
			next, ok := at[step].(obj)
			if !ok {
				next = obj{}
				at[step] = next
			}
			at = next
		}
		list, _ := at["_errors"].([]any)
		at["_errors"] = append(list, obj{"code": e.code, "message": e.message})
	}
	return root
}
