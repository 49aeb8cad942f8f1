package admin

import (
	"context"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/store"
)

// Invite takes in somebody who is on no chat network here: they work in the console.
type Invite struct {
	Name  string `arg:"name" label:"Name"`
	Role  string `arg:"role" word:"as" label:"Role" hint:"admin, recruiter, manager, interviewer or support; several with commas"`
	Email string `arg:"email,optional,email" label:"Mail address"`
}

// WayIn makes a fresh console link for a member, to be handed to them.
type WayIn struct {
	Who string `arg:"who,member" label:"Who"`
}

func (a *desk) addInvites() {
	bot.Handle(a.bot, bot.Command[Invite]{Name: "member invite", Title: "Invite to the console", Who: recruiting.Admin,
		Help: "Adds somebody who works in the console, and gives you their way in.", Example: `member invite "Bo Lindt" role:interviewer`, Run: a.invite})
	bot.Handle(a.bot, bot.Command[WayIn]{Name: "member link", Title: "A member's way in", Who: recruiting.Admin,
		Help: "Makes a console link to hand to a member, good for ten minutes.", Example: "member link Bo", Run: a.wayIn})
}

func (a *desk) invite(ctx context.Context, c *bot.Call, i Invite) (bot.Reply, error) {
	roles, fault := recruiting.ParseRoles(i.Role)
	if fault != nil {
		return bot.Reply{}, fault
	}
	name, fault := recruiting.ParseName(i.Name)
	if fault != nil {
		return bot.Reply{}, fault.In("name")
	}
	p := bot.Person{Name: name, Roles: roles}
	if i.Email != "" {
		if p.Email, fault = recruiting.ParseEmail(i.Email); fault != nil {
			return bot.Reply{}, fault.In("email")
		}
	}
	id := store.NewID("m", c.Now)
	store.Put(c.Batch(), bot.People, store.Row[bot.Person]{ID: id, Val: p})
	c.Record("person:" + id)
	c.After(a.bot.Forget)
	return bot.Answer(bot.Card(name+" is in", bot.Para{Text: bot.Bold(name) + " is " + recruiting.Are(roles) + " now. Hand them a way into the console when they are at their desk:"},
		bot.Buttons{Buttons: []bot.Button{{Label: "Make a link", Style: bot.Primary, Do: WayIn{Who: id}}}})), nil
}

func (a *desk) wayIn(ctx context.Context, c *bot.Call, w WayIn) (bot.Reply, error) {
	p, _, err := c.MemberOf(ctx, w.Who)
	if err != nil {
		return bot.Reply{}, err
	}
	if p.ID == "" || p.Gone {
		return bot.Reply{}, bot.Faultf(bot.Missing, "That is no member here.").In("who")
	}
	if a.links.SignIn == nil {
		return bot.Reply{}, bot.Faultf(bot.Refused, "There is no console here.")
	}
	if p.Roles&recruiting.Admin != 0 && p.ID != c.Person.ID {
		return bot.Reply{}, bot.Faultf(bot.Forbidden, "An Admin's way in is theirs alone: they get it with %s.", bot.Code("/"+a.bot.Prefix+" console link"))
	}
	url, err := a.links.SignIn(ctx, c.Tenant, p.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	c.Batch()
	c.Record("person:" + p.ID)
	way := bot.Say("Hand this to " + bot.Bold(p.Name) + " and to nobody else: " + bot.Link("way into the console", url) + ". It works once and for ten minutes.")
	way.Until = c.Now.Add(consoleLife)
	return bot.Answer(way), nil
}
