package bot

import (
	"context"
	"reflect"
	"sort"

	json "github.com/go-json-experiment/json/v1"
)

// News names are the package and type: "recruiting.Moved".
func newsName(v any) string { return reflect.TypeOf(v).String() }

type listener struct {
	feature string
	learn   func(ctx context.Context, c *Call, raw []byte) error
}

// On hears news of type N, once per feature and item, in a commit of its own. It
// runs again when it fails, and ends as a dead letter a person can see.
func On[N any](b *Bot, feature string, learn func(ctx context.Context, c *Call, n N) error) {
	name := reflect.TypeFor[N]().String()
	b.learners[name] = append(b.learners[name], listener{feature, func(ctx context.Context, c *Call, raw []byte) error {
		var n N
		if err := json.Unmarshal(raw, &n); err != nil {
			return err
		}
		return learn(ctx, c, n)
	}})
}

// Attach hangs buttons on the cards of a kind of record ("candidate"). offer looks
// at the record by id and returns what this person may do.
func (b *Bot) Attach(kind string, offer func(ctx context.Context, c *Call, id string) []Button) {
	b.attached[kind] = append(b.attached[kind], offer)
}

// Attached are the buttons that others hang on a card, those left out that this
// person may not press.
func (c *Call) Attached(ctx context.Context, kind, id string) []Button {
	var out []Button
	for _, offer := range c.bot.attached[kind] {
		for _, x := range offer(ctx, c, id) {
			if x.Do == nil || c.Allowed(x.Do) {
				out = append(out, x)
			}
		}
	}
	return out
}

// Allowed reports whether the gate lets this person try an act at all.
func (c *Call) Allowed(act any) bool {
	cmd := c.bot.byType[reflect.TypeOf(act)]
	return cmd != nil && c.may(cmd.Who)
}

func (c *Call) may(who Role) bool {
	return c.Machine && who&Machine != 0 || c.Person.Is(who)
}

// Listen hears talk: messages that are no command. The first listener that
// answers true has dealt with it.
func (b *Bot) Listen(hear func(ctx context.Context, c *Call, s Said) (Reply, bool, error)) {
	b.hearers = append(b.hearers, hear)
}

// Homepage adds a part to everybody's home page; parts stand in their order.
func (b *Bot) Homepage(order int, part func(ctx context.Context, c *Call) ([]Block, error)) {
	b.home = append(b.home, homePart{order, part})
	sort.SliceStable(b.home, func(i, j int) bool { return b.home[i].order < b.home[j].order })
}

type homePart struct {
	order int
	part  func(ctx context.Context, c *Call) ([]Block, error)
}

// Watch hears what happens to accounts and teams: Profiled, Joined, Left,
// Uninstalled, Edited, Deleted, Reacted.
func (b *Bot) Watch(see func(ctx context.Context, c *Call, e Event) error) {
	b.watchers = append(b.watchers, see)
}

// Lookup resolves what people type for a kind of record.
type Lookup struct {
	// Find returns the records that text may mean, best first: exactly one when it
	// is clear (an id always is). args holds the other arguments so far. None may
	// come with a Missing fault that names the nearest.
	Find func(ctx context.Context, c *Call, text string, args map[string]string) ([]Option, error)
	// Suggest completes while typing; nil = Find.
	Suggest func(ctx context.Context, c *Call, typed string, args map[string]string) ([]Option, error)
	// Gone is the fault when a record of an older card is not there any more, for good;
	// nil when it is, or when that cannot be said at once: a form waits for the answer.
	Gone func(ctx context.Context, c *Call, id string) *Fault
}

// Refs declares how fields tagged ref:"kind" are resolved.
func (b *Bot) Refs(kind string, l Lookup) {
	if b.refs[kind].Find != nil {
		panic("bot: two lookups for " + kind)
	}
	b.refs[kind] = l
}
