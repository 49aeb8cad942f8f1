package bottest

import (
	"context"
	"strings"

	"rapport/bot"
)

type roomTurn struct {
	r   *Room
	who string
}

func (x *roomTurn) see(m bot.Message) error {
	x.r.mu.Lock()
	defer x.r.mu.Unlock()
	v := x.r.view(x.who)
	if v.form != nil && v.form.Token == "" {
		v.form = nil // only its place was open
	}
	if len(v.last.Blocks) > 0 || v.last.Text != "" {
		m.Blocks = append(append([]bot.Block(nil), v.last.Blocks...), m.Blocks...)
	}
	v.last = m
	v.cards = append(v.cards, m)
	return nil
}

func (x *roomTurn) Ack(context.Context, bot.Visibility) error { return nil }
func (x *roomTurn) Open(_ context.Context, f bot.Form) error {
	x.r.mu.Lock()
	defer x.r.mu.Unlock()
	x.r.view(x.who).form = &f
	return nil
}
func (x *roomTurn) Hold(_ context.Context, title string) error {
	x.r.mu.Lock()
	defer x.r.mu.Unlock()
	x.r.view(x.who).form = &bot.Form{Title: title}
	x.r.held++
	return nil
}
func (x *roomTurn) Refuse(_ context.Context, e bot.FieldErrors) error {
	lines := []string{"refused"}
	for k, v := range e {
		lines = append(lines, k+": "+v)
	}
	return x.see(bot.Say(strings.Join(lines, "\n")))
}
func (x *roomTurn) Suggest(_ context.Context, o []bot.Option) error {
	var lines []string
	for _, opt := range o {
		lines = append(lines, opt.Label)
	}
	return x.see(bot.Say(strings.Join(lines, "\n")))
}
func (x *roomTurn) Say(_ context.Context, m bot.Message) error { return x.see(m) }

// Replace takes the card away whose button was pressed, as every network does.
func (x *roomTurn) Replace(_ context.Context, m bot.Message) error {
	x.r.mu.Lock()
	v := x.r.view(x.who)
	if v.press > 0 {
		v.cards[v.press-1], v.press = bot.Message{}, 0
	}
	x.r.mu.Unlock()
	return x.see(m)
}
func (x *roomTurn) Done(context.Context) error { return nil }
func (x *roomTurn) Handle() []byte             { return []byte(x.who) }
