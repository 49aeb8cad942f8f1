package pipeline

import (
	"rapport/bot"
	"rapport/bot/scheduling"
)

// atlas reads places and times by the database in force, which need not be the one
// that the program carries.
type atlas struct{ zones *scheduling.DB }

// zoneOf reads a time zone or a city as an IANA zone; "" stays "".
func (w atlas) zoneOf(text string) (string, *bot.Fault) {
	if text == "" {
		return "", nil
	}
	places, err := w.zones.Locate(text)
	if err != nil {
		return "", bot.Faultf(bot.Invalid, "%s", err.Error()).In("zone")
	}
	if len(places) > 1 {
		fault := &bot.Fault{Kind: bot.Ambiguous, Field: "zone", Say: "“" + bot.Clip(text, 40) + "” stands for more than one place. Which one?"}
		for _, p := range places {
			fault.Options = append(fault.Options, bot.Option{Value: p.Zone, Label: p.Name, Hint: p.Where})
		}
		return "", fault
	}
	return places[0].Zone, nil
}
