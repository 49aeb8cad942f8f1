package recruiting

import (
	"strings"
	"testing"
	"time"

	"rapport/bot"
)

func TestS1_14_WordsOfARejection(t *testing.T) {
	bad := map[string]Reject{
		"no reason":              {Reason: " ", Words: kind},
		"no sentence":            {Reason: why, Words: ""},
		"hardly a sentence":      {Reason: why, Words: "Sorry, no."},
		"the reason once more":   {Reason: "not enough depth in storage engines", Words: "Not enough depth in storage engines!"},
		"a gap {{name}}":         {Reason: why, Words: "Dear {{name}}, " + kind},
		"a gap [Name]":           {Reason: why, Words: "Dear [Name], " + kind},
		"a gap <first>":          {Reason: why, Words: "Dear <first>, " + kind},
		"a gap %NAME%":           {Reason: why, Words: "Dear %NAME%, " + kind},
		"a gap ____":             {Reason: why, Words: kind + " Because ____."},
		"an empty greeting":      {Reason: why, Words: "Dear ,\n" + kind},
		"another person's name":  {Reason: why, Words: "Dear Boris,\n" + kind},
		"another person, German": {Reason: why, Words: "Liebe Frau Schmidt,\n" + kind},
		"another job of ours":    {Reason: why, Words: "We have decided to go on with another person for the Data Scientist job."},
		"a job nobody has":       {Reason: why, Words: "We have decided not to go on with you for the Head Chef position, sorry."},
		"an invitation":          {Reason: why, Words: "Thank you for the talk. We would like to invite you to an interview on Monday."},
		"congratulations":        {Reason: why, Words: "Congratulations! We were very impressed by your answers."},
		"a next step":            {Reason: why, Words: "Thank you for your time. Your next interview is with our head of engineering."},
		"an invitation, German":  {Reason: why, Words: "Vielen Dank für Ihre Zeit. Wir laden Sie gerne zu einem Gespräch ein."},
		"40,000 characters":      {Reason: why, Words: strings.Repeat("word ", 8000)},
	}
	for name, r := range bad {
		t.Run(name, func(t *testing.T) {
			r.App = "A-1"
			play(t, ada()).faulted(sam, r, bot.Invalid)
		})
	}
	good := map[string]string{
		"plain":                    kind,
		"with a greeting":          "Dear Ada,\n" + kind,
		"by family name":           "Dear Ms Okafor,\n" + kind,
		"Spanish":                  "Estimada Ada:\nHemos decidido seguir con otra persona para este puesto.",
		"German":                   "Liebe Ada,\nwir haben uns für eine andere Person entschieden, die näher an unseren Aufgaben ist.",
		"Japanese":                 "このたびは別の方に進んでいただくことになりました。",
		"a right role":             "We hope you find the right role soon; we have decided to go on with somebody else.",
		"says Hi there":            "Hi there,\n" + kind,
		"an invitation not given":  "We have decided not to invite you to an interview, as others are closer to the job.",
		"other offers":             "We have decided to go on with somebody who knows Go better. We are happy to offer you a call with our feedback.",
		"good wishes":              "The role you have chosen is filled. We hope you are successful in your search, and look forward to seeing you at our meetings.",
		"another time":             "We have chosen somebody else. If another job fits, we would be happy to invite you then.",
		"the next round of others": "We have decided to go on to the next round with other people.",
	}
	for name, words := range good {
		t.Run(name, func(t *testing.T) {
			play(t, ada()).do(sam, Reject{App: "A-1", Reason: why, Words: words})
		})
	}
}

func TestS1_14_AfterAnInterviewANamedPersonSigns(t *testing.T) {
	w := play(t, ada())
	w.do(sam, Book{App: "A-1", ID: "iv-1", At: noon.Add(time.Hour), End: noon.Add(2 * time.Hour), With: []string{ivo.ID}})
	w.wait(3 * time.Hour)
	if f := w.faulted(sam, reject("A-1"), bot.Invalid); f.Field != "signer" {
		t.Errorf("%+v", f)
	}
	r := reject("A-1")
	r.Signer = mo.ID
	c := w.do(sam, r)
	if x := c.Process.Rejections[0]; x.State != RejectionStaged || len(c.Questions) != 1 || c.Questions[0].Who[0] != mo.ID {
		t.Fatalf("%+v %+v", x, c.Questions)
	}
	w.wait(30 * time.Hour)
	w.faulted(sam, ReleaseRejection{"X-2"}, bot.Stale)
	w.faulted(sam, SignRejection{"X-2"}, bot.Forbidden)
	c = w.do(mo, SignRejection{"X-2"})
	if x := c.Process.Rejections[0]; x.State != RejectionCooling || x.Name != mo.Name {
		t.Fatalf("%+v", x)
	}
	w.wait(25 * time.Hour)
	c = w.do(sam, ReleaseRejection{"X-2"})
	if l := c.Letters[0]; !l.Personal || !strings.HasSuffix(l.Text, mo.Name) {
		t.Errorf("%+v", l)
	}
	for _, a := range []string{"no-reply@co.example", "noreply@co.example", "do_not_reply@co.example"} {
		if !NoReply(a) {
			t.Errorf("%s is nobody's address", a)
		}
	}
	if NoReply("nora.reply@co.example") {
		t.Error("Nora Reply is somebody")
	}
}
