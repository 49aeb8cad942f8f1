package bottest

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"rapport/bot"
)

// Script runs one conversation. Its lines:
//
//	# a remark
//	@ Rita recruiter Europe/Berlin        somebody of the tenant, with roles and zone
//	@ Zed - Asia/Tokyo                    a stranger
//	Rita> /move Ada to:Onsite             types a command
//	Rita> say hello                       talks to the bot
//	Rita> press Undo                      presses the newest button whose label starts so
//	Rita> pick Stage = Onsite             picks from a menu
//	Rita> fill Stage = Onsite; Reason = x fills the open form and sends it
//	Rita> suggest candidate move candidate = ad   what is offered while typing
//	Rita> home                            opens the home page
//	needs talk                            skips the script where people do not talk to each other
//	Max> post Knows Postgres              says something to the others
//	Rita> on Knows Postgres = Add as a note   uses a command on what somebody said
//	Max> reword Knows Postgres = Knows Redis  edits what they said
//	Max> unsay Knows Redis                deletes it
//	= words                               must stand in what she sees now
//	! words                               must not
//	Max< words                            must stand in what reaches Max unasked
//	Max<! words                           must not
//	clock +10m                            time passes
//
// {network} and {team} stand for what the network and the workspace are called.
// match.go says how words are compared.
func Script(t *testing.T, w *World, path string, parse func(string) bot.Role) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := &scriptRun{t: t, w: w, path: path, parse: parse, inbox: map[string]string{}, here: map[string]bool{}}
	lines := strings.Split(string(raw), "\n")
	for _, l := range lines {
		if who, _, ok := reads(strings.TrimSpace(l)); ok {
			s.inbox[who] = ""
		}
	}
	for i, line := range lines {
		s.n = i + 1
		s.line(strings.NewReplacer("{network}", w.Driver.Network().Name(), "{team}", s.w.Team).Replace(strings.TrimSpace(line)))
	}
}

// reads takes a line apart that says what reaches somebody unasked.
func reads(l string) (who, words string, ok bool) {
	who, words, ok = strings.Cut(l, "<")
	return who, words, ok && who != "" && !strings.ContainsAny(who, "># !=@")
}

// talk is what people do with what they say to each other.
func (s *scriptRun) talk(who, verb, rest string) Screen {
	s.t.Helper()
	d, ok := s.w.Driver.(Talker)
	if !ok {
		s.fail("nobody talks to each other here")
		return ""
	}
	words, then, _ := strings.Cut(rest, " = ")
	switch verb {
	case "post":
		d.Post(s.t, who, rest)
	case "reword":
		d.Reword(s.t, who, words, then)
	case "unsay":
		d.Unsay(s.t, who, rest)
	default:
		for _, c := range s.w.Bot.Declared() {
			if c.Title == then && c.On&bot.OnMessage != 0 {
				return d.On(s.t, who, words, c)
			}
		}
		s.fail("no command on messages is called %q", then)
	}
	return ""
}

type scriptRun struct {
	t      *testing.T
	w      *World
	path   string
	n      int
	parse  func(string) bot.Role
	screen Screen
	who    string
	inbox  map[string]string // of whom the script says what reaches them
	here   map[string]bool
}

func (s *scriptRun) fail(format string, args ...any) {
	s.t.Helper()
	s.t.Errorf("%s:%d: %s", s.path, s.n, fmt.Sprintf(format, args...))
}

// Worder is a driver of a network on which commands read otherwise than in a script.
type Worder interface{ Worded(words string) string }

func (s *scriptRun) line(l string) {
	s.t.Helper()
	if d, ok := s.w.Driver.(Worder); ok && (strings.HasPrefix(l, "= ") || strings.HasPrefix(l, "! ")) {
		l = d.Worded(l)
	}
	switch {
	case l == "" || strings.HasPrefix(l, "#"):
	case strings.HasPrefix(l, "@ "):
		f := strings.Fields(l[2:])
		if len(f) < 2 {
			s.fail("want: @ Name roles [zone]")
			return
		}
		zone := ""
		if len(f) > 2 {
			zone = f[2]
		}
		s.here[f[0]] = true
		if f[1] == "-" {
			s.w.Driver.Account(s.t, f[0], zone)
			return
		}
		s.w.Person(s.t, f[0], s.parse(f[1]), zone)
	case strings.HasPrefix(l, "= "):
		if !contains(string(s.screen), l[2:]) {
			s.fail("%s does not see %q in:\n%s", s.who, l[2:], s.screen)
		}
	case strings.HasPrefix(l, "! "):
		if contains(string(s.screen), l[2:]) {
			s.fail("%s must not see %q in:\n%s", s.who, l[2:], s.screen)
		}
	case l == "needs talk":
		if _, ok := s.w.Driver.(Talker); !ok {
			s.t.Skip("nobody talks to each other here")
		}
	case strings.HasPrefix(l, "clock "):
		d, err := time.ParseDuration(strings.TrimPrefix(l[6:], "+"))
		if err != nil {
			s.fail("%v", err)
			return
		}
		s.read()
		s.w.Advance(s.t, d)
	default:
		s.act(l)
	}
}

// read waits until everything on its way has arrived, and lets those read it of whom
// the script says what reaches them: nobody acts before, and what is changed later
// was seen as it was.
func (s *scriptRun) read() {
	s.t.Helper()
	s.w.Settle(s.t)
	for who := range s.inbox {
		if s.here[who] {
			s.inbox[who] += "\n" + s.w.Driver.Inbox(s.t, who)
		}
	}
}

func (s *scriptRun) act(l string) {
	s.t.Helper()
	s.read()
	if who, words, ok := reads(l); ok {
		words, not := strings.CutPrefix(words, "!")
		words = strings.TrimSpace(words)
		if contains(s.inbox[who], words) == not {
			s.fail("%s: what reached them, looking for %q:\n%s", who, words, s.inbox[who])
		}
		return
	}
	who, what, ok := strings.Cut(l, "> ")
	if !ok {
		s.fail("cannot read %q", l)
		return
	}
	s.who = who
	verb, rest, _ := strings.Cut(what, " ")
	d, t := s.w.Driver, s.t
	switch verb {
	case "say":
		s.screen = d.Say(t, who, rest)
	case "press":
		s.screen = d.Press(t, who, rest)
	case "pick":
		label, option, _ := strings.Cut(rest, " = ")
		s.screen = d.Pick(t, who, label, option)
	case "fill":
		values := map[string]string{}
		for _, pair := range strings.Split(rest, "; ") {
			if k, v, ok := strings.Cut(pair, " = "); ok {
				values[k] = v
			}
		}
		s.screen = d.Fill(t, who, values)
	case "suggest":
		left, typed, _ := strings.Cut(rest, " = ")
		words := strings.Fields(left)
		s.screen = d.Suggest(t, who, strings.Join(words[:len(words)-1], " "), words[len(words)-1], typed)
	case "home":
		s.screen = d.Home(t, who)
	case "post", "on", "reword", "unsay":
		s.screen = s.talk(who, verb, rest)
	default:
		s.screen = d.Command(t, who, what)
	}
	if t.Failed() {
		t.Logf("%s:%d: %s", s.path, s.n, l)
	}
}
