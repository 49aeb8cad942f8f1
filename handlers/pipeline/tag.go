package pipeline

import (
	"context"
	"slices"
	"strings"

	"rapport/bot"
	"rapport/handlers/tables"
	"rapport/store"
)

// Tag puts tags on a candidate, or takes them off.
type Tag struct {
	Candidate string `arg:"candidate" ref:"candidate" label:"Candidate"`
	Tags      string `arg:"tags" label:"Tags" hint:"With commas between them"`
	Off       bool   `arg:"off" label:"Take these off"`
}

func addTags(b *bot.Bot) {
	bot.Handle(b, bot.Command[Tag]{Name: "candidate tag", Title: "Tag a candidate", Who: moving,
		Help: "Puts tags on a candidate, or takes them off.", Example: `candidate tag "Ada Okafor" tags:"golang, remote"`, Run: tag})
}

func tag(ctx context.Context, c *bot.Call, a Tag) (bot.Reply, error) {
	p, err := seen(ctx, c, a.Candidate)
	if err != nil {
		return bot.Reply{}, err
	}
	if !mayEdit(c, &p) {
		return bot.Reply{}, notYours(&p)
	}
	next := p.Candidate.Val
	var fault *bot.Fault
	if a.Off {
		for _, t := range pieces(bot.Flat(a.Tags)) {
			if next, fault = next.DropTag(strings.TrimPrefix(strings.TrimSpace(t), "#")); fault != nil {
				return bot.Reply{}, fault.In("tags")
			}
		}
	} else if next, fault = next.AddTags(bot.Flat(a.Tags)); fault != nil {
		return bot.Reply{}, fault.In("tags")
	}
	text := bot.Bold(next.Name) + " has no tags."
	if len(next.Tags) > 0 {
		text = bot.Bold(next.Name) + " has the tags " + strings.Join(next.Tags, ", ") + "."
	}
	reply := bot.Answer(bot.Card(text, bot.Para{Text: text}, bot.Buttons{Buttons: []bot.Button{{Label: "Open card", Do: Show{Candidate: p.Candidate.ID}}}}))
	if turnedTags := differ(next.Tags, p.Candidate.Val.Tags); len(turnedTags) > 0 {
		p.Candidate.Val = next
		store.Put(c.Batch(), tables.Candidates, p.Candidate)
		c.Record("candidate:" + p.Candidate.ID)
		reply.Undo = Tag{Candidate: p.Candidate.ID, Tags: strings.Join(turnedTags, ", "), Off: !a.Off}
	}
	return reply, nil
}

// differ are the tags that stand in only one of two lists.
func differ(a, b []string) []string {
	var out []string
	for _, t := range append(slices.Clone(a), b...) {
		if slices.Contains(a, t) != slices.Contains(b, t) {
			out = append(out, t)
		}
	}
	return out
}
