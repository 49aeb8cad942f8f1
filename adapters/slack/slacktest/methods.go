package slacktest

// Slack's rate tiers in calls a minute; the real ones are "this many or a bit more".
const (
	tier1 = 1
	tier2 = 20
	tier3 = 50
	tier4 = 100
)

var history = []string{"channels:history", "groups:history", "im:history", "mpim:history"}
var reading = []string{"channels:read", "groups:read", "im:read", "mpim:read"}

// methods is the Web API this Slack speaks; any other name is an unknown_method.
var methods = map[string]method{
	"api.test":  {run: (*Server).apiTest, access: byNobody},
	"auth.test": {run: (*Server).authTest},
	"team.info": {run: (*Server).teamInfo, scopes: []string{"team:read"}, tier: tier3},
	"bots.info": {run: (*Server).botsInfo, scopes: []string{"users:read"}, tier: tier3},

	"apps.connections.open": {run: (*Server).connectionsOpen, access: byApp, tier: tier1},
	"apps.uninstall":        {run: (*Server).appsUninstall},
	"auth.revoke":           {run: (*Server).authRevoke},

	"oauth.v2.access":   {run: (*Server).oauthAccess, access: byNobody},
	"oauth.v2.exchange": {run: (*Server).oauthExchange, access: byNobody},

	"chat.postMessage":     {run: (*Server).postMessage, scopes: []string{"chat:write"}},
	"chat.postEphemeral":   {run: (*Server).postEphemeral, scopes: []string{"chat:write"}, tier: tier4},
	"chat.update":          {run: (*Server).updateMessage, scopes: []string{"chat:write"}, tier: tier3},
	"chat.delete":          {run: (*Server).deleteMessage, scopes: []string{"chat:write"}, tier: tier3},
	"chat.scheduleMessage": {run: (*Server).scheduleMessage, scopes: []string{"chat:write"}, tier: tier3},
	"chat.getPermalink":    {run: (*Server).permalink},

	"reactions.add":    {run: (*Server).addReaction, scopes: []string{"reactions:write"}, tier: tier3},
	"reactions.remove": {run: (*Server).removeReaction, scopes: []string{"reactions:write"}, tier: tier2},

	"conversations.open":    {run: (*Server).conversationsOpen, scopes: []string{"im:write", "mpim:write"}, tier: tier3},
	"conversations.info":    {run: (*Server).conversationsInfo, scopes: reading, tier: tier3},
	"conversations.list":    {run: (*Server).conversationsList, scopes: reading, tier: tier2, team: true},
	"conversations.members": {run: (*Server).conversationsMembers, scopes: reading, tier: tier4},
	"conversations.history": {run: (*Server).conversationsHistory, scopes: history, tier: tier3},
	"conversations.replies": {run: (*Server).conversationsReplies, scopes: history, tier: tier3},
	"conversations.join":    {run: (*Server).conversationsJoin, scopes: []string{"channels:join"}, tier: tier3},
	"users.conversations":   {run: (*Server).usersConversations, scopes: reading, tier: tier3, team: true},

	"users.info":            {run: (*Server).usersInfo, scopes: []string{"users:read"}, tier: tier4},
	"users.list":            {run: (*Server).usersList, scopes: []string{"users:read"}, tier: tier2, team: true},
	"users.lookupByEmail":   {run: (*Server).usersByEmail, scopes: []string{"users:read.email"}, tier: tier3},
	"usergroups.list":       {run: (*Server).groupsList, scopes: []string{"usergroups:read"}, tier: tier2, team: true},
	"usergroups.users.list": {run: (*Server).groupMembers, scopes: []string{"usergroups:read"}, tier: tier2, team: true},

	"views.open":    {run: (*Server).viewsOpen, tier: tier4},
	"views.push":    {run: (*Server).viewsPush, tier: tier4},
	"views.update":  {run: (*Server).viewsUpdate, tier: tier4},
	"views.publish": {run: (*Server).viewsPublish, tier: tier4},

	"files.getUploadURLExternal":   {run: (*Server).uploadURL, scopes: []string{"files:write"}, tier: tier4},
	"files.completeUploadExternal": {run: (*Server).completeUpload, scopes: []string{"files:write"}, tier: tier4},
	"files.info":                   {run: (*Server).filesInfo, scopes: []string{"files:read"}, tier: tier4},
}
