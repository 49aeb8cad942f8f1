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
// Which file answers which question:
//
//	zones.go nearest.go     which zone is this identifier, and what is near it
//	local.go                which instants show this clock time: none, one, two
//	windows.go letters.go   what a Windows name means; what IST or ET mean
//	places.go placesearch.go  which zone a city or country is in; picking a city
//	phrase*.go grammar.go   what was said in "tue 3pm", in three languages
//	decide*.go              what it means, or what has to be asked
//	notes.go                which zones a note names in passing
//	say*.go voice.go near.go  how a time is said so that nobody can be wrong
//	marks.go                marks that each reader sees in their own zone
//	appointment.go          which appointments a new database moved
//	recur*.go rrule*.go     when something that recurs happens
//	ics*.go vtimezone.go    what a calendar's text says
//	hours.go business.go holidays*.go  when somebody works; business time
//	slots.go slot*.go plan*.go why.go  when people can meet; if never, why
//	cases.go *cases.go      acceptance cases, one function per kind
package scheduling
