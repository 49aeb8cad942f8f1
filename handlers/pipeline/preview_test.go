package pipeline

import (
	"context"
	"testing"

	"rapport/bot"
	"rapport/bot/bottest"
	"rapport/bot/recruiting"
)

// slowMerge is a merge with time between the look at what was confirmed and the act.
type slowMerge struct{}

// What happens meanwhile is seen: the act is tried again from the preview on.
func TestAMergeIsWhatItsPreviewShowed(t *testing.T) {
	t.Parallel()
	var revs []string
	var meanwhile func()
	w := bottest.New(t, bottest.Options{Roles: recruiting.Words(), Add: func(b *bot.Bot) {
		Add(b, nil)
		bot.Handle(b, bot.Command[slowMerge]{Name: "slow-merge", Help: "Merges Ada and Bea.", Who: moving, Run: func(ctx context.Context, c *bot.Call, _ slowMerge) (bot.Reply, error) {
			var ids []string
			for _, name := range []string{"Ada", "Bea"} {
				found, err := search(ctx, c, name, offered)
				if err != nil || len(found) != 1 {
					return bot.Reply{}, err
				}
				ids = append(ids, found[0].ID)
			}
			a := Merge{Candidate: ids[0], With: ids[1]}
			p, err := confirmMerge(ctx, c, a)
			if err != nil {
				return bot.Reply{}, err
			}
			if revs = append(revs, p.Rev); len(revs) == 1 {
				meanwhile()
			}
			return merge(ctx, c, a)
		}})
	}})
	w.Person(t, "Rita", recruiting.Recruiter, "Europe/Berlin")
	w.Person(t, "Max", recruiting.Recruiter, "Europe/Berlin")
	room := w.Driver.(*bottest.Room)
	room.Command(t, "Rita", `job open "Backend Engineer" stages:"Applied, Screen, Onsite"`)
	for _, name := range []string{"Ada", "Bea"} {
		room.Command(t, "Rita", `candidate add `+name+` email:`+name+`@mail.example job:"Backend Engineer"`)
	}
	meanwhile = func() { room.Command(t, "Max", `candidate move Bea to:Screen`) }
	if said := room.Command(t, "Rita", "slow-merge"); len(revs) != 2 || revs[0] == revs[1] {
		t.Errorf("merged on what was shown before: %v\n%s", revs, said)
	}
}
