package scheduling

import (
	"slices"
	"strings"
)

// zoneWords reads a zone: an IANA or Windows name, letters, an offset, a city or
// country, "my time".
func (r *reader) zoneWords() bool {
	start := r.pos
	if _, ok := r.take(myTime); ok {
		return r.giveZone(zoneRef{set: true, mine: true})
	}
	if _, ok := r.take(yourTime); ok {
		return r.giveUp(NoZone, "")
	}
	var z zoneRef
	if !r.zone(&z) {
		if r.fail != "" {
			return false
		}
		if _, ok := r.take(zonePrefix); !ok || !r.zone(&z) {
			r.pos = start
			return false
		}
	}
	r.take(zoneWord)
	if z.letters != nil {
		r.bothCountries()
	}
	return r.giveZone(z)
}

// bothCountries skips what calendars write behind a name: "Eastern Time (US &
// Canada)".
func (r *reader) bothCountries() {
	t := r.text
	if i := r.pos; t.is(i, '(') && i+4 < len(t.tokens) && t.of(i+1) == "us" && t.is(i+2, '&') && t.of(i+3) == "canada" && t.is(i+4, ')') {
		r.pos += 5
	}
}

// giveZone puts a zone where it belongs: the second one said of a time must
// agree with the first.
func (r *reader) giveZone(z zoneRef) bool {
	a := r.cur()
	switch {
	case !a.zone.set:
		a.zone = z
	case !a.zone2.set:
		a.zone2 = z
	default:
		return r.giveUp(NotUnderstood, "")
	}
	return true
}

func (r *reader) zone(z *zoneRef) bool {
	t := r.text
	if r.utcOffset(z, true) || r.cur().from.set && r.signedOffset(z) {
		return true
	}
	if r.pos < len(t.tokens) && t.of(r.pos) == "z" && t.tokens[r.pos].upper && r.cur().from.set {
		r.pos++
		*z = zoneRef{set: true, fixed: true}
		return true
	}
	if r.fail != "" || r.pos >= len(t.tokens) || t.tokens[r.pos].kind == mark {
		return false
	}
	if chunk := r.chunk(r.pos); strings.ContainsAny(chunk, "/0123456789") {
		if e, ok := r.db.entries[chunk]; ok {
			*z = zoneRef{set: true, name: e.name}
			r.pos = r.afterChunk(r.pos)
			return true
		}
		if slices.ContainsFunc(continents, func(c string) bool { return strings.HasPrefix(chunk, strings.ToLower(c)) }) {
			return r.giveUp(UnknownZoneName, chunk)
		}
	}
	if t.tokens[r.pos].kind != word {
		return false
	}
	return r.zoneName(z)
}

// longestName is how many tokens the name of a zone may take.
const longestName = 10

// zoneName reads the longest name that is known at this place.
func (r *reader) zoneName(z *zoneRef) bool {
	t := r.text
	var buf [96]byte
	var ends [longestName]int // length of the key after each token, 0 where no name ends
	key := buf[:0]
	n := 0
	for i := r.pos; i < len(t.tokens) && n < longestName; i++ {
		tok := &t.tokens[i]
		if tok.kind == mark {
			if c := t.folded[tok.start]; c != '-' && c != '.' && c != '_' && c != '(' && c != ')' {
				break
			}
			n++
			continue
		}
		piece := t.of(i)
		if len(key)+len(piece)+1 > len(buf) {
			break
		}
		if len(key) > 0 {
			key = append(key, ' ')
		}
		for j := range len(piece) {
			if piece[j] != '\'' {
				key = append(key, piece[j])
			}
		}
		ends[n] = len(key)
		n++
	}
	for ; n > 0; n-- {
		if ends[n-1] == 0 {
			continue
		}
		if r.named(z, key[:ends[n-1]], n) {
			return true
		}
	}
	return false
}

// named reads a zone of n tokens whose folded name is key.
func (r *reader) named(z *zoneRef, key []byte, n int) bool {
	t := r.text
	i := r.pos
	if _, used := r.peek(i, nothing); used >= n { // words such as "am" and "la" are no places
		return false
	}
	if w, ok := windowsSpoken()[string(key)]; ok {
		name, _ := WindowsZone(w.name, r.ctx.Territory)
		*z = zoneRef{set: true, name: name}
		r.pos += n
		return true
	}
	if senses := lettersByName()[string(key)]; senses != nil && (n > 1 || !lettersInCapitals[string(key)] || t.tokens[i].upper) {
		if n > 1 || len(key) > 1 {
			*z = zoneRef{set: true, letters: &letters{text: strings.ToUpper(string(key)), senses: senses}}
			r.pos += n
			return true
		}
	}
	if daylight, ok := windowsDaylight(key); ok {
		*z = zoneRef{set: true, letters: daylight}
		r.pos += n
		return true
	}
	g := r.db.places()
	found := g.find(string(key), "")
	all := g.byName[string(key)]
	if all == nil && r.trying == german && strings.HasSuffix(string(key), "er") { // Berliner Zeit
		if _, used := r.peek(i+n, zoneWord); used > 0 {
			all = g.byName[string(key[:len(key)-2])]
			found = g.find(string(key[:len(key)-2]), "")
		}
	}
	if all == nil {
		if e, ok := r.db.entries[string(key)]; ok && n == 1 && len(key) > 2 && !grammarWord(r, i) {
			*z = zoneRef{set: true, name: e.name}
			r.pos += n
			return true
		}
		return false
	}
	r.pos += n
	if narrowed, used := r.within(g, string(key)); used > 0 {
		found = narrowed
		r.pos += used
	}
	if len(found) == 0 {
		r.pos = i
		return false
	}
	*z = zoneRef{set: true, places: found}
	return true
}

func grammarWord(r *reader, i int) bool { return r.words[i].n > 0 }

// within reads the region or country after a city: "Portland, Oregon",
// "Portland (Maine)", "Cambridge MA".
func (r *reader) within(g *gazetteer, city string) (found []place, used int) {
	t := r.text
	i := r.pos
	if t.is(i, ',') || t.is(i, '(') || t.is(i, '/') {
		i++
	} else if _, n := r.peek(i, in); n > 0 {
		i += n
	}
	for n := min(3, len(t.tokens)-i); n > 0; n-- {
		last := &t.tokens[i+n-1]
		if last.kind != word || t.tokens[i].kind != word {
			continue
		}
		name := t.folded[t.tokens[i].start:last.end]
		if len(name) <= 3 && !t.tokens[i].upper { // "in", "or", "me" are words; IN, OR, ME are states
			continue
		}
		if g.regions[name] == nil && g.countries[name] == "" {
			continue
		}
		if found := g.find(city, name); len(found) > 0 {
			used = i + n - r.pos
			if t.is(r.pos, '(') && t.is(r.pos+used, ')') {
				used++
			}
			return found, used
		}
	}
	return nil, 0
}

// windowsDaylight is the long name of a summer time, such as "Eastern Daylight
// Time": letters, for it says which season is meant.
func windowsDaylight(key []byte) (*letters, bool) {
	name, ok := strings.CutSuffix(string(key), " daylight time")
	if !ok {
		return nil, false
	}
	short := map[string]string{"eastern": "edt", "central": "cdt", "mountain": "mdt", "pacific": "pdt", "atlantic": "adt", "alaska": "akdt"}[name]
	if short == "" {
		return nil, false
	}
	return &letters{text: strings.ToUpper(short), senses: lettersByName()[short]}, true
}

// chunk is the run of characters at i that could be an IANA name.
func (r *reader) chunk(i int) string {
	end := r.afterChunk(i)
	return r.text.folded[r.text.tokens[i].start:r.text.tokens[end-1].end]
}

// afterChunk is the token after that run.
func (r *reader) afterChunk(i int) int {
	t := r.text
	end := i + 1
	for end < len(t.tokens) && t.glued(end) {
		if tok := &t.tokens[end]; tok.kind == mark && !strings.ContainsRune("/_-+", rune(t.folded[tok.start])) {
			break
		}
		end++
	}
	for end > i+1 && t.tokens[end-1].kind == mark {
		end--
	}
	return end
}
