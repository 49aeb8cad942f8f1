package scheduling

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

func TestExplore(t *testing.T) {
	f, err := os.Open("/tmp/explore.txt")
	if err != nil {
		t.Skip()
	}
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		p := strings.SplitN(sc.Text(), "|", 4)
		if len(p) < 4 {
			continue
		}
		now, err := time.Parse(time.RFC3339, p[0])
		if err != nil {
			t.Fatal(err)
		}
		r := Read(p[3], ReadContext{Now: now, Zone: p[1], Locale: p[2]})
		b, _ := json.Marshal(r.Got())
		fmt.Printf("%-40s %-18s %s  «%s»\n", p[3], p[1], b, r.Words)
	}
}
