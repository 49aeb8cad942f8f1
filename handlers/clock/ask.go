package clock

import (
	"strconv"
	"unicode/utf8"

	"rapport/bot"
	"rapport/bot/scheduling"
)

const (
	mostOptions = 8  // more choices help nobody: name a city, or the date
	label       = 75 // characters every network shows on a button
)

// ask says what is not clear, with a button for each reading. A press is the same act
// with the instant chosen, so that nothing is read twice.
func (w *wall) ask(c *bot.Call, a When, r scheduling.Reading) bot.Message {
	words := r.Words
	if r.Why == scheduling.NoZone && c.Person.Zone == "" {
		words += " Or tell me yours once, with " + bot.Code("/"+c.Bot().Prefix+" me zone:Europe/Berlin") + "."
	}
	m := bot.Card(bot.Flat(words), bot.Para{Text: words})
	options := r.Options[:min(len(r.Options), mostOptions)]
	if len(options) == 0 {
		return m
	}
	long := false
	for _, o := range options {
		long = long || utf8.RuneCountInString(o.Words) > label
	}
	var list bot.List
	var row []bot.Button
	for i, o := range options {
		pick := When{Time: bot.Clip(bot.Flat(a.Time), shownPhrase), Candidate: a.Candidate, From: o.Start.Unix(), Zone: o.Zone}
		if !o.End.IsZero() {
			pick.Till = o.End.Unix()
		}
		b := bot.Button{Label: o.Words, Do: pick}
		if long {
			list.Numbered, list.Items = true, append(list.Items, o.Words)
			b.Label = strconv.Itoa(i + 1)
		}
		row = append(row, b)
	}
	if long {
		m.Blocks = append(m.Blocks, list)
	}
	m.Blocks = append(m.Blocks, bot.Buttons{Buttons: row})
	if len(r.Options) > mostOptions {
		m.Blocks = append(m.Blocks, bot.Note{Text: "There are more readings than these. Write the date, the time and a city to be exact."})
	}
	return m
}
