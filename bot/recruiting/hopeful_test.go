package recruiting

import "testing"

func TestS1_14_WhetherWordsHoldANo(t *testing.T) {
	for words, want := range map[string]bool{
		kind: true,
		"We have decided to go on with somebody else.":                       true,
		"We have decided to go on with somebody who has more years of Go.":   true,
		"We won’t go on with your application.":                              true,
		"Leider haben wir uns anders entschieden.":                           true,
		"Hemos decidido seguir con otra persona.":                            true,
		"このたびは別の方に進んでいただくことになりました。":                                          true,
		"We liked the way you explained your work to all of us. Thank you.":  false,
		"It was a pleasure to meet you, and we wish you a very good Monday.": false,
	} {
		if SaysNo(words) != want {
			t.Errorf("%q: %v", words, !want)
		}
	}
}
