package recruiting

import (
	"regexp"
	"strings"

	"rapport/bot"
)

var nameRun = regexp.MustCompile(`\p{Lu}[\p{L}\p{M}'’-]*(?: (?:de|da|dos|van|von|der|den|bin|al|el|\p{Lu}[\p{L}\p{M}'’-]*))+`)

const mostStrays = 16

// Namelike are the runs of two to four words in a text that could be somebody's
// name, the candidate's own left out: the caller looks whether another candidate is
// called so.
func Namelike(words string, c Candidate) []string {
	own := " " + Fold(c.Name) + " "
	var out []string
	for _, run := range nameRun.FindAllString(words, -1) {
		w := strings.Fields(run)
		for n := min(len(w), 4); n >= 2; n-- {
			for i := 0; i+n <= len(w); i++ {
				name := strings.Join(w[i:i+n], " ")
				if !strings.Contains(own, " "+Fold(name)+" ") && len(out) < mostStrays {
					out = append(out, name)
				}
			}
		}
	}
	return out
}

// OfAnother refuses a letter that names another candidate.
func OfAnother(name string, c Candidate) *bot.Fault {
	return bot.Faultf(bot.Invalid, "The text names “%s”, who is another candidate. This letter goes to %s.", bot.Clip(name, 60), c.called()).In("words")
}

// OfAnotherJob refuses a letter that names a job of ours other than the one meant;
// nil when it names none. Titles of one word are left alone: they are words of
// everyday letters, too.
func OfAnotherJob(words, job string, all Jobs) *bot.Fault {
	var long Jobs
	for i := range all {
		if all[i].ID == job || strings.Contains(Fold(all[i].Title), " ") {
			long = append(long, all[i])
		}
	}
	if other := wrongJob(words, job, long); other != "" {
		return notThisJob(other, all.Title(job))
	}
	return nil
}

func notThisJob(other, title string) *bot.Fault {
	return bot.Faultf(bot.Invalid, "The text speaks of “%s”, but this is about “%s”.", bot.Clip(other, 60), title).In("words")
}
