package recruiting

import (
	"testing"
	"time"
)

func TestANoteFollowsItsMessage(t *testing.T) {
	t.Parallel()
	at := func(m int) time.Time { return time.Date(2026, 11, 24, 12, m, 0, 0, time.UTC) }
	n := Note{Text: "first words", Follows: true}
	for name, c := range map[string]struct {
		note Note
		text string
		at   time.Time
		want string
		ok   bool
		kept int
	}{
		"new words":                            {n, "second", at(1), "second", true, 1},
		"the same words with other spaces":     {n, " first\nwords ", at(1), "first words", false, 0},
		"no words, where none may be read":     {n, "", at(1), "first words", false, 0},
		"an edit overtaken by a later one":     {Note{Text: "third", Follows: true, Edited: at(5)}, "second", at(1), "third", false, 0},
		"words of the noter's own":             {Note{Text: "mine"}, "second", at(1), "mine", true, 0},
		"words of the noter's own, told twice": {Note{Text: "mine", Edited: at(1)}, "second", at(1), "mine", false, 0},
	} {
		got, ok := c.note.Reworded(c.text, c.at)
		if got.Text != c.want || ok != c.ok || len(got.Earlier) != c.kept {
			t.Errorf("%s: %+v, %v", name, got, ok)
		}
	}
	for i := range 30 {
		n, _ = n.Reworded("words "+string(rune('a'+i)), at(i))
	}
	if len(n.Earlier) != maxEarlier || n.Earlier[0].Text != "first words" {
		t.Errorf("of many edits stay %d, the first %q", len(n.Earlier), n.Earlier[0].Text)
	}
	gone, ok := n.Orphaned(at(40))
	if _, again := gone.Orphaned(at(41)); !ok || again || gone.Text != n.Text {
		t.Error("a deleted message leaves its note, and is told once")
	}
}
