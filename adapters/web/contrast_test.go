package web_test

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"testing"
)

var colour = regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{6});`)

// light is the relative luminance of a colour (WCAG 2.2).
func light(hex string) float64 {
	var c [3]float64
	for i := range c {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			panic(err)
		}
		if v := float64(n) / 255; v <= 0.04045 {
			c[i] = v / 12.92
		} else {
			c[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2]
}

// Everything one reads stands out from what it stands on, in both appearances.
func TestTextIsReadableOnItsGround(t *testing.T) {
	t.Parallel()
	css, err := os.ReadFile("assets/console.css")
	if err != nil {
		t.Fatal(err)
	}
	themes := regexp.MustCompile(`(?s):root[^{]*\{(.*?)\}`).FindAllSubmatch(css, -1)
	if len(themes) != 3 {
		t.Fatal(len(themes), "themes")
	}
	for i, m := range themes {
		is := map[string]string{}
		for _, c := range colour.FindAllStringSubmatch(string(m[1]), -1) {
			is[c[1]] = c[2]
		}
		pairs := [][2]string{{"gold", "gold-soft"}, {"accent-ink", "accent"}, {"accent-deep", "accent-soft"}, {"danger", "sheet"}}
		for _, ink := range []string{"ink", "soft", "faint"} {
			for _, ground := range []string{"paper", "sheet", "rail"} {
				pairs = append(pairs, [2]string{ink, ground})
			}
		}
		for _, p := range pairs {
			a, b := light(is[p[0]]), light(is[p[1]])
			if k := (max(a, b) + 0.05) / (min(a, b) + 0.05); k < 4.5 {
				t.Errorf("theme %d: %s on %s is only %.2f", i+1, p[0], p[1], k)
			}
		}
	}
}
