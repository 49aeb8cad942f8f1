package pipeline

import (
	"testing"

	"rapport/bot"
	"rapport/bot/bottest"
	"rapport/bot/recruiting"
)

// History speaks of people's acts in words: no command's name is shown to a reader.
func TestHistoryHasWordsForEveryActOnAPerson(t *testing.T) {
	t.Parallel()
	w := bottest.New(t, bottest.Options{Add: func(b *bot.Bot) { Add(b, nil) }, Roles: recruiting.Words()})
	for _, d := range w.Bot.Menu(bot.Person{ID: "m", Roles: recruiting.Team}) {
		if did[d.Name] == "" && looked[d.Name] == "" && !quiet[d.Name] {
			t.Errorf("%s has no words for history", d.Name)
		}
	}
}

// quiet are commands that leave no line with a person or a job.
var quiet = map[string]bool{"dismiss": true, "guard report": true, "home": true, "job list": true, "job stuck": true, "job unanswered": true,
	"letter list": true, "retention list": true, "retention set": true, "work": true}
