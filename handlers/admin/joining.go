package admin

import (
	"context"

	"rapport/bot"
	"rapport/bot/recruiting"
)

// Join asks the Admins to be taken in.
type Join struct{}

// LetIn is an Admin's answer to Join.
type LetIn struct {
	Account string
	Name    string
	Role    string `arg:"role" label:"Role" choices:"recruiter|manager|interviewer|support|admin"`
}

func (a *desk) addJoining() {
	bot.Handle(a.bot, bot.Command[Join]{Name: "join", Help: "Asks an Admin to add you.", Title: "Ask to join", Who: bot.Anyone, For: bot.Stranger, Run: a.join})
	bot.Handle(a.bot, bot.Command[LetIn]{Name: "member admit", Help: "Lets somebody in who asked.", Title: "Let in", Who: recruiting.Admin, On: bot.Hidden, Run: a.letIn})
}

func (a *desk) join(ctx context.Context, c *bot.Call, _ Join) (bot.Reply, error) {
	if c.Person.ID != "" && c.Person.Roles != 0 {
		return bot.Replyf("You are already in, as %s.", recruiting.Are(c.Person.Roles)), nil
	}
	if c.Tenant == "" {
		return bot.Reply{}, bot.Faultf(bot.Refused, "This workspace belongs to nobody yet. Whoever runs me types %s first.", bot.Code("/rapport setup CODE"))
	}
	name := c.From.ID
	if n, ok := a.bot.Network(c.From.Network).(bot.Profiler); ok {
		if pr, err := n.Profile(ctx, c.From); err == nil {
			name = first(pr.Name, name)
		}
	}
	admins, err := a.admins(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	text := bot.Mention(c.From, name) + " asks to join Rapport. As what?"
	m := bot.Card(name+" asks to join Rapport", bot.Para{Text: text}, bot.Buttons{Buttons: []bot.Button{
		{Label: "Recruiter", Do: LetIn{c.From.String(), name, "recruiter"}}, {Label: "Hiring manager", Do: LetIn{c.From.String(), name, "manager"}},
		{Label: "Interviewer", Do: LetIn{c.From.String(), name, "interviewer"}}, {Label: "Support", Do: LetIn{c.From.String(), name, "support"}}}})
	for _, p := range admins {
		if err := c.Send(ctx, bot.Outgoing{To: p.ID, Message: m}); err != nil {
			return bot.Reply{}, err
		}
	}
	return bot.Replyf("I asked %s to let you in. You will hear from me here.", bot.Bold(admins[0].Name)), nil
}

func (a *desk) admins(ctx context.Context, c *bot.Call) ([]bot.Person, error) {
	people, err := a.bot.Host().Desk.People(ctx, c.Tenant)
	var out []bot.Person
	for _, p := range people {
		if p.Roles&recruiting.Admin != 0 {
			out = append(out, p)
		}
	}
	if err == nil && len(out) == 0 {
		err = bot.Faultf(bot.Refused, "There is no Admin yet who could let you in. Whoever runs me types %s first.", bot.Code("/rapport setup CODE"))
	}
	return out, err
}

func (a *desk) letIn(ctx context.Context, c *bot.Call, l LetIn) (bot.Reply, error) {
	roles, fault := recruiting.ParseRoles(l.Role)
	if fault != nil {
		return bot.Reply{}, fault
	}
	account, ok := bot.ParseAccount(l.Account)
	if !ok {
		return bot.Reply{}, bot.Faultf(bot.Missing, "I cannot find who asked any more.")
	}
	known, err := c.PersonOf(ctx, account)
	if err != nil {
		return bot.Reply{}, err
	}
	if known.ID != "" && !known.Gone && known.Roles != 0 {
		return bot.Replyf("%s is already in, as %s.", bot.Bold(known.Name), recruiting.Are(known.Roles)), nil
	}
	p, err := a.takeIn(ctx, c.Tenant, account, roles, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	c.Record("person:" + p.ID)
	if err := c.Send(ctx, bot.Outgoing{To: p.ID, Message: bot.Say("Welcome! " + bot.Bold(c.Person.Name) + " added you as " + recruiting.Are(roles) +
		". " + bot.Code("/"+a.bot.Prefix+" help") + " shows what you can do.")}); err != nil {
		return bot.Reply{}, err
	}
	return bot.Replyf("%s is in, as %s.", bot.Bold(p.Name), recruiting.Are(roles)), nil
}
