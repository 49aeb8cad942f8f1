// Package admin is the house-keeping of a tenant: the first Admin, members and
// their roles, the workspaces that belong to it, ways into the console, help, and
// what needs a person's eye: messages in doubt, dead letters.
//
// The path of a setup: `serve` prints a code, somebody types /rapport setup CODE,
// they become Admin and their workspace is claimed for the tenant. Everybody else
// comes in by member.go; who leaves their network loses everything in watch.go.
//
// It decides nothing about candidates or jobs.
package admin

import (
	"context"

	"rapport/bot"
	"rapport/bot/scheduling"
)

// Links are what the console gives the rest: ways in, and their end.
type Links struct {
	SignIn func(ctx context.Context, tenant, person string) (url string, err error)
	Revoke func(ctx context.Context, tenant, person string) error
	Zones  *scheduling.DB // the time zones in force; nil: those the program carries
	// Install is the address that adds another workspace, for a signed invitation.
	Install func(invitation string) string
}

// Add declares the feature.
func Add(b *bot.Bot, l Links) {
	if l.Zones == nil {
		l.Zones = scheduling.Default()
	}
	a := &desk{bot: b, links: l}
	a.addSetup()
	a.addMembers()
	a.addInvites()
	a.addRemoval()
	a.addJoining()
	a.addAccounts()
	a.addTeams()
	a.addSelf()
	a.addTrouble()
	a.addHelp()
	b.Watch(a.watch)
	b.AskToJoin = Join{}
	b.FirstAdmin = a.firstAdmin
}

// desk is what the commands of this package share.
type desk struct {
	bot   *bot.Bot
	links Links
}
