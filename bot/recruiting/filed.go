package recruiting

// Filed is the record of a process whose words lie in a note: an offer's terms, what
// a referee said, a verdict.
type Filed struct {
	ID, App string
	Part    Part   // who sees such words
	Is      State  // of an offer
	Referee string // of a reference
	Earlier bool   // of a scorecard that was filed again since
}

// Filed is the record a note belongs to. ok is false for a note of its own, and for
// words whose record was taken back: nobody reads those any more. The record names
// its note, since ids of records change when two people become one.
func (p *Process) Filed(n Note) (f Filed, ok bool) {
	if n.About == "" || n.ID == "" {
		return f, false
	}
	for _, o := range p.Offers {
		if o.Note == n.ID {
			return Filed{ID: o.ID, App: o.App, Part: PartOffers, Is: o.State}, true
		}
	}
	for _, r := range p.Refs {
		if r.Note == n.ID {
			return Filed{ID: r.ID, App: r.App, Part: PartReferences, Referee: r.Referee}, true
		}
	}
	for _, d := range p.Decisions {
		if d.Note == n.ID {
			return Filed{ID: d.ID, App: d.App, Part: PartReasons}, true
		}
	}
	for _, s := range p.Scorecards {
		if s.Note == n.ID || s.ID == n.About && s.By == n.Author {
			return Filed{ID: s.ID, App: s.App, Part: PartScorecards, Earlier: s.Note != n.ID}, true
		}
	}
	return f, false
}

// Title says what the words are, before a colon: "Offer O-3, terms (withdrawn)"; by is
// the name of who filed them.
func (f Filed) Title(by string) string {
	switch f.Part {
	case PartOffers:
		return "Offer " + f.ID + ", terms (" + string(f.Is) + ")"
	case PartReferences:
		return "Reference " + f.ID + " from " + f.Referee + ", filed by " + by
	case PartReasons:
		return "Decision " + f.ID + " of " + by
	}
	if f.Earlier {
		return "Scorecard " + f.ID + " of " + by + ", before it was filed again"
	}
	return "Scorecard " + f.ID + " of " + by
}
