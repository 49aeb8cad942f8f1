package recruiting

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"rapport/bot"
)

// Row is one line of an import: a candidate, and where they stand.
type Row struct {
	Line      int
	Raw       string // as it stands in the file, to keep it aside when it is bad
	Candidate Candidate
	Job       string // title or id as written, "" when none
	Stage     string // as written
	Applied   time.Time
	External  External // "" id when none; also kept in Candidate.External
	Note      string
}

// Problem is what is wrong with a line: a sentence with its place.
type Problem struct {
	Line   int
	Column string // the header, "" when the whole line is meant
	Say    string
	Raw    string
}

func (p Problem) Error() string {
	if p.Column == "" {
		return fmt.Sprintf("line %d: %s", p.Line, p.Say)
	}
	return fmt.Sprintf("line %d, column “%s”: %s", p.Line, p.Column, p.Say)
}

// column is what a header means.
type column string

const (
	colName     column = "name"
	colFirst    column = "first name"
	colLast     column = "last name"
	colEmail    column = "email"
	colPhone    column = "phone"
	colZone     column = "zone"
	colCity     column = "city"
	colLocale   column = "language"
	colTags     column = "tags"
	colSource   column = "source"
	colJob      column = "job"
	colStage    column = "stage"
	colExternal column = "external id"
	colLink     column = "link"
	colApplied  column = "applied"
	colNote     column = "note"
)

// headers are folded column names in English, German and Spanish.
var headers = map[string]column{
	"name": colName, "full name": colName, "candidate": colName, "candidate name": colName, "person": colName, "vollstandiger name": colName, "bewerber": colName, "bewerberin": colName, "kandidat": colName, "kandidatin": colName, "nombre completo": colName, "candidato": colName, "candidata": colName,
	"first name": colFirst, "firstname": colFirst, "given name": colFirst, "forename": colFirst, "vorname": colFirst, "nombre": colFirst, "nombre de pila": colFirst,
	"last name": colLast, "lastname": colLast, "surname": colLast, "family name": colLast, "nachname": colLast, "familienname": colLast, "apellido": colLast, "apellidos": colLast,
	"email": colEmail, "e mail": colEmail, "mail": colEmail, "email address": colEmail, "e mail address": colEmail, "mail address": colEmail, "emails": colEmail, "e mail adresse": colEmail, "email adresse": colEmail, "mailadresse": colEmail, "correo": colEmail, "correo electronico": colEmail, "direccion de correo": colEmail,
	"phone": colPhone, "phone number": colPhone, "telephone": colPhone, "mobile": colPhone, "cell": colPhone, "phones": colPhone, "tel": colPhone, "telefon": colPhone, "telefonnummer": colPhone, "handy": colPhone, "mobil": colPhone, "telefono": colPhone, "movil": colPhone, "celular": colPhone,
	"zone": colZone, "time zone": colZone, "timezone": colZone, "zeitzone": colZone, "zona horaria": colZone, "huso horario": colZone,
	"city": colCity, "location": colCity, "town": colCity, "place": colCity, "stadt": colCity, "ort": colCity, "wohnort": colCity, "ciudad": colCity, "ubicacion": colCity, "localidad": colCity,
	"language": colLocale, "locale": colLocale, "sprache": colLocale, "idioma": colLocale,
	"tags": colTags, "tag": colTags, "labels": colTags, "skills": colTags, "schlagworte": colTags, "kenntnisse": colTags, "etiquetas": colTags, "habilidades": colTags,
	"source": colSource, "origin": colSource, "channel": colSource, "quelle": colSource, "herkunft": colSource, "fuente": colSource, "origen": colSource,
	"job": colJob, "job title": colJob, "position": colJob, "role": colJob, "requisition": colJob, "vacancy": colJob, "stelle": colJob, "stellentitel": colJob, "puesto": colJob, "vacante": colJob, "cargo": colJob,
	"stage": colStage, "status": colStage, "step": colStage, "phase": colStage, "stufe": colStage, "schritt": colStage, "etapa": colStage, "estado": colStage, "fase": colStage,
	"external id": colExternal, "id": colExternal, "candidate id": colExternal, "external": colExternal, "ats id": colExternal, "externe id": colExternal, "kandidaten id": colExternal, "bewerber id": colExternal, "nummer": colExternal, "identificador": colExternal, "id externo": colExternal,
	"link": colLink, "url": colLink, "linkedin": colLink, "profile": colLink, "website": colLink, "resume": colLink, "cv": colLink, "lebenslauf": colLink, "profil": colLink, "perfil": colLink, "enlace": colLink,
	"applied": colApplied, "applied on": colApplied, "applied at": colApplied, "application date": colApplied, "date applied": colApplied, "beworben am": colApplied, "bewerbungsdatum": colApplied, "fecha de solicitud": colApplied,
	"note": colNote, "notes": colNote, "comment": colNote, "comments": colNote, "notiz": colNote, "notizen": colNote, "bemerkung": colNote, "nota": colNote, "notas": colNote, "comentario": colNote,
}

// Import reads candidates from a file of separated values, one row after the
// other, without holding the file.
type Import struct {
	System string // whose ids the external-id column holds; "csv" when empty
	Region string // ISO country of phone numbers without a country code
	// Zone reads a time zone as written, or says why it is none; nil = only names with a slash, and UTC.
	Zone func(typed string) (zone, say string)

	Header  []string // as written
	Unknown []string // headers that mean nothing here; their columns are left out
	sheet   *sheetReader
	means   []column
}

// OpenCSV reads the header. header maps further names to columns ("Talent" →
// "name") and wins over the guesses. A file without a name column, or that is no
// text, is an Invalid fault.
func OpenCSV(r io.Reader, header map[string]string) (*Import, *bot.Fault) {
	s, err := newSheet(r)
	if err != nil {
		if errors.Is(err, io.EOF) {
			return nil, bot.Faultf(bot.Invalid, "The file is empty. Its first line names the columns, for example: name,email,job,stage.")
		}
		f := bot.Faultf(bot.Invalid, "The file could not be read as text. Save it as CSV in UTF-8 and try again.")
		f.Err = err
		return nil, f
	}
	im := &Import{System: "csv", sheet: s}
	fields, _, _, err := s.next()
	if err != nil {
		return nil, bot.Faultf(bot.Invalid, "The first line could not be read. It names the columns, for example: name,email,job,stage.")
	}
	im.Header, s.width = fields, len(fields)
	im.means = make([]column, len(fields))
	for i, h := range fields {
		im.means[i] = meaning(h, header)
		if im.means[i] == "" && h != "" {
			im.Unknown = append(im.Unknown, h)
		}
	}
	if slices.Contains(im.means, colFirst) && !slices.Contains(im.means, colLast) && !slices.Contains(im.means, colName) {
		im.means[slices.Index(im.means, colFirst)] = colName // "Nombre" alone is the whole name
	}
	if !slices.Contains(im.means, colName) && !slices.Contains(im.means, colLast) {
		return nil, bot.Faultf(bot.Invalid, "No column holds a name. The columns are %s. Call one of them “name”, or say which it is.", list(quoted(fields), "and"))
	}
	s.whole = im.whole
	return im, nil
}

// whole reports whether the fields are surely a row: as many as the header has,
// with an address where addresses stand, or simply many.
func (im *Import) whole(fields []string) bool {
	if len(fields) != len(im.Header) {
		return false
	}
	if i := slices.Index(im.means, colEmail); i >= 0 {
		_, f := ParseEmail(fields[i])
		return f == nil
	}
	return len(fields) >= 4
}

func meaning(h string, header map[string]string) column {
	for from, to := range header {
		if Fold(from) == Fold(h) {
			return headers[Fold(to)]
		}
	}
	return headers[Fold(h)]
}

func quoted(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = "“" + bot.Clip(oneLine(w), 40) + "”"
	}
	return out
}

// Next is the next row. A bad row gives its problems instead (the row still has
// Line and Raw); the import goes on. err is io.EOF at the end, or what the
// reader said.
func (im *Import) Next() (Row, []Problem, error) {
	fields, line, raw, err := im.sheet.next()
	row := Row{Line: line, Raw: raw}
	switch {
	case errors.Is(err, errQuote), errors.Is(err, errLong):
		return row, []Problem{{Line: line, Say: strings.ToUpper(err.Error()[:1]) + err.Error()[1:] + ".", Raw: raw}}, nil
	case err != nil:
		return row, nil, err
	case len(fields) > len(im.Header) && strings.Join(fields[len(im.Header):], "") != "":
		return row, []Problem{{Line: line, Raw: raw, Say: fmt.Sprintf("It has %d fields, the header has %d. A field that holds the separator must stand in quotes.", len(fields), len(im.Header))}}, nil
	}
	var probs []Problem
	first, last := "", ""
	for i, v := range fields {
		if i >= len(im.means) || v == "" {
			continue
		}
		switch im.means[i] {
		case colFirst:
			first = v
		case colLast:
			last = v
		default:
			if say := im.put(&row, im.means[i], v); say != "" {
				probs = append(probs, Problem{Line: line, Column: im.Header[i], Say: say, Raw: raw})
			}
		}
	}
	if row.Candidate.Name == "" && first+last != "" {
		if say := im.put(&row, colName, strings.TrimSpace(first+" "+last)); say != "" {
			probs = append(probs, Problem{Line: line, Column: "name", Say: say, Raw: raw})
		}
	}
	if row.Candidate.Name == "" && len(probs) == 0 {
		probs = append(probs, Problem{Line: line, Say: "The name is missing.", Raw: raw})
	}
	return row, probs, nil
}

// put reads one field into a row; the answer is what is wrong with it, or "".
func (im *Import) put(row *Row, col column, v string) string {
	c := &row.Candidate
	var f *bot.Fault
	switch col {
	case colName:
		c.Name, f = ParseName(v)
	case colEmail:
		for _, m := range splitList(v) {
			var mail string
			if mail, f = ParseEmail(m); f != nil {
				return f.Say
			}
			if *c, f = c.AddEmail(mail); f != nil {
				return f.Say
			}
		}
	case colPhone:
		for _, t := range splitList(v) {
			var p Phone
			if p, f = ParsePhone(t, im.Region); f != nil {
				return f.Say
			}
			if *c, f = c.AddPhone(p); f != nil {
				return f.Say
			}
		}
	case colZone:
		zone, say := im.zone(v)
		if say != "" {
			return say
		}
		c.Zone = zone
	case colCity:
		c.City = bot.Clip(oneLine(v), 80)
	case colLocale:
		c.Locale = bot.Clip(oneLine(v), 20)
	case colTags:
		*c, f = c.AddTags(strings.ReplaceAll(v, "|", ","))
	case colSource:
		c.Source = bot.Clip(oneLine(v), 80)
	case colJob:
		row.Job = oneLine(v)
	case colStage:
		row.Stage = oneLine(v)
	case colExternal:
		if len(v) > 120 {
			return "The id is too long."
		}
		row.External = External{System: im.System, ID: oneLine(v)}
		*c = c.SetExternal(row.External)
	case colLink:
		if l := oneLine(v); strings.HasPrefix(l, "https://") || strings.HasPrefix(l, "http://") {
			*c, f = c.AddLink(Link{Name: l, URL: l})
		} else {
			return fmt.Sprintf("“%s” is not a link. It begins with https://.", bot.Clip(l, 60))
		}
	case colApplied:
		t, ok := parseDay(v)
		if !ok {
			return fmt.Sprintf("“%s” is not a day. Write it like 2026-11-03.", bot.Clip(oneLine(v), 40))
		}
		row.Applied = t
	case colNote:
		row.Note = bot.Clip(bot.Clean(v), maxNote)
	}
	if f != nil {
		return f.Say
	}
	return ""
}

func (im *Import) zone(v string) (zone, say string) {
	if im.Zone != nil {
		return im.Zone(v)
	}
	v = strings.TrimSpace(v)
	area, place, ok := strings.Cut(v, "/")
	if v == "UTC" || ok && area != "" && place != "" && !strings.ContainsAny(v, " \t\n.") {
		return v, ""
	}
	return "", fmt.Sprintf("“%s” is not a time zone. Write it like Africa/Lagos.", bot.Clip(oneLine(v), 40))
}

// parseDay reads a day that means the same to everybody: 2026-11-03, with or
// without a time, and 03.11.2026. 03/11/2026 is two different days and refused.
func parseDay(v string) (time.Time, bool) {
	v = strings.TrimSpace(v)
	for _, layout := range []string{time.DateOnly, time.RFC3339, time.DateTime, "2.1.2006", "2 January 2006", "January 2, 2006"} {
		if t, err := time.Parse(layout, v); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}
