package bot

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
)

// slow is when an event that is not answered yet is acknowledged: by then it lies
// in the inbox, so that whatever happens to this process somebody finishes it.
const slow = 1200 * time.Millisecond

// wait arms the slow path. Forms must be opened before it fires.
func (t *turn) wait(ctx context.Context) {
	if t.waiting != nil || t.acked || t.ev.Turn == nil {
		return
	}
	t.waiting = time.AfterFunc(slow, func() { t.ack(context.WithoutCancel(ctx)) })
}

func (t *turn) stopWaiting() {
	if t.waiting != nil {
		t.waiting.Stop()
	}
}

// ack keeps the event in the inbox and tells the network that the answer will come.
func (t *turn) ack(ctx context.Context) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.acked || t.spoken {
		return
	}
	kept, cancel := context.WithTimeout(ctx, 600*time.Millisecond)
	defer cancel()
	if err := t.bot.keep(kept, t); err != nil {
		t.bot.log.WarnContext(ctx, "event not kept", "event", t.ev.ID, "err", err)
		t.giveUp()
		switch t.ev.Body.(type) {
		case Asked, Pressed, Filled: // the store takes neither the work nor the event: say so while the network still waits
			t.bot.metrics.away.Inc()
			t.settled()
			_ = t.utter(ctx, t.notDone())
			t.quit = true
		}
		return
	}
	if err := t.ev.Turn.Ack(ctx, Private); err != nil {
		t.bot.log.WarnContext(ctx, "acknowledgement refused", "event", t.ev.ID, "err", err)
	}
	t.acked = true
}

// speak is the way every answer takes: once, after any acknowledgement.
func (t *turn) speak(ctx context.Context, f func(context.Context, Turn) error) error {
	t.settled()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.quit {
		return nil
	}
	return t.utter(ctx, f)
}

// utter is speak for who has the lock.
func (t *turn) utter(ctx context.Context, f func(context.Context, Turn) error) error {
	t.spoken = true
	if t.ev.Turn == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	if t.answered(ctx) {
		return nil
	}
	if err := f(ctx, t.ev.Turn); err != nil {
		t.bot.log.WarnContext(ctx, "answer not delivered", "event", t.ev.ID, "network", t.ev.From.Network, "err", err)
		t.bot.metrics.unanswered.Inc()
	}
	t.cleared(ctx)
	return nil
}

// say answers beside whatever was pressed.
func (t *turn) say(ctx context.Context, m Message) error {
	if err := t.bot.stamp(&m, t.who.tenant, t.abil, t.now, t.spare); err != nil {
		t.bot.log.ErrorContext(ctx, "buttons", "event", t.ev.ID, "err", err)
		m.Blocks = nil
	}
	if err := t.flushSpare(ctx); err != nil {
		m.Blocks = nil // the words matter more than the buttons
	}
	return t.answer(ctx, kept{Message: m, Beside: true})
}

// answer shows a reply whose buttons have their tokens.
func (t *turn) answer(ctx context.Context, k kept) error {
	if k.Message.Text == "" && len(k.Message.Blocks) == 0 {
		return t.done(ctx)
	}
	if _, talk := t.ev.Body.(Said); talk && t.ev.Turn != nil {
		if !t.claim(ctx) {
			return t.done(ctx)
		}
		defer t.wentOut(ctx)
	}
	parts := Fit(k.Message, t.abil)
	_, fromButton := t.ev.Body.(Pressed)
	return t.speak(ctx, func(ctx context.Context, turn Turn) error {
		for i, m := range parts {
			var err error
			if i == 0 && fromButton && !k.Beside {
				err = turn.Replace(ctx, m)
			} else {
				err = turn.Say(ctx, m)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *turn) done(ctx context.Context) error {
	return t.speak(ctx, func(ctx context.Context, turn Turn) error { return turn.Done(ctx) })
}

// fault shows what is wrong and the ways on; a form's faults go to its fields.
func (t *turn) fault(ctx context.Context, cmd *command, f *Fault) error {
	t.bot.metrics.faults.WithLabelValues(f.Kind.String()).Inc()
	if _, isForm := t.ev.Body.(Filled); isForm && cmd != nil && t.ev.Turn != nil {
		errs := FieldErrors{}
		for k, v := range f.Fields {
			errs[k] = Flat(v)
		}
		if f.Field != "" && t.onForm(f.Field) {
			errs[f.Field] = Flat(f.Say)
		}
		if len(errs) > 0 {
			return t.refuse(ctx, cmd, t.filledAct, errs)
		}
	}
	text := f.Say
	for name, e := range f.Fields {
		text += "\n• " + Bold(name) + ": " + e
	}
	buttons := f.Buttons
	if t.typed(cmd) && f.Kind != Forbidden && f.Kind != Missing {
		buttons = append(slices.Clone(buttons), t.again(t.filledAct))
	}
	m := Message{Text: text}
	if len(buttons) > 0 {
		m.Blocks = []Block{Para{text}, Buttons{buttons}}
	}
	return t.say(ctx, m)
}

func (t *turn) onForm(name string) bool {
	f, ok := t.ev.Body.(Filled)
	if !ok {
		return false
	}
	_, ok = f.Values[name]
	return ok
}

// refuse shows errors in the form itself. Where a form cannot stay open, they are
// said in words, with a button that opens it again as it was filled in.
func (t *turn) refuse(ctx context.Context, cmd *command, act any, errs FieldErrors) error {
	for k, v := range errs {
		errs[k] = Clip(Flat(v), 180)
	}
	if !t.abil.FormFrom {
		return t.say(ctx, t.correct(cmd, act, errs))
	}
	late := false
	err := t.speak(ctx, func(ctx context.Context, turn Turn) error {
		late = turn.Refuse(ctx, errs) != nil // it was acknowledged before this was known
		return nil
	})
	if late {
		return t.say(ctx, t.correct(cmd, act, errs))
	}
	return err
}

func (t *turn) correct(cmd *command, act any, errs FieldErrors) Message {
	var lines []string
	for _, f := range cmd.fields {
		if e, ok := errs[f.Name]; ok {
			lines = append(lines, Bold(f.Label)+": "+e)
		}
	}
	text := strings.Join(lines, "\n")
	return Card(text, Para{text}, Buttons{[]Button{t.again(act, slices.Sorted(maps.Keys(errs))...)}})
}

// again opens a form once more as it was filled in, what is wrong first.
func (t *turn) again(act any, wrong ...string) Button {
	return Button{Label: "Correct it", Style: Primary, Do: pressed{act: act, life: formLife, tok: token{Again: true, First: wrong, For: t.who.person.ID}}}
}

// typed reports whether a form that was sent in held more than a few words, which
// nobody wants to type again.
func (t *turn) typed(cmd *command) bool {
	if cmd == nil || t.filledAct == nil {
		return false
	}
	v := reflect.ValueOf(t.filledAct)
	return slices.ContainsFunc(cmd.fields, func(f *field) bool { return f.Kind == Long && f.get(v) != "" })
}

// which asks who or what is meant: one button each, or a menu when there are many.
func (t *turn) which(ctx context.Context, cmd *command, act any, f *Fault) error {
	field, ok := cmd.field(f.Field)
	if !ok {
		return t.fault(ctx, cmd, f)
	}
	if t.onForm(f.Field) {
		return t.fault(ctx, cmd, &Fault{Kind: f.Kind, Field: f.Field, Say: f.Say + " Type more of the name, or pick one from the list."})
	}
	m := Message{Text: f.Say, Blocks: []Block{Para{f.Say}}}
	v := reflect.New(cmd.typ).Elem()
	v.Set(reflect.ValueOf(act))
	if len(f.Options) <= 5 {
		var row []Button
		for _, o := range f.Options {
			if fault := field.set(v, o.Value); fault != nil {
				continue
			}
			label := o.Label
			if o.Hint != "" {
				label += " · " + o.Hint
			}
			row = append(row, Button{Label: label, Do: pressed{act: v.Interface(), life: buttonLife, tok: token{Typed: true}}})
		}
		m.Blocks = append(m.Blocks, Buttons{row})
	} else {
		m.Blocks = append(m.Blocks, Choices{Label: field.Label, Options: f.Options, Field: f.Field, Do: act})
		if t.abil.Options > 0 && len(f.Options) > t.abil.Options {
			m.Blocks = append(m.Blocks, Note{"There are more than fit here. Type more of the name."})
		}
	}
	return t.say(ctx, m)
}

// ask opens a form for an act that lacks something.
func (t *turn) ask(ctx context.Context, cmd *command, act any) error {
	if _, filled := t.ev.Body.(Filled); filled && !t.abil.FormFrom {
		return t.say(ctx, t.goOn(cmd, act))
	}
	form := t.form(ctx, cmd, act)
	if act = t.binds(cmd, form); len(form.Fields) == 0 {
		return t.do(ctx, cmd, act)
	}
	if t.ev.Turn == nil {
		return nil
	}
	held := t.settled()
	if t.openable(held) {
		err := t.sealForm(ctx, &form, token{Tenant: t.who.tenant, Form: true, For: t.who.person.ID, Asked: t.token.Asked}, cmd, act)
		if err == nil {
			err = t.open(ctx, form, held)
		}
		if err == nil {
			return nil
		}
		var f *Fault
		if !errors.As(err, &f) {
			t.bot.log.WarnContext(ctx, "form not opened", "event", t.ev.ID, "err", err)
		}
	}
	if a, ok := t.ev.Body.(Asked); ok && a.On != nil { // later, nobody knows what it was used on
		act, t.token.Again = t.known(cmd, form), true
	}
	return t.say(ctx, t.goOn(cmd, act))
}

// openable reports whether a form may still be opened: its place is held, or the
// network has patience left.
func (t *turn) openable(held bool) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return !t.quit && (held || !t.acked && t.bot.now().Sub(t.start) < 2*time.Second)
}

// open shows a form. One whose place is not held yet must arrive while the network
// waits, however slow the way there is.
func (t *turn) open(ctx context.Context, form Form, held bool) error {
	t.stopWaiting()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.quit || t.acked && !held {
		return Faultf(Unavailable, "The network does not wait for a form any more.")
	}
	limit := 20 * time.Second
	if !held && t.abil.Patience > 0 {
		limit = max(t.abil.Patience-500*time.Millisecond-t.bot.now().Sub(t.start), time.Second)
	}
	octx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	if err := t.ev.Turn.Open(octx, form); err != nil {
		return err
	}
	t.spoken = true
	t.cleared(ctx)
	return nil
}

// cleared takes an event that was acknowledged unfinished out of the inbox.
func (t *turn) cleared(ctx context.Context) {
	if t.inbox == "" {
		return
	}
	if err := t.bot.db.InboxDone(ctx, t.inboxOf, t.inbox); err != nil {
		t.bot.log.WarnContext(ctx, "inbox not cleared", "event", t.ev.ID, "err", err)
	}
}

func (t *turn) sealForm(ctx context.Context, form *Form, tok token, cmd *command, act any) error {
	raw, err := json.Marshal(act)
	if err != nil {
		return err
	}
	tok.Act, tok.Args, tok.Until = cmd.Name, raw, t.now.Add(formLife).Unix()
	form.Token, err = t.bot.mint(tok, t.abil.FormToken, t.now, t.spare)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	return t.flushSpare(ctx)
}

// String names a kind in metrics and tests.
func (k FaultKind) String() string {
	return [...]string{"", "invalid", "missing", "forbidden", "refused", "ambiguous", "stale", "unavailable"}[k]
}
