package recruiting

import (
	"regexp"
	"strings"
	"unicode"
)

// hopes are words that ask somebody on to the next step or wish them luck with it.
// They stand in a "no" only where the sentence takes them back, or speaks of another time.
var hopes = []*regexp.Regexp{
	regexp.MustCompile(`(?i)\b(?:congratulations|herzlichen glückwunsch|felicidades|félicitations)`),
	regexp.MustCompile(`(?i)\bwelcome (?:you )?(?:to the team|on ?board|aboard)\b|\blook(?:ing)? forward to (?:meeting|welcoming|working with) you\b`),
	regexp.MustCompile(`(?i)\boffer you (?:the|this|a|an|our)(?: \w+)?(?: \w+)? (?:job|role|position|place|contract)\b`),
	regexp.MustCompile(`(?i)\binvit(?:e|ing) you (?:to|for|in)\b.*\b(?:interview|call|talk|conversation|meeting|round|stage|step|onsite|visit|chat)`),
	regexp.MustCompile(`(?i)\byou(?:['’]ve| have) been (?:selected|shortlisted|chosen|accepted|hired)\b|\byou(?:['’]re| are) (?:shortlisted|hired|through to)\b`),
	regexp.MustCompile(`(?i)\byour (?:next|second|final) (?:interview|round|step|stage)\b|\b(?:move|take|bring|put) you (?:on|forward|through|to the next)\b`),
	regexp.MustCompile(`(?i)\b(?:lade|laden) .*\bein\b|\bfreuen uns (?:auf|darauf)\b.*\b(?:kennen|gespräch|zusammenarbeit)`),
	regexp.MustCompile(`(?i)\binvit(?:amos|arte|arle|ons|er)\b.*\b(?:entrevista|entretien|reunión|rendez)`),
}

// takesBack are words that turn a hope into its contrary, or put it off to another day.
var takesBack = regexp.MustCompile(`(?i)\b(?:not|no|never|cannot|unable|without|unfortunately|regret|sorry|if|should|another|other|else|future|again|later|apply|nicht|kein\w*|leider|falls|wenn|wieder|otr[oa]s?|lamentablemente|desafortunadamente|si|pas|autres?|malheureusement)\b|n['’]t\b`)

// aNo are words that some plain "no" holds, in the languages letters are written in most.
var aNo = regexp.MustCompile(`(?i)\b(?:not|no|cannot|unable|nobody|somebody|someone|another|other|others|else|instead|reject\w*|declin\w*|unfortunately|regret\w*|sorry|clos\w+|filled|nicht|kein\w*|ander\w*|leider|absage\w*|otr[oa]s?|lamenta\w*|lament\w+|pas|autres?|malheureusement|outr[oa]s?|infelizmente|não|altr[aoi]|purtroppo|niet|andere|helaas)\b|n['’]t\b`)

var sentenceEnd = regexp.MustCompile(`[.!?\n。！？]+`)

// hopeful is the sentence of a rejection that invites to a next step, "" when none does.
func hopeful(words string) string {
	for _, s := range sentenceEnd.Split(words, -1) {
		if takesBack.MatchString(s) {
			continue
		}
		for _, h := range hopes {
			if h.MatchString(s) {
				return strings.TrimSpace(s)
			}
		}
	}
	return ""
}

// SaysNo reports whether the words of a rejection hold something that reads as a
// "no". It knows a handful of languages written in Latin letters, and takes every
// other script on trust.
func SaysNo(words string) bool {
	latin, other := 0, 0
	for _, r := range words {
		switch {
		case unicode.Is(unicode.Latin, r):
			latin++
		case unicode.IsLetter(r):
			other++
		}
	}
	return other > latin || aNo.MatchString(words)
}
