package admin

import (
	"context"
	"strings"
	"time"

	"rapport/bot"
	"rapport/store"
)

// Me shows or changes what I know of the one who asks.
type Me struct {
	Zone  string `arg:"zone,optional" label:"Time zone" hint:"A city or a zone such as Europe/Berlin"`
	Hours string `arg:"hours,optional" label:"Working hours" hint:"Such as 09:00-17:30; cards wait for them"`
	Name  string `arg:"name,optional" label:"Name"`
}

// Here makes the place it is typed in the one where somebody gets their cards.
type Here struct{}

// Console gives a way into the web console.
type Console struct{}

func (a *desk) addSelf() {
	bot.Handle(a.bot, bot.Command[Me]{Name: "me", Title: "About me", Who: bot.Known,
		Help: "Shows what I know of you, and changes your time zone, hours or name.", Example: "me zone:Europe/Berlin hours:09:00-17:30", Run: a.me})
	bot.Handle(a.bot, bot.Command[Here]{Name: "cards here", Title: "My cards here", Who: bot.Known,
		Help: "Sends your cards to this conversation from now on.", Run: a.here})
	bot.Handle(a.bot, bot.Command[Console]{Name: "console link", Short: "console", Title: "Open the console", Who: bot.Known, Reads: true,
		Help: "Gives you a private link into the web console, good for ten minutes.", Run: a.console})
}

func (a *desk) me(ctx context.Context, c *bot.Call, m Me) (bot.Reply, error) {
	row, err := bot.People.Get(ctx, c.Scope, c.Person.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	changed := false
	if m.Zone != "" {
		places, err := a.links.Zones.Locate(m.Zone)
		if err != nil {
			return bot.Reply{}, bot.Faultf(bot.Invalid, "%s", err.Error()).In("zone")
		}
		if len(places) > 1 {
			fault := &bot.Fault{Kind: bot.Ambiguous, Field: "zone", Say: "That name stands for more than one place. Which one?"}
			for _, p := range places {
				fault.Options = append(fault.Options, bot.Option{Value: p.Zone, Label: p.Name, Hint: p.Where})
			}
			return bot.Reply{}, fault
		}
		row.Val.Zone, changed = places[0].Zone, true
	}
	if m.Hours != "" {
		kept, other, ok := bot.ReadHours(m.Hours)
		switch {
		case !ok:
			return bot.Reply{}, bot.Faultf(bot.Invalid, "Working hours look like %s, or %s over night.", bot.Code("09:00-17:30"), bot.Code("22:00-06:00")).In("hours")
		case other != "":
			return bot.Reply{}, bot.Faultf(bot.Invalid, "Is that %s, or over night %s? Type it so.", bot.Code(other), bot.Code(kept)).In("hours")
		}
		row.Val.Hours, changed = kept, true
	}
	if m.Name != "" {
		row.Val.Name, changed = bot.Clip(strings.TrimSpace(bot.Flat(m.Name)), 100), true
	}
	text := "This is what I know of you:"
	if changed {
		store.Put(c.Batch(), bot.People, row)
		c.Record("person:" + row.ID)
		c.After(a.bot.Forget)
		text = "Noted. " + text
	}
	p := row.Val
	zone := p.Zone
	if zone == "" {
		zone = "not known yet; tell me with " + bot.Code("/"+a.bot.Prefix+" me zone:City")
	}
	var accounts []string
	for _, x := range p.Accounts {
		accounts = append(accounts, x.Network)
	}
	return bot.Answer(bot.Card(text, bot.Para{Text: text}, bot.Facts{Facts: []bot.Fact{{Name: "Name", Value: p.Name}, {Name: "Roles", Value: a.bot.RolesSaid(p.Roles)},
		{Name: "Time zone", Value: zone}, {Name: "Working hours", Value: first(p.Hours, bot.DefaultHours)}, {Name: "Accounts", Value: strings.Join(accounts, ", ")}}})), nil
}

func (a *desk) here(ctx context.Context, c *bot.Call, _ Here) (bot.Reply, error) {
	row, err := bot.People.Get(ctx, c.Scope, c.Person.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	place := c.Place
	place.Thread = ""
	if place.Direct {
		place.To = c.From.ID
	} else if net, ok := a.bot.Network(place.Network).(bot.Audience); ok {
		if err := a.onlyMembers(ctx, c, net, place); err != nil {
			return bot.Reply{}, err
		}
	}
	row.Val.Prefer = place
	store.Put(c.Batch(), bot.People, row)
	c.Record("person:" + row.ID)
	c.After(a.bot.Forget)
	return bot.Replyf("Your cards come here from now on."), nil
}

// onlyMembers refuses a place that strangers read.
func (a *desk) onlyMembers(ctx context.Context, c *bot.Call, net bot.Audience, place bot.Place) error {
	readers, more, err := net.Readers(ctx, place)
	if err != nil {
		return err
	}
	strangers := more
	for _, r := range readers {
		p, err := c.PersonOf(ctx, r)
		if err != nil {
			return err
		}
		strangers = strangers || p.ID == "" || p.Gone
	}
	if strangers {
		return bot.Faultf(bot.Refused, "Others than members of the hiring team read this place, so cards about people cannot come here. Type this in a direct message to me, or in a channel of the team alone.")
	}
	return nil
}

// consoleLife is how long a console link may be used.
const consoleLife = 10 * time.Minute

func (a *desk) console(ctx context.Context, c *bot.Call, _ Console) (bot.Reply, error) {
	if a.links.SignIn == nil {
		return bot.Reply{}, bot.Faultf(bot.Refused, "There is no console here.")
	}
	url, err := a.links.SignIn(ctx, c.Tenant, c.Person.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	way := bot.Card("Your way into the console", bot.Para{Text: bot.Link("Open the console", url) + ". Keep the link to yourself: it works once, within ten minutes, for whoever has it."},
		bot.Buttons{Buttons: []bot.Button{{Label: "Open the console", URL: url}}})
	way.Until = c.Now.Add(consoleLife)
	return bot.Answer(way), nil
}
