package recruiting

import (
	"slices"
	"strings"
	"time"

	"rapport/bot"
)

// Candidate is one human being who may work here, whatever jobs they look at.
type Candidate struct {
	ID       string     `json:"id"`
	Name     string     `json:"name"`
	Emails   []string   `json:"emails,omitempty"` // lower case; the first is written to
	Phones   []Phone    `json:"phones,omitempty"`
	Zone     string     `json:"zone,omitempty"` // IANA; "" = not known, ask
	City     string     `json:"city,omitempty"`
	Locale   string     `json:"locale,omitempty"` // BCP 47
	Tags     []string   `json:"tags,omitempty"`
	Source   string     `json:"source,omitempty"`
	External []External `json:"ext,omitempty"`
	Owner    string     `json:"owner,omitempty"` // person id of who looks after them
	Links    []Link     `json:"links,omitempty"`
	Consents []Consent  `json:"consents,omitempty"`
	Follows  []string   `json:"follows,omitempty"` // person ids who want to hear of changes
	Made     time.Time  `json:"made,omitzero"`
	MadeBy   string     `json:"by,omitempty"`
	Into     string     `json:"into,omitempty"`   // merged into this candidate
	Erased   time.Time  `json:"erased,omitzero"`  // everything else is empty then
	Demo     bool       `json:"demo,omitempty"`   // invented: never written to outside
	Private  bool       `json:"hidden,omitempty"` // confidential: only the owner, Admins and the people of their jobs
	Keep     time.Time  `json:"keep,omitzero"`    // an Admin wants the data kept until then, whatever retention says
}

// External is the id of a record in another system; unique per system.
type External struct {
	System string `json:"s"`
	ID     string `json:"i"`
}

// String is the external id as one word: "greenhouse:123".
func (e External) String() string { return e.System + ":" + e.ID }

// Link is something attached: a file kept elsewhere or an address.
type Link struct {
	ID   string    `json:"id,omitempty"`
	Name string    `json:"name"`
	URL  string    `json:"url,omitempty"`
	Type string    `json:"type,omitempty"` // media type of a file
	Size int64     `json:"size,omitempty"`
	By   string    `json:"by,omitempty"`
	At   time.Time `json:"at,omitzero"`
}

// Consent is what a candidate said yes or no to, when and how.
type Consent struct {
	To  string    `json:"to"` // "updates", "campaigns", "talent pool", "reference:<job>"
	Yes bool      `json:"yes"`
	At  time.Time `json:"at"`
	How string    `json:"how,omitempty"` // "form", "mail", "told Sam"
}

const (
	maxName     = 120
	maxTags     = 40
	maxEmails   = 10
	maxPhones   = 10
	maxLinks    = 50
	maxExternal = 20
)

// Mail is the address written to, "" when none is known.
func (c Candidate) Mail() string {
	if len(c.Emails) == 0 {
		return ""
	}
	return c.Emails[0]
}

// First is how the candidate is greeted: the first word of the name.
func (c Candidate) First() string {
	if f := strings.Fields(c.Name); len(f) > 0 {
		return f[0]
	}
	return ""
}

// Gone reports whether the record only points elsewhere: merged or erased.
func (c Candidate) Gone() bool { return c.Into != "" || !c.Erased.IsZero() }

// AddEmail puts an address at the end unless it is there. The address must be
// what ParseEmail returned.
func (c Candidate) AddEmail(mail string) (Candidate, *bot.Fault) {
	if slices.Contains(c.Emails, mail) {
		return c, nil
	}
	if len(c.Emails) >= maxEmails {
		return c, bot.Faultf(bot.Invalid, "%s has %d addresses already; take one away first.", c.Name, maxEmails).In("email")
	}
	c.Emails = append(slices.Clone(c.Emails), mail)
	return c, nil
}

// AddPhone puts a number at the end unless it is there.
func (c Candidate) AddPhone(p Phone) (Candidate, *bot.Fault) {
	if slices.ContainsFunc(c.Phones, p.same) {
		return c, nil
	}
	if len(c.Phones) >= maxPhones {
		return c, bot.Faultf(bot.Invalid, "%s has %d phone numbers already; take one away first.", c.Name, maxPhones).In("phone")
	}
	c.Phones = append(slices.Clone(c.Phones), p)
	return c, nil
}

// AddTags puts tags (comma separated) on the candidate; equal ones, folded, once.
func (c Candidate) AddTags(text string) (Candidate, *bot.Fault) {
	tags := slices.Clone(c.Tags)
	for _, t := range splitList(text) {
		t = strings.TrimPrefix(oneLine(t), "#")
		if t == "" {
			continue
		}
		if runes(t) > 40 {
			return c, bot.Faultf(bot.Invalid, "The tag “%s” is too long; 40 characters are enough.", bot.Clip(t, 30)).In("tag")
		}
		if !slices.ContainsFunc(tags, func(o string) bool { return Fold(o) == Fold(t) }) {
			tags = append(tags, t)
		}
	}
	if len(tags) > maxTags {
		return c, bot.Faultf(bot.Invalid, "%s would have %d tags; %d is the most.", c.Name, len(tags), maxTags).In("tag")
	}
	c.Tags = tags
	return c, nil
}

// DropTag takes a tag off; Missing when it is not there.
func (c Candidate) DropTag(text string) (Candidate, *bot.Fault) {
	i := slices.IndexFunc(c.Tags, func(o string) bool { return Fold(o) == Fold(text) })
	if i < 0 {
		return c, bot.Faultf(bot.Missing, "%s has no tag “%s”.", c.Name, bot.Clip(text, 40)).In("tag")
	}
	c.Tags = slices.Delete(slices.Clone(c.Tags), i, i+1)
	return c, nil
}

// AddLink attaches a link or file.
func (c Candidate) AddLink(l Link) (Candidate, *bot.Fault) {
	if len(c.Links) >= maxLinks {
		return c, bot.Faultf(bot.Invalid, "%s has %d things attached already; take one away first.", c.Name, maxLinks).In("file")
	}
	l.Name = oneLine(l.Name)
	if l.Name == "" {
		l.Name = l.URL
	}
	c.Links = append(slices.Clone(c.Links), l)
	return c, nil
}

// SetExternal keeps the id another system knows the candidate by. A different
// id of the same system is replaced.
func (c Candidate) SetExternal(e External) Candidate {
	c.External = setExternal(c.External, e)
	return c
}

func setExternal(list []External, e External) []External {
	list = slices.Clone(list)
	for i := range list {
		if list[i].System == e.System {
			list[i] = e
			return list
		}
	}
	return append(list, e)
}

// Says is what the candidate last said to something; known is false when never asked.
func (c Candidate) Says(to string) (yes, known bool) {
	for _, s := range c.Consents {
		if s.To == to {
			yes, known = s.Yes, true
		}
	}
	return yes, known
}

// Keys are the exact things nobody else has: addresses, sure phone numbers,
// external ids. Two candidates with one key in common are the same person.
func (c Candidate) Keys() []string {
	var keys []string
	for _, m := range c.Emails {
		keys = append(keys, "mail:"+m)
	}
	for _, p := range c.Phones {
		if p.E164 != "" {
			keys = append(keys, "tel:"+p.E164)
		}
	}
	for _, e := range c.External {
		keys = append(keys, "ext:"+e.String())
	}
	return keys
}

// Erase is what is left of a candidate: that there was one, and since when not.
func (c Candidate) Erase(now time.Time) Candidate {
	return Candidate{ID: c.ID, Erased: now, Demo: c.Demo}
}
