package scheduling

import (
	"strings"
	"sync"
)

// role is the part a word plays in a phrase about time.
type role uint8

const (
	aWeekday     role = iota + 1 // n: 0 Sunday … 6 Saturday
	aMonth                       // n: 1 … 12
	aDay                         // n: days from today
	tonight                      // today, from evening to midnight
	this                         // this thursday, this morning
	next                         // next thursday, next week
	coming                       // the thursday that comes first
	last                         // last thursday
	weekAfter                    // n: weeks from this one
	calendarWeek                 // week 50, as ISO 8601 counts them
	aUnit                        // n: see unit…
	aNumber                      // n: its value
	one                          // a, an: one in a length of time
	halfA                        // half an hour
	andHalf                      // an hour and a half
	oneAndHalf                   // anderthalb Stunden
	someMinutes                  // n: quarter 15, half 30 in a clock time
	halfPast                     // half past four, half four: n minutes after the hour
	halfTo                       // halb vier: n minutes before the hour
	past                         // ten past four
	till                         // ten to four
	plus                         // las tres y cuarto
	minus                        // las tres menos cuarto
	noon
	midnight
	am
	pm
	oclock     // after an hour; minutes may follow
	aPart      // n: index into dayParts
	at         // before a clock time
	from       // before the first of two
	to         // between the first and the second
	between    // before two joined by and
	and        // joins alternatives, lengths, and what stands between
	or         // joins alternatives
	after      // 14:00 or later
	before     // not later than
	lasting    // for 30 minutes
	in         // in 2 hours, in Berlin
	ago        // 2 hours ago
	hence      // 2 hours from now
	agoFirst   // hace 2 horas
	zoneWord   // Berlin time
	zonePrefix // hora de Madrid
	sameTime
	myTime
	yourTime
	the     // before a day of the month
	of      // 9th of July
	ordinal // 9th
	rightNow
	nothing // politeness
	approx  // about 3
	every   // a rule, not a time
	unclear // "so um 15 Uhr": Sunday, or about?
)

// Units of length.
const (
	unitMinute = iota
	unitHour
	unitDay
	unitWeek
	unitMonth
	unitYear
	unitSecond
)

// sense is one meaning of one or more words.
type sense struct {
	role role
	n    int
}

// dayPart is a part of the day, in hours. pm tells how it settles an hour that
// could be before or after noon.
type dayPart struct{ from, to int }

// dayParts follow CLDR's day periods for the languages that have the word;
// English morning starts at 6 as it does in Spanish, not at midnight.
var dayParts = []dayPart{
	0:  {6, 12},  // morning, mañana
	1:  {12, 18}, // afternoon
	2:  {18, 21}, // evening
	3:  {21, 24}, // night
	4:  {0, 6},   // madrugada
	5:  {5, 10},  // Morgen
	6:  {10, 12}, // Vormittag
	7:  {13, 18}, // Nachmittag
	8:  {18, 24}, // Abend
	9:  {0, 5},   // Nacht
	10: {12, 20}, // tarde
	11: {20, 24}, // noche
	12: {12, 13}, // Mittag, as a part
	13: {0, 24},  // any time, all day
}

// anyTime is the index of the whole day.
const anyTime = 13

// entryOf is one row of the grammar: a meaning and its words in every language
// that is read, folded, with | between them.
type entryOf struct {
	sense
	en, de, es string
}

// Languages that are read, in the order in which they are tried.
const (
	english = iota
	german
	spanish
	languages
)

var grammarTable = []entryOf{
	{sense{aWeekday, 1}, "monday|mon", "montag|mo|mon", "lunes|lun|lu"},
	{sense{aWeekday, 2}, "tuesday|tue|tues", "dienstag|di", "martes|ma"},
	{sense{aWeekday, 3}, "wednesday|wed|weds", "mittwoch|mi", "miercoles|mie|mi"},
	{sense{aWeekday, 4}, "thursday|thu|thur|thurs", "donnerstag|do|don", "jueves|jue|ju"},
	{sense{aWeekday, 5}, "friday|fri", "freitag|fr|fre", "viernes|vie|vi"},
	{sense{aWeekday, 6}, "saturday|sat", "samstag|sonnabend|sa|sam", "sabado|sab|sa"},
	{sense{aWeekday, 0}, "sunday|sun", "sonntag|so|son", "domingo|dom|do"},

	{sense{aMonth, 1}, "january|jan", "januar|jan|janner|jaenner", "enero|ene"},
	{sense{aMonth, 2}, "february|feb", "februar|feb|feber", "febrero|feb"},
	{sense{aMonth, 3}, "march|mar", "marz|mrz|maerz", "marzo"},
	{sense{aMonth, 4}, "april|apr", "april|apr", "abril|abr"},
	{sense{aMonth, 5}, "may", "mai", "mayo|may"},
	{sense{aMonth, 6}, "june|jun", "juni|jun|juno", "junio|jun"},
	{sense{aMonth, 7}, "july|jul", "juli|jul", "julio|jul"},
	{sense{aMonth, 8}, "august|aug", "august|aug", "agosto|ago"},
	{sense{aMonth, 9}, "september|sep|sept", "september|sep|sept", "septiembre|setiembre|sep|sept|set"},
	{sense{aMonth, 10}, "october|oct", "oktober|okt", "octubre|oct"},
	{sense{aMonth, 11}, "november|nov", "november|nov", "noviembre|nov"},
	{sense{aMonth, 12}, "december|dec", "dezember|dez", "diciembre|dic"},

	{sense{aDay, 0}, "today", "heute", "hoy"},
	{sense{aDay, 1}, "tomorrow|tmrw|tmr|tomorow", "morgen", "manana"},
	{sense{aDay, 2}, "day after tomorrow|the day after tomorrow|overmorrow", "ubermorgen|uebermorgen", "pasado manana"},
	{sense{aDay, -1}, "yesterday", "gestern", "ayer"},
	{sense{aDay, -2}, "day before yesterday", "vorgestern", "anteayer|antes de ayer"},
	{sense{tonight, 0}, "tonight", "", "esta noche"},

	{sense{this, 0}, "this", "dieser|diesen|diese|dieses|diesem", "este|esta"},
	{sense{next, 0}, "next|nxt", "nachster|nachsten|nachste|nachstes|naechster|naechsten|naechste", ""},
	{sense{coming, 0}, "coming|this coming|upcoming", "kommender|kommenden|kommende|kommendes", "proximo|proxima|el proximo|que viene|la proxima"},
	{sense{last, 0}, "last|previous", "letzter|letzten|letzte|voriger|vorigen|vorige", "pasado|ultimo"},
	{sense{weekAfter, 0}, "this week", "diese woche|dieser woche", "esta semana|de esta semana"},
	{sense{weekAfter, 1}, "next week|following week|of next week", "nachste woche|nachster woche|naechste woche|kommende woche|kommender woche", "la proxima semana|la semana que viene|proxima semana|semana que viene|de la semana que viene|de la proxima semana"},
	{sense{weekAfter, 2}, "week after next|the week after next", "ubernachste woche|uebernaechste woche|ubernachster woche", "la semana siguiente a la proxima"},

	{sense{calendarWeek, 0}, "week|calendar week|wk|cw", "kw|kalenderwoche|woche", "semana"},

	{sense{aUnit, unitSecond}, "seconds|second|secs|sec", "sekunden|sekunde|sek", "segundos|segundo|seg"},
	{sense{aUnit, unitMinute}, "minutes|minute|mins|min|m", "minuten|minute|min", "minutos|minuto|min"},
	{sense{aUnit, unitHour}, "hours|hour|hrs|hr|h", "stunden|stunde|std|h", "horas|hora|h"},
	{sense{aUnit, unitDay}, "days|day|d", "tagen|tage|tag", "dias|dia"},
	{sense{aUnit, unitWeek}, "weeks|week|wks|wk|w", "wochen|woche", "semanas|semana"},
	{sense{aUnit, unitMonth}, "months|month", "monaten|monate|monat", "meses|mes"},
	{sense{aUnit, unitYear}, "years|year", "jahren|jahre|jahr", "anos|ano"},

	{sense{aNumber, 1}, "one", "eins|ein|eine|einem|einer|einen", "una|uno|un"},
	{sense{aNumber, 2}, "two", "zwei|zwo", "dos"},
	{sense{aNumber, 3}, "three", "drei", "tres"},
	{sense{aNumber, 4}, "four", "vier", "cuatro"},
	{sense{aNumber, 5}, "five", "funf|fuenf", "cinco"},
	{sense{aNumber, 6}, "six", "sechs", "seis"},
	{sense{aNumber, 7}, "seven", "sieben", "siete"},
	{sense{aNumber, 8}, "eight", "acht", "ocho"},
	{sense{aNumber, 9}, "nine", "neun", "nueve"},
	{sense{aNumber, 10}, "ten", "zehn", "diez"},
	{sense{aNumber, 11}, "eleven", "elf", "once"},
	{sense{aNumber, 12}, "twelve", "zwolf|zwoelf", "doce"},
	{sense{aNumber, 15}, "fifteen", "funfzehn|fuenfzehn", "quince"},
	{sense{aNumber, 20}, "twenty", "zwanzig", "veinte"},
	{sense{aNumber, 25}, "twenty five", "funfundzwanzig", "veinticinco"},
	{sense{aNumber, 30}, "thirty", "dreissig", "treinta"},
	{sense{aNumber, 40}, "forty", "vierzig", "cuarenta"},
	{sense{aNumber, 45}, "forty five", "funfundvierzig", "cuarenta y cinco"},
	{sense{aNumber, 50}, "fifty", "funfzig", "cincuenta"},
	{sense{aNumber, 90}, "ninety", "neunzig", "noventa"},
	{sense{oneAndHalf, 0}, "", "anderthalb|eineinhalb", ""},
	{sense{one, 1}, "a|an", "ein|eine|einem|einer|einen", "un|una"},
	{sense{halfA, 0}, "half a|half an|half", "einer halben|eine halbe|halben|halbe", "media"},
	{sense{andHalf, 0}, "and a half", "einhalb|und eine halbe", "y media|y medio"},

	{sense{someMinutes, 15}, "quarter|a quarter", "viertel", "cuarto"},
	{sense{someMinutes, 30}, "", "", "media"},
	{sense{halfPast, 30}, "half past|half", "", ""},
	{sense{halfTo, 30}, "", "halb", ""},
	{sense{halfTo, 15}, "", "dreiviertel", ""},
	{sense{past, 0}, "past|after", "nach", ""},
	{sense{till, 0}, "to", "vor", ""},
	{sense{plus, 0}, "", "", "y"},
	{sense{minus, 0}, "", "", "menos"},
	{sense{noon, 0}, "noon|midday", "mittag|mittags", "mediodia|al mediodia|a mediodia"},
	{sense{midnight, 0}, "midnight", "mitternacht", "medianoche|a medianoche|a la medianoche"},
	{sense{am, 0}, "am|a.m.|a.m|a. m.|a. m|a", "a.m.|a. m.", "am|a.m.|a.m|a. m.|a. m"},
	{sense{pm, 0}, "pm|p.m.|p.m|p. m.|p. m|p", "pm|p.m.|p. m.", "pm|p.m.|p.m|p. m.|p. m"},
	{sense{oclock, 0}, "o'clock|oclock|h|hrs|hours|hr", "uhr|h", "horas|hrs|h|hs|en punto"},

	{sense{aPart, 0}, "morning|in the morning|mornings", "", "por la manana|de la manana|en la manana|manana"},
	{sense{aPart, 1}, "afternoon|in the afternoon", "", ""},
	{sense{aPart, 2}, "evening|in the evening", "", ""},
	{sense{aPart, 3}, "night|at night", "", ""},
	{sense{aPart, 4}, "", "", "de la madrugada|por la madrugada|madrugada"},
	{sense{aPart, 5}, "", "morgens|am morgen|morgen|fruh|frueh|in der fruh|in der fruehe", ""},
	{sense{aPart, 6}, "", "vormittag|vormittags|am vormittag", ""},
	{sense{aPart, 7}, "", "nachmittag|nachmittags|am nachmittag", ""},
	{sense{aPart, 8}, "", "abend|abends|am abend", ""},
	{sense{aPart, 9}, "", "nacht|nachts|in der nacht", ""},
	{sense{aPart, 10}, "", "", "por la tarde|de la tarde|en la tarde|tarde|a la tarde"},
	{sense{aPart, 11}, "", "", "por la noche|de la noche|en la noche|noche|a la noche"},

	{sense{aPart, 13}, "any time|anytime|all day|the whole day|whole day|all day long", "ganztagig|ganztaegig|ganztags|den ganzen tag|ganzen tag|jederzeit", "todo el dia|a cualquier hora|en cualquier momento"},

	{sense{at, 0}, "at|@", "um|@", "a las|a la|las|la|@"},
	{sense{from, 0}, "from", "von|ab", "de|desde|desde las|desde la|de las|de la|a partir de|a partir de las|a partir de la"},
	{sense{to, 0}, "to|until|till|til|thru|through", "bis", "a|a las|a la|hasta|hasta las|hasta la"},
	{sense{between, 0}, "between", "zwischen", "entre|entre las|entre la"},
	{sense{and, 0}, "and|&", "und|&", "y|y las|y la|e|&"},
	{sense{or, 0}, "or", "oder", "o|u"},
	{sense{after, 0}, "after|from|any time after|anytime after|not before|later than", "nach|ab|nicht vor", "despues de|despues de las|despues de la|a partir de|a partir de las|a partir de la|desde|desde las|tras las"},
	{sense{before, 0}, "before|until|till|by|any time before|anytime before|not after|no later than", "vor|bis|nicht nach", "antes de|antes de las|antes de la|hasta|hasta las|hasta la"},
	{sense{lasting, 0}, "for", "fur|fuer", "durante|por"},
	{sense{in, 0}, "in|within", "in", "en|dentro de"},
	{sense{ago, 0}, "ago", "", ""},
	{sense{hence, 0}, "from now|from today|later", "ab jetzt", "a partir de ahora|desde ahora"},
	{sense{agoFirst, 0}, "", "vor", "hace"},
	{sense{zoneWord, 0}, "time|local time|timezone|time zone|zone", "zeit|ortszeit|uhrzeit|zeitzone", "hora local|tiempo"},
	{sense{zonePrefix, 0}, "time in|local time in|in|for", "zeit in|ortszeit in|uhrzeit in|in", "hora de|hora local de|horario de|hora en|en|de|hora"},
	{sense{sameTime, 0}, "same time|the same time|at the same time|same hour", "gleiche zeit|zur gleichen zeit|selbe zeit|zur selben zeit|um dieselbe zeit|gleiche uhrzeit|zur gleichen uhrzeit|um die gleiche zeit", "a la misma hora|misma hora|la misma hora|mismo horario"},
	{sense{myTime, 0}, "my time|our time|local time|my local time|my timezone|my time zone|here", "meine zeit|meiner zeit|unsere zeit|unserer zeit|ortszeit|hier", "mi hora|hora local|mi horario|nuestra hora"},
	{sense{yourTime, 0}, "your time|their time|her time|his time|your timezone", "deine zeit|deiner zeit|ihre zeit|ihrer zeit|eure zeit|eurer zeit", "tu hora|su hora|vuestra hora"},
	{sense{rightNow, 0}, "now|right now|just now|immediately", "jetzt|sofort", "ahora|ahora mismo|ya"},
	{sense{the, 0}, "the|on the", "der|den|dem|am", "el|el dia|dia"},
	{sense{of, 0}, "of", "", "de|del"},
	{sense{ordinal, 0}, "st|nd|rd|th", "ter|ten|te", "o|ro"},
	{sense{nothing, 0}, "on|at|the|let's|lets|meet|call|meeting|please|pls|ok|okay|how about|what about|sharp|exactly|is|it's|works|hi|hello|hey", "am|um|den|dem|der|treffen|bitte|ok|wie ware es|geht|genau|ist|es|hallo", "el|los|la|del|por favor|ok|que tal|reunion|hola"},
	{sense{approx, 0}, "about|around|approx|approximately|circa|ca|roughly|ish", "etwa|ungefahr|gegen|circa|ca|zirka", "sobre|sobre las|hacia|hacia las|aproximadamente|alrededor de|alrededor de las"},
	{sense{unclear, 0}, "", "so um", ""},
	{sense{every, 0}, "every|each|daily|weekly|mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays|weekdays", "jeden|jede|jedes|taglich|wochentlich|montags|dienstags|mittwochs|donnerstags|freitags|samstags|sonntags", "cada|todos los|todas las|diariamente|semanalmente"},
}

// dictionary is the grammar of one language, ready to be looked up.
type dictionary struct {
	senses map[string][]sense
	longer map[string]int // first token -> most tokens of an entry that starts with it
}

var dictionaries = sync.OnceValue(func() [languages]dictionary {
	var out [languages]dictionary
	for lang := range out {
		out[lang] = dictionary{senses: map[string][]sense{}, longer: map[string]int{}}
	}
	for _, e := range grammarTable {
		for lang, words := range [languages]string{e.en, e.de, e.es} {
			if words == "" {
				continue
			}
			for _, w := range strings.Split(words, "|") {
				out[lang].senses[w] = append(out[lang].senses[w], e.sense)
				t, _ := cutText(w)
				first := t.of(0)
				out[lang].longer[first] = max(out[lang].longer[first], len(t.tokens))
			}
		}
	}
	return out
})

// meanings are the senses of one to maxWords tokens that start at one place,
// longest first.
type meanings struct {
	n      uint8
	tokens [4]uint8
	senses [4][]sense
}

// look finds what the grammar of a language says about every token.
func (d *dictionary) look(t *text, out []meanings) []meanings {
	out = out[:0]
	for i := range t.tokens {
		var m meanings
		most := d.longer[t.of(i)]
		for n := min(most, len(t.tokens)-i); n > 0 && int(m.n) < len(m.tokens); n-- {
			if s := d.senses[t.folded[t.tokens[i].start:t.tokens[i+n-1].end]]; s != nil {
				m.tokens[m.n], m.senses[m.n] = uint8(n), s
				m.n++
			}
		}
		out = append(out, m)
	}
	return out
}
