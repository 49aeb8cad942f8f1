package clock

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/bot/scheduling"
	"rapport/handlers/tables"
	"rapport/store"
)

const (
	mostPeople = 500 // of a team are looked at
	mostZones  = 15  // are shown for one time
	mostNames  = 6   // stand beside a zone
	mostTimes  = 4   // of a list of times
)

// kindFrom and kindTill are the hours nobody needs to be asked about. What is longer
// than mostMeeting is when somebody could meet, and not a meeting.
const (
	kindFrom, kindTill = 8, 20
	mostMeeting        = 12 * time.Hour
)

// corner is everybody whose clock shows the same.
type corner struct {
	loc   *time.Location
	names []string
	first bool // the asker's own
}

// crowd is the asker, the team and the candidate, by zone; the asker's zone first.
func (w *wall) crowd(ctx context.Context, c *bot.Call, candidate string) ([]corner, error) {
	by := map[string]*corner{}
	add := func(zone, name string, front bool) {
		loc, err := w.zones.Zone(zone)
		if zone == "" || err != nil {
			return
		}
		key := w.zones.Canonical(zone)
		k := by[key]
		if k == nil {
			k = &corner{loc: loc}
			by[key] = k
		}
		if front {
			k.names = slices.Insert(k.names, 0, name)
			return
		}
		k.names = append(k.names, name)
	}
	ids, err := bot.People.Range(ctx, c.Scope, "all", "", store.Span{Limit: mostPeople})
	if err != nil {
		return nil, err
	}
	rows, err := bot.People.Many(ctx, c.Scope, ids)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b store.Row[bot.Person]) int {
		return cmp.Or(strings.Compare(a.Val.Name, b.Val.Name), strings.Compare(a.ID, b.ID))
	})
	for _, r := range rows {
		if !r.Val.Gone && r.ID != c.Person.ID {
			add(r.Val.Zone, r.Val.Name, false)
		}
	}
	if candidate != "" {
		if err := w.addCandidate(ctx, c, candidate, add); err != nil {
			return nil, err
		}
	}
	add(c.Person.Zone, "you", true)
	out := make([]corner, 0, len(by))
	mine := w.zones.Canonical(c.Person.Zone)
	for key, k := range by {
		k.first = key == mine
		out = append(out, *k)
	}
	return out, nil
}

// addCandidate adds a candidate's clock for somebody who may see them.
func (w *wall) addCandidate(ctx context.Context, c *bot.Call, id string, add func(zone, name string, front bool)) error {
	p, err := tables.Fresh(ctx, c, id)
	if err != nil {
		return err
	}
	if !recruiting.MaySee(c.Person, &p.Situation.Process, p.Situation.Jobs) {
		return recruiting.NoCandidate(id)
	}
	c.Viewed("candidate:" + p.Candidate.ID)
	v := p.Candidate.Val
	if v.Zone == "" {
		return bot.Faultf(bot.Missing, "I do not know %s's time zone yet. Set it with %s.", bot.Bold(v.Name), bot.Code("/"+c.Bot().Prefix+" candidate edit")).In("candidate")
	}
	add(v.Zone, v.Name+" (candidate)", true)
	return nil
}

// everybody says back what was understood, and each person's own time.
func (w *wall) everybody(c *bot.Call, a When, spans []scheduling.Span, people []corner) bot.Message {
	voice := w.voice(c)
	var m bot.Message
	for i, s := range spans[:min(len(spans), mostTimes)] {
		said := voice.Say(s.Start)
		if !s.End.IsZero() {
			said = voice.SayRange(s.Start, s.End)
		}
		if i == 0 {
			m.Text = said
			m.Blocks = append(m.Blocks, bot.Para{Text: fmt.Sprintf("I read “%s” as %s.", bot.Clip(bot.Flat(a.Time), shownPhrase), bot.Bold(said))})
		} else {
			m.Blocks = append(m.Blocks, bot.Para{Text: "or " + bot.Bold(said)})
		}
		m.Blocks = append(m.Blocks, bot.Para{Text: w.yours(c, voice, s)})
		if items := clocks(voice, s, people); len(items) > 0 {
			m.Blocks = append(m.Blocks, bot.List{Items: items})
		}
	}
	var small []string
	if more := len(spans) - mostTimes; more > 0 {
		small = append(small, fmt.Sprintf("%d more times were named; ask for them by themselves.", more))
	}
	if more := len(people) - mostZones; more > 0 {
		small = append(small, fmt.Sprintf("%d more time zones of the team are not shown.", more))
	}
	if c.Person.Zone == "" {
		small = append(small, "I do not know your time zone. Tell me with "+bot.Code("/"+c.Bot().Prefix+" me zone:Europe/Berlin")+".")
	}
	if len(small) > 0 {
		m.Blocks = append(m.Blocks, bot.Note{Text: strings.Join(small, " ")})
	}
	return m
}

// yours is the same instant as each reader's own clock shows it, and how far off it is
// where that cannot mislead.
func (w *wall) yours(c *bot.Call, voice scheduling.Voice, s scheduling.Span) string {
	zone := c.Person.Zone
	if _, err := w.zones.Zone(zone); zone == "" || err != nil {
		zone = "UTC"
	}
	text := "On your clock: " + bot.Moment(s.Start, zone, bot.DateTime)
	if !s.End.IsZero() {
		text += " to " + bot.Moment(s.End, zone, bot.DateTime)
	}
	if near := voice.Near(s.Start.In(w.zoneOf(zone)), c.Now); near != "" && c.Person.Zone != "" {
		text += " (" + near + ")"
	}
	return text
}

// clocks are a line for each zone, from west to east, the asker's first.
func clocks(voice scheduling.Voice, s scheduling.Span, people []corner) []string {
	rows := slices.Clone(people)
	slices.SortFunc(rows, func(a, b corner) int {
		if a.first != b.first {
			if a.first {
				return -1
			}
			return 1
		}
		_, east := s.Start.In(a.loc).Zone()
		_, than := s.Start.In(b.loc).Zone()
		return cmp.Or(cmp.Compare(east, than), strings.Compare(a.loc.String(), b.loc.String()))
	})
	var out []string
	for _, k := range rows[:min(len(rows), mostZones)] {
		local := voice.SayTime(s.Start.In(k.loc), s.Start.Location())
		if !s.End.IsZero() {
			local = voice.SayRange(s.Start.In(k.loc), s.End.In(k.loc))
		}
		out = append(out, bot.Bold(names(k.names))+" · "+local+unkind(s, k.loc))
	}
	return out
}

// unkind flags hours for which people are asked first.
func unkind(s scheduling.Span, loc *time.Location) string {
	end := s.End
	if end.IsZero() {
		end = s.Start
	}
	if end.Sub(s.Start) >= mostMeeting {
		return ""
	}
	start := s.Start.In(loc)
	last := time.Date(start.Year(), start.Month(), start.Day(), kindTill, 0, 0, 0, loc)
	switch {
	case start.Hour() < kindFrom:
		return " · before 8"
	case start.Hour() >= kindTill, end.After(last):
		return " · after 20"
	}
	return ""
}

func names(list []string) string {
	if more := len(list) - mostNames; more > 0 {
		return strings.Join(list[:mostNames], ", ") + fmt.Sprintf(" and %d more", more)
	}
	return strings.Join(list, ", ")
}
