package bot

import (
	"context"
	"reflect"
	"slices"
)

// maxMeant is how many buttons of one message are looked at.
const maxMeant = 12

// Meant are the records of a kind (as in ref:"kind") that a card of the bot is about
// which a shortcut was used on: those its buttons would act on.
func (c *Call) Meant(ctx context.Context, kind string) []string {
	if c.On == nil {
		return nil
	}
	var out []string
	for _, text := range c.On.Tokens[:min(len(c.On.Tokens), maxMeant)] {
		tok, err := c.bot.openToken(ctx, text, c.Now)
		cmd := c.bot.byName[tok.Act]
		if err != nil || cmd == nil || tok.Tenant != c.Tenant || tok.Typed {
			continue
		}
		act, err := cmd.decode(tok.Args)
		if err != nil {
			continue
		}
		for _, f := range cmd.fields {
			if f.ref != kind || f.Many {
				continue
			}
			if id := f.get(reflect.ValueOf(act)); id != "" && !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	return out
}
