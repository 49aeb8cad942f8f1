package clock

import (
	"context"
	"time"

	"rapport/bot"
	"rapport/bot/scheduling"
)

// When asks what a time is for everybody. From, Till and Zone hold a reading that was
// picked with a button: seconds since 1970 (Till 0: an instant, not a stretch) and the
// zone it was meant in.
type When struct {
	Time      string `arg:"time" label:"Time" hint:"Such as tue 3pm Berlin time, or tomorrow 9-11"`
	Candidate string `arg:"candidate,optional" ref:"candidate" label:"Candidate"`

	From int64  `json:",omitempty"`
	Till int64  `json:",omitempty"`
	Zone string `json:",omitempty"`
}

const shownPhrase = 80 // characters of what was typed that are said back

func (w *wall) when(ctx context.Context, c *bot.Call, a When) (bot.Reply, error) {
	people, err := w.crowd(ctx, c, a.Candidate)
	if err != nil {
		return bot.Reply{}, err
	}
	r := w.read(c, a)
	if !r.Resolved() {
		return bot.Answer(w.ask(c, a, r)), nil
	}
	return bot.Answer(w.everybody(c, a, r.Spans, people)), nil
}

// read is what the phrase means to the one who typed it, or what they picked.
func (w *wall) read(c *bot.Call, a When) scheduling.Reading {
	if a.From != 0 {
		loc := w.zoneOf(a.Zone)
		if at, err := time.Parse("Z07:00", a.Zone); err == nil { // an offset is nobody's zone
			_, east := at.Zone()
			loc = time.FixedZone("", east)
		}
		s := scheduling.Span{Start: time.Unix(a.From, 0).In(loc), Zone: loc.String()}
		if a.Till != 0 {
			s.End = time.Unix(a.Till, 0).In(loc)
		}
		return scheduling.Reading{Spans: []scheduling.Span{s}}
	}
	phrase := typed(a.Time)
	return scheduling.Read(phrase, scheduling.ReadContext{DB: w.zones, Now: c.Now, Zone: c.Person.Zone, Locale: c.Person.Locale})
}

// typed is the phrase as it was written. A mark that shows each reader their own time
// comes decoded; it is one instant, whole.
func typed(text string) string {
	spans := bot.Spans(text)
	for _, s := range spans {
		if s.Kind == bot.SpanMoment && len(spans) == 1 {
			return scheduling.StampMark(s.At, "")
		}
	}
	return bot.Flat(text)
}

// zoneOf is a location by name; without one, UTC.
func (w *wall) zoneOf(name string) *time.Location {
	if loc, err := w.zones.Zone(name); err == nil {
		return loc
	}
	return time.UTC
}

// voice is how the asker is spoken to.
func (w *wall) voice(c *bot.Call) scheduling.Voice {
	return scheduling.NewVoice(w.zones, c.Person.Locale, c.Person.Zone, scheduling.ClockUnknown, scheduling.OrderUnknown)
}
