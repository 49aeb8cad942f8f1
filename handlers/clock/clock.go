// Package clock answers what time a phrase means for everybody: "/when tue 3pm
// Berlin time" lists each person's local time, or asks which time is meant.
//
// The path of a phrase: bot/scheduling reads it by what is known of the asker
// (when.go); one meaning is said back with the team's clocks
// (everybody.go); several become buttons, each with the same act and the instant
// chosen (ask.go).
//
// It keeps nothing and never guesses; what a phrase means is decided in
// bot/scheduling alone.
package clock

import (
	"rapport/bot"
	"rapport/bot/scheduling"
)

// Add declares the feature. zones is the database in force; nil is the one that the
// program carries.
func Add(b *bot.Bot, zones *scheduling.DB) {
	if zones == nil {
		zones = scheduling.Default()
	}
	w := &wall{zones: zones}
	bot.Handle(b, bot.Command[When]{Name: "when", Title: "What time is that", Who: bot.Known, Reads: true,
		Help: "Says a time in everybody's own zone.", Example: "when tue 3pm Berlin time", Run: w.when})
}

// wall is where the clocks hang.
type wall struct{ zones *scheduling.DB }
