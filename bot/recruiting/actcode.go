package recruiting

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// Coded is an act as a button carries it: its name and its fields.
type Coded struct {
	Act  string          `json:"a"`
	Args json.RawMessage `json:"v"`
}

// acts are all acts that the guard's ways and questions may name.
var acts = byName(Move{}, Apply{}, Transfer{}, Withdraw{}, AskReference{}, SendReference{}, ReceiveReference{}, CancelReference{}, RecordYes{},
	DraftOffer{}, SendOffer{}, AcceptOffer{}, DeclineOffer{}, WithdrawOffer{},
	Reject{}, SignRejection{}, ReleaseRejection{}, StopRejection{}, ResumeRejection{}, CancelRejection{}, SendRejection{},
	Invite{}, Book{}, RemindInterview{}, CancelInterview{}, EndInterview{}, FileScorecard{}, FileDecision{}, Undo{})

func byName(list ...Act) map[string]reflect.Type {
	out := map[string]reflect.Type{}
	for _, a := range list {
		t := reflect.TypeOf(a)
		out[t.Name()] = t
	}
	return out
}

// Encode writes acts down.
func Encode(list []Act) ([]Coded, error) {
	out := make([]Coded, len(list))
	for i, a := range list {
		raw, err := json.Marshal(a)
		if err != nil {
			return nil, err
		}
		name := reflect.TypeOf(a).Name()
		if acts[name] == nil {
			return nil, fmt.Errorf("act %s cannot be written down", name)
		}
		out[i] = Coded{name, raw}
	}
	return out, nil
}

// Decode reads acts that Encode wrote.
func Decode(steps []Coded) ([]Act, error) {
	out := make([]Act, len(steps))
	for i, s := range steps {
		t := acts[s.Act]
		if t == nil {
			return nil, fmt.Errorf("no act is called %q", s.Act)
		}
		v := reflect.New(t)
		if err := json.Unmarshal(s.Args, v.Interface()); err != nil {
			return nil, fmt.Errorf("act %s: %w", s.Act, err)
		}
		out[i] = v.Elem().Interface().(Act)
	}
	return out, nil
}
