package pipeline

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"time"

	"rapport/bot"
	"rapport/bot/recruiting"
	"rapport/handlers/tables"
)

// ExportCandidate is everything that is kept about one person.
type ExportCandidate struct {
	Candidate string `arg:"candidate" ref:"candidate" label:"Candidate"`
	Page      int    // of what is shown in the chat, from 1; 0 = a link to the file
}

func addExports(b *bot.Bot) {
	bot.Handle(b, bot.Command[ExportCandidate]{Name: "candidate export", Title: "Export a person", Who: recruiting.Admin, Reads: true,
		Help: "Gives everything that is kept about one person, for the person to have.", Example: `candidate export "Ada Okafor"`, Run: exportCandidate})
	bot.Give(b, exportFile)
}

// exported is the file: rows by table, and what was done to the records.
type exported struct {
	Person  string                       `json:"person"`
	At      time.Time                    `json:"exported"`
	Records map[string][]json.RawMessage `json:"records"`
	History []entry                      `json:"history"`
}

// entry is one line of the history without the names of colleagues.
type entry struct {
	At    time.Time         `json:"at"`
	Act   string            `json:"act"`
	Door  string            `json:"door,omitempty"`
	Facts map[string]string `json:"facts,omitempty"`
}

const (
	exportPart  = 1800 // characters in one part: every network shows that many unbroken
	exportParts = 8    // parts in one answer
)

func exportCandidate(ctx context.Context, c *bot.Call, a ExportCandidate) (bot.Reply, error) {
	p, err := seen(ctx, c, a.Candidate)
	if err != nil {
		return bot.Reply{}, err
	}
	raw, counts, err := everything(ctx, c, &p)
	if err != nil {
		return bot.Reply{}, err
	}
	c.Viewed("candidate:" + p.Candidate.ID)
	name := p.Candidate.Val.Name
	m := bot.Card("Everything about "+name, bot.Heading{Text: "Everything about " + name})
	link := ""
	if a.Page == 0 {
		if link, err = c.Offer(ExportCandidate{Candidate: p.Candidate.ID}); err != nil {
			return bot.Reply{}, err
		}
	}
	what := func(todo string) bot.Para {
		return bot.Para{Text: "This is all that is kept: " + counts + ". " + todo + " and give it to " + p.Candidate.Val.First() + "; private notes of colleagues are in it, for the law counts them too."}
	}
	if link != "" {
		m.Blocks = append(m.Blocks, what("Fetch the file"),
			bot.Note{Text: "Keep the link to yourself: it works once, within ten minutes, for whoever has it. What was fetched is on record."},
			bot.Buttons{Buttons: []bot.Button{{Label: "Download", Style: bot.Primary, URL: link}, {Label: "Show it here instead", Do: ExportCandidate{Candidate: p.Candidate.ID, Page: 1}}}})
		return bot.Reply{Message: m, Beside: true}, nil
	}
	parts := cut(raw, exportPart)
	page := max(a.Page, 1)
	from := min((page-1)*exportParts, len(parts))
	till := min(from+exportParts, len(parts))
	if from == 0 {
		m.Blocks = append(m.Blocks, what("Copy it into a file"))
	}
	for _, part := range parts[from:till] {
		m.Blocks = append(m.Blocks, bot.Para{Text: bot.Code(part)})
	}
	if till < len(parts) {
		m.Blocks = append(m.Blocks, bot.Buttons{Buttons: []bot.Button{{Label: "Go on", Style: bot.Primary, Do: ExportCandidate{Candidate: p.Candidate.ID, Page: page + 1}}}})
	}
	return bot.Reply{Message: m, Beside: true}, nil
}

// exportFile is the same as a file, for whoever may still have it when they fetch it.
func exportFile(ctx context.Context, c *bot.Call, a ExportCandidate) (bot.Download, error) {
	p, err := seen(ctx, c, a.Candidate)
	if err != nil {
		return bot.Download{}, err
	}
	raw, _, err := everything(ctx, c, &p)
	if err != nil {
		return bot.Download{}, err
	}
	c.Viewed("candidate:" + p.Candidate.ID)
	return bot.Download{Name: "Everything about " + p.Candidate.Val.Name + ".json", Type: "application/json", Data: raw}, nil
}

// everything is the file about a person, with what it holds in words.
func everything(ctx context.Context, c *bot.Call, p *tables.Person) ([]byte, string, error) {
	family, err := tables.Family(ctx, c, p.Candidate.ID)
	if err != nil {
		return nil, "", err
	}
	out := exported{Person: p.Candidate.ID, At: c.Now.UTC(), Records: map[string][]json.RawMessage{}}
	seen := map[string]bool{}
	var order []string
	for _, id := range family {
		held, err := c.Scope.About(ctx, id)
		if err != nil {
			return nil, "", err
		}
		for _, h := range held {
			if seen[h.Table+"\x00"+h.ID] {
				continue
			}
			seen[h.Table+"\x00"+h.ID] = true
			if out.Records[h.Table] == nil {
				order = append(order, h.Table)
			}
			out.Records[h.Table] = append(out.Records[h.Table], h.Val)
		}
		rows, err := c.Scope.History(ctx, "candidate:"+id, 0)
		if err != nil {
			return nil, "", err
		}
		for _, r := range rows {
			out.History = append(out.History, entry{r.At, r.Act, r.Door, r.Facts})
		}
	}
	var words []string
	for _, t := range order {
		words = append(words, counted(len(out.Records[t]), t+" record"))
	}
	words = append(words, counted(len(out.History), "line")+" of history")
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	err = enc.Encode(out)
	return buf.Bytes(), strings.Join(words, ", "), err
}

// cut divides text at line ends into parts of at most n bytes; a longer line is cut
// between characters.
func cut(raw []byte, n int) []string {
	var out []string
	var cur strings.Builder
	flush := func() {
		if cur.Len() > 0 {
			out = append(out, strings.TrimRight(cur.String(), "\n"))
			cur.Reset()
		}
	}
	for _, line := range strings.SplitAfter(string(raw), "\n") {
		if cur.Len()+len(line) > n {
			flush()
		}
		for len(line) > n {
			k := n
			for k > 0 && line[k]&0xc0 == 0x80 {
				k--
			}
			out, line = append(out, line[:k]), line[k:]
		}
		cur.WriteString(line)
	}
	flush()
	return out
}
