package recruiting

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rapport/bot"
)

// StageKind says what standing at a stage means.
type StageKind string

const (
	AtStart     StageKind = "applied"
	InProcess   StageKind = "active"
	AtOffer     StageKind = "offer"
	AtHired     StageKind = "hired"
	AtRejected  StageKind = "rejected"
	AtWithdrawn StageKind = "withdrawn"
)

// Ends reports whether nobody goes on from a stage of this kind.
func (k StageKind) Ends() bool { return k == AtHired || k == AtRejected || k == AtWithdrawn }

// Stage is one step of a job. Its ID never changes, its name may.
type Stage struct {
	ID    string    `json:"id"`
	Name  string    `json:"name"`
	Kind  StageKind `json:"kind"`
	Says  string    `json:"says,omitempty"`  // what the candidate reads
	Limit int       `json:"limit,omitempty"` // days after which somebody here is stuck; 0 = the default of the kind
	Next  []string  `json:"next,omitempty"`  // stages one may go to from here; empty = any
	Cause bool      `json:"cause,omitempty"` // moving here needs a cause
	Who   bot.Role  `json:"who,omitempty"`   // who may move people here; 0 = whoever may move on this job
	Gone  bool      `json:"gone,omitempty"`  // no longer used; kept so that old records can be read
}

const (
	maxStages    = 20
	maxStageName = 40
)

// ParseStages reads stage names in their order ("Applied, Screen, Onsite, Offer,
// Hired"; commas, semicolons, arrows or lines between them). Hired, Rejected
// and Withdrawn always exist, whether named or not.
func ParseStages(text string) ([]Stage, *bot.Fault) {
	text = strings.NewReplacer("→", ",", "->", ",", ">", ",", "|", ",").Replace(bot.Clean(text))
	var stages []Stage
	for _, part := range splitList(text) {
		name := oneLine(strings.Trim(part, " \t\"“”"))
		if name == "" {
			continue
		}
		if runes(name) > maxStageName {
			return nil, bot.Faultf(bot.Invalid, "The stage name “%s” is too long; %d characters are enough.", bot.Clip(name, 30), maxStageName).In("stages")
		}
		if i := slices.IndexFunc(stages, func(s Stage) bool { return Fold(s.Name) == Fold(name) }); i >= 0 {
			return nil, bot.Faultf(bot.Invalid, "The stage “%s” stands there twice. Give each stage its own name.", stages[i].Name).In("stages")
		}
		stages = append(stages, Stage{ID: stageID(name, stages), Name: name, Kind: guessKind(name)})
	}
	open := slices.DeleteFunc(slices.Clone(stages), func(s Stage) bool { return s.Kind.Ends() })
	switch {
	case len(open) == 0:
		return nil, bot.Faultf(bot.Invalid, "Name at least one stage people go through, for example stages:\"Applied, Screen, Onsite, Offer, Hired\".").In("stages")
	case len(open) > maxStages:
		return nil, bot.Faultf(bot.Invalid, "%d stages are more than anybody can follow; %d is the most.", len(open), maxStages).In("stages")
	}
	for _, k := range []StageKind{AtHired, AtRejected, AtWithdrawn} {
		same := func(s Stage) bool { return s.Kind == k }
		if i := slices.IndexFunc(stages, same); i >= 0 {
			if j := slices.IndexFunc(stages[i+1:], same); j >= 0 {
				return nil, bot.Faultf(bot.Invalid, "“%s” and “%s” both mean %s. Keep one of them.", stages[i].Name, stages[i+1+j].Name, k).In("stages")
			}
			open = append(open, stages[i])
		} else {
			open = append(open, ending(k))
		}
	}
	if open[0].Kind == InProcess {
		open[0].Kind = AtStart
	}
	for i := range open {
		open[i].Says = defaultSays(open[i])
	}
	return open, nil
}

func ending(k StageKind) Stage {
	name := strings.ToUpper(string(k[:1])) + string(k[1:])
	return Stage{ID: string(k), Name: name, Kind: k}
}

// kindWords tell a stage's kind by its folded name.
var kindWords = map[string]StageKind{
	"hired": AtHired, "hire": AtHired, "eingestellt": AtHired, "contratado": AtHired, "contratada": AtHired,
	"rejected": AtRejected, "declined": AtRejected, "not a fit": AtRejected, "abgelehnt": AtRejected, "rechazado": AtRejected, "rechazada": AtRejected,
	"withdrawn": AtWithdrawn, "withdrew": AtWithdrawn, "zuruckgezogen": AtWithdrawn, "retirado": AtWithdrawn, "retirada": AtWithdrawn,
	"offer": AtOffer, "offered": AtOffer, "offer out": AtOffer, "offer sent": AtOffer, "angebot": AtOffer, "oferta": AtOffer,
	"applied": AtStart, "new": AtStart, "inbox": AtStart, "beworben": AtStart, "solicitado": AtStart,
}

func guessKind(name string) StageKind {
	if k, ok := kindWords[Fold(name)]; ok {
		return k
	}
	return InProcess
}

func stageID(name string, taken []Stage) string {
	if k := guessKind(name); k.Ends() {
		return string(k)
	}
	var b strings.Builder
	for _, r := range Fold(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == ' ':
			b.WriteByte('-')
		}
	}
	base := strings.Trim(b.String(), "-")
	if base == "" {
		base = "stage"
	}
	id := base
	for n := 2; slices.ContainsFunc(taken, func(s Stage) bool { return s.ID == id }) || StageKind(id).Ends(); n++ {
		id = base + "-" + strconv.Itoa(n)
	}
	return id
}

func defaultSays(s Stage) string {
	switch s.Kind {
	case AtStart:
		return "We have your application and will read it."
	case AtOffer:
		return "We are preparing an offer for you."
	case AtHired:
		return "You are joining us. Welcome!"
	case AtRejected:
		return "This application has come to its end."
	case AtWithdrawn:
		return "You have withdrawn this application."
	}
	return fmt.Sprintf("You are at the step “%s”.", s.Name)
}

// limit is how many days somebody may stand at a stage before it counts as stuck;
// 0 where standing is the end.
func (s Stage) limit() int {
	if s.Limit > 0 || s.Kind.Ends() {
		return s.Limit
	}
	if s.Kind == InProcess {
		return 10
	}
	return 5
}

// Stage is the stage with this id, also one that is no longer used.
func (j Job) Stage(id string) (Stage, bool) {
	if i := j.order(id); i >= 0 {
		return j.Stages[i], true
	}
	return Stage{}, false
}

// order is where a stage stands in the job, -1 when unknown.
func (j *Job) order(id string) int {
	for i := range j.Stages {
		if j.Stages[i].ID == id {
			return i
		}
	}
	return -1
}

// StageName is the name of a stage; the id itself when the job does not know it.
func (j Job) StageName(id string) string {
	if i := j.order(id); i >= 0 {
		return j.Stages[i].Name
	}
	return id
}

// Open are the stages in use, in their order, endings last.
func (j Job) Open() []Stage {
	out := make([]Stage, 0, len(j.Stages))
	for _, s := range j.Stages {
		if !s.Gone {
			out = append(out, s)
		}
	}
	return out
}

// ending is the job's stage of a final kind.
func (j *Job) ending(k StageKind) string {
	for i := range j.Stages {
		if j.Stages[i].Kind == k && !j.Stages[i].Gone {
			return j.Stages[i].ID
		}
	}
	return string(k)
}

// FindStage is the stage a person means: by id, by name in any case and without
// accents, by its beginning or a word of it, or "next" and "back" seen from a
// stage. Several → Ambiguous, none → Invalid with the nearest, both in field "to".
func (j Job) FindStage(text, from string) (Stage, *bot.Fault) {
	text = oneLine(text)
	if i := j.order(text); i >= 0 && !j.Stages[i].Gone {
		return j.Stages[i], nil
	}
	for i := range j.Stages { // as it is called, the usual case
		if s := &j.Stages[i]; !s.Gone && strings.EqualFold(s.Name, text) {
			return *s, nil
		}
	}
	open := j.Open()
	names := make([]string, len(open))
	for i, s := range open {
		names[i] = s.Name
	}
	found := best(text, names)
	if len(found) == 0 {
		if s, ok := j.relative(Fold(text), from); ok {
			return s, nil
		}
		if k := guessKind(text); k != InProcess {
			found = slices.DeleteFunc(indexes(len(open)), func(i int) bool { return open[i].Kind != k })
		}
	}
	switch len(found) {
	case 1:
		return open[found[0]], nil
	case 0:
		f := bot.Faultf(bot.Invalid, "“%s” has no stage “%s”. Its stages are %s.", j.Title, bot.Clip(text, 40), list(names, "and")).In("to")
		if text == "" {
			f.Say = fmt.Sprintf("Say which stage: %s.", list(names, "or"))
		}
		if near := nearest(text, names, 3); len(near) > 0 && text != "" {
			f.Options = stageOptions(open, near)
			f.Say = fmt.Sprintf("“%s” has no stage “%s”. Did you mean %s?", j.Title, bot.Clip(text, 40), optionWords(f.Options))
		} else {
			f.Options = stageOptions(open, indexes(len(open)))
		}
		return Stage{}, f
	}
	f := bot.Faultf(bot.Ambiguous, "“%s” fits several stages of “%s”. Which one?", bot.Clip(text, 40), j.Title).In("to")
	f.Options = stageOptions(open, found)
	return Stage{}, f
}

func (j *Job) relative(text, from string) (Stage, bool) {
	step := 0
	switch text {
	case "next", "forward", "on", "weiter", "siguiente":
		step = 1
	case "back", "previous", "zuruck", "anterior":
		step = -1
	}
	if step == 0 {
		return Stage{}, false
	}
	for i := j.order(from) + step; j.order(from) >= 0 && i >= 0 && i < len(j.Stages); i += step {
		if s := j.Stages[i]; !s.Gone && s.Kind != AtRejected && s.Kind != AtWithdrawn {
			return s, true
		}
	}
	return Stage{}, false
}

// StagesFrom are the stages this application may be moved to from a stage.
func (j Job) StagesFrom(from string) []Stage {
	return slices.DeleteFunc(j.Open(), func(s Stage) bool {
		return s.ID == from || !s.Kind.Ends() && !j.allows(from, s.ID)
	})
}

// allows reports whether the status map lets people go from one stage to another.
func (j *Job) allows(from, to string) bool {
	i := j.order(from)
	if i < 0 || j.Stages[i].Gone {
		return true
	}
	next := j.Stages[i].Next
	return len(next) == 0 || slices.Contains(next, to)
}

func stageOptions(stages []Stage, which []int) []bot.Option {
	var out []bot.Option
	for _, i := range which {
		out = append(out, bot.Option{Value: stages[i].ID, Label: stages[i].Name})
	}
	return out
}

func optionWords(o []bot.Option) string {
	words := make([]string, len(o))
	for i := range o {
		words[i] = "“" + o[i].Label + "”"
	}
	return list(words, "or")
}

func indexes(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}
