package slack

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"rapport/bot"
)

var declared = []bot.Declared{
	{Name: "candidate move", Short: "move", Help: "Move a candidate to another stage", Example: "candidate move Ada to:Onsite", Title: "Move a candidate to a stage"},
	{Name: "candidate find", Short: "find", Help: "Find candidates", Title: "Find"},
	{Name: "candidate note", Help: "Add a note", Title: "Add as a note", On: bot.OnMessage | bot.OnShortcut},
	{Name: "secret", Short: "hush", On: bot.Hidden},
}

// manifestSchema is Slack's own, from github.com/slackapi/manifest-schema (MIT).
func manifestSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	raw, err := os.ReadFile("testdata/manifest.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	// Go's patterns look nowhere ahead; the manifest has no domains that this pattern is for.
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(strings.ReplaceAll(string(raw), `(?![\\.\\-])`, "")))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("manifest.json", doc); err != nil {
		t.Fatal(err)
	}
	return c.MustCompile("manifest.json")
}

func TestManifestIsWhatSlackTakes(t *testing.T) {
	schema := manifestSchema(t)
	for name, o := range map[string]ManifestOptions{
		"http":   {PublicURL: "https://rapport.acme.example/", Aliases: []string{"move", "/find"}},
		"socket": {Socket: true, Aliases: []string{"*"}},
		"bare":   {},
	} {
		b, err := Manifest(declared, o)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "out/manifest-"+name+".yaml", b)
		var v any
		if err := yaml.Unmarshal(b, &v); err != nil {
			t.Fatal(err)
		}
		asJSON, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(asJSON)))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		text := string(b)
		if strings.Contains(text, "/hush") || strings.Contains(text, "request_url") == o.Socket || strings.Contains(text, "/move") != (len(o.Aliases) > 0) {
			t.Errorf("%s:\n%s", name, text)
		}
	}
}

func TestManifestThatSlackWouldRefuse(t *testing.T) {
	many := []bot.Declared{}
	for i := range 60 {
		many = append(many, bot.Declared{Name: fmt.Sprint("do ", i), Short: fmt.Sprint("d", i)})
	}
	if _, err := Manifest(many, ManifestOptions{Aliases: []string{"*"}}); err == nil {
		t.Error("61 commands are too many")
	}
	for i := range many {
		many[i].On = bot.OnShortcut
	}
	if _, err := Manifest(many, ManifestOptions{}); err == nil {
		t.Error("60 shortcuts are too many")
	}
	if _, err := Manifest(declared, ManifestOptions{Aliases: []string{"nonsense"}}); err == nil || !strings.Contains(err.Error(), "nonsense") {
		t.Errorf("an alias that nobody declared: %v", err)
	}
}

// Every event the manifest subscribes to has the scope it needs.
func TestScopesFitTheEvents(t *testing.T) {
	needs := map[string]string{
		"app_mention": "app_mentions:read", "message.channels": "channels:history", "message.groups": "groups:history",
		"message.im": "im:history", "message.mpim": "mpim:history", "member_joined_channel": "channels:read",
		"reaction_added": "reactions:read", "reaction_removed": "reactions:read", "team_join": "users:read", "user_change": "users:read",
		"app_home_opened": "", "app_uninstalled": "", "tokens_revoked": "",
	}
	for _, e := range Events() {
		scope, known := needs[e]
		if !known || scope != "" && !slices.Contains(Scopes(), scope) {
			t.Errorf("%s lacks %q", e, scope)
		}
	}
}
