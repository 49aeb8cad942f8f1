package main

import (
	"testing"

	"rapport/adapters/discord/discordtest"
	"rapport/adapters/slack/slacktest"
	"rapport/bot"
	"rapport/bot/bottest"
)

// talkPlace is where people of a script talk to each other.
const talkPlace = "talk"

// said finds what somebody said to the others, by its words.
func (d *slackDriver) said(t *testing.T, h *slacktest.Human, text string) string {
	t.Helper()
	sight, err := h.Visible(talkPlace)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(sight.Messages) - 1; i >= 0; i-- {
		if m := sight.Messages[i]; m.Text == text {
			return m.TS
		}
	}
	t.Fatalf("nobody said %q in:\n%s", text, sight.Text)
	return ""
}

func (d *slackDriver) Post(t *testing.T, who, text string) {
	t.Helper()
	if _, err := d.person(t, who).Say(talkPlace, text); err != nil {
		t.Fatal(err)
	}
}

func (d *slackDriver) Reword(t *testing.T, who, text, now string) {
	t.Helper()
	h := d.person(t, who)
	ts, count := d.said(t, h, text), d.count(h.ID(), reword)
	if err := h.Edit(ts, now); err != nil {
		t.Fatal(err)
	}
	d.settle(h.ID(), reword, count)
}

func (d *slackDriver) Unsay(t *testing.T, who, text string) {
	t.Helper()
	h := d.person(t, who)
	ts, count := d.said(t, h, text), d.count(h.ID(), reword)
	if err := h.Delete(ts); err != nil {
		t.Fatal(err)
	}
	d.settle(h.ID(), reword, count)
}

func (d *slackDriver) On(t *testing.T, who, text string, cmd bot.Declared) bottest.Screen {
	t.Helper()
	ts := d.said(t, d.person(t, who), text)
	return d.do(t, who, func(h *slacktest.Human) (slacktest.Answer, error) {
		_ = h.CloseAllModals()
		if _, err := h.Visible(talkPlace); err != nil {
			return slacktest.Answer{}, err
		}
		return h.MessageShortcut(cmd.Name, ts)
	})
}

// said finds what somebody said to the others, by its words.
func (d *discordDriver) said(t *testing.T, h *discordtest.Human, text string) discordtest.Message {
	t.Helper()
	list := h.Visible(d.channel).Messages
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].Text == text {
			return list[i]
		}
	}
	t.Fatalf("nobody said %q", text)
	return discordtest.Message{}
}

func (d *discordDriver) Post(t *testing.T, who, text string) {
	t.Helper()
	if p := try(func() { d.person(t, who).Say(d.channel, text) }); p != "" {
		t.Fatal(p)
	}
}

func (d *discordDriver) Reword(t *testing.T, who, text, now string) {
	t.Helper()
	h := d.person(t, who)
	m, count := d.said(t, h, text), d.count(h.ID(), reword)
	if p := try(func() { h.Edit(m, now) }); p != "" {
		t.Fatal(p)
	}
	d.settle(h.ID(), reword, count)
}

// Unsay deletes what somebody said; Discord does not tell who did.
func (d *discordDriver) Unsay(t *testing.T, who, text string) {
	t.Helper()
	h := d.person(t, who)
	m, count := d.said(t, h, text), d.count("", reword)
	if p := try(func() { h.Delete(m) }); p != "" {
		t.Fatal(p)
	}
	d.settle("", reword, count)
}

func (d *discordDriver) On(t *testing.T, who, text string, cmd bot.Declared) bottest.Screen {
	t.Helper()
	h := d.person(t, who)
	h.CloseModal()
	m := d.said(t, h, text)
	return d.do(t, who, func(h *discordtest.Human) *discordtest.Exchange { return h.MessageCommand(cmd.Title, m) })
}
