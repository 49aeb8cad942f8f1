package scheduling

import (
	"slices"
	"time"
)

// Why is the reason for which a person is asked, as written in cases and logs.
type Why string

// The reasons to ask.
const (
	NoZone           Why = "no_zone"                     // nobody said where
	ZoneNotUnique    Why = "zone_not_unique"             // two cities of one name, a country with many zones
	UnknownZoneName  Why = "unknown_zone"                // what stands where a zone should is none
	AmbiguousLetters Why = "ambiguous_zone_abbreviation" // IST
	SeasonMismatch   Why = "season_mismatch"             // CET in July
	ConflictingZones Why = "conflicting_offset"          // +01:00 in Berlin in July
	Nonexistent      Why = "nonexistent_local_time"      // clocks jump over it
	AmbiguousLocal   Why = "ambiguous_local_time"        // clocks show it twice
	MidnightWhich    Why = "midnight_ambiguous"          // start or end of the day
	HalfMissing      Why = "am_pm_missing"               // 5 in the morning or in the afternoon
	DayMonthOrder    Why = "day_month_order"             // 3/12
	NoSuchDate       Why = "no_such_date"                // 29 February 2027
	WeekdayMismatch  Why = "weekday_mismatch"            // Monday 24 November 2026
	WhichWeek        Why = "which_week"                  // next Thursday
	InThePast        Why = "in_the_past"                 //
	NoTime           Why = "no_time"                     // a day without a time
	Approximate      Why = "approximate"                 // about 3
	Repeating        Why = "repeating"                   // every Tuesday
	Several          Why = "several_readings"            // 10.12, or two zones that disagree
	NotUnderstood    Why = "not_understood"              //
	TooLong          Why = "too_long"                    //
	OtherDigits      Why = "other_digits"                // digits of another script
	Unreadable       Why = "unreadable_characters"       // characters that nobody sees
)

// DateOrder is the order in which a person writes day, month and year.
type DateOrder uint8

// The orders; OrderUnknown makes 3/12 a question.
const (
	OrderUnknown DateOrder = iota
	DayFirst
	MonthFirst
	YearFirst
)

// Clock is how a person's clock counts.
type Clock uint8

// The clocks; ClockUnknown leaves it to the locale.
const (
	ClockUnknown Clock = iota
	Hours12
	Hours24
)

// ReadContext is what is known about the person who wrote a phrase.
type ReadContext struct {
	DB        *DB       // nil: the database the program carries
	Now       time.Time // when it was written
	Zone      string    // the person's zone, by any name that DB.Zone knows; "" makes many phrases a question
	Locale    string    // BCP 47; decides the language tried first, the wording and the week's first day
	Territory string    // ISO 3166, for Windows names; "" means the world's reading
	DateOrder DateOrder // what the person has told; OrderUnknown: never guessed
	Clock     Clock     // for the wording
}

// Span is an instant, or a stretch of time when End is set. Both are in the
// location of Zone; Zone is an IANA name, "UTC", or an offset such as "+05:30".
// Words say it to the person who asked, whole: date, time, zone, offset.
type Span struct {
	Start, End time.Time
	Zone       string
	Words      string
}

// Reading is what a phrase means. It is resolved when Why is empty: Spans holds
// one span, or several when alternatives were named. Otherwise nothing may be
// booked: Words is the question, Options the readings to choose from, in order of
// preference, possibly none.
type Reading struct {
	Spans   []Span
	Why     Why
	Options []Span
	Words   string
}

// Resolved says that the phrase has one meaning.
func (r Reading) Resolved() bool { return r.Why == "" }

// maxOptions is how many readings a person can choose from.
const maxOptions = 6

// Read finds out what a phrase about time means, or what to ask about it. It
// never guesses, does not panic on any input, and takes microseconds; a phrase of
// more than 300 bytes is a question at once.
func Read(phrase string, ctx ReadContext) Reading {
	r := reader{db: ctx.DB, ctx: ctx, now: ctx.Now.UTC()}
	if r.db == nil {
		r.db = Default()
	}
	if ctx.Zone != "" {
		r.speaker, _ = r.db.Zone(ctx.Zone)
	}
	r.voice = NewVoice(r.db, ctx.Locale, ctx.Zone, ctx.Clock, ctx.DateOrder)
	if at, ok := FindMark(phrase); ok {
		return r.readMark(at)
	}
	t, why := cutText(phrase)
	if why != "" {
		return r.ask(why, nil, "")
	}
	if len(t.tokens) == 0 {
		return r.ask(NotUnderstood, nil, "")
	}
	r.text = &t
	return r.readAs(languageOrder(r.voice.lang))
}

func languageOrder(first int) [languages]int {
	order := [languages]int{english, german, spanish}
	order[0], order[first] = order[first], order[0]
	return order
}

// reader holds one phrase while it is read.
type reader struct {
	db      *DB
	ctx     ReadContext
	now     time.Time
	speaker *time.Location // nil: unknown
	voice   Voice

	text    *text
	words   []meanings
	buf     [24]meanings
	pos     int
	ranging bool // a range was announced: "from", "between"
	trying  int  // the language whose grammar is tried

	alts   []alt
	altBuf [2]alt
	fail   Why    // why the grammar gave up
	failed string // the word or name at which it did
}

// readAs tries the languages in order: the first in which the whole phrase makes
// sense has it. A complaint about a zone or a date weighs more than one about a
// word.
func (r *reader) readAs(order [languages]int) Reading {
	all := dictionaries()
	var first Why
	var word string
	for i, lang := range order {
		r.words = all[lang].look(r.text, r.buf[:0])
		r.pos, r.trying, r.fail, r.failed = 0, lang, "", ""
		r.alts = append(r.altBuf[:0], alt{})
		if r.parse() {
			got := r.decide()
			if i > 0 {
				got = r.unlessOther(got, order[i+1:])
			}
			return got
		}
		if i == 0 || first == NotUnderstood && r.fail != NotUnderstood {
			first, word = r.fail, r.failed
		}
	}
	if first == NotUnderstood {
		if guess, wrong := r.text.respelled(r.voice.lang); guess != "" && r.makesSense(guess) {
			return Reading{Why: first, Words: r.voice.sentence(first, wrong) + r.voice.didYouMean(guess)}
		}
	}
	return r.ask(first, nil, word)
}

// makesSense reports whether a guess is read at all; a further question may follow.
func (r *reader) makesSense(guess string) bool {
	switch Read(guess, r.ctx).Why {
	case NotUnderstood, UnknownZoneName, TooLong:
		return false
	}
	return true
}

// unlessOther asks when a phrase that is not in the person's language means one
// thing in one language and another in the next: "do 10:00" is a Thursday in German
// and a Sunday in Spanish.
func (r *reader) unlessOther(got Reading, rest []int) Reading {
	all := dictionaries()
	for _, lang := range rest {
		r.words = all[lang].look(r.text, r.buf[:0])
		r.pos, r.trying, r.fail, r.failed = 0, lang, "", ""
		r.alts = append(r.altBuf[:0], alt{})
		if !r.parse() {
			continue
		}
		other := r.decide()
		if !got.Resolved() || !other.Resolved() || slices.EqualFunc(got.Spans, other.Spans, sameSpan) {
			continue
		}
		return r.ask(Several, append(got.Spans, other.Spans...), "")
	}
	return got
}

// ask makes the question for a reason; subject is the word or name it is about.
func (r *reader) ask(why Why, options []Span, subject string) Reading {
	if len(options) > maxOptions {
		options = options[:maxOptions]
	}
	for i := range options {
		r.word(&options[i])
	}
	return Reading{Why: why, Options: options, Words: r.voice.question(why, subject, r.db)}
}

func (r *reader) resolved(spans []Span) Reading {
	var words string
	for i := range spans {
		r.word(&spans[i])
		if i > 0 {
			words += "; "
		}
		words += spans[i].Words
	}
	return Reading{Spans: spans, Words: words}
}

func (r *reader) word(s *Span) {
	if s.End.IsZero() {
		s.Words = r.voice.Say(s.Start)
	} else {
		s.Words = r.voice.SayRange(s.Start, s.End)
	}
}

// readMark is what a mark with an instant means: that instant, in the reader's
// own zone.
func (r *reader) readMark(at time.Time) Reading {
	name, loc := "UTC", time.UTC
	if r.speaker != nil {
		name, loc = r.speaker.String(), r.speaker
	}
	span := Span{Start: at.In(loc), Zone: name}
	if at.Before(r.now) {
		return r.ask(InThePast, []Span{span}, "")
	}
	return r.resolved([]Span{span})
}
