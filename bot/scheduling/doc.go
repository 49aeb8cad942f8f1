// Package scheduling answers questions about time without asking anybody: it
// opens no network, reads no clock and no file, and never guesses.
//
// One time-zone database is carried along ([Default]) or loaded by the caller
// ([Open]); what Go or the system know about zones is never used, because laws
// change faster than machines are renewed. Every function that needs "now"
// gets it as an argument.
//
// Which file answers which question:
//
//	zones.go         which zone is meant by this identifier, and which names are near it
//	local.go         which instants show this clock time: none, one or two
//	windows.go       which zone is meant by a Windows name, in which territory
//	places.go        which zone is meant by a city or a country
//	letters.go       which zone is meant by letters such as IST or ET
//	phrase.go        what did this person mean by "tue 3pm", or what has to be asked
//	grammar.go       the words of English, German and Spanish
//	say.go           how is an instant said so that nobody can be wrong
//	near.go          where "in 25 minutes" and "tomorrow" cannot mislead
//	marks.go         the marks that networks show in each reader's own zone
//	appointment.go   which appointments moved when the database changed
//	cases.go         the acceptance cases, one function per kind
//
// A moment is kept as an instant together with the zone it was spoken in;
// an appointment as the local time, the zone, the side of a repeated hour and
// the version of the database, so that a new law moves the instant and not the
// promise.
package scheduling
