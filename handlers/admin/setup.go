package admin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"slices"
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
		Who: bot.Anyone, For: bot.Stranger, Title: "Set up Rapport", Run: a.setup})
}

const (
	codeLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789" // 32 of them: five bits each, twelve make sixty
	codeLife    = time.Hour
	codeTries   = 10
	codeName    = "setup"
	codesName   = "setup/codes"
)

// code is what a setup code is kept as, under its hash: written once, then only
// ever spent.
type code struct{ Tenant string }

// codes are the keys of the latest codes, one for each tenant.
type codes map[string]string

func readCodes(ctx context.Context, sc store.Scope) (codes, error) {
	list := codes{}
	raw, err := sc.Token(ctx, codesName)
	if errors.Is(err, store.ErrNone) {
		return list, nil
	}
	if err != nil {
		return nil, err
	}
	return list, json.Unmarshal(raw, &list)
}

// NewSetupCode makes a code for a tenant; an older one of the same tenant stops working.
func NewSetupCode(ctx context.Context, db *store.DB, tenant string, now time.Time) (string, error) {
	text := newCode(3)
	body, err := json.Marshal(code{tenant})
	if err != nil {
		return "", err
	}
	sc := db.In("")
	list, err := readCodes(ctx, sc)
	if err != nil {
		return "", err
	}
	batch := sc.Batch("")
	if old, ok := list[tenant]; ok {
		batch.DropToken(old)
	}
	list[tenant] = codeKey(text)
	if err := list.keep(batch); err != nil {
		return "", err
	}
	batch.Token(codeKey(text), body, codeLife)
	return text, sc.Commit(ctx, batch)
}

// keep writes the list; an empty one leaves nothing.
func (list codes) keep(batch *store.Batch) error {
	if len(list) == 0 {
		batch.DropToken(codesName)
		return nil
	}
	all, err := json.Marshal(list)
	if err == nil {
		batch.Token(codesName, all, codeLife)
	}
	return err
}

// SetupCodeWaits reports whether a code for this tenant is out that still lets somebody in.
func SetupCodeWaits(ctx context.Context, db *store.DB, tenant string) (bool, error) {
	sc := db.In("")
	list, err := readCodes(ctx, sc)
	if err != nil || list[tenant] == "" {
		return false, err
	}
	_, err = sc.Token(ctx, list[tenant])
	if errors.Is(err, store.ErrNone) {
		return false, nil
	}
	return err == nil, err
}

func codeKey(text string) string {
	h := sha256.Sum256([]byte(strings.ToUpper(strings.TrimSpace(bot.Flat(text)))))
	return codeName + "/" + hex.EncodeToString(h[:])
}

var badCode = bot.Faultf(bot.Forbidden, "That setup code does not work. It may be used, older than an hour, or tried too often. Whoever runs Rapport gets a new one with %s.", bot.Code("rapport setup-code"))

// spend takes the code, or says that it does not work. Two who type it in the same
// instant are not both let in. By whom is kept until done drops it: whoever was cut off
// in between types it again. Who has no account ("") needs another code then. fits is
// asked before the code is taken: typed where it cannot be used, it stays good.
func (a *desk) spend(ctx context.Context, typed, by string, now time.Time, fits func(code) error) (code, error) {
	db := a.bot.DB()
	sc := db.In("")
	var k code
	if by != "" {
		if half, err := sc.Token(ctx, codeKey(typed)+"/"+by); err == nil {
			return k, json.Unmarshal(half, &k)
		} else if !errors.Is(err, store.ErrNone) {
			return k, err
		}
	}
	list, err := readCodes(ctx, sc)
	if err != nil {
		return k, err
	}
	// Ten tries for each code, counted where nobody can race them; they do not come
	// back within its hour. A wrong one counts for all.
	key, live := codeKey(typed), false
	for _, one := range list {
		wait, err := db.Pace(ctx, one, float64(codeTries)/(10*codeLife.Seconds()), codeTries, now)
		if err != nil {
			return k, err
		}
		live = live || one == key && wait == 0
	}
	if !live {
		return k, badCode
	}
	body, err := sc.Token(ctx, key)
	if errors.Is(err, store.ErrNone) {
		return k, badCode
	}
	if err != nil {
		return k, err
	}
	if err := errors.Join(json.Unmarshal(body, &k), fits(k)); err != nil {
		return k, err
	}
	batch := sc.Batch("")
	batch.Spend(key)
	maps.DeleteFunc(list, func(_, one string) bool { return one == key })
	if err := list.keep(batch); err != nil {
		return k, err
	}
	if by != "" {
		batch.Token(key+"/"+by, body, codeLife)
	}
	if err := sc.Commit(ctx, batch); errors.As(err, new(*store.Gone)) {
		return k, badCode
	} else if err != nil {
		return k, err
	}
	return k, nil
}

// done ends what spend began.
func (a *desk) done(ctx context.Context, typed, by string) error {
	sc := a.bot.DB().In("")
	batch := sc.Batch("")
	batch.DropToken(codeKey(typed) + "/" + by)
	return sc.Commit(ctx, batch)
}

func (a *desk) setup(ctx context.Context, c *bot.Call, s Setup) (bot.Reply, error) {
	if c.From.Zero() {
		return bot.Reply{}, bot.Faultf(bot.Refused, "Type this on a chat network, so that I know who you are.")
	}
	network, team := c.From.Network, c.Place.Team
	k, err := a.spend(ctx, s.Code, c.From.String(), c.Now, func(k code) error {
		if team == "" {
			return nil
		}
		return a.bot.Claimable(ctx, network, team, k.Tenant)
	})
	if err != nil {
		return bot.Reply{}, err
	}
	further := false
	if team != "" {
		if further, err = a.further(ctx, k.Tenant, network+"/"+team); err != nil {
			return bot.Reply{}, err
		}
		if err := a.bot.Claim(ctx, network, team, k.Tenant, "", c.Now); err != nil {
			return bot.Reply{}, err
		}
	}
	p, err := a.takeIn(ctx, k.Tenant, c.From, recruiting.Admin|recruiting.Recruiter, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	name, err := employer(ctx, a.bot.DB(), k.Tenant)
	if err != nil {
		return bot.Reply{}, err
	}
	m := checklist(p, name, "/rapport member add @bob role:manager")
	if further {
		m.Blocks = append(m.Blocks, bot.Note{Text: "This workspace now belongs to the same employer as your other ones, with the same jobs and candidates. Was that not meant? Let it go with " +
			bot.Code("/rapport team release") + "; whoever runs me makes a code for another employer with " + bot.Code("rapport setup-code --employer NAME") + "."})
	}
	return bot.Answer(m), a.done(ctx, s.Code, c.From.String())
}

// further reports whether a workspace is new to an employer who has others.
func (a *desk) further(ctx context.Context, tenant, team string) (bool, error) {
	ids, err := bot.Teams.Exact(ctx, a.bot.DB().In(""), "tenant", tenant)
	return len(ids) > 0 && !slices.Contains(ids, team), err
}

const nameless = "Rapport" // how the first employer is kept, whom nobody gave a name

// checklist is what a first Admin of an employer does next; member is how a colleague comes in.
func checklist(p bot.Person, employer, member string) bot.Message {
	whose := ""
	if employer != nameless {
		whose = " for " + bot.Bold(employer)
	}
	text := "Welcome, " + bot.Bold(p.Name) + ". You are Admin now" + whose + ", and everything is ready. Next:"
	return bot.Card(text, bot.Para{Text: text}, bot.List{Numbered: true, Items: []string{
		"Add your team: " + bot.Code(member),
		"Open a job: " + bot.Code("/rapport job open \"Backend Engineer\" stages:\"Applied, Screen, Onsite, Offer, Hired\""),
		"Add somebody: " + bot.Code("/rapport candidate add \"Ada Okafor\" job:\"Backend Engineer\""),
		"See everything: " + bot.Code("/rapport help"),
	}})
}

// firstAdmin is setup where no chat network is connected: a person of the console.
func (a *desk) firstAdmin(ctx context.Context, typed, name string) (tenant, person string, err error) {
	now := a.bot.Host().Now()
	name = bot.Clip(strings.TrimSpace(bot.Flat(name)), 100)
	if name == "" {
		return "", "", bot.Faultf(bot.Invalid, "Say your name, so that others know who you are.")
	}
	k, err := a.spend(ctx, typed, "", now, func(code) error { return nil })
	if err != nil {
		return "", "", err
	}
	row := store.Row[bot.Person]{ID: store.NewID("m", now), Val: bot.Person{Name: name, Roles: recruiting.Admin | recruiting.Recruiter}}
	if err := a.bot.SavePerson(ctx, k.Tenant, row, nil); err != nil {
		return "", "", err
	}
	named, err := employer(ctx, a.bot.DB(), k.Tenant)
	if err != nil {
		return "", "", err
	}
	if net := a.bot.Network(a.bot.Fallback); net != nil { // who is in stays in, even where this line is lost
		_, _ = net.Send(ctx, bot.Place{Network: net.Name(), Team: k.Tenant, Channel: "#recruiting"}, checklist(row.Val, named, "/rapport member invite \"Bo Lindt\" role:manager"), "setup")
	}
	return k.Tenant, row.ID, nil
}
