package recruiting

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"
)

// A process is encoded on each move, so it must stay small; and what is read back
// must be what was kept.
func TestProcessIsSmallAndReadsBackTheSame(t *testing.T) {
	w := play(t, ada())
	for range 10 {
		w.do(sam, Move{App: "A-1", To: "screen"}, Move{App: "A-1", To: "onsite"})
		w.wait(time.Hour)
	}
	data, err := json.Marshal(w.s.Process)
	if err != nil {
		t.Fatal(err)
	}
	if len(data) > 1500 {
		t.Errorf("%d bytes after 20 moves: %s", len(data), data)
	}
	w.do(sam, AskReference{App: "A-1", Referee: "Prof. Bello"}, CancelReference{"R-2"}, reject("A-1"))
	data, _ = json.Marshal(w.s.Process)
	var back Process
	if err := json.Unmarshal(data, &back); err != nil || !reflect.DeepEqual(back, w.s.Process) {
		t.Errorf("%v\n%+v\n%+v", err, back, w.s.Process)
	}
}
