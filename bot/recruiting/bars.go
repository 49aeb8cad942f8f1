package recruiting

import "time"

// BarKind is something another vocabulary knows that keeps messages from a person.
type BarKind string

const (
	OptedOut     BarKind = "opted out"
	Bounced      BarKind = "mail bounces"
	Complained   BarKind = "complaint open"
	DoNotContact BarKind = "do not contact"
	Employee     BarKind = "works here"
	Stale        BarKind = "records not in step" // an ATS sync lags (S3-27)
)

// Bar is one such fact with the record that says so.
type Bar struct {
	Kind BarKind
	Rec  string
	At   time.Time
}

// barred are the records of the bars of some kinds.
func (s *Situation) barred(kinds ...BarKind) (because []string, hit bool) {
	for _, b := range s.Bars {
		for _, k := range kinds {
			if b.Kind == k {
				because, hit = append(because, b.Rec), true
			}
		}
	}
	return because, hit
}
