package pipeline

import (
	"strings"
	"time"

	"rapport/bot"
	"rapport/bot/scheduling"
)

// day reads a day in the words of who writes, as the end of that day, and what was
// understood; said is empty when they wrote the date itself. Nothing is guessed: of
// several days one is asked for.
func (w atlas) day(c *bot.Call, text, field string) (end time.Time, said string, fault *bot.Fault) {
	text = strings.TrimSpace(text)
	if text == "" {
		return end, "", nil
	}
	read := func(phrase string) scheduling.Reading {
		return scheduling.Read(phrase, scheduling.ReadContext{DB: w.zones, Now: c.Now, Zone: zone(c), Locale: c.Person.Locale})
	}
	r := read(text)
	if r.Why == scheduling.NoTime {
		r = read(text + " all day")
	}
	if r.Why == scheduling.InThePast && len(r.Options) == 1 {
		r.Why, r.Spans = "", r.Options // the rules say what is the matter with it
	}
	voice := scheduling.NewVoice(w.zones, c.Person.Locale, zone(c), scheduling.ClockUnknown, scheduling.OrderUnknown)
	if r.Resolved() && len(r.Spans) == 1 {
		at := r.Spans[0].Start
		if _, err := time.Parse(time.DateOnly, text); err != nil {
			said = "I read “" + bot.Clip(bot.Flat(text), 80) + "” as " + voice.SayDay(at) + "."
		}
		return time.Date(at.Year(), at.Month(), at.Day(), 23, 59, 59, 0, time.UTC), said, nil
	}
	var days []bot.Option
	for _, o := range append(r.Options, r.Spans...) {
		days = append(days, bot.Option{Value: o.Start.Format(time.DateOnly), Label: voice.SayDay(o.Start)})
	}
	switch {
	case len(days) == 0:
		return end, "", bot.Faultf(bot.Invalid, "Write a day, such as 2026-12-15 or friday.").In(field)
	case r.Resolved():
		r.Words = "That is more than one day. Which one is it?"
	}
	return end, "", &bot.Fault{Kind: bot.Ambiguous, Field: field, Say: r.Words, Options: days}
}
