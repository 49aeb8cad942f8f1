package bottest

import (
	"context"
	"fmt"
	"testing"

	"rapport/bot"
)

// post is something said in the room to the others.
type post struct {
	who, text, id string
}

// Post says something in the room; the bot does not hear it.
func (r *Room) Post(_ *testing.T, who, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.posts = append(r.posts, &post{who, text, fmt.Sprint("p", len(r.posts)+1)})
}

func (r *Room) said(t *testing.T, text string) *post {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := len(r.posts) - 1; i >= 0; i-- {
		if r.posts[i].text == text {
			return r.posts[i]
		}
	}
	t.Fatalf("nobody said %q", text)
	return nil
}

// Reword edits what somebody said.
func (r *Room) Reword(t *testing.T, who, text, now string) {
	t.Helper()
	p := r.said(t, text)
	p.text = now
	r.tell(t, who, bot.Edited{Message: p.id, Text: bot.Clean(now)})
}

// Unsay deletes it.
func (r *Room) Unsay(t *testing.T, who, text string) {
	t.Helper()
	p := r.said(t, text)
	p.text = ""
	r.tell(t, who, bot.Deleted{Message: p.id})
}

// On uses a command on what somebody said.
func (r *Room) On(t *testing.T, who, text string, cmd bot.Declared) Screen {
	t.Helper()
	p := r.said(t, text)
	r.close(who)
	return r.event(t, who, "", "", bot.Asked{Name: cmd.Name, On: &bot.Target{Message: p.id, Text: bot.Clean(p.text), Link: "https://room.example/" + p.id,
		Author: bot.Account{Network: r.name, Team: "T1", ID: p.who}}}, bot.Place{Network: r.name, Team: "T1", Channel: "talk"})
}

// tell is an event nobody waits for.
func (r *Room) tell(t *testing.T, who string, body bot.Body) {
	t.Helper()
	<-r.ready
	r.mu.Lock()
	r.n++
	ev := bot.Event{ID: fmt.Sprint("e", r.n), From: bot.Account{Network: r.name, Team: "T1", ID: who}, Name: who, At: r.now(), Body: body,
		Place: bot.Place{Network: r.name, Team: "T1", Channel: "talk"}}
	r.mu.Unlock()
	if err := r.receive(context.Background(), ev); err != nil {
		t.Errorf("not taken: %v", err)
	}
}
