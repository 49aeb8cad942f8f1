// Package slacktest is a strict Slack in one process, for tests.
//
// A Server speaks the Web API under /api/, Socket Mode over WebSocket, response URLs,
// file uploads and the OAuth pages, all on one loopback port. It holds workspaces, people,
// channels, messages, modals and Homes, and it delivers to the app under test whatever its
// people do, over signed HTTP or over a socket, so that one script drives both.
//
// It refuses what Slack refuses, with Slack's words: wrong tokens, missing scopes, broken
// blocks, late triggers, worn-out response URLs. What the app did that Slack would refuse, or
// that a person would see as broken, is also kept as a Fault; a test ends with RequireClean.
//
// The path of one act: Human.Press → payload → a door (HTTP or socket) → the app's
// acknowledgement, judged → what the app does with the API, judged → the state a Human sees,
// read with Human.Visible. Waiting is by signal, with a deadline.
//
// It never imports the bot or a Slack library, never reaches beyond loopback, and never guesses
// kindly: where Slack's documentation is silent the stricter reading is taken and said so.
package slacktest
