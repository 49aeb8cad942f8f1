package scheduling

// ZoneWord is a zone that somebody named in passing.
type ZoneWord struct {
	Text   string   // as written, folded
	Zones  []string // what it can mean, best first
	Agrees bool     // one of its meanings shows the same clock as the person's zone now
}

// ZoneWords finds the zones named in a note of up to 10,000 bytes, "evenings CET
// only" or "I am on Toronto time": letters in capitals, identifiers, and places that
// are followed by a word like "time". A person whose set zone disagrees with one
// should be asked; nothing is decided here. Longer notes give nothing.
func ZoneWords(note string, ctx ReadContext) []ZoneWord {
	if len(note) > 10000 {
		return nil
	}
	r := reader{db: ctx.DB, ctx: ctx, now: ctx.Now.UTC(), trying: english}
	if r.db == nil {
		r.db = Default()
	}
	r.speaker, _ = r.db.Zone(ctx.Zone)
	grammar := dictionaries()
	var out []ZoneWord
	for len(note) > 0 && len(out) < maxAlts {
		piece := note[:cutAt(note)]
		note = note[len(piece):]
		t, why := cutText(piece)
		if why != "" {
			continue
		}
		r.text = &t
		for _, lang := range languageOrder(english) {
			r.words, r.trying = grammar[lang].look(&t, r.buf[:0]), lang
			out = r.zoneWordsIn(out)
		}
	}
	return out
}

// cutAt ends a piece of a note at a sentence or a line, or where it grows too long.
func cutAt(note string) int {
	for i := range len(note) {
		switch c := note[i]; {
		case c == '\n', c == '!', c == '?', c == ';', c == '.' && i+1 < len(note) && note[i+1] == ' ' && i > 20:
			return i + 1
		case i > maxPhrase/2 && c == ' ', i == maxPhrase-1:
			return i + 1
		}
	}
	return len(note)
}

func (r *reader) zoneWordsIn(out []ZoneWord) []ZoneWord {
	t := r.text
	for r.pos = 0; r.pos < len(t.tokens); {
		start := r.pos
		r.fail = ""
		r.alts = append(r.altBuf[:0], alt{})
		var z zoneRef
		if t.tokens[start].kind != word || !r.zone(&z) {
			r.pos = max(r.pos, start) + 1
			continue
		}
		end := r.pos
		_, followed := r.take(zoneWord)
		loud := t.tokens[start].upper && end-start == 1 && z.letters != nil
		if !(loud || followed || z.name != "" || z.fixed || z.letters != nil && end-start > 1) {
			r.pos = start + 1
			continue
		}
		word := ZoneWord{Text: t.folded[t.tokens[start].start:t.tokens[end-1].end]}
		for _, at := range r.zoneMeanings(z) {
			word.Zones = append(word.Zones, at.zone)
			if r.speaker != nil {
				_, theirs := at.at.Zone()
				_, own := r.now.In(r.speaker).Zone()
				word.Agrees = word.Agrees || theirs == own
			}
		}
		known := false
		for _, o := range out {
			known = known || o.Text == word.Text
		}
		if len(word.Zones) > 0 && !known {
			out = append(out, word)
		}
	}
	return out
}

// zoneMeanings are the zones a reference can stand for, with now as their clocks
// show it.
func (r *reader) zoneMeanings(z zoneRef) []hit {
	options, _, _ := r.zones(&alt{zone: z})
	var out []hit
	for i := range options {
		o := &options[i]
		if o.letters == nil {
			out = append(out, hit{r.now.In(o.loc), zoneName(o.loc)})
			continue
		}
		loc := o.calendar(r)
		if loc == nil {
			continue
		}
		hits, _ := o.letters.hits(r.db, wallOf(r.now.In(loc)), r.speaker, nil)
		for _, h := range hits {
			out = append(out, hit{r.now.In(h.at.Location()), h.zone})
		}
	}
	if len(out) > maxOptions {
		out = out[:maxOptions]
	}
	return out
}
