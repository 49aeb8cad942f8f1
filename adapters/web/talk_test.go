package web_test

import (
	"testing"

	"rapport/adapters/web/webtest"
	"rapport/bot/bottest"
)

func TestATypedLineIsAnsweredAndTakenBack(t *testing.T) {
	t.Parallel()
	w, d, o := world(t)
	see(t, d.Command(t, "Rita", `/rapport candidate move "Ada Okafor" to:Onsite`), "Moved Ada Okafor from Phone screen to Onsite.")
	see(t, d.Press(t, "Rita", "Undo"), "Taken back. Ada Okafor is at Phone screen.")
	if o.at["Ada Okafor"] != "Phone screen" {
		t.Fatal(o.at)
	}
	see(t, d.Command(t, "Rita", "/move Ad to:Onsite"), "Which one do you mean?")
	see(t, d.Press(t, "Rita", "Adam"), "Moved Adam Lindqvist from Applied")
	see(t, d.Command(t, "Max", "/move Ada to:Onsite"), "is for recruiters")
	see(t, d.Say(t, "Rita", "hello there"), "You said: hello there")
	see(t, d.Command(t, "Rita", "/Rapport Move Ada Okafor to:Offer"), "Moved Ada Okafor")
	see(t, d.Command(t, "Rita", "/move Ada Okafor too:Onsite"), "I do not know too: here. Did you mean to:?")
	see(t, d.Home(t, "Rita"), "Waiting for you")
	see(t, d.Press(t, "Rita", "Board"), "Backend Engineer")
	see(t, d.Suggest(t, "Rita", "candidate move", "candidate", "mat"), "Mateo Herrera")
	_ = w
}

func TestFormsOpenAreRefusedInPlaceAndDone(t *testing.T) {
	t.Parallel()
	_, d, _ := world(t)
	see(t, d.Command(t, "Rita", "/move Ada Okafor"), "{Move a candidate: Candidate=Ada Okafor, Stage, Note}")
	see(t, d.Fill(t, "Rita", map[string]string{"Stage": "Offer"}), "Moved Ada Okafor from Phone screen to Offer.")
	see(t, d.Command(t, "Rita", "/candidate add Noor"), "Heard of us by (Referral | Website | Event)")
	s := d.Fill(t, "Rita", map[string]string{"Email": "taken@mail.example", "Heard of us by": "Event"})
	see(t, s, "refused\nemail: Somebody has this address already.")
	see(t, d.Fill(t, "Rita", map[string]string{"Email": "noor@mail.example", "Heard of us by": "Event"}), "Added Noor, who heard of us by event.")
}

func TestAMenuIsPicked(t *testing.T) {
	t.Parallel()
	_, d, _ := world(t)
	see(t, d.Command(t, "Rita", "/show Mateo"), "<Move to: Onsite | Offer>")
	see(t, d.Pick(t, "Rita", "Move to", "Offer"), "Moved Mateo Herrera from Onsite to Offer.")
}

func TestWhatIsSentReachesItsReaderOnly(t *testing.T) {
	t.Parallel()
	w, d, _ := world(t)
	w.Person(t, "Inés Duarte", manager, "")
	see(t, d.Command(t, "Rita", `/tell @Ines.Duarte words:"without an accent"`), "Told.")
	w.Settle(t)
	see(t, bottest.Screen(d.Inbox(t, "Inés Duarte")), "without an accent")
	d.Person(t, "Max")
	see(t, d.Command(t, "Rita", `/tell @Max words:"Ada is here"`), "Told.")
	w.Settle(t)
	see(t, bottest.Screen(d.Inbox(t, "Max")), "Ada is here")
	if s := d.Inbox(t, "Rita"); s != "" {
		t.Fatal("Rita read Max's message:", s)
	}
}

func TestPublicAnswersAreEverybodysAndPrivateOnesTheAskers(t *testing.T) {
	t.Parallel()
	_, d, _ := world(t)
	rita, max := d.Person(t, "Rita"), d.Person(t, "Max")
	rita.Conv, max.Conv = "#recruiting", "#recruiting"
	max.Sync(t)
	see(t, rita.Do(t, post("line", "/move Ada Okafor to:Onsite")), "Moved Ada")
	max.Sync(t)
	if s := max.Seen(); s != "" {
		t.Fatal("Max sees Rita's private answer:", s)
	}
	see(t, rita.Do(t, post("line", "/aloud Cake")), "Cake")
	max.Sync(t)
	see(t, bottest.Screen(max.Seen()), "Cake")
	see(t, max.Press(t, "Claim"), "Cake: Max has it.")
	rita.Sync(t)
	see(t, bottest.Screen(rita.Seen()), "Cake: Max has it.") // the shared card changed for both
	see(t, rita.Do(t, post("line", "lunch, anybody?")), "")
	max.Sync(t)
	see(t, bottest.Screen(max.Seen()), "> lunch, anybody?")
}

func post(kind, text string) webtest.Post { return webtest.Post{Kind: kind, Text: text} }
