package bot

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"rapport/store"
)

// patience is how long an act may be tried again when what it read has changed.
const patience = 1500 * time.Millisecond

// do runs an act that is complete: may they, preview, run, commit, answer.
func (t *turn) do(ctx context.Context, cmd *command, act any) error {
	for try := 0; ; try++ {
		t.now = t.bot.now()
		call := t.call(t.op())
		reply, err := t.attempt(ctx, call, cmd, act)
		if err == nil && reply.next != nil {
			return t.next(ctx, reply.next)
		}
		if err == nil {
			if reply.refuse != nil {
				return t.refuse(ctx, cmd, act, reply.refuse)
			}
			for _, f := range call.after {
				f()
			}
			t.log(ctx, cmd, call, "ok")
			return t.answer(ctx, reply.kept)
		}
		var stale *store.Stale
		if errors.As(err, &stale) && t.bot.now().Sub(t.start) < patience {
			t.bot.metrics.retries.Inc()
			t.memo = nil
			time.Sleep(time.Duration(rand.Int64N(int64(min(try+1, 8)) * int64(2*time.Millisecond))))
			continue
		}
		if !cmd.Reads { // a repeat of what is done already is no mistake: it is answered like the first
			if seen, ok, seenErr := t.repeated(ctx, call); seenErr == nil && ok {
				return t.answer(ctx, seen)
			}
		}
		return t.settle(ctx, cmd, act, err)
	}
}

// op names the operation: the same for every delivery of the same event, or press
// of the same button.
func (t *turn) op() string {
	if t.token.Once != "" {
		return "once/" + t.token.Once
	}
	return t.ev.ID
}

type outcome struct {
	kept
	refuse FieldErrors
	next   any
}

// attempt is one run of an act. What it stages is committed with the answer, so
// that a repeat of the event is answered alike.
func (t *turn) attempt(ctx context.Context, call *Call, cmd *command, act any) (outcome, error) {
	if cmd.may != nil {
		if err := cmd.may(ctx, call, act); err != nil {
			return outcome{}, err
		}
	}
	if cmd.confirm != nil {
		p, err := cmd.confirm(ctx, call, act)
		if err != nil {
			return outcome{}, err
		}
		if p != nil && !(t.token.OK && t.token.Rev == p.Rev) {
			if seen, ok, err := t.repeated(ctx, call); err != nil || ok {
				return outcome{kept: seen}, err
			}
			return t.preview(ctx, call, act, p)
		}
	}
	reply, err := cmd.run(ctx, call, act)
	if err != nil {
		return outcome{}, err
	}
	if reply.Refuse != nil {
		return outcome{refuse: reply.Refuse}, nil
	}
	if reply.Next != nil && !call.dirty {
		return outcome{next: reply.Next}, nil
	}
	if !call.dirty && !cmd.Reads {
		if seen, ok, err := t.repeated(ctx, call); err != nil || ok {
			return outcome{kept: seen}, err
		}
	}
	return t.commit(ctx, call, cmd, reply)
}

// commit writes what the act staged together with its answer.
func (t *turn) commit(ctx context.Context, call *Call, cmd *command, reply Reply) (outcome, error) {
	if reply.Undo != nil {
		reply.Message = withUndo(reply.Message, reply.Undo)
	}
	out := outcome{kept: kept{By: t.asker(), Of: call.op, Message: reply.Message, Beside: reply.Beside}, next: reply.Next}
	if err := t.bot.stamp(&out.kept.Message, call.Tenant, t.abil, t.now, call.stage); err != nil {
		return outcome{}, err
	}
	if call.batch == nil && !call.viewed {
		return out, nil
	}
	b := call.stage()
	if (call.dirty || call.viewed) && !call.silent {
		b.Audit(call.audit(cmd.Name))
	}
	if call.dirty {
		raw, err := out.kept.encode()
		if err != nil {
			return outcome{}, err
		}
		t.mark(b, raw)
	}
	err := call.Scope.Commit(ctx, b)
	var seen *store.Seen
	if errors.As(err, &seen) {
		var k kept
		err := k.decode(seen.Reply)
		t.markedBy = k.Of
		switch {
		case k.By != t.asker():
			k = kept{Message: Say("That is done already.")}
		case k.claim(): // nothing was done then, only said
			k = kept{Message: Say("That went wrong a moment ago. Please say it once more.")}
		}
		return outcome{kept: k}, err
	}
	t.marked = err == nil && call.dirty
	return out, err
}

// asker is whose answer is kept: what one person read is not shown to another who
// presses the same button.
func (t *turn) asker() string {
	if t.who.person.ID != "" {
		return t.who.person.ID
	}
	return t.ev.From.String()
}

// repeated finds the answer this very event got before, under any of its names.
func (t *turn) repeated(ctx context.Context, call *Call) (kept, bool, error) {
	for _, name := range append([]string{call.op}, t.ev.Also...) {
		raw, ok, err := call.Scope.SeenReply(ctx, name)
		if err != nil {
			return kept{}, false, err
		}
		if !ok {
			continue
		}
		var k kept
		if err := k.decode(raw); err != nil || k.By != t.asker() || k.claim() {
			return kept{}, false, err
		}
		t.markedBy = k.Of
		return k, true, nil
	}
	return kept{}, false, nil
}

// preview shows what an act would do, with the button that does it.
func (t *turn) preview(ctx context.Context, call *Call, act any, p *Preview) (outcome, error) {
	m := p.Message
	if t.token.OK {
		m.Blocks = append([]Block{Para{"Something changed in the meantime. This is how it would be now:"}}, m.Blocks...)
	}
	if len(m.Blocks) == 0 {
		m.Blocks = []Block{Para{m.Text}}
	}
	label, style := p.Do, Primary
	if label == "" {
		label = "Do it"
	}
	if p.Danger {
		style = Danger
	}
	buttons := []Button{{Label: label, Style: style, Do: pressed{act: act, life: formLife,
		tok: token{OK: true, Rev: p.Rev, Once: secret(9), For: t.who.person.ID}}}}
	buttons = append(buttons, p.Extra...)
	buttons = append(buttons, Button{Label: "Cancel", Do: Dismiss{}})
	m.Blocks = append(m.Blocks, Buttons{buttons})
	m.Public = false
	out := outcome{kept: kept{Message: m}}
	if err := t.bot.stamp(&out.kept.Message, call.Tenant, t.abil, t.now, call.stage); err != nil {
		return outcome{}, err
	}
	if call.batch != nil {
		return out, call.Scope.Commit(ctx, call.batch)
	}
	return out, nil
}

// withUndo adds the Undo button to a message.
func withUndo(m Message, act any) Message {
	undo := Button{Label: "Undo", Do: pressed{act: act, life: undoLife, tok: token{Once: secret(9)}}}
	blocks := append([]Block(nil), m.Blocks...)
	if len(blocks) == 0 {
		blocks = append(blocks, Para{m.Text})
	}
	if last, ok := blocks[len(blocks)-1].(Buttons); ok {
		blocks[len(blocks)-1] = Buttons{append([]Button{undo}, last.Buttons...)}
	} else {
		blocks = append(blocks, Buttons{[]Button{undo}})
	}
	m.Blocks = blocks
	return m
}

// next goes on with another act in the same exchange.
func (t *turn) next(ctx context.Context, act any) error {
	cmd, err := t.bot.commandOf(act)
	if err != nil {
		return t.fail(ctx, err)
	}
	if f := t.gate(ctx, cmd); f != nil {
		return t.fault(ctx, nil, f)
	}
	t.token, t.viaTok = token{}, true
	if len(cmd.missing(act)) > 0 {
		return t.ask(ctx, cmd, act)
	}
	return t.do(ctx, cmd, act)
}

// settle answers an act that did not happen.
func (t *turn) settle(ctx context.Context, cmd *command, act any, err error) error {
	var (
		fault *Fault
		stale *store.Stale
		taken *store.Taken
		gone  *store.Gone
		late  *store.TooLate
		away  *store.Unavailable
	)
	switch {
	case errors.As(err, &fault):
		if fault.Kind == Ambiguous && cmd != nil && act != nil {
			return t.which(ctx, cmd, act, fault)
		}
		return t.fault(ctx, cmd, fault)
	case errors.As(err, &stale):
		return t.fault(ctx, cmd, Faultf(Stale, "Somebody else is changing the same record right now. Try once more in a moment."))
	case errors.As(err, &taken):
		return t.fault(ctx, cmd, Faultf(Refused, "That %s belongs to another record already.", taken.System))
	case errors.As(err, &gone):
		return t.fault(ctx, cmd, Faultf(Stale, "That was used already or is too old."))
	case errors.As(err, &late):
		return t.fault(ctx, cmd, Faultf(Stale, "Too late: the message is on its way already."))
	case errors.As(err, &away):
		return t.away(ctx, err)
	case isNone(err):
		return t.fault(ctx, cmd, Faultf(Missing, "I cannot find that any more. It may have been removed."))
	}
	return t.fail(ctx, err)
}

// fail is our trouble: logged whole under a reference, shown as one sentence.
func (t *turn) fail(ctx context.Context, err error) error {
	var away *store.Unavailable
	if errors.As(err, &away) {
		return t.away(ctx, err)
	}
	return t.trouble(ctx, err)
}

func (t *turn) trouble(ctx context.Context, err error) error {
	ref := store.NewID("err", t.bot.now())
	t.bot.log.ErrorContext(ctx, "event failed", "ref", ref, "event", t.ev.ID, "network", t.ev.From.Network, "tenant", t.who.tenant, "err", err)
	t.bot.metrics.troubles.Inc()
	return t.say(ctx, Say("Something went wrong on my side. Look at the record before you try again; if it keeps happening, tell whoever runs me this reference: "+Code(ref)))
}

// away answers while the store cannot be reached. What a person typed gets a
// sentence; everything else comes again.
func (t *turn) away(ctx context.Context, err error) error {
	t.bot.log.WarnContext(ctx, "store away", "event", t.ev.ID, "err", err)
	t.bot.metrics.away.Inc()
	if t.resumed { // it stays in the inbox, and its sender knows
		return err
	}
	switch t.ev.Body.(type) {
	case Asked, Pressed, Filled, Suggest, Opened:
		if t.leave() {
			return t.say(ctx, Say(writtenDown))
		}
		return t.speak(ctx, t.notDone())
	}
	return err
}

type caught struct {
	value any
	stack []byte
}

func (p *caught) Error() string { return fmt.Sprintf("panic: %v\n%s", p.value, p.stack) }

func asPanic(v any) error { return &caught{v, debug.Stack()} }
