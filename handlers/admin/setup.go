package admin

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/store"
)

// Setup makes the person who has the code from the start line Admin.
type Setup struct {
	Code string `arg:"code" label:"Setup code" hint:"XXXX-XXXX-XXXX, printed when Rapport starts"`
}

func (a *desk) addSetup() {
	bot.Handle(a.bot, bot.Command[Setup]{Name: "setup", Help: "Makes you Admin, with the code printed at start.", Example: "setup ABCD-EFGH-JKLM",
		Who: bot.Anyone, Title: "Set up Rapport", Run: a.setup})
}

const (
	codeLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789" // 32 of them: five bits each, twelve make sixty
	codeLife    = time.Hour
	codeTries   = 10
	codeName    = "setup"
)

// code is what a setup code is kept as.
type code struct {
	Code   string
	Tenant string
	Until  time.Time
	Tries  int
}

// NewSetupCode makes a code for a tenant; an older one stops working.
func NewSetupCode(ctx context.Context, db *store.DB, tenant string, now time.Time) (string, error) {
	text := newCode(3)
	return text, keepCode(ctx, db, code{Code: text, Tenant: tenant, Until: now.Add(codeLife)}, now)
}

func keepCode(ctx context.Context, db *store.DB, k code, now time.Time) error {
	body, err := json.Marshal(k)
	if err != nil {
		return err
	}
	sc := db.In("")
	batch := sc.Batch("")
	batch.Token(codeName, body, k.Until.Sub(now))
	return sc.Commit(ctx, batch)
}

var badCode = bot.Faultf(bot.Forbidden, "That setup code does not work. It may be used, older than an hour, or tried too often. Whoever runs Rapport gets a new one with %s.", bot.Code("rapport setup-code"))

func (a *desk) setup(ctx context.Context, c *bot.Call, s Setup) (bot.Reply, error) {
	b, db := a.bot, a.bot.DB()
	body, err := db.In("").Token(ctx, codeName)
	if errors.Is(err, store.ErrNone) {
		return bot.Reply{}, badCode
	}
	if err != nil {
		return bot.Reply{}, err
	}
	var k code
	if err := json.Unmarshal(body, &k); err != nil {
		return bot.Reply{}, err
	}
	typed := strings.ToUpper(strings.TrimSpace(bot.Flat(s.Code)))
	if k.Tries++; k.Tries > codeTries || typed != k.Code {
		if err := keepCode(ctx, db, k, c.Now); err != nil {
			return bot.Reply{}, err
		}
		return bot.Reply{}, badCode
	}
	if c.From.Zero() {
		return bot.Reply{}, bot.Faultf(bot.Refused, "Type this on Slack, Discord or in the console, so that I know who you are.")
	}
	// Spent first: two who type it in the same instant are not both Admin, and after
	// a crash here the next start prints another.
	sc := db.In("")
	spend := sc.Batch("")
	spend.Spend(codeName)
	if err := sc.Commit(ctx, spend); errors.As(err, new(*store.Gone)) {
		return bot.Reply{}, badCode
	} else if err != nil {
		return bot.Reply{}, err
	}
	if team := c.Place.Team; team != "" {
		if err := b.Claim(ctx, c.From.Network, team, k.Tenant, "", c.Now); err != nil {
			return bot.Reply{}, err
		}
	}
	p, err := a.takeIn(ctx, k.Tenant, c.From, recruiting.Admin|recruiting.Recruiter, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	text := "Welcome, " + bot.Bold(p.Name) + ". You are Admin now, and this workspace is ready."
	return bot.Answer(bot.Card(text, bot.Para{Text: text}, bot.List{Numbered: true, Items: []string{
		"Add your team: " + bot.Code("/rapport member add @bob role:manager"),
		"Open a job: " + bot.Code("/rapport job open \"Backend Engineer\""),
		"Add somebody: " + bot.Code("/rapport candidate add \"Ada Okafor\" job:\"Backend Engineer\""),
		"See everything: " + bot.Code("/rapport help"),
	}})), nil
}
