package discordtest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"rapport/adapters/discord/discordtest"
)

// rewrite sends discordgo's calls, whose addresses are fixed when it is
// loaded, to the fake.
type rewrite struct{ base *url.URL }

func (rw rewrite) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host = rw.base.Scheme, rw.base.Host
	r.Host = ""
	return lone.Transport.RoundTrip(r)
}

// bot is a discordgo session pointed at the fake.
func bot(t *testing.T, d *discordtest.Server) *discordgo.Session {
	t.Helper()
	s, err := discordgo.New("Bot " + d.App().Token)
	if err != nil {
		t.Fatal(err)
	}
	base, _ := url.Parse(d.URL())
	s.Client = &http.Client{Transport: rewrite{base}}
	s.LogLevel = -1
	s.Identify.Intents = discordgo.IntentsGuilds | discordgo.IntentsGuildMessages | discordgo.IntentsDirectMessages
	t.Cleanup(func() { s.ShouldReconnectOnError = false; s.Close() })
	return s
}

func moveCommand() *discordgo.ApplicationCommand {
	return &discordgo.ApplicationCommand{Name: "candidate", Description: "Candidates", Options: []*discordgo.ApplicationCommandOption{
		{Type: discordgo.ApplicationCommandOptionSubCommand, Name: "move", Description: "Move to a stage", Options: []*discordgo.ApplicationCommandOption{
			{Type: discordgo.ApplicationCommandOptionString, Name: "candidate", Description: "Who", Required: true, Autocomplete: true},
			{Type: discordgo.ApplicationCommandOptionString, Name: "to", Description: "Stage", Required: true, Choices: []*discordgo.ApplicationCommandOptionChoice{
				{Name: "Onsite", Value: "onsite"}, {Name: "Offer", Value: "offer"}}},
		}},
	}}
}

func TestDiscordgoConnectsAnswersAndResumes(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Options{Nine: true, Strict: true, Patience: 10 * time.Second})
	guild := d.Guild("Acme")
	general := guild.Text("general")
	ada := guild.Member("Ada")
	s := bot(t, d)

	ready := make(chan *discordgo.Ready, 1)
	resumed := make(chan struct{}, 1)
	s.AddHandler(func(_ *discordgo.Session, r *discordgo.Ready) { ready <- r })
	s.AddHandler(func(_ *discordgo.Session, r *discordgo.Resumed) { resumed <- struct{}{} })
	said := make(chan string, 8)
	s.AddHandler(func(_ *discordgo.Session, m *discordgo.MessageCreate) {
		if m.Author.ID != d.App().BotID() {
			said <- m.ChannelID + "|" + m.Content
		}
	})
	s.AddHandler(func(s *discordgo.Session, i *discordgo.InteractionCreate) {
		respond := func(r *discordgo.InteractionResponse) {
			if err := s.InteractionRespond(i.Interaction, r); err != nil {
				t.Errorf("respond: %v", err)
			}
		}
		switch i.Type {
		case discordgo.InteractionApplicationCommand:
			sub := i.ApplicationCommandData().Options[0]
			respond(&discordgo.InteractionResponse{Type: discordgo.InteractionResponseChannelMessageWithSource, Data: &discordgo.InteractionResponseData{
				Content:         "Moved " + sub.Options[0].StringValue() + " to " + sub.Options[1].StringValue(),
				AllowedMentions: &discordgo.MessageAllowedMentions{},
				Components: []discordgo.MessageComponent{discordgo.ActionsRow{Components: []discordgo.MessageComponent{
					discordgo.Button{Label: "Undo", CustomID: "undo:1"}}}},
			}})
		case discordgo.InteractionApplicationCommandAutocomplete:
			respond(&discordgo.InteractionResponse{Type: discordgo.InteractionApplicationCommandAutocompleteResult, Data: &discordgo.InteractionResponseData{
				Choices: []*discordgo.ApplicationCommandOptionChoice{{Name: "Ada Okafor", Value: "c7"}}}})
		case discordgo.InteractionMessageComponent:
			respond(&discordgo.InteractionResponse{Type: discordgo.InteractionResponseUpdateMessage, Data: &discordgo.InteractionResponseData{
				Content: "Taken back by Ada", Components: []discordgo.MessageComponent{}}})
		}
	})
	if err := s.Open(); err != nil {
		t.Fatal(err)
	}
	r := <-ready
	if r.User.ID != d.App().BotID() || len(r.Guilds) != 1 {
		t.Fatalf("READY: %+v", r)
	}
	if _, err := s.ApplicationCommandBulkOverwrite(d.App().ID, "", []*discordgo.ApplicationCommand{moveCommand()}); err != nil {
		t.Fatal(err)
	}
	if got := ada.Autocomplete(general, "candidate move", "candidate", "ad"); len(got) != 1 || got[0].Name != "Ada Okafor" {
		t.Fatalf("suggestions: %+v", got)
	}
	x := ada.Slash(general, "candidate move", map[string]any{"candidate": "c7", "to": "Onsite"})
	if got := x.Text(); got != "Moved c7 to onsite" {
		t.Fatalf("reply %q", got)
	}
	if m := ada.Press("Undo").Reply(); m.Text != "Taken back by Ada" || len(m.Buttons) != 0 {
		t.Fatalf("after undo: %s", m)
	}

	d.Await("a heartbeat", func() bool { return d.Owners()[0].Heartbeats > 0 })
	d.DropGateway()
	ada.DM("while you were away")
	<-resumed
	got := <-said
	if !strings.HasSuffix(got, "|while you were away") {
		t.Fatalf("replayed %q", got)
	}
	for _, l := range d.Lints() {
		t.Logf("lint: %s", l)
	}
	if n := len(d.Owners()); n != 1 {
		t.Fatalf("%d sessions, want the one resumed", n)
	}
}

// TestDiscordgoAfterReconnectAndInvalidSession: what the fake sends makes the
// library do what Discord wants, without a fault.
func TestDiscordgoAfterReconnectAndInvalidSession(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Options{Nine: true, Strict: true, Patience: 15 * time.Second})
	guild := d.Guild("Acme")
	general, ada := guild.Text("general"), guild.Member("Ada")
	s := bot(t, d)
	said := make(chan string, 8)
	resumed, ready := make(chan struct{}, 4), make(chan struct{}, 4)
	s.AddHandler(func(_ *discordgo.Session, r *discordgo.Ready) { ready <- struct{}{} })
	s.AddHandler(func(_ *discordgo.Session, r *discordgo.Resumed) { resumed <- struct{}{} })
	s.AddHandler(func(_ *discordgo.Session, m *discordgo.MessageCreate) { said <- m.Content })
	if err := s.Open(); err != nil {
		t.Fatal(err)
	}
	<-ready
	// The library reconnects twice at once if a line ends before its first
	// heartbeat, so each line gets to beat first.
	beats := func(session, n int) {
		d.Await("a heartbeat", func() bool { o := d.Owners(); return len(o) > session && o[session].Heartbeats >= n })
	}
	beats(0, 1)
	d.Reconnect()
	<-resumed
	beats(0, 2)
	d.InvalidSession(false)
	<-ready
	beats(1, 1)
	d.AwaitConnected(1)
	ada.DM("hello")
	if got := <-said; got != "hello" {
		t.Fatalf("heard %q", got)
	}
	ada.Mention(general, "hidden to none")
	if got := <-said; !strings.Contains(got, "hidden to none") {
		t.Fatalf("heard %q", got)
	}
	if n := len(d.Owners()); n != 2 {
		t.Fatalf("%d sessions, want the first and the one after op 9", n)
	}
}

// TestDiscordgoWaitsForBuckets: seven messages in a row are paced by the
// headers.
func TestDiscordgoWaitsForBuckets(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t, discordtest.Options{Nine: true, Strict: true})
	guild := d.Guild("Acme")
	general, ada := guild.Text("general"), guild.Member("Ada")
	s := bot(t, d)
	for range 7 {
		if _, err := s.ChannelMessageSendComplex(general.ID, &discordgo.MessageSend{Content: "x", AllowedMentions: &discordgo.MessageAllowedMentions{}}); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(ada.Visible(general).Messages); n != 7 {
		t.Fatalf("%d messages", n)
	}
}
