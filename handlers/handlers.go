// Package handlers lists the features. Each is a folder that declares commands and
// meets the others only through the kernel's doors and the shared tables.
package handlers

import (
	"rapport/bot"
	"rapport/handlers/admin"
	"rapport/handlers/clock"
	"rapport/handlers/pipeline"
)

// Add wires every feature to the kernel.
func Add(b *bot.Bot, links admin.Links) {
	admin.Add(b, links)
	pipeline.Add(b, links.Zones)
	clock.Add(b, links.Zones)
}
