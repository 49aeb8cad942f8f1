package recruiting

import (
	"strings"

	"rapport/bot"
)

// The kinds of people of an employer. One person may be several.
const (
	Admin       bot.Role = 1 << iota // sets up, invites, erases
	Recruiter                        // runs every job
	Manager                          // decides on their own jobs
	Interviewer                      // meets candidates and writes scorecards
	Support                          // answers questions, sees how to reach people
)

// Team is everybody who works on hiring.
const Team = Admin | Recruiter | Manager | Interviewer | Support

var roleNames = []struct {
	role  bot.Role
	word  string   // what is kept and typed
	said  string   // in "who may"
	alias []string // folded
}{
	{Admin, "admin", "an Admin", []string{"administrator", "owner"}},
	{Recruiter, "recruiter", "a recruiter", []string{"recruiting", "sourcer", "hr", "talent"}},
	{Manager, "manager", "a hiring manager", []string{"hiring manager", "hm", "lead"}},
	{Interviewer, "interviewer", "an interviewer", []string{"panel", "panelist"}},
	{Support, "support", "support staff", []string{"support staff", "desk", "agent"}},
}

// ParseRoles reads one or more role words ("hiring manager, interviewer"). An
// unknown word gives an Invalid fault that lists the words there are.
func ParseRoles(text string) (bot.Role, *bot.Fault) {
	var roles bot.Role
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '+' || r == ';' || r == '\n' }) {
		r, ok := parseRole(Fold(part))
		if !ok {
			return 0, bot.Faultf(bot.Invalid, "There is no role “%s”. The roles are %s.", bot.Clip(strings.TrimSpace(part), 40), roleWords()).In("role")
		}
		roles |= r
	}
	if roles == 0 {
		return 0, bot.Faultf(bot.Invalid, "Say which role: %s.", roleWords()).In("role")
	}
	return roles, nil
}

func parseRole(word string) (bot.Role, bool) {
	for _, n := range roleNames {
		if word == n.word || word == n.word+"s" {
			return n.role, true
		}
		for _, a := range n.alias {
			if word == a || word == a+"s" {
				return n.role, true
			}
		}
	}
	return 0, false
}

func roleWords() string {
	words := make([]string, len(roleNames))
	for i, n := range roleNames {
		words[i] = n.word
	}
	return list(words, "and")
}

// RoleWords is the roles as typed: "recruiter, interviewer"; "no role" when empty.
func RoleWords(r bot.Role) string {
	var words []string
	for _, n := range roleNames {
		if r&n.role != 0 {
			words = append(words, n.word)
		}
	}
	if words == nil {
		return "no role"
	}
	return strings.Join(words, ", ")
}

// RoleOptions is a menu of the roles.
func RoleOptions() []bot.Option {
	var out []bot.Option
	for _, n := range roleNames {
		out = append(out, bot.Option{Value: n.word, Label: strings.ToUpper(n.word[:1]) + n.word[1:]})
	}
	return out
}

// Said is who may, in words: "an Admin or a recruiter".
func Said(r bot.Role) string {
	switch {
	case r&bot.Anyone != 0:
		return "anyone"
	case r&bot.Known != 0:
		return "anyone in the team"
	case r == bot.Machine:
		return "only the bot itself"
	case r&Team == Team:
		return "anyone in the hiring team"
	}
	var words []string
	for _, n := range roleNames {
		if r&n.role != 0 {
			words = append(words, n.said)
		}
	}
	if words == nil {
		return "nobody"
	}
	return list(words, "or")
}

// Are is what somebody with these roles is: "a recruiter and a hiring manager".
func Are(r bot.Role) string {
	var words []string
	for _, n := range roleNames {
		if r&n.role != 0 {
			words = append(words, n.said)
		}
	}
	if words == nil {
		return "without a role"
	}
	return list(words, "and")
}

// list joins words as a person would: "a, b and c".
func list(words []string, and string) string {
	switch n := len(words); n {
	case 0:
		return ""
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " " + and + " " + words[n-1]
	}
}

// Words puts roles into words for the kernel.
func Words() bot.RoleWords { return bot.RoleWords{Has: RoleWords, May: Said} }
