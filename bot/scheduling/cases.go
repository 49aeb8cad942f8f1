package scheduling

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// phraseCase is one acceptance case about a phrase, as kept in files.
type phraseCase struct {
	ID        string    `json:"id"`
	Now       time.Time `json:"now"`
	UserTZ    string    `json:"user_tz"`
	Text      string    `json:"text"`
	Locale    string    `json:"locale"`
	Territory string    `json:"territory"`
	DateOrder string    `json:"date_order"`
	User      struct {
		TZ     string `json:"tz"`
		Locale string `json:"locale"`
	} `json:"slack_user"`
}

// PhraseGot is what a phrase was understood as, in the shape in which cases
// expect it: outcome "instant" with utc and zone, "range" with two instants,
// "several" with a list of either, or "clarify" with why and the candidates.
type PhraseGot struct {
	Outcome    string    `json:"outcome"`
	UTC        any       `json:"utc,omitempty"`
	Zone       string    `json:"zone,omitempty"`
	Why        Why       `json:"why,omitempty"`
	Candidates *[]string `json:"candidates_utc,omitempty"`
}

// WhenCase reads one phrase case and gives what is understood, for `when FILE
// --json`. An error means that the case itself cannot be read.
func WhenCase(raw json.RawMessage) (got any, err error) { return WhenCaseWith(Default(), raw) }

// WhenCaseWith is WhenCase with another database.
func WhenCaseWith(db *DB, raw json.RawMessage) (got any, err error) {
	var c phraseCase
	if err := json.Unmarshal(raw, &c); err != nil {
		return nil, unreadableCase("phrase", err)
	}
	if c.Now.IsZero() {
		return nil, fmt.Errorf("phrase case %s: now is missing", c.ID)
	}
	ctx := ReadContext{DB: db, Now: c.Now, Zone: c.UserTZ, Locale: c.Locale, Territory: c.Territory}
	if ctx.Zone == "" {
		ctx.Zone = c.User.TZ // never its tz_offset: that is today's
	}
	if ctx.Locale == "" {
		ctx.Locale = c.User.Locale
	}
	switch c.DateOrder {
	case "dmy":
		ctx.DateOrder = DayFirst
	case "mdy":
		ctx.DateOrder = MonthFirst
	case "ymd":
		ctx.DateOrder = YearFirst
	}
	return Read(c.Text, ctx).Got(), nil
}

// unreadableCase says which part of a case is not what it must be.
func unreadableCase(kind string, err error) error {
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrong) && wrong.Field == "":
		return faultf("a %s case is an object, not a %s", kind, wrong.Value)
	case errors.As(err, &wrong):
		return faultf("this %s case cannot be read: %s cannot be a %s", kind, wrong.Field, wrong.Value)
	}
	return faultf("this %s case cannot be read: %s", kind, err)
}

// Got is a reading in the shape of the cases.
func (r Reading) Got() PhraseGot {
	if !r.Resolved() {
		list := make([]string, 0, len(r.Options))
		for _, o := range r.Options {
			list = append(list, utc(o.Start))
		}
		return PhraseGot{Outcome: "clarify", Why: r.Why, Candidates: &list}
	}
	if len(r.Spans) > 1 {
		list := make([]any, 0, len(r.Spans))
		for _, s := range r.Spans {
			list = append(list, s.utc())
		}
		return PhraseGot{Outcome: "several", UTC: list, Zone: r.Spans[0].Zone}
	}
	s := r.Spans[0]
	outcome := "instant"
	if !s.End.IsZero() {
		outcome = "range"
	}
	return PhraseGot{Outcome: outcome, UTC: s.utc(), Zone: s.Zone}
}

// utc is an instant as a string, a stretch as two.
func (s Span) utc() any {
	if s.End.IsZero() {
		return utc(s.Start)
	}
	return [2]string{utc(s.Start), utc(s.End)}
}

func utc(t time.Time) string { return t.UTC().Format(time.RFC3339) }
