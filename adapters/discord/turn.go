package discord

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"rapport/bot"
)

// turn answers one interaction. first gives Discord the first answer: over REST,
// or as the response to the HTTP request that brought the interaction.
type turn struct {
	n     *Network
	first func(ctx context.Context, c callback) error
	limit *discordgo.RateLimiter

	mu      sync.Mutex
	x       exchange
	settled time.Time // when Discord surely knows of the first answer
}

// settling is how long Discord gets to read an answer that went out as the
// response to its request, before its webhook is called: nothing confirms that one.
const settling = 200 * time.Millisecond

func (n *Network) turn(in interaction, first func(context.Context, callback) error) *turn {
	t := &turn{n: n, first: first, limit: discordgo.NewRatelimiter(), x: exchange{App: in.AppID, ID: in.ID, Token: in.Token,
		Kind: in.Kind, Direct: in.direct(), At: n.now()}}
	who, _ := in.who()
	t.x.From = who.ID
	if in.Message != nil {
		t.x.Source = true
		t.x.Hidden = in.Message.Flags&ephemeral != 0 || t.x.Direct
	}
	if t.x.App == "" {
		t.x.App = n.appID()
	}
	if t.first == nil {
		t.first = t.post
	}
	return t
}

// post is the first answer over REST.
func (t *turn) post(ctx context.Context, c callback) error {
	return t.n.rest.reply(ctx, t.limit, http.MethodPost, "interactions/"+t.x.ID+"/"+t.x.Token+"/callback", c, nil)
}

func (t *turn) Handle() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	b, err := json.Marshal(handle{Exchange: &t.x})
	if err != nil {
		return nil
	}
	return b
}

// open reports whether the exchange can still be answered.
func (t *turn) open() error {
	age := t.n.now().Sub(t.x.At)
	if age > tokenLife || t.x.State == fresh && age > firstWait {
		return errLate(nil)
	}
	return nil
}

// answer gives the first answer and notes what it was. An exchange that was begun
// elsewhere, or whose first attempt arrived after all, becomes unsure.
func (t *turn) answer(ctx context.Context, c callback, next int) error {
	err := t.first(ctx, c)
	if refusedWith(err, codeUsed) {
		t.x.State = unsure
		return err
	}
	if err != nil {
		return unavailable(err)
	}
	t.x.State = next
	return nil
}

func (t *turn) Ack(ctx context.Context, v bot.Visibility) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.x.State != fresh || t.x.Kind == kindSuggest {
		return nil
	}
	if err := t.open(); err != nil {
		return err
	}
	c, next := callback{Kind: cbStay}, staying
	if !t.x.Source {
		c, next = callback{Kind: cbLater, Data: map[string]int{"flags": t.flags(v == bot.Private)}}, later
		t.x.Secret = v == bot.Private
	}
	if err := t.answer(ctx, c, next); err != nil && !refusedWith(err, codeUsed) {
		return err
	}
	return nil
}

// flags of a message: in a direct conversation all is private, and stays to be read again.
func (t *turn) flags(private bool) int {
	if private && !t.x.Direct {
		return ephemeral
	}
	return 0
}

func (t *turn) Open(ctx context.Context, f bot.Form) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.open(); err != nil {
		return err
	}
	if t.x.State != fresh || t.x.Kind != kindCommand && t.x.Kind != kindComponent {
		return bot.Faultf(bot.Unavailable, "Discord opens a form only as the first answer to a command or a button.")
	}
	err := t.answer(ctx, callback{Kind: cbForm, Data: t.n.form(f)}, told)
	if refusedWith(err, codeUsed) {
		return errLate(err)
	}
	return err
}

// Hold cannot be: a Discord form is whole when it opens, and nothing changes it then.
func (t *turn) Hold(context.Context, string) error {
	return bot.Faultf(bot.Unavailable, "Discord opens no form before it is made.")
}

// Refuse says what to correct: Discord's forms take no errors in place and cannot
// be opened again from their own submission.
func (t *turn) Refuse(ctx context.Context, e bot.FieldErrors) error {
	if t.x.Kind != kindModal {
		return bot.Faultf(bot.Unavailable, "There is no form to correct.")
	}
	names := make([]string, 0, len(e))
	for k := range e {
		names = append(names, k)
	}
	sort.Strings(names)
	lines := []string{"Something needs correcting. Nothing was changed."}
	for _, k := range names {
		name := strings.ReplaceAll(k, "_", " ")
		if name != "" {
			name = strings.ToUpper(name[:1]) + name[1:]
		}
		lines = append(lines, "• "+bot.Bold(name)+": "+e[k])
	}
	return t.Say(ctx, bot.Say(strings.Join(lines, "\n")))
}

func (t *turn) Suggest(ctx context.Context, list []bot.Option) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.x.Kind != kindSuggest {
		return bot.Faultf(bot.Unavailable, "Nobody is typing.")
	}
	if t.x.State != fresh {
		return nil
	}
	if err := t.open(); err != nil {
		return err
	}
	return t.answer(ctx, callback{Kind: cbSuggest, Data: map[string]any{"choices": suggestions(list, t.n.plain)}}, told)
}

type suggestion struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func suggestions(list []bot.Option, plain plainText) []suggestion {
	out := []suggestion{}
	for _, o := range menuOptions(list, "", plain) {
		name := o.Label
		if o.Description != "" && size(name)+size(o.Description)+3 <= maxOption {
			name += " · " + o.Description
		}
		out = append(out, suggestion{Name: name, Value: o.Value})
	}
	return out
}

func (t *turn) Say(ctx context.Context, m bot.Message) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.elsewhere(ctx, m, t.say(ctx, m))
}

// elsewhere writes to the person where the exchange was over before its answer came: what
// was done is done, and they should know.
func (t *turn) elsewhere(ctx context.Context, m bot.Message, err error) error {
	if !errors.Is(err, errOver) || t.x.From == "" || t.x.Kind == kindSuggest {
		return err
	}
	to := &reply{n: t.n, to: spoken{Event: t.x.ID, From: t.x.From, Place: bot.Place{Network: Name, To: t.x.From, Direct: true}}}
	if to.Say(ctx, m) != nil {
		return err
	}
	return nil
}

func (t *turn) say(ctx context.Context, m bot.Message) error {
	if t.x.Kind == kindSuggest {
		return t.done(ctx)
	}
	for _, p := range t.n.render(m) {
		if err := t.show(ctx, p, !m.Public); err != nil {
			return err
		}
	}
	return nil
}

// show shows one payload beside whatever is there. A private one never lands in a
// placeholder that others read.
func (t *turn) show(ctx context.Context, p payload, private bool) error {
	if err := t.open(); err != nil {
		return err
	}
	p.Flags = t.flags(private)
	if t.x.State == fresh {
		err := t.answer(ctx, callback{Kind: cbMessage, Data: p}, told)
		if !refusedWith(err, codeUsed) {
			return err
		}
	}
	if t.x.State == later && (t.x.Secret == private || t.x.Direct) {
		if err := t.edit(ctx, p); err != nil {
			return err
		}
		t.x.State = told
		return nil
	}
	if t.x.State == later || t.x.State == unsure && !t.x.Source {
		err := t.hook(ctx, http.MethodDelete, "/messages/@original", nil)
		if refusedWith(err, codeNoHook) { // it was never acknowledged
			if err = t.answer(ctx, callback{Kind: cbMessage, Data: p}, told); err == nil {
				return nil
			}
		}
		var no *refusal
		if err != nil && !(errors.As(err, &no) && no.Status == http.StatusNotFound) {
			return unavailable(err)
		}
	}
	if t.x.State == later || t.x.State == unsure {
		t.x.State = told
	}
	return unavailable(t.hook(ctx, http.MethodPost, "", p))
}

// edit changes the first answer, or the pressed message after cbStay.
func (t *turn) edit(ctx context.Context, p payload) error {
	p.Flags = 0
	return unavailable(t.hook(ctx, http.MethodPatch, "/messages/@original", p))
}

// hook calls the interaction's webhook. Right after the first answer Discord may
// not know it everywhere yet.
func (t *turn) hook(ctx context.Context, method, path string, in any) error {
	if err := sleep(ctx, time.Until(t.settled)); err != nil {
		return err
	}
	for try := 0; ; try++ {
		err := t.n.rest.reply(ctx, t.limit, method, "webhooks/"+t.x.App+"/"+t.x.Token+path, in, nil)
		if try == 3 || t.x.State == unsure || !refusedWith(err, codeNoHook) {
			return err
		}
		if sleep(ctx, 150*time.Millisecond<<try) != nil {
			return err
		}
	}
}

func (t *turn) Replace(ctx context.Context, m bot.Message) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.elsewhere(ctx, m, t.replace(ctx, m))
}

func (t *turn) replace(ctx context.Context, m bot.Message) error {
	if !t.x.Source || !m.Public && !t.x.Hidden || t.x.State == told {
		return t.say(ctx, m)
	}
	if err := t.open(); err != nil {
		return err
	}
	list := t.n.render(m)
	if t.x.State == fresh {
		err := t.answer(ctx, callback{Kind: cbUpdate, Data: list[0]}, told)
		if err != nil && !refusedWith(err, codeUsed) {
			return err
		}
	}
	if t.x.State != told {
		if err := t.edit(ctx, list[0]); err != nil {
			return err
		}
		t.x.State = told
	}
	for _, p := range list[1:] {
		if err := t.show(ctx, p, !m.Public); err != nil {
			return err
		}
	}
	return nil
}

func (t *turn) Done(ctx context.Context) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.done(ctx)
}

// done ends an exchange without words. Discord wants an answer to everything, so a
// command gets the shortest.
func (t *turn) done(ctx context.Context) error {
	switch {
	case t.x.State == later:
		t.x.State = told
		return unavailable(t.hook(ctx, http.MethodDelete, "/messages/@original", nil))
	case t.x.State != fresh:
		return nil
	}
	if err := t.open(); err != nil {
		return err
	}
	c := callback{Kind: cbMessage, Data: payload{Content: "Done.", Embeds: []embed{}, Components: []row{},
		Mentions: mentions{Parse: []string{}}, Flags: t.flags(true)}}
	switch {
	case t.x.Kind == kindSuggest:
		c = callback{Kind: cbSuggest, Data: map[string]any{"choices": []suggestion{}}}
	case t.x.Source:
		c = callback{Kind: cbStay}
	}
	err := t.answer(ctx, c, told)
	if refusedWith(err, codeUsed) {
		return nil
	}
	return err
}

// sorry ends an exchange that the kernel could neither do nor keep. Discord never
// delivers an interaction again, so the person is told to.
func (t *turn) sorry(ctx context.Context) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.x.State == told || ctx.Err() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := t.say(ctx, bot.Say("Something went wrong on my side. Please try again in a minute.")); err != nil {
		t.n.log.WarnContext(ctx, "answer not delivered", "event", t.x.ID, "err", err)
	}
}
