package slack

import (
	"strings"

	"rapport/bot"
)

// parts cuts a message into as many as Slack's limits on one need: blocks, and text in all of
// them. Small print, buttons and menus stay with what they belong to. Almost every message is one
// part.
func parts(m bot.Message) []bot.Message {
	blocks, size := 0, 0
	for _, b := range m.Blocks {
		n, u := weight(b)
		blocks, size = blocks+n, size+u
	}
	if blocks <= 50 && size <= maxAll {
		return []bot.Message{m}
	}
	var out []bot.Message
	start, blocks, size := 0, 0, 0
	for i, b := range m.Blocks {
		n, u := weight(b)
		if i > start && (blocks+n > 50 || size+u > maxAll) {
			cut := i
			for cut > start+1 && clings(m.Blocks[cut]) {
				cut--
			}
			out = append(out, bot.Message{Text: m.Text, Public: m.Public, Blocks: m.Blocks[start:cut]})
			start, blocks, size = cut, 0, 0
			for _, moved := range m.Blocks[cut:i] {
				x, y := weight(moved)
				blocks, size = blocks+x, size+y
			}
		}
		blocks, size = blocks+n, size+u
	}
	return append(out, bot.Message{Text: m.Text, Public: m.Public, Blocks: m.Blocks[start:]})
}

func clings(b bot.Block) bool {
	switch b.(type) {
	case bot.Note, bot.Buttons, bot.Choices:
		return true
	}
	return false
}

// weight is how many blocks of Slack's b becomes at most, and how much text.
func weight(b bot.Block) (blocks, size int) {
	text := func(list ...string) int {
		n := 0
		for _, s := range list {
			n += len(s) + 4*strings.Count(s, "&") + 3*strings.Count(s, "<") + 3*strings.Count(s, ">") + 48*strings.Count(s, "\x01")
		}
		return n
	}
	switch b := b.(type) {
	case bot.Heading:
		return 1, text(b.Text)
	case bot.Para:
		size = text(b.Text)
		return 1 + size/2600, size
	case bot.Note:
		return 1, min(text(b.Text), maxSection)
	case bot.Facts:
		for _, f := range b.Facts {
			size += text(f.Name, f.Value)
		}
		return (len(b.Facts) + maxFacts - 1) / maxFacts, size
	case bot.List:
		return 1, text(b.Items...)
	case bot.Table:
		size = text(b.Head...)
		for _, row := range b.Rows {
			size += text(row...)
		}
		if tabular(b) {
			return 1, 0 // a table has a limit of its own
		}
		return 1 + size/2600, size
	case bot.Buttons:
		return (len(b.Buttons) + rowButtons - 1) / rowButtons, 0
	}
	return 1, 0
}
