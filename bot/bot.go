// Package bot is the conversation kernel: events come in from any network, a
// person is recognised, a command is found and completed, a rule decides, one
// commit keeps it all, and an answer goes out. It knows no network by name and
// nothing of hiring.
//
// The path of an event:
//
//	adapter decodes      → Event
//	Receive              → seen before? who? which command? complete? may they?
//	Do                   → May, Confirm, Run (reads, pure rules, staging), one store commit
//	fit                  → the reply lowered to what the network can show
//	Turn.Say             → the adapter renders it
//	later                → news loop → On · due loop → Do · outbox → Network.Send
//
// Everything that acts is a command: a typed line, a button, a form, a timer.
// A handler reads, decides by pure rules, stages writes and returns a reply; it
// never sends. Features meet at five doors only (doors.go): ask (Do), learn
// (On), read (shared tables), hang acts on each other's cards (Attach), hear
// talk (Listen).
//
// The kernel must never name a network, import a feature, or acknowledge what
// is not yet safe.
package bot
