package discordtest

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// fits holds an answer of the fake against Discord's own schema of it.
func fits(t *testing.T, key string, v any) {
	t.Helper()
	raw, _ := json.Marshal(v)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	var f form
	loadSchemas().check("response "+key, doc, &f)
	if loadSchemas().schema("response "+key) == nil {
		t.Errorf("%s has no schema", key)
	}
	for _, e := range f.found {
		t.Errorf("%s: %s: %s %s", key, e.path, e.code, e.message)
	}
}

// TestAnswersAreWhatDiscordDocuments keeps the fake honest: what it sends has
// the shape that Discord publishes.
func TestAnswersAreWhatDiscordDocuments(t *testing.T) {
	t.Parallel()
	s := New(nil, Options{})
	defer s.Close()
	g := s.Guild("Acme")
	general, forum := g.Text("general"), g.Forum("ideas", true, "one")
	ada := g.Member("Ada", g.Role("Team", SendMessages))
	said := ada.Say(general, "hello "+s.app.Mention(), File{Name: "a.txt", Type: "text/plain", Data: []byte("x")})
	ada.React(said, "👍")
	answered := ada.Reply(said, "again")
	thread := general.Thread("t")
	ada.DM("hi")

	s.mu.Lock()
	defer s.mu.Unlock()
	m := answered.Channel.find(answered.ID)
	fits(t, "GET /users/@me 200", s.userMe())
	fits(t, "GET /users/{user_id} 200", s.userJSON(ada.user))
	fits(t, "GET /guilds/{guild_id} 200", s.guildJSON(g))
	fits(t, "GET /guilds/{guild_id}/members/{user_id} 200", s.memberWithUser(g.members[ada.user.ID]))
	fits(t, "GET /guilds/{guild_id}/roles 200", []any{g.roleJSON(g.everyone), g.roleJSON(g.appRole)})
	for _, c := range []*Channel{general, forum, thread, s.dm(ada.user)} {
		fits(t, "GET /channels/{channel_id} 200", s.channelJSON(c))
	}
	fits(t, "GET /channels/{channel_id}/messages/{message_id} 200", s.messageJSON(said.Channel.find(said.ID)))
	fits(t, "GET /channels/{channel_id}/messages/{message_id} 200", s.messageJSON(m))
	fits(t, "GET /applications/@me 200", s.applicationJSON())
	fits(t, "GET /channels/{channel_id}/webhooks 200", []any{s.hookJSON(s.newHook(general, "relay", true))})
	c := s.newCommand(scope{}, obj{"name": "move", "description": "Move", "options": []any{
		obj{"type": 3, "name": "to", "description": "To", "required": true, "choices": []any{obj{"name": "Onsite", "value": "onsite"}}}}})
	fits(t, "GET /applications/{application_id}/commands 200", []any{s.commandJSON(c)})
	r := &request{s: s}
	_, found, _ := r.gatewayBot()
	fits(t, "GET /gateway/bot 200", found)

	in := &interaction{id: s.newID(), kind: interCommand, user: ada, ch: general, name: "/move", data: obj{"name": "move", "type": 1}, command: c, acked: true, ackKind: backMessage}
	in.original = s.newMessage(general, s.app.user)
	in.original.content, in.original.origin, in.original.kind = "done", in, kindCommand
	in.original.components = number([]any{obj{"type": 1, "components": []any{obj{"type": 2, "style": 1, "label": "Undo", "custom_id": "u"}}}})
	fits(t, "POST /interactions/{interaction_id}/{interaction_token}/callback 200", s.callbackJSON(in))
}

// TestPublishedExamplesAreTaken: Discord's own examples of payloads pass.
func TestPublishedExamplesAreTaken(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join("testdata", "examples.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []struct {
		Method, Source string
		Payload        json.RawMessage
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	if len(all) < 20 {
		t.Fatalf("only %d examples", len(all))
	}
	for _, e := range all {
		r := &request{}
		r.decodeJSON(e.Payload)
		var f form
		switch e.Method {
		case "message":
			loadSchemas().check("request POST /channels/{channel_id}/messages", r.body, &f)
			checkMessage(&draft{body: r.obj(), files: everyFile(e.Payload)}, &f)
		case "interaction_callback":
			loadSchemas().check("request POST /interactions/{interaction_id}/{interaction_token}/callback", r.body, &f)
			if integer(r.obj(), "type", 0) == backModal {
				checkModal(sub(r.obj(), "data"), &f)
			}
		case "application_command":
			loadSchemas().check("request POST /applications/{application_id}/commands", r.body, &f)
			checkCommand(r.obj(), "", &f)
		}
		for _, x := range f.found {
			t.Errorf("%s: %s: %s %s", e.Source, x.path, x.code, x.message)
		}
	}
}

// everyFile pretends that each attachment:// of an example was sent.
func everyFile(raw []byte) map[string]upload {
	files := map[string]upload{}
	for _, part := range strings.Split(string(raw), "attachment://")[1:] {
		name, _, _ := strings.Cut(part, `"`)
		files[itoa(len(files))] = upload{name: name}
	}
	return files
}
