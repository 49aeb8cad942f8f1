package bot

import (
	"context"
	"errors"
	"sort"
	"strings"
	"time"

	"rapport/store"
)

// said is talk: first a command in plain words, then whoever listens.
func (t *turn) said(ctx context.Context, s Said) error {
	text := strings.TrimSpace(s.Text)
	line := strings.TrimPrefix(text, "/")
	if p := t.bot.Prefix; strings.HasPrefix(strings.ToLower(line), p+" ") || strings.EqualFold(line, p) {
		line = strings.TrimSpace(line[len(p):])
	}
	name, rest := t.bot.named(line)
	cmd := t.bot.byName[name]
	addressed := s.Mention || t.ev.Place.Direct // words in a thread are talk, not commands
	if cmd != nil && addressed && line != "" && (t.who.person.ID != "" || cmd.Who&Anyone != 0) {
		if f := t.gate(ctx, cmd); f != nil {
			return t.fault(ctx, nil, f)
		}
		act, fault := cmd.fill(rest)
		if fault != nil {
			return t.fault(ctx, cmd, fault)
		}
		return t.complete(ctx, cmd, act)
	}
	if t.who.person.ID == "" {
		if addressed {
			return t.say(ctx, t.greeting())
		}
		return t.done(ctx)
	}
	t.wait(ctx)
	for _, hear := range t.bot.hearers {
		call := t.call(t.op())
		reply, took, err := hear(ctx, call, s)
		if err != nil {
			return t.settle(ctx, nil, nil, err)
		}
		if took {
			out, err := t.commit(ctx, call, &command{Declared: Declared{Name: "talk"}}, reply)
			if err != nil {
				return t.settle(ctx, nil, nil, err)
			}
			return t.answer(ctx, out.kept)
		}
	}
	if addressed {
		return t.say(ctx, t.unknown(line))
	}
	return t.done(ctx)
}

func (t *turn) greeting() Message {
	m := Message{Text: t.stranger()}
	if (t.who.team || t.who.tenant != "") && t.bot.AskToJoin != nil {
		m.Blocks = []Block{Para{m.Text}, Buttons{[]Button{{Label: "Ask to join", Style: Primary, Do: t.bot.AskToJoin}}}}
	}
	return m
}

// unknown answers words that are no command with the nearest ones, as buttons.
func (t *turn) unknown(line string) Message {
	if t.who.person.ID == "" {
		return t.greeting()
	}
	typed := Clip(Flat(strings.TrimSpace(line)), 60)
	near := t.bot.nearest(typed, t.who.person)
	text := "I do not know the command “" + t.bot.meant(typed) + "”."
	if said, talk := t.ev.Body.(Said); talk && !strings.HasPrefix(strings.TrimSpace(said.Text), "/") && strings.Contains(typed, " ") {
		text = "I did not understand that."
	}
	if len(near) > 0 {
		text += " Did you mean:"
	}
	switch {
	case typed == "":
		text = "Say what I should do."
	case greets(typed):
		text, near = "Hello! You could begin with one of these:", t.bot.useful(t.who.person)
	}
	var row []Button
	for _, c := range near {
		text += "\n• " + Code("/"+t.bot.Prefix+" "+c.Name) + " – " + c.Help
		if act, err := c.decode(nil); err == nil && len(row) < 3 {
			row = append(row, Button{Label: c.Title, Do: act})
		}
	}
	text += "\n" + Code("/"+t.bot.Prefix+" help") + " lists everything."
	m := Message{Text: text, Blocks: []Block{Para{text}}}
	if len(row) > 0 {
		m.Blocks = append(m.Blocks, Buttons{row})
	}
	return m
}

// meant is how much of a line was meant as a command: two words where the first is a group.
func (b *Bot) meant(line string) string {
	first, rest, _ := strings.Cut(line, " ")
	second, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	for _, c := range b.commands {
		if group, _, two := strings.Cut(c.Name, " "); two && second != "" && strings.EqualFold(group, first) {
			return first + " " + second
		}
	}
	return first
}

// greets reports words that only say hello.
func greets(typed string) bool {
	switch strings.ToLower(strings.Trim(typed, " !.,")) {
	case "hi", "hello", "hey", "hi there", "hello there", "hallo", "hola", "good morning", "good afternoon", "good evening":
		return true
	}
	return false
}

// useful are three commands of the home page that this person may use.
func (b *Bot) useful(p Person) []*command {
	var out []*command
	for _, d := range b.Menu(p) {
		if d.On&OnHome != 0 && len(out) < 3 {
			out = append(out, b.byName[d.Name])
		}
	}
	return out
}

// nearest are the commands whose names are most like what was typed.
func (b *Bot) nearest(typed string, p Person) []*command {
	words := strings.Fields(strings.ToLower(typed))
	if len(words) == 0 {
		return nil
	}
	type scored struct {
		c     *command
		n     int
		whole int // how far all that was typed is from the name
	}
	line := strings.ToLower(b.meant(typed))
	var list []scored
	for _, c := range b.commands {
		if !c.offered(p) {
			continue
		}
		best := 99
		for _, name := range []string{c.Name, c.Short} {
			if name == "" {
				continue
			}
			for n := 1; n <= min(2, len(words)); n++ {
				best = min(best, distance(strings.Join(words[:n], " "), name))
			}
			for _, part := range strings.Fields(name) {
				for _, w := range words[:min(2, len(words))] {
					best = min(best, distance(w, part)+1)
				}
			}
		}
		if best <= min(3, max(1, len([]rune(words[0]))/2)) { // a short word is near to too much
			list = append(list, scored{c, best, distance(line, c.Name)})
		}
	}
	sort.SliceStable(list, func(i, j int) bool {
		if list[i].n != list[j].n {
			return list[i].n < list[j].n
		}
		return list[i].whole < list[j].whole
	})
	var out []*command
	for _, s := range list[:min(len(list), 3)] {
		out = append(out, s.c)
	}
	return out
}

// distance counts the letters to add, drop, change or swap.
func distance(a, b string) int {
	if len(a) > 40 {
		a = a[:40]
	}
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}

// opened shows the home page.
func (t *turn) opened(ctx context.Context) error {
	if t.who.person.ID == "" {
		return t.say(ctx, t.greeting())
	}
	parts, err := t.home(ctx)
	if err != nil {
		return t.settle(ctx, nil, nil, err)
	}
	return t.speak(ctx, func(ctx context.Context, turn Turn) error {
		err := sayAll(ctx, turn, parts)
		if !IsFault(err, Stale) {
			return err
		}
		t.memo = nil // the page changed while this one was made: read again
		if parts, err = t.home(ctx); err != nil {
			return err
		}
		return sayAll(ctx, turn, parts)
	})
}

// home is the page of the person as the network can show it.
func (t *turn) home(ctx context.Context) ([]Message, error) {
	m, err := t.bot.homeFor(ctx, t.call(""))
	if err != nil {
		return nil, err
	}
	if err := t.bot.stamp(&m, t.who.tenant, t.abil, t.now, t.spare); err != nil {
		return nil, err
	}
	return Fit(m, t.abil), t.flushSpare(ctx)
}

func sayAll(ctx context.Context, turn Turn, parts []Message) error {
	for _, m := range parts {
		if err := turn.Say(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

func (b *Bot) homeFor(ctx context.Context, c *Call) (Message, error) {
	m := Message{Text: "Home"}
	for _, p := range b.home {
		blocks, err := p.part(ctx, c)
		if err != nil {
			return m, err
		}
		m.Blocks = append(m.Blocks, blocks...)
	}
	return m, nil
}

// watched hands what happens to accounts, teams and messages to those who watch.
func (t *turn) watched(ctx context.Context) error {
	for _, see := range t.bot.watchers {
		if err := t.watch(ctx, see); err != nil {
			return t.away(ctx, err)
		}
	}
	return t.done(ctx)
}

// watch lets one watcher see the event, again when what it read has changed.
func (t *turn) watch(ctx context.Context, see func(context.Context, *Call, Event) error) error {
	for {
		call := t.call("")
		if err := see(ctx, call, t.ev); err != nil || call.batch == nil {
			return err
		}
		if call.dirty && !call.silent {
			call.batch.Audit(call.audit("watch"))
		}
		err := call.Scope.Commit(ctx, call.batch)
		var stale *store.Stale
		if !errors.As(err, &stale) || t.bot.now().Sub(t.start) > patience {
			return err
		}
		t.memo = nil
	}
}

// tooFast answers more than a person can type.
func (t *turn) tooFast(ctx context.Context, wait time.Duration) error {
	t.bot.metrics.tooFast.Inc()
	if t.bot.limits.tell(t.now) {
		t.bot.log.WarnContext(ctx, "an account sends more than RAPPORT_PER_MINUTE allows; load tests set it to 0", "network", t.ev.From.Network, "limit", t.bot.limits.perMinute)
	}
	switch t.ev.Body.(type) {
	case Asked, Pressed, Filled:
		return t.say(ctx, Say("That is more than I take from one person in a minute. Please wait "+briefly(wait)+" and go on."))
	}
	return t.done(ctx)
}

func briefly(d time.Duration) string {
	if d < 2*time.Second {
		return "a second"
	}
	if d < 90*time.Second {
		return strings.TrimSuffix(d.Round(time.Second).String(), "s") + " seconds"
	}
	return "a few minutes"
}
