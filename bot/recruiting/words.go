package recruiting

import (
	"regexp"
	"strings"
	"unicode"

	"rapport/bot"
)

const (
	minReason = 3
	maxReason = 600
	minWords  = 20
	maxWords  = 1500
)

// CheckWords is S1-14: a rejection has an internal reason and a sentence for the
// candidate, without gaps to fill in, with the right name and the right job, and no promise of a
// next step.
func CheckWords(s *Situation, job, reason, words string) *bot.Fault {
	reason, words = strings.TrimSpace(bot.Clean(reason)), strings.TrimSpace(bot.Clean(words))
	first := s.Candidate.First()
	if first == "" {
		first = "the candidate"
	}
	switch {
	case letters(reason) < minReason:
		return bot.Faultf(bot.Invalid, "Say why, for the team only; %s does not see it.", first).In("reason")
	case runes(reason) > maxReason:
		return bot.Faultf(bot.Invalid, "The reason has %d characters; %d is the most. Put the rest in a note.", runes(reason), maxReason).In("reason")
	case letters(words) < minWords:
		return bot.Faultf(bot.Invalid, "Write at least one whole sentence for %s.", first).In("words")
	case runes(words) > maxWords:
		return bot.Faultf(bot.Invalid, "The text for %s has %d characters; %d is the most.", first, runes(words), maxWords).In("words")
	case Fold(words) == Fold(reason):
		return bot.Faultf(bot.Invalid, "That is the internal reason once more. Write a sentence meant for %s.", first).In("words")
	}
	if gap := placeholder(words); gap != "" {
		return bot.Faultf(bot.Invalid, "“%s” is still to be filled in. Write what %s should read there.", bot.Clip(gap, 40), first).In("words")
	}
	if other := wrongName(words, s.Candidate); other != "" {
		return bot.Faultf(bot.Invalid, "The text greets “%s”, but this letter goes to %s.", bot.Clip(other, 40), s.Candidate.called()).In("words")
	}
	if other := wrongJob(words, job, s.Jobs); other != "" {
		return notThisJob(other, s.Jobs.Title(job))
	}
	if hope := hopeful(words); hope != "" {
		return bot.Faultf(bot.Invalid, "“%s” reads like a “yes”. Say kindly that the answer is no.", bot.Clip(hope, 80)).In("words")
	}
	return nil
}

func letters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
			if r >= 0x2e80 { // a letter of these scripts is a syllable or a word
				n += 2
			}
		}
	}
	return n
}

var gaps = []*regexp.Regexp{
	regexp.MustCompile(`\{\{?[^{}\n]*\}?\}`),                               // {{name}}
	regexp.MustCompile(`\[[^\[\]\n]{0,40}\]`),                              // [Name]
	regexp.MustCompile(`<<?[^<>\n]{0,40}>>?`),                              // <name>
	regexp.MustCompile(`%[A-Za-z_]{2,30}%|%[sdv]\b|\$[A-Z_]{3,30}\b|\$\{`), // %NAME%, %s, $NAME
	regexp.MustCompile(`_{3,}|\.{5,}|\bX{3,}\b|\?{3,}`),                    // ____
	regexp.MustCompile(`(?i)\b(lorem ipsum|todo|tbd|tbc|fixme|insert (name|reason|job)( here)?|candidate name|first ?name|job ?title here)\b`), //
	regexp.MustCompile(`(?im)^[ \t]*(dear|hi|hello|hey|hallo|liebe[rs]?|hola|estimad[oa]|bonjour|cher|chère)[ \t]*[,!:]`),                      // Dear ,
	regexp.MustCompile(`(?i)\b(for|für|para|as) the (position|role|job) of[ \t]*[,.]`),                                                         // an empty job
	regexp.MustCompile(`“\s*”|"\s*"|„\s*“|«\s*»`),                                                                                              // an empty quote
}

func placeholder(words string) string {
	for _, g := range gaps {
		if m := g.FindString(words); m != "" {
			return strings.TrimSpace(m)
		}
	}
	return ""
}

var greeting = regexp.MustCompile(`(?im)^[ \t]*(?:dear|hi|hello|hey|good (?:morning|day|afternoon)|hallo|guten tag|liebe[rs]?|sehr geehrte[rs]?|hola|estimad[oa]|querid[oa]|bonjour|cher|chère)[ \t]+([^,!:\n.]{1,60})[ \t]*[,!:\n]`)

// notNames are words of a greeting that are no part of a name.
var notNames = map[string]bool{
	"mr": true, "mrs": true, "ms": true, "mx": true, "miss": true, "dr": true, "prof": true, "professor": true, "sir": true, "madam": true,
	"herr": true, "frau": true, "herrn": true, "senor": true, "senora": true, "sr": true, "sra": true, "monsieur": true, "madame": true,
	"candidate": true, "applicant": true, "there": true, "again": true, "all": true, "friend": true, "and": true, "von": true, "van": true, "de": true, "der": true, "la": true,
}

// wrongName is a greeted name that shares nothing with the candidate's, "" when all is well.
func wrongName(words string, c Candidate) string {
	own := map[string]bool{}
	for _, t := range Tokens(c.Name) {
		own[t] = true
	}
	for _, m := range greeting.FindAllStringSubmatch(words, 3) {
		named, right := false, false
		for _, t := range Tokens(m[1]) {
			named = named || !notNames[t]
			right = right || own[t]
		}
		if named && !right && len(own) > 0 {
			return strings.TrimSpace(m[1])
		}
	}
	return ""
}

var aJob = regexp.MustCompile(`(?:position|role|job|post) (?:of|as)(?: an?| the)? ((?:[A-Z][\p{L}\d+#/-]*)(?: [A-Z][\p{L}\d+#/-]*)*)|\bthe ((?:[A-Z][\p{L}\d+#/-]*)(?: [A-Z][\p{L}\d+#/-]*)*) (?:position|role|job|post|opening)\b`)

// wrongJob is a job named in the words that is not the one meant: the title of
// another job of ours, or a capitalised title that shares no word with it.
func wrongJob(words, job string, jobs Jobs) string {
	j := jobs.Get(job)
	if j == nil {
		return ""
	}
	text, right := " "+Fold(words)+" ", Fold(j.Title)
	rest := strings.ReplaceAll(text, " "+right+" ", " ")
	for _, o := range jobs {
		if t := Fold(o.Title); o.ID != job && t != right && t != "" && strings.Contains(rest, " "+t+" ") {
			return o.Title
		}
	}
	own := map[string]bool{}
	for _, t := range strings.Fields(right) {
		own[t] = true
	}
	for _, m := range aJob.FindAllStringSubmatch(words, 5) {
		title := m[1] + m[2]
		if !shares(title, own) {
			return title
		}
	}
	return ""
}

func shares(title string, own map[string]bool) bool {
	for _, t := range Tokens(title) {
		if own[t] {
			return true
		}
	}
	return false
}

// NoReply reports an address that nobody reads; after an interview no letter to
// a candidate comes from one (S1-14, S4-37).
func NoReply(mail string) bool {
	local, _, _ := cutLast(strings.ToLower(mail), '@')
	local = strings.NewReplacer("-", "", "_", "", ".", "", "+", "").Replace(local)
	for _, w := range []string{"noreply", "donotreply", "dontreply", "nichtantworten", "keineantwort", "noresponder", "mailerdaemon", "nepasrepondre"} {
		if strings.Contains(local, w) {
			return true
		}
	}
	return false
}
