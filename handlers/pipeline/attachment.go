package pipeline

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
	"rapport/store"
)

// Attach hangs a link, or a file that lies on the network it came from, on a candidate.
type Attach struct {
	Candidate string `arg:"candidate" ref:"candidate" label:"Candidate"`
	Name      string `arg:"name" label:"What is it" hint:"CV, portfolio, …"`
	Link      string `arg:"link,optional" label:"Link"`
	File      string `arg:"file,optional,upload" label:"File"`
}

// Detach takes something attached off again.
type Detach struct{ Candidate, Link string }

func addAttachments(b *bot.Bot) {
	bot.Handle(b, bot.Command[Attach]{Name: "candidate attach", Title: "Attach to a candidate", Who: moving, On: bot.OnMessage,
		Help: "Attaches a link or a file to a candidate.", Example: `candidate attach "Ada Okafor" name:CV link:https://files.example/ada.pdf`, Shape: shapeAttach, Run: attach})
	bot.Handle(b, bot.Command[Detach]{Name: "candidate detach", Help: "Takes something attached off.", Who: moving, On: bot.Hidden, Run: detach})
}

// shapeAttach takes over the files of the message a shortcut was used on, else the
// message itself.
func shapeAttach(ctx context.Context, c *bot.Call, a Attach, f *bot.Form) {
	if c.On == nil {
		return
	}
	guess(ctx, c, f)
	name, link := "", c.On.Link
	if n := len(c.On.Files); n > 0 && a.File == "" && a.Link == "" {
		name, link = c.On.Files[0].Name, ""
		a.File = bot.FileList(c.On.Files)
		f.Act = a
		var names []string
		for _, x := range c.On.Files {
			names = append(names, x.Name)
		}
		if n > 1 {
			name = strconv.Itoa(n) + " files"
		}
		f.Intro = "Attaches " + strings.Join(names, ", ") + "."
		f.Fields = slices.DeleteFunc(f.Fields, func(x bot.Field) bool { return x.Name == "link" || x.Name == "file" })
	}
	for i := range f.Fields {
		x := &f.Fields[i]
		switch {
		case x.Value != "":
			continue
		case x.Name == "name":
			x.Value = bot.Clip(name, 120)
		case x.Name == "link":
			x.Value = link
		}
		x.Shown = x.Value
	}
}

func attach(ctx context.Context, c *bot.Call, a Attach) (bot.Reply, error) {
	p, err := seen(ctx, c, a.Candidate)
	if err != nil {
		return bot.Reply{}, err
	}
	if !mayEdit(c, &p) {
		return bot.Reply{}, notYours(&p)
	}
	added, fault := given(a)
	if fault != nil {
		return bot.Reply{}, fault
	}
	next := p.Candidate.Val
	var ids, said []string
	for _, l := range added {
		if slices.ContainsFunc(next.Links, func(o recruiting.Link) bool { return o.URL == l.URL && o.Name == l.Name }) {
			return bot.Reply{}, bot.Faultf(bot.Refused, "That is attached to %s already.", bot.Bold(next.Name)).In("link")
		}
		l.ID, l.By, l.At = store.NewID("l", c.Now), c.Person.ID, c.Now
		ids, said = append(ids, l.ID), append(said, linked(l))
		if next, fault = next.AddLink(l); fault != nil {
			return bot.Reply{}, fault
		}
	}
	p.Candidate.Val = next
	store.Put(c.Batch(), tables.Candidates, p.Candidate)
	c.Record("candidate:" + p.Candidate.ID)
	text := "Attached " + strings.Join(said, ", ") + " to " + bot.Bold(next.Name) + "."
	return bot.Reply{Message: bot.Card(bot.Flat(text), bot.Para{Text: text}, bot.Buttons{Buttons: []bot.Button{{Label: "Open card", Do: Show{Candidate: p.Candidate.ID}}}}),
		Undo: Detach{Candidate: p.Candidate.ID, Link: strings.Join(ids, ",")}}, nil
}

// given is what was sent along: files by where they lie, and a link. What is in a file
// stays on the network it came from, whose limits hold for its size.
func given(a Attach) ([]recruiting.Link, *bot.Fault) {
	sent := bot.Files(a.File)
	name, fault := short("name", "name", a.Name)
	if fault != nil {
		return nil, fault
	}
	var out []recruiting.Link
	for _, f := range sent {
		l := recruiting.Link{Name: name, Type: f.Type, Size: f.Size}
		if len(sent) > 1 {
			l.Name = bot.Clip(bot.Flat(f.Name), 100)
		}
		if f.URL == "" {
			return nil, bot.Faultf(bot.Invalid, "I am not told where “%s” lies, so I could not lead anybody to it. Attach a link to it instead.", l.Name).In("file")
		}
		if l.URL, fault = address(f.URL); fault != nil {
			return nil, fault.In("file")
		}
		out = append(out, l)
	}
	if a.Link != "" {
		url, fault := address(a.Link)
		if fault != nil {
			return nil, fault
		}
		out = append(out, recruiting.Link{Name: name, URL: url})
	}
	if len(out) == 0 {
		return nil, bot.Faultf(bot.Invalid, "Give a link or a file, such as %s.", bot.Code("link:https://files.example/cv.pdf")).In("link")
	}
	return out, nil
}

func detach(ctx context.Context, c *bot.Call, a Detach) (bot.Reply, error) {
	p, err := seen(ctx, c, a.Candidate)
	if err != nil {
		return bot.Reply{}, err
	}
	if !mayEdit(c, &p) {
		return bot.Reply{}, notYours(&p)
	}
	n := len(p.Candidate.Val.Links)
	p.Candidate.Val.Links = slices.DeleteFunc(slices.Clone(p.Candidate.Val.Links), func(l recruiting.Link) bool { return slices.Contains(strings.Split(a.Link, ","), l.ID) })
	if len(p.Candidate.Val.Links) == n {
		return bot.Reply{}, bot.Faultf(bot.Stale, "That is not attached any more.")
	}
	store.Put(c.Batch(), tables.Candidates, p.Candidate)
	c.Record("candidate:" + p.Candidate.ID)
	return bot.Replyf("Taken off %s.", bot.Bold(p.Candidate.Val.Name)), nil
}
