package recruiting

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Because writes down how records stand now, as ids and states without anybody's
// words: "reference/R-12/asked/1762128000 …". Explain reads it.
func (p *Process) Because(ids []string) string {
	var out []string
	add := func(what, id string, is State, since time.Time) {
		out = append(out, fmt.Sprintf("%s/%s/%s/%d", what, id, is, since.Unix()))
	}
	for _, id := range ids {
		switch {
		case p.Reference(id) != nil:
			r := p.Reference(id)
			is, since := r.State, r.Since
			if r.Open() {
				is, since = ReferenceAsked, r.Asked
			}
			add("reference", id, is, since)
		case p.Offer(id) != nil:
			add("offer", id, p.Offer(id).State, p.Offer(id).Since)
		case p.Interview(id) != nil:
			add("interview", id, p.Interview(id).State, p.Interview(id).Since)
		case p.Rejection(id) != nil:
			add("rejection", id, p.Rejection(id).State, p.Rejection(id).Since)
		case p.App(id) != nil:
			add("application", id, p.App(id).State, p.App(id).Since)
		}
	}
	return strings.Join(out, " ")
}

// Explain puts what Because wrote into words: "reference R-12 was asked on 3
// November"; "" when there is nothing to say.
func Explain(because string) string {
	var out []string
	for _, f := range strings.Fields(because) {
		part := strings.Split(f, "/")
		if len(part) < 4 {
			continue
		}
		n := len(part)
		at, err := strconv.ParseInt(part[n-1], 10, 64)
		if err != nil {
			continue
		}
		was := " had been " + State(part[n-2]).Said() + " since "
		if part[n-2] == string(ReferenceAsked) {
			was = " was asked on "
		}
		out = append(out, part[0]+" "+strings.Join(part[1:n-2], "/")+was+day(time.Unix(at, 0).UTC()))
	}
	return strings.Join(out, "; ")
}
