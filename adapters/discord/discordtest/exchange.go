package discordtest

import "fmt"

// Exchange is one interaction as the person sees it go on.
type Exchange struct {
	s  *Server
	in *interaction
	by *Human
}

// Failed is what the client shows when the app did not answer in three
// seconds, or answered with something Discord refuses; "" when it answered.
func (x *Exchange) Failed() string {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	return x.in.failed
}

// Deferred says that the app first said "wait a moment".
func (x *Exchange) Deferred() bool {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	return x.in.ackKind == backDeferred || x.in.ackKind == backDeferredUpdate
}

// Reply waits for the answer itself, past any "thinking", and returns it: a
// new message, or the one whose button was pressed as it is now.
func (x *Exchange) Reply() Message {
	if x.s.t != nil {
		x.s.t.Helper()
	}
	var m Message
	ok := x.s.await(x.s.opt.Patience, func() bool {
		if x.in.failed != "" || x.in.original == nil || x.in.thinking() {
			return x.in.failed != ""
		}
		m = x.s.view(x.in.original, x.by)
		return true
	})
	if !ok || m.Channel == nil {
		x.by.fail("%s got no reply: %s", x.in.name, x.state())
	}
	return m
}

// FollowUp waits for the nth further message (0 is the first).
func (x *Exchange) FollowUp(n int) Message {
	if x.s.t != nil {
		x.s.t.Helper()
	}
	var m Message
	ok := x.s.await(x.s.opt.Patience, func() bool {
		if len(x.in.followUps) <= n {
			return false
		}
		m = x.s.view(x.in.followUps[n], x.by)
		return true
	})
	if !ok {
		x.by.fail("%s got no follow-up %d: %s", x.in.name, n, x.state())
	}
	return m
}

// Text is the reply's text as the person reads it.
func (x *Exchange) Text() string { return x.Reply().Text }

// Modal is the form the app opened; the test fails when it opened none.
func (x *Exchange) Modal() Modal {
	if x.s.t != nil {
		x.s.t.Helper()
	}
	x.s.mu.Lock()
	md := x.in.opened
	x.s.mu.Unlock()
	if md == nil {
		x.by.fail("%s opened no form: %s", x.in.name, x.state())
	}
	return md.view()
}

// state says in words where the exchange stands.
func (x *Exchange) state() string {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	in := x.in
	said := ""
	if n := len(x.s.faults); n > 0 {
		said = "; last fault: " + x.s.faults[n-1].String()
	}
	switch {
	case in.failed != "":
		return fmt.Sprintf("the client shows %q%s", in.failed, said)
	case !in.acked:
		return "the app has not answered yet" + said
	case in.opened != nil:
		return fmt.Sprintf("a form is open: %q", in.opened.title)
	case in.thinking():
		return "the app is thinking" + said
	case in.original != nil:
		return "a message is there: " + in.original.content
	}
	return fmt.Sprintf("it was acknowledged with type %d", in.ackKind)
}
