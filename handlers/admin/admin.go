// Package admin is the house-keeping of a tenant: the first Admin, members and
// their roles, workspaces that belong to it, links to the console, help, and what
// needs a person's eye: messages in doubt, dead letters, retention.
//
// The path of a setup: `serve` prints a code, somebody types /rapport setup CODE,
// they become Admin and their workspace is claimed for the tenant.
//
// It decides nothing about candidates or jobs.
package admin

import (
	"context"
	"sort"
	"strings"

	"rapport/bot"
)

// Add declares the feature.
func Add(b *bot.Bot) {
	addSetup(b)
	addMembers(b)
	addHelp(b)
}

// Help lists what this person can do.
type Help struct {
	Topic string `arg:"topic,optional" label:"Topic" hint:"A word such as job or candidate"`
}

func addHelp(b *bot.Bot) {
	bot.Handle(b, bot.Command[Help]{Name: "help", Help: "Lists what you can do here.", Who: bot.Anyone, Reads: true, Title: "Help",
		Run: func(_ context.Context, c *bot.Call, a Help) (bot.Reply, error) { return help(b, c, a), nil }})
}

func help(b *bot.Bot, c *bot.Call, a Help) bot.Reply {
	topic := strings.ToLower(strings.TrimSpace(a.Topic))
	groups := map[string][]string{}
	var order []string
	for _, d := range b.Menu(c.Person) {
		group, _, _ := strings.Cut(d.Name, " ")
		if topic != "" && !strings.Contains(d.Name, topic) && !strings.Contains(strings.ToLower(d.Help), topic) {
			continue
		}
		if groups[group] == nil {
			order = append(order, group)
		}
		line := bot.Code("/"+b.Prefix+" "+d.Name) + " " + d.Help
		if d.Short != "" {
			line = bot.Code("/"+d.Short) + " or " + line
		}
		if topic != "" && d.Example != "" {
			line += " For example " + bot.Code("/"+b.Prefix+" "+d.Example)
		}
		groups[group] = append(groups[group], line)
	}
	if len(order) == 0 {
		return bot.Replyf("Nothing here is about %s. %s shows everything.", bot.Bold(bot.Clip(topic, 40)), bot.Code("/"+b.Prefix+" help"))
	}
	sort.Strings(order)
	m := bot.Card("What you can do here", bot.Para{Text: "This is what you can do, " + name(c) + ". Leave something out and I ask for it."})
	for _, g := range order {
		m.Blocks = append(m.Blocks, bot.Para{Text: bot.Bold(strings.ToUpper(g[:1]) + g[1:])}, bot.List{Items: groups[g]})
	}
	return bot.Answer(m)
}

func name(c *bot.Call) string {
	if c.Person.Name == "" {
		return "stranger"
	}
	first, _, _ := strings.Cut(c.Person.Name, " ")
	return first
}
