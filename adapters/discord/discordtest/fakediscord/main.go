// Command fakediscord runs the strict Discord of package discordtest by
// itself, for a bot in another process. It prints the settings that point
// Rapport at it, then takes lines that people do; "help" lists them.
//
//	go run ./adapters/discord/discordtest/fakediscord
package main

import (
	"flag"
	"fmt"
	"os"

	"rapport/adapters/discord/discordtest"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "loopback address to listen on")
	guild := flag.String("guild", "Acme", "name of the server people are in")
	content := flag.Bool("content", true, "the app may read message content")
	token := flag.String("token", "", "bot token instead of a made one")
	flag.Parse()
	var privileged int
	if *content {
		privileged = discordtest.IntentMessageContent
	}
	privileged |= discordtest.IntentGuildMembers
	d := discordtest.New(nil, discordtest.Options{Listen: *listen, App: discordtest.AppConfig{Privileged: privileged, Token: *token}})
	fmt.Printf("RAPPORT_DISCORD_API_URL=%s\nRAPPORT_DISCORD_BOT_TOKEN=%s\nRAPPORT_DISCORD_APP_ID=%s\nRAPPORT_DISCORD_PUBLIC_KEY=%s\n",
		d.URL(), d.App().Token, d.App().ID, d.App().PublicKey)
	err := discordtest.NewConsole(d, *guild).Run(os.Stdin, os.Stdout)
	d.Close()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
