package scheduling

import "strings"

// questions are the words for each reason to ask. %s is the word or name that the
// question is about, with quotes around it.
var questions = map[Why][languages]string{
	NoZone: {
		"Which time zone is that in? Name a city, for example \"3pm Berlin time\".",
		"In welcher Zeitzone? Nenne bitte eine Stadt, zum Beispiel „15 Uhr Berliner Zeit“.",
		"¿En qué zona horaria? Nombra una ciudad, por ejemplo «15:00 hora de Madrid»."},
	ZoneNotUnique: {
		"That name stands for more than one time zone. Which one? Name a city with its country or region.",
		"Der Name steht für mehrere Zeitzonen. Welche ist gemeint? Nenne bitte Stadt und Land.",
		"Ese nombre corresponde a varias zonas horarias. ¿Cuál? Nombra la ciudad y el país."},
	UnknownZoneName: {
		"I do not know the time zone %s.",
		"Die Zeitzone %s kenne ich nicht.",
		"No conozco la zona horaria %s."},
	AmbiguousLetters: {
		"These letters stand for several time zones. Which one do you mean?",
		"Diese Abkürzung steht für mehrere Zeitzonen. Welche ist gemeint?",
		"Esas letras corresponden a varias zonas horarias. ¿Cuál?"},
	SeasonMismatch: {
		"Those letters are not in force on that day. Do you mean the local time there, or exactly that offset?",
		"Diese Abkürzung gilt an dem Tag nicht. Ist die Ortszeit gemeint oder genau dieser Abstand zu UTC?",
		"Esa abreviatura no rige ese día. ¿La hora local de allí o exactamente ese desfase?"},
	ConflictingZones: {
		"The offset and the place do not agree on that day. Which one holds?",
		"Abstand zu UTC und Ort passen an dem Tag nicht zusammen. Was gilt?",
		"El desfase y el lugar no coinciden ese día. ¿Cuál vale?"},
	Nonexistent: {
		"The clocks go forward then: that time does not exist. Which one do you mean?",
		"Da wird die Uhr vorgestellt, diese Uhrzeit gibt es nicht. Welche ist gemeint?",
		"Ese día se adelanta el reloj y esa hora no existe. ¿Cuál quieres decir?"},
	AmbiguousLocal: {
		"The clocks go back then: that time happens twice. Which one do you mean?",
		"Da wird die Uhr zurückgestellt, diese Uhrzeit gibt es zweimal. Welche ist gemeint?",
		"Ese día se atrasa el reloj y esa hora ocurre dos veces. ¿Cuál?"},
	MidnightWhich: {
		"The night in which that day starts, or the one in which it ends?",
		"Ist die Nacht am Anfang oder am Ende des Tages gemeint?",
		"¿La noche en que empieza ese día o la noche en que termina?"},
	HalfMissing: {
		"In the morning or in the afternoon?",
		"Morgens oder nachmittags?",
		"¿De la mañana o de la tarde?"},
	DayMonthOrder: {
		"Which is the day and which is the month?",
		"Was ist der Tag und was der Monat?",
		"¿Cuál es el día y cuál el mes?"},
	NoSuchDate: {
		"That date does not exist in that year. Which date do you mean?",
		"Dieses Datum gibt es in dem Jahr nicht. Welches ist gemeint?",
		"Esa fecha no existe en ese año. ¿Qué fecha quieres decir?"},
	WeekdayMismatch: {
		"That date is another weekday. Which one holds?",
		"Das Datum fällt auf einen anderen Wochentag. Was gilt?",
		"Esa fecha cae en otro día de la semana. ¿Cuál vale?"},
	WhichWeek: {
		"Which week do you mean?",
		"Welche Woche ist gemeint?",
		"¿Qué semana?"},
	InThePast: {
		"That time has passed. Which one do you mean?",
		"Die Zeit ist schon vorbei. Welche ist gemeint?",
		"Esa hora ya pasó. ¿Cuál quieres decir?"},
	NoTime: {
		"On which day and at what time?",
		"An welchem Tag und um wie viel Uhr?",
		"¿Qué día y a qué hora?"},
	Approximate: {
		"Shall I take exactly this time?",
		"Soll ich genau diese Zeit nehmen?",
		"¿Tomo exactamente esta hora?"},
	Repeating: {
		"That repeats. Here I need one time: which day?",
		"Das wiederholt sich. Hier brauche ich einen Termin: an welchem Tag?",
		"Eso se repite. Aquí necesito una sola vez: ¿qué día?"},
	Several: {
		"That can be read in several ways. Please write it out, for example \"24 November, 15:30\".",
		"Das lässt sich verschieden lesen. Bitte schreib es aus, zum Beispiel „24. November, 15:30 Uhr“.",
		"Eso se puede leer de varias maneras. Escríbelo completo, por ejemplo «24 de noviembre, 15:30»."},
	NotUnderstood: {
		"I did not understand %s. Write a day and a time, for example \"tue 3pm\" or \"24 November 15:30 Berlin time\".",
		"%s habe ich nicht verstanden. Schreib Tag und Uhrzeit, zum Beispiel „Dienstag 15 Uhr“.",
		"No entendí %s. Escribe un día y una hora, por ejemplo «martes a las 15:00»."},
	TooLong: {
		"That is too long for a time. Write only the day and the time, for example \"tue 3pm\".",
		"Das ist zu lang für eine Uhrzeit. Schreib nur Tag und Uhrzeit, zum Beispiel „Dienstag 15 Uhr“.",
		"Es demasiado largo para una hora. Escribe solo el día y la hora, por ejemplo «martes a las 15:00»."},
	OtherDigits: {
		"Please write the digits as 0 to 9.",
		"Bitte schreib die Ziffern als 0 bis 9.",
		"Escribe las cifras del 0 al 9."},
	Unreadable: {
		"There are characters in it that nobody can see. Please type it again.",
		"Darin stehen Zeichen, die niemand sieht. Bitte tippe es noch einmal.",
		"Contiene caracteres invisibles. Escríbelo de nuevo."},
}

// What NoTime can be about.
const (
	missingDay  = "day"
	missingTime = "time"
)

var halves = map[string][languages]string{
	missingDay:  {"On which day?", "An welchem Tag?", "¿Qué día?"},
	missingTime: {"At what time?", "Um wie viel Uhr?", "¿A qué hora?"},
}

// question is the sentence for a reason. What it is about is quoted, shortened;
// for an unknown zone the nearest names are added.
func (v Voice) question(why Why, subject string, db *DB) string {
	if said := halves[subject]; why == NoTime && subject != "" {
		return said[v.lang]
	}
	switch {
	case subject == "":
	case why == UnknownZoneName:
		return v.sentence(why, subject) + v.didYouMean(db.nearPlaces(subject)...)
	case why == NotUnderstood:
		return v.sentence(why, subject) + v.didYouMean(nearWords(subject, v.lang)...)
	}
	return v.sentence(why, subject)
}

// sentence is the question alone, without what may have been meant.
func (v Voice) sentence(why Why, subject string) string {
	quoted := [languages]string{"that", "Das", "eso"}[v.lang]
	if subject != "" {
		if len(subject) > 60 {
			subject = strings.ToValidUTF8(subject[:60], "") + "…"
		}
		marks := [languages][2]string{{`"`, `"`}, {"„", "“"}, {"«", "»"}}[v.lang]
		quoted = marks[0] + subject + marks[1]
	}
	return strings.Replace(questions[why][v.lang], "%s", quoted, 1)
}

// didYouMean offers guesses; "" when there are none.
func (v Voice) didYouMean(guesses ...string) string {
	if len(guesses) == 0 {
		return ""
	}
	or := [languages]string{" or ", " oder ", " o "}[v.lang]
	ask := [languages]string{" Did you mean ", " Meintest du ", " ¿Quisiste decir "}[v.lang]
	return ask + strings.Join(guesses, or) + "?"
}
