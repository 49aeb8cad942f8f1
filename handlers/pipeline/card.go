package pipeline

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
)

const (
	cardNotes = 3
	cardSteps = 6
)

// zone is where a moment is shown for the reader of this answer.
func zone(c *bot.Call) string {
	if c.Person.Zone != "" {
		return c.Person.Zone
	}
	return "UTC"
}

// card is what a candidate looks like to this person: what they may know, and what
// they may do next.
func card(ctx context.Context, c *bot.Call, p *tables.Person) (bot.Message, error) {
	v := p.Candidate.Val
	m := bot.Card(v.Name, bot.Heading{Text: v.Name})
	if f := cardFacts(ctx, c, p); len(f) > 0 {
		m.Blocks = append(m.Blocks, bot.Facts{Facts: f})
	}
	if open := underway(c, p); len(open) > 0 {
		m.Blocks = append(m.Blocks, bot.Para{Text: bot.Bold("Under way")}, bot.List{Items: open})
	}
	notes, more, err := notesOf(ctx, c, p, 0, cardNotes)
	if err != nil {
		return m, err
	}
	if len(notes) > 0 {
		m.Blocks = append(m.Blocks, bot.Para{Text: bot.Bold("Notes")})
		for _, n := range notes {
			m.Blocks = append(m.Blocks, bot.Para{Text: titled(ctx, c, p, n.Val, 300)}, bot.Note{Text: byline(ctx, c, n.Val)})
		}
	}
	if steps := timeline(c, p); len(steps) > 0 {
		m.Blocks = append(m.Blocks, bot.Para{Text: bot.Bold("Lately")}, bot.List{Items: steps})
	}
	if recruiting.SeesAny(c.Person, recruiting.PartProfile, &p.Situation.Process, p.Situation.Jobs) {
		line, err := mergedLately(ctx, c, p.Candidate.ID)
		if err != nil {
			return m, err
		}
		if line != "" {
			m.Blocks = append(m.Blocks, bot.Note{Text: line})
		}
	}
	if v.Demo {
		m.Blocks = append(m.Blocks, bot.Note{Text: "Invented for the demo; nobody outside is ever written to."})
	}
	acts, small := cardActs(ctx, c, p)
	if more {
		small = append([]bot.Button{{Label: "All notes", Do: Notes{Candidate: p.Candidate.ID}}}, small...)
	}
	for _, row := range [][]bot.Button{acts, small} {
		row = slices.DeleteFunc(row, func(x bot.Button) bool { return x.Do != nil && !c.Allowed(x.Do) })
		if len(row) > 0 {
			m.Blocks = append(m.Blocks, bot.Buttons{Buttons: row})
		}
	}
	return m, nil
}

// cardFacts are the short facts this person may see.
func cardFacts(ctx context.Context, c *bot.Call, p *tables.Person) []bot.Fact {
	v, s := p.Candidate.Val, &p.Situation
	var out []bot.Fact
	add := func(name, value string) {
		if value != "" {
			out = append(out, bot.Fact{Name: name, Value: value})
		}
	}
	sees := func(part recruiting.Part) bool { return recruiting.SeesAny(c.Person, part, &s.Process, s.Jobs) }
	for _, a := range s.Process.Active() {
		if j := s.Jobs.Get(a.Job); j != nil && recruiting.Sees(c.Person, recruiting.PartStage, &s.Process, j) {
			held := ""
			if j.State == recruiting.JobOnHold {
				held = ", job on hold"
			}
			add(j.Title, j.StageName(a.Stage)+", "+days(j.Running(a.Since, c.Now))+" (since "+bot.Moment(a.Since, zone(c), bot.DateOnly)+")"+held)
			if link := j.Link(a.External); link != "" {
				add("Kept in "+j.OwnedBy.System, bot.Link("Open there", link))
			}
		}
	}
	if sees(recruiting.PartContact) {
		add("Mail", strings.Join(v.Emails, ", "))
		var phones []string
		for _, x := range v.Phones {
			phones = append(phones, x.String())
		}
		add("Phone", strings.Join(phones, ", "))
		add("City", v.City)
		add("Zone", v.Zone)
		add("Language", v.Locale)
	}
	if sees(recruiting.PartProfile) {
		add("Tags", strings.Join(v.Tags, ", "))
		add("Source", v.Source)
		if v.Owner != "" {
			add("Looked after by", c.NameOf(ctx, v.Owner))
		}
		var links []string
		for _, l := range v.Links {
			links = append(links, linked(l))
		}
		add("Attached", strings.Join(links[max(0, len(links)-8):], ", "))
	}
	return out
}

// linked shows something attached; a file without an address by its name.
func linked(l recruiting.Link) string {
	if l.URL == "" {
		return l.Name
	}
	return bot.Link(l.Name, l.URL)
}

// underway are references, offers, rejections and interviews that are not over.
func underway(c *bot.Call, p *tables.Person) []string {
	w := &p.Situation.Process
	var out []string
	sees := func(part recruiting.Part, app string) bool {
		a := w.App(app)
		return a != nil && recruiting.Sees(c.Person, part, w, p.Situation.Jobs.Get(a.Job))
	}
	line := func(what, id string, state recruiting.State, more string) {
		out = append(out, fmt.Sprintf("%s %s: %s%s", what, id, state.Said(), more))
	}
	for i := range w.Refs {
		if r := &w.Refs[i]; r.Open() && sees(recruiting.PartReferences, r.App) {
			line("Reference", r.ID, r.State, " since "+bot.Moment(r.Since, zone(c), bot.DateOnly))
		}
	}
	for i := range w.Offers {
		if o := &w.Offers[i]; o.Stands() && sees(recruiting.PartOffers, o.App) {
			line("Offer", o.ID, o.State, " since "+bot.Moment(o.Since, zone(c), bot.DateOnly))
		}
	}
	for i := range w.Rejections {
		if r := &w.Rejections[i]; r.Pending() && sees(recruiting.PartReasons, r.App) {
			more := " since " + bot.Moment(r.Since, zone(c), bot.DateOnly)
			if r.State == recruiting.RejectionCooling {
				more = ", goes out from " + bot.Moment(r.Due, zone(c), bot.DateTime)
			}
			line("Rejection", r.ID, r.State, more)
		}
	}
	for i := range w.Interviews {
		if v := &w.Interviews[i]; v.Ahead(c.Now) && sees(recruiting.PartStage, v.App) {
			when := ""
			if !v.At.IsZero() {
				when = ", " + bot.Moment(v.At, zone(c), bot.DateTime)
			}
			line("Interview", v.ID, v.State, when)
		}
	}
	return out
}

// cardActs are what this person may do with somebody: the process first, then the
// record.
func cardActs(ctx context.Context, c *bot.Call, p *tables.Person) (acts, small []bot.Button) {
	id := p.Candidate.ID
	if movesSome(c, p) {
		acts = append(acts, bot.Button{Label: "Move…", Style: bot.Primary, Do: Move{Candidate: id}})
	}
	if recruiting.SeesAny(c.Person, recruiting.PartNotes, &p.Situation.Process, p.Situation.Jobs) {
		acts = append(acts, bot.Button{Label: "Note…", Do: AddNote{Candidate: id}})
	}
	acts = append(acts, c.Attached(ctx, "candidate", id)...)
	if mayEdit(c, p) {
		acts = append(acts, bot.Button{Label: "Put on a job…", Do: Apply{Candidate: id}})
		small = append(small, bot.Button{Label: "Edit…", Do: EditForm{Candidate: id, Rev: p.Candidate.Rev}},
			bot.Button{Label: "Tag…", Do: Tag{Candidate: id}}, bot.Button{Label: "Attach…", Do: Attach{Candidate: id}})
	}
	if slices.Contains(p.Candidate.Val.Follows, c.Person.ID) {
		small = append(small, bot.Button{Label: "Unfollow", Do: Unfollow{Candidate: id}})
	} else if hears(c, p) {
		small = append(small, bot.Button{Label: "Follow", Do: Follow{Candidate: id}})
	}
	if recruiting.SeesAny(c.Person, recruiting.PartStage, &p.Situation.Process, p.Situation.Jobs) {
		small = append(small, bot.Button{Label: "History", Do: History{Candidate: id}})
	}
	return acts, append(small, bot.Button{Label: "Merge…", Do: Merge{Candidate: id}})
}

// movesSome reports whether this person may move the candidate on some job.
func movesSome(c *bot.Call, p *tables.Person) bool {
	for _, a := range p.Situation.Process.Active() {
		if j := p.Situation.Jobs.Get(a.Job); j != nil && recruiting.MayMove(c.Person, j) {
			return true
		}
	}
	return false
}

// mayEdit reports whether this person may change what is known of somebody: those
// who run hiring, and hiring managers for people on their own jobs.
func mayEdit(c *bot.Call, p *tables.Person) bool {
	if c.Person.Is(recruiting.Admin | recruiting.Recruiter) {
		return true
	}
	for i := range p.Situation.Jobs {
		if recruiting.MayRun(c.Person, &p.Situation.Jobs[i]) {
			return true
		}
	}
	return p.Candidate.Val.MadeBy == c.Person.ID && len(p.Situation.Process.Apps) == 0
}

// notYours is the refusal of a change to somebody's record.
func notYours(p *tables.Person) *bot.Fault {
	return bot.Faultf(bot.Forbidden, "Changing the record of %s is for %s, and for the hiring managers of their jobs.",
		bot.Bold(p.Candidate.Val.Name), recruiting.Said(recruiting.Admin|recruiting.Recruiter))
}
