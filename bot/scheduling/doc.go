// Package scheduling answers questions about time without asking anybody: it
// opens no network, reads no clock and no file, and never guesses. Every function
// that needs "now" is given it.
//
// One time-zone database is carried along ([Default]) or loaded by the caller
// ([Open]); what Go or the system know about zones is never used, because laws
// change faster than machines are renewed. A moment is kept as an instant with the
// zone it was spoken in; an appointment as local time, zone, side of a repeated
// hour and edition of the database, so that a new law moves the instant and not the
// promise.
//
// Which question is answered by which file:
//
//	which zone is this name, or what is near it?     zones.go nearest.go windows.go
//	which zone is this city or country in?           places.go placesearch.go
//	what do IST or ET mean on that day?              letters.go
//	when do clocks show this: never, once, twice?    local.go
//	what was said in "tue 3pm", in three languages?  phrase*.go grammar.go text.go
//	what does it mean, or what has to be asked?      decide*.go say_ask.go
//	which zones does a note name in passing?         notes.go
//	how is a time said so that nobody is wrong?      say.go voice.go near.go marks.go
//	which appointments did a new database move?      appointment.go
//	when does this repeat?                           recur*.go rrule*.go
//	what does this calendar's text say?              ics*.go vtimezone.go
//	when do people work; how much working time lies
//	between; when are eight hours of it over?        hours.go business.go holidays*.go
//	when can they meet?                              slot*.go, from slots.go on
//	why this plan, is it still bookable?             plan.go planbook.go
//	why never, and what would help?                  why.go
//	do the acceptance cases pass?                    cases.go *cases.go
package scheduling
