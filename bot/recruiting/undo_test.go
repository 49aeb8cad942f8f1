package recruiting

import (
	"strings"
	"testing"
	"time"

	"rapport/bot"
)

func TestUndo(t *testing.T) {
	t.Run("a move goes back, with the time it had", func(t *testing.T) {
		w := play(t, ada())
		c := w.do(sam, Move{App: "A-1", To: "onsite"})
		c = w.do(sam, Undo{c.Deed})
		if a := c.Process.Apps[0]; a.Stage != "applied" || !a.Since.Equal(noon.AddDate(0, 0, -1)) || len(a.Was) != 0 {
			t.Errorf("%+v", a)
		}
		if n, ok := Told[Undone](c); !ok || n.Act != DoMove || n.Deed != 1 {
			t.Errorf("%+v", c.News)
		}
		w.faulted(sam, Undo{1}, bot.Refused) // twice
	})
	t.Run("after ten minutes it stays", func(t *testing.T) {
		w := play(t, ada())
		c := w.do(sam, Move{App: "A-1", To: "onsite"})
		w.wait(UndoFor)
		w.faulted(sam, Undo{c.Deed}, bot.Refused)
	})
	t.Run("a later act stops it and is named", func(t *testing.T) {
		w := play(t, ada())
		c := w.do(sam, Move{App: "A-1", To: "onsite"})
		w.do(rita, AskReference{App: "A-1", Referee: "Prof. Bello"})
		f := w.faulted(sam, Undo{c.Deed}, bot.Refused)
		if !strings.Contains(f.Say, "reference asked") || f.Facts["because"] != "R-2" {
			t.Errorf("%+v", f)
		}
	})
	t.Run("only who did it, or an Admin", func(t *testing.T) {
		w := play(t, ada())
		c := w.do(sam, Move{App: "A-1", To: "onsite"})
		w.faulted(rita, Undo{c.Deed}, bot.Forbidden)
		w.do(admin, Undo{c.Deed})
	})
	t.Run("what has gone out has no way back, and says what to do", func(t *testing.T) {
		w := play(t, ada())
		w.do(sam, DraftOffer{App: "A-1"})
		c := w.do(sam, SendOffer{"O-2"})
		if f := w.faulted(sam, Undo{c.Deed}, bot.Refused); !strings.Contains(f.Say, "Withdraw it") {
			t.Error(f.Say)
		}
	})
	t.Run("a withdrawal gives back what lapsed with it", func(t *testing.T) {
		w := play(t, ada())
		w.do(sam, AskReference{App: "A-1", Referee: "Prof. Bello"}, SendReference{"R-2"})
		c := w.do(sam, Withdraw{App: "A-1", Cause: "misread"})
		c = w.do(sam, Undo{c.Deed})
		if r := c.Process.Reference("R-2"); r.State != ReferenceSent || c.Process.Apps[0].State != Active {
			t.Errorf("%+v", c.Process)
		}
		if len(c.Letters) == 0 || c.Letters[0].State != LetterDropped {
			t.Errorf("the referee is told it is over: %+v", c.Letters)
		}
	})
	t.Run("S1-20 what an act stopped goes on", func(t *testing.T) {
		w := play(t, ada())
		w.do(sam, reject("A-1"))
		c := w.do(rita, FileDecision{App: "A-1", Rating: PlainYes})
		c = w.do(rita, Undo{c.Deed})
		if r := c.Process.Rejections[0]; r.State != RejectionCooling || !r.Due.Equal(noon.Add(24*time.Hour)) || r.Asked != nil {
			t.Errorf("%+v", r)
		}
	})
	t.Run("the job was closed, or the stage is gone", func(t *testing.T) {
		w := play(t, ada())
		c := w.do(sam, Withdraw{App: "A-1"})
		w.s.Jobs[0].State = JobEnded
		w.faulted(sam, Undo{c.Deed}, bot.Refused)
		w.s.Jobs[0].State = JobOpen
		w.s.Jobs[0].Stages[0].Gone = true
		w.faulted(sam, Undo{c.Deed}, bot.Refused)
	})
}
