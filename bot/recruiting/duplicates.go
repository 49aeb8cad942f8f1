package recruiting

import (
	"slices"
	"strings"

	"github.com/xrash/smetrics"
)

// Likeness says how sure it is that two candidates are one person.
type Likeness int

const (
	Different Likeness = iota
	Likely             // a person must look
	Certain            // one address, number or external id in common
)

// Match is a likeness with what speaks for it, in words.
type Match struct {
	Like Likeness
	Why  []string
}

// nameLimit is the Jaro-Winkler similarity of sorted, folded names from which
// they count as the same name ("Maria Garcia" and "Mario Garza" reach 0.87).
const nameLimit = 0.93

// Compare says whether two candidates are one person. A name alone never does:
// it needs a second hint (S3-06).
func Compare(a, b Candidate) Match {
	if a.Gone() || b.Gone() || a.ID != "" && a.ID == b.ID {
		return Match{}
	}
	var m Match
	for _, mail := range a.Emails {
		if slices.Contains(b.Emails, mail) {
			m.Like, m.Why = Certain, append(m.Why, "the same mail address")
			break
		}
	}
	if slices.ContainsFunc(a.Phones, func(p Phone) bool {
		return p.E164 != "" && slices.ContainsFunc(b.Phones, func(q Phone) bool { return q.E164 == p.E164 })
	}) {
		m.Like, m.Why = Certain, append(m.Why, "the same phone number")
	}
	for _, e := range a.External {
		if slices.Contains(b.External, e) {
			m.Like, m.Why = Certain, append(m.Why, "the same id in "+e.System)
		}
	}
	if m.Like == Certain {
		return m
	}
	if !sameName(a.Name, b.Name) {
		return Match{}
	}
	if why := hints(a, b); len(why) > 0 {
		return Match{Like: Likely, Why: append([]string{"nearly the same name"}, why...)}
	}
	return Match{}
}

func sameName(a, b string) bool {
	x, y := Tokens(a), Tokens(b)
	if len(x) == 0 || len(y) == 0 {
		return false
	}
	slices.Sort(x)
	slices.Sort(y)
	return smetrics.JaroWinkler(strings.Join(x, " "), strings.Join(y, " "), 0.7, 4) >= nameLimit
}

// hints are what two people of one name have in common beside it.
func hints(a, b Candidate) []string {
	var why []string
	if a.City != "" && Fold(a.City) == Fold(b.City) {
		why = append(why, "the same city")
	}
	if slices.ContainsFunc(a.Phones, func(p Phone) bool {
		return slices.ContainsFunc(b.Phones, func(q Phone) bool { return tailDigits(p) != "" && tailDigits(p) == tailDigits(q) })
	}) {
		why = append(why, "a phone number that ends the same")
	}
	if slices.ContainsFunc(a.Emails, func(m string) bool {
		return slices.ContainsFunc(b.Emails, func(n string) bool { return localPart(m) == localPart(n) })
	}) {
		why = append(why, "the same mail name at another provider")
	}
	if slices.ContainsFunc(a.Links, func(l Link) bool {
		return l.URL != "" && slices.ContainsFunc(b.Links, func(k Link) bool { return sameURL(l.URL, k.URL) })
	}) {
		why = append(why, "the same link")
	}
	return why
}

func tailDigits(p Phone) string {
	d := digits(p.String())
	if len(d) < 7 {
		return ""
	}
	return d[len(d)-7:]
}

func localPart(mail string) string {
	l, _, _ := cutLast(mail, '@')
	l, _, _ = strings.Cut(l, "+")
	return strings.ReplaceAll(l, ".", "")
}

func sameURL(a, b string) bool {
	plain := func(s string) string {
		s = strings.ToLower(s)
		s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
		s, _, _ = strings.Cut(strings.TrimPrefix(s, "www."), "?")
		return strings.TrimRight(s, "/")
	}
	return plain(a) == plain(b)
}

// Duplicates are the candidates of a list who may be the same person as c, surest first.
func Duplicates(c Candidate, among []Candidate) []Duplicate {
	var out []Duplicate
	for _, o := range among {
		if m := Compare(c, o); m.Like != Different {
			out = append(out, Duplicate{o.ID, o.Name, m})
		}
	}
	slices.SortStableFunc(out, func(a, b Duplicate) int { return int(b.Like - a.Like) })
	return out
}

// Duplicate is another candidate who may be the same person.
type Duplicate struct {
	ID, Name string
	Match
}
