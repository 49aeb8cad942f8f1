package recruiting

import (
	"slices"
	"strings"
	"time"

	"rapport/bot"
)

// Level says who reads a note.
type Level string

const (
	OnlyMe   Level = "private" // its author
	TeamOnly Level = "team"    // whoever may read notes of this candidate
)

// Note is something a colleague wrote about a candidate. It is never shown to
// the candidate and never used in texts to them.
type Note struct {
	ID        string    `json:"id"`
	Candidate string    `json:"c"`
	Author    string    `json:"by"`
	Level     Level     `json:"level"`
	Text      string    `json:"text"`
	Link      string    `json:"link,omitempty"`  // the message it came from
	Said      string    `json:"said,omitempty"`  // who wrote that message, by name
	About     string    `json:"about,omitempty"` // a record of the process: "R-2"
	At        time.Time `json:"at"`

	// Of a note made from a message: which one (bot.MessageKey), and whether the note
	// still reads as that message does.
	Source  string    `json:"src,omitempty"`
	Follows bool      `json:"follows,omitempty"`
	Edited  time.Time `json:"edited,omitzero"`   // when the message was changed last
	Gone    time.Time `json:"gone,omitzero"`     // when the message was deleted
	Earlier []Wording `json:"earlier,omitempty"` // what it said before, oldest first
}

// Wording is what a note said until its message was edited.
type Wording struct {
	Text  string    `json:"text"`
	Until time.Time `json:"until"`
}

const (
	maxNote    = 8000
	maxEarlier = 10
)

// NewNote checks a note's text and level ("" = team).
func NewNote(candidate, text string, level Level, who bot.Person, now time.Time) (Note, *bot.Fault) {
	text = strings.TrimSpace(bot.Clean(text))
	switch {
	case text == "":
		return Note{}, bot.Faultf(bot.Invalid, "A note needs some words.").In("text")
	case runes(text) > maxNote:
		return Note{}, bot.Faultf(bot.Invalid, "A note holds %d characters; this one has %d. Shorten it or attach it as a file.", maxNote, runes(text)).In("text")
	case level == "":
		level = TeamOnly
	case level != OnlyMe && level != TeamOnly:
		return Note{}, bot.Faultf(bot.Invalid, "A note is either “private” (only you) or “team”.").In("level")
	}
	return Note{Candidate: candidate, Author: who.ID, Level: level, Text: text, At: now}, nil
}

// Reworded is the note after its message was edited: it says what the message says
// now and keeps what it said before. A note whose author chose other words keeps them,
// and only tells that the message has changed. ok is false when there is nothing to
// change: the same edit told twice, or one that was overtaken by a later one.
func (n Note) Reworded(text string, at time.Time) (next Note, ok bool) {
	text = bot.Clip(strings.TrimSpace(bot.Clean(text)), maxNote)
	if text == "" || at.Before(n.Edited) || n.Follows && SameWords(text, n.Text) || !n.Follows && at.Equal(n.Edited) {
		return n, false
	}
	n.Edited = at
	if n.Follows {
		n.Earlier = append(slices.Clone(n.Earlier), Wording{Text: n.Text, Until: at})
		if len(n.Earlier) > maxEarlier { // the first words stay
			n.Earlier = slices.Delete(n.Earlier, 1, 2)
		}
		n.Text = text
	}
	return n, true
}

// Orphaned is the note after its message was deleted. It stays: what was noted about
// a candidate is the noter's, and must not vanish by another's hand.
func (n Note) Orphaned(at time.Time) (next Note, ok bool) {
	if !n.Gone.IsZero() {
		return n, false
	}
	n.Gone = at
	return n, true
}

// SameWords reports whether two texts say the same, however their spaces and lines fall.
func SameWords(a, b string) bool {
	return slices.Equal(strings.Fields(a), strings.Fields(b))
}
