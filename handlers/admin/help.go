package admin

import (
	"context"
	"sort"
	"strings"

	"rapport/bot"
)

// Help lists what this person can do.
type Help struct {
	Topic string `arg:"topic,optional" label:"Topic" hint:"A word such as job or candidate"`
}

func (a *desk) addHelp() {
	bot.Handle(a.bot, bot.Command[Help]{Name: "help", Help: "Lists what you can do here.", Who: bot.Anyone, Reads: true, Title: "Help", Run: a.help})
}

func (a *desk) help(_ context.Context, c *bot.Call, h Help) (bot.Reply, error) {
	b := a.bot
	topic := strings.ToLower(strings.TrimSpace(h.Topic))
	groups := map[string][]string{}
	var order []string
	for _, d := range b.Menu(c.Person) {
		group, _, _ := strings.Cut(d.Name, " ")
		if topic != "" && !strings.Contains(d.Name, topic) && !strings.Contains(strings.ToLower(d.Help), topic) && topic != d.Short {
			continue
		}
		if groups[group] == nil {
			order = append(order, group)
		}
		line := bot.Code("/"+b.Prefix+" "+d.Name) + " – " + d.Help
		if d.Short != "" && d.Short != group { // /console alone would be a group
			line = bot.Code("/"+d.Short) + " or " + line
		}
		if topic != "" && d.Example != "" {
			line += " For example " + bot.Code("/"+b.Prefix+" "+d.Example)
		}
		groups[group] = append(groups[group], line)
	}
	if len(order) == 0 {
		return bot.Replyf("Nothing you can do here is about %s. %s shows everything.", bot.Bold(bot.Clip(topic, 40)), bot.Code("/"+b.Prefix+" help")), nil
	}
	order = gather(groups, order)
	m := bot.Card("What you can do here", bot.Para{Text: "This is what you can do, " + firstName(c) + ". Leave something out and I ask for it."})
	if c.Person.ID == "" {
		m = bot.Card("I am Rapport", bot.Para{Text: "Hello, I am Rapport. I do not know you yet, so there is little I can show. An Admin adds you with " + bot.Code("/"+b.Prefix+" member add @you role:manager") + "."})
	}
	for _, g := range order {
		m.Blocks = append(m.Blocks, bot.Para{Text: bot.Bold(strings.ToUpper(g[:1]) + g[1:])}, bot.List{Items: groups[g]})
	}
	return bot.Answer(m), nil
}

// gather puts groups of a single command together at the end, when there are many
// groups.
func gather(groups map[string][]string, order []string) []string {
	sort.Strings(order)
	if len(order) < 6 {
		return order
	}
	var many []string
	for _, g := range order {
		if len(groups[g]) > 1 {
			many = append(many, g)
		} else {
			groups["more"] = append(groups["more"], groups[g]...)
		}
	}
	return append(many, "more")
}

func firstName(c *bot.Call) string {
	first, _, _ := strings.Cut(c.Person.Name, " ")
	return first
}
