package discordtest

import (
	"strings"
	"sync"
	"time"
)

// route is one method and path below /api/v9. An open route takes no bot
// token: the token in its path is enough. An interaction route is outside
// the global limit.
type route struct {
	method, pattern string
	rate            rate
	open            bool
	interaction     bool
	handle          func(*request) (int, any, *apiError)
}

func (r *route) needsBody() bool {
	switch r.method {
	case "GET", "DELETE":
		return false
	case "PUT":
		return strings.HasSuffix(r.pattern, "/commands")
	case "POST":
		return !strings.HasSuffix(r.pattern, "/typing")
	}
	return true
}

const second = time.Second

// The rates are those that bots see in the headers; Discord does not publish
// them and may change them, so a client must read the headers.
var (
	posting   = rate{5, 5 * second}
	editing   = rate{5, 5 * second}
	deleting  = rate{5, 1 * second}
	reacting  = rate{1, 250 * time.Millisecond}
	hooking   = rate{5, 2 * second}
	plain     = rate{50, 1 * second}
	opening   = rate{10, 10 * second}
	declaring = rate{20, 20 * second}
	acking    = rate{}
)

const (
	hookPath    = "/webhooks/{webhook_id}/{webhook_token}"
	channelPath = "/channels/{channel_id}"
	messagePath = "/channels/{channel_id}/messages/{message_id}"
	appCommands = "/applications/{application_id}/commands"
	inGuild     = "/applications/{application_id}/guilds/{guild_id}/commands"
)

// routes is every call the fake knows. A literal step goes before a variable
// one.
func routes() []*route {
	type call = func(*request) (int, any, *apiError)
	on := func(method, pattern string, r rate, h call) *route {
		return &route{method: method, pattern: pattern, rate: r, handle: h}
	}
	open := func(method, pattern string, r rate, h call) *route {
		return &route{method: method, pattern: pattern, rate: r, handle: h, open: true, interaction: true}
	}
	return []*route{
		{method: "GET", pattern: "/gateway", rate: plain, open: true, handle: (*request).gatewayURL},
		on("GET", "/gateway/bot", rate{2, 5 * second}, (*request).gatewayBot),
		on("GET", "/users/@me", plain, (*request).me),
		on("GET", "/users/@me/guilds", plain, (*request).myGuilds),
		on("POST", "/users/@me/channels", opening, (*request).openDM),
		on("GET", "/users/{user_id}", plain, (*request).user),
		on("GET", "/applications/@me", plain, (*request).application),
		on("PATCH", "/applications/@me", plain, (*request).editApplication),
		on("GET", "/oauth2/applications/@me", plain, (*request).application),

		on("GET", appCommands, plain, (*request).commands),
		on("PUT", appCommands, declaring, (*request).overwriteCommands),
		on("POST", appCommands, declaring, (*request).createCommand),
		on("GET", appCommands+"/{command_id}", plain, (*request).command),
		on("PATCH", appCommands+"/{command_id}", declaring, (*request).editCommand),
		on("DELETE", appCommands+"/{command_id}", declaring, (*request).deleteCommand),
		on("GET", inGuild, plain, (*request).commands),
		on("PUT", inGuild, declaring, (*request).overwriteCommands),
		on("POST", inGuild, declaring, (*request).createCommand),
		on("GET", inGuild+"/{command_id}", plain, (*request).command),
		on("PATCH", inGuild+"/{command_id}", declaring, (*request).editCommand),
		on("DELETE", inGuild+"/{command_id}", declaring, (*request).deleteCommand),

		on("GET", channelPath, plain, (*request).channel),
		on("PATCH", channelPath, plain, (*request).editChannel),
		on("DELETE", channelPath, plain, (*request).deleteChannel),
		on("GET", channelPath+"/messages", plain, (*request).messages),
		on("POST", channelPath+"/messages", posting, (*request).createMessage),
		on("POST", channelPath+"/messages/bulk-delete", deleting, (*request).deleteMessages),
		on("GET", messagePath, plain, (*request).message),
		on("PATCH", messagePath, editing, (*request).editMessage),
		on("DELETE", messagePath, deleting, (*request).deleteMessage),
		on("PUT", messagePath+"/reactions/{emoji}/@me", reacting, (*request).react),
		on("DELETE", messagePath+"/reactions/{emoji}/@me", reacting, (*request).unreact),
		on("GET", messagePath+"/reactions/{emoji}", plain, (*request).reactions),
		on("POST", messagePath+"/threads", plain, (*request).threadFromMessage),
		on("POST", channelPath+"/threads", plain, (*request).newThread),
		on("PUT", channelPath+"/thread-members/@me", plain, (*request).joinThread),
		on("PUT", channelPath+"/thread-members/{user_id}", plain, (*request).addToThread),
		on("POST", channelPath+"/typing", posting, (*request).typing),
		on("PUT", channelPath+"/permissions/{overwrite_id}", plain, (*request).setPermission),
		on("GET", channelPath+"/webhooks", plain, (*request).channelWebhooks),
		on("POST", channelPath+"/webhooks", plain, (*request).createWebhook),

		on("GET", "/guilds/{guild_id}", plain, (*request).guild),
		on("GET", "/guilds/{guild_id}/channels", plain, (*request).guildChannels),
		on("GET", "/guilds/{guild_id}/roles", plain, (*request).guildRoles),
		on("GET", "/guilds/{guild_id}/members", plain, (*request).guildMembers),
		on("GET", "/guilds/{guild_id}/members/search", plain, (*request).searchMembers),
		on("GET", "/guilds/{guild_id}/members/{user_id}", plain, (*request).guildMember),
		on("GET", "/guilds/{guild_id}/threads/active", plain, (*request).activeThreads),
		on("GET", "/guilds/{guild_id}/webhooks", plain, (*request).guildWebhooks),

		open("POST", "/interactions/{interaction_id}/{interaction_token}/callback", acking, (*request).callback),
		open("POST", hookPath, hooking, (*request).execute),
		open("GET", hookPath+"/messages/{message_id}", plain, (*request).hookMessage),
		open("PATCH", hookPath+"/messages/{message_id}", hooking, (*request).editHookMessage),
		open("DELETE", hookPath+"/messages/{message_id}", hooking, (*request).deleteHookMessage),
		open("GET", hookPath, plain, (*request).hook),
		open("DELETE", hookPath, plain, (*request).deleteHook),
		on("GET", "/webhooks/{webhook_id}", plain, (*request).hook),
		on("DELETE", "/webhooks/{webhook_id}", plain, (*request).deleteHook),
	}
}

var routeTable = sync.OnceValue(routes)

// findRoute finds a call's route and the variables in its path.
func findRoute(method, path string) (*route, map[string]string, *apiError) {
	steps := strings.Split(strings.Trim(path, "/"), "/")
	known := false
	for _, r := range routeTable() {
		vars, ok := match(strings.Split(r.pattern[1:], "/"), steps)
		if !ok {
			continue
		}
		if r.method == method {
			return r, vars, nil
		}
		known = true
	}
	if known {
		return nil, nil, errMethod()
	}
	return nil, nil, errNotFound()
}

func match(pattern, steps []string) (map[string]string, bool) {
	if len(pattern) != len(steps) {
		return nil, false
	}
	vars := map[string]string{}
	for i, p := range pattern {
		switch {
		case strings.HasPrefix(p, "{"):
			if steps[i] == "" {
				return nil, false
			}
			vars[strings.Trim(p, "{}")] = steps[i]
		case p != steps[i]:
			return nil, false
		}
	}
	return vars, true
}
