package discord

import (
	"testing"

	"rapport/bot"
)

func TestCommandsReadAsTheyAreTypedHere(t *testing.T) {
	t.Parallel()
	line := func(names ...string) (out []bot.Field) {
		for _, n := range names {
			out = append(out, bot.Field{Name: n})
		}
		return out
	}
	_, c := registry([]bot.Declared{{Name: "member add", Fields: line("member", "role")}, {Name: "candidate move", Short: "move", Fields: line("candidate", "to")},
		{Name: "job open", Fields: line("title", "stages")}, {Name: "console link", Short: "console"}, {Name: "setup", Fields: line("code")}, {Name: "undo"},
		{Name: "candidate refer", Fields: line("candidate", "link")}, {Name: "job"}}, "rapport")
	for in, want := range map[string]string{
		"/rapport member add @bob role:manager":                                "/member add member:@bob role:manager",
		"/rapport member add":                                                  "/member add",
		"/rapport candidate move Ada Okafor to:Onsite":                         "/candidate move candidate:Ada Okafor to:Onsite",
		`/rapport job open "Backend Engineer" stages:"Applied, Screen, Hired"`: "/job open title:Backend Engineer stages:Applied, Screen, Hired",
		`/rapport job open "Engineer" "Applied, Hired"`:                        `/job open "Engineer" "Applied, Hired"`,
		"/move":                    "/move",
		"/rapport move Ada":        "/move candidate:Ada",
		"/console":                 "/console link", // "console" is a group here
		"/rapport console":         "/console link",
		"/rapport setup CODE":      "/setup code:CODE",
		"/rapport undo":            "/undo",
		"/rapport job":             "/rapport job",
		"/rapport fly to the moon": "/rapport fly to the moon",
		"rapport setup-code":       "rapport setup-code",
		"/usr/bin":                 "/usr/bin",
		"/rapport candidate refer https://a.example/x": "/candidate refer candidate:https://a.example/x",
	} {
		if got := c.typed(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
	m := c.message(bot.Card("t", bot.Para{Text: "Type " + bot.Code("/rapport undo") + ", or write /rapport undo."}))
	if got := render(m, nil)[0].Embeds[0].Description; got != "Type `/undo`, or write /rapport undo." {
		t.Error(got)
	}
}
