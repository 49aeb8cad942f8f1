package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/prometheus/client_golang/prometheus"

	"rapport/bot"
)

type docsCmd struct {
	Dir string `arg:"" optional:"" default:"docs" help:"Where to write."`
}

// Run writes the pages that are made from the declarations.
func (d docsCmd) Run(ctx context.Context) error {
	all, err := pages(ctx)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(d.Dir, 0o755); err != nil {
		return err
	}
	for name, text := range all {
		if err := os.WriteFile(filepath.Join(d.Dir, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

const generated = "\n<!-- Written by `rapport docs`; a test keeps it equal to the code. -->\n\n"

// pages are the generated pages by file name.
func pages(ctx context.Context) (map[string][]byte, error) {
	b, err := declarations(ctx)
	if err != nil {
		return nil, err
	}
	metrics, err := metricsPage(b)
	return map[string][]byte{"commands.md": commandsPage(b.Declared()), "configuration.md": configurationPage(), "metrics.md": metrics}, err
}

func commandsPage(all []bot.Declared) []byte {
	var w bytes.Buffer
	w.WriteString("# Commands\n" + generated)
	w.WriteString("Type them as `/rapport …` on Slack and in the console; on Discord the first word is the command and the second its sub-command, " +
		"as in `/candidate move`. What is left out is asked for in a form. An alias works where it was taken (`rapport manifest --aliases`), and always in the console.\n")
	group := ""
	for _, d := range all {
		g, _, _ := strings.Cut(d.Name, " ")
		if g != group {
			group = g
			fmt.Fprintf(&w, "\n## %s\n", g)
		}
		fmt.Fprintf(&w, "\n### `/rapport %s`\n\n%s\n\n", d.Name, d.Help)
		if d.Example != "" {
			fmt.Fprintf(&w, "- Example: `/rapport %s`\n", example(d))
		}
		if d.Short != "" {
			fmt.Fprintf(&w, "- Alias: `/%s`\n", d.Short)
		}
		fmt.Fprintf(&w, "- For: %s\n", d.WhoSaid)
		if where := surfaces(d.On); where != "" {
			fmt.Fprintf(&w, "- Also: %s\n", where)
		}
		if d.Reads {
			w.WriteString("- Changes nothing\n")
		}
		if len(d.Fields) > 0 {
			w.WriteString("\n| Argument | What | |\n| --- | --- | --- |\n")
		}
		for _, f := range d.Fields {
			need := "optional"
			if f.Required {
				need = "needed"
			}
			what := f.Label
			if f.Hint != "" {
				what += ". " + f.Hint
			}
			var choices []string
			for _, o := range f.Options {
				choices = append(choices, "`"+o.Value+"`")
			}
			if len(choices) > 0 {
				what += ": " + strings.Join(choices, ", ")
			}
			fmt.Fprintf(&w, "| `%s` | %s | %s |\n", f.Name, cell(what), need)
		}
	}
	return w.Bytes()
}

// example is the words after /rapport, an alias written out.
func example(d bot.Declared) string {
	if rest, ok := strings.CutPrefix(d.Example, d.Short+" "); ok && d.Short != "" {
		return d.Name + " " + rest
	}
	return d.Example
}

func surfaces(on bot.Surface) string {
	var out []string
	for _, x := range []struct {
		is  bot.Surface
		say string
	}{{bot.OnHome, "home page"}, {bot.OnShortcut, "shortcut"}, {bot.OnMessage, "menu of a message"}, {bot.OnPerson, "menu of a person"}} {
		if on&x.is != 0 {
			out = append(out, x.say)
		}
	}
	return strings.Join(out, ", ")
}

func cell(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "|", "\\|"), "\n", " ")
}

func configurationPage() []byte {
	var w bytes.Buffer
	w.WriteString("# Configuration\n" + generated)
	w.WriteString("Settings come from the environment or from `rapport.yaml` (another file with `--config`), where the same names stand in lower case " +
		"without `RAPPORT_`: `listen: 0.0.0.0:8080`. The environment wins. A wrong setting is named at start with what to do about it; the rest starts. " +
		"`rapport doctor` looks at all of them.\n\n| Setting | Default | Meaning |\n| --- | --- | --- |\n")
	t := reflect.TypeFor[Config]()
	for i := range t.NumField() {
		f := t.Field(i)
		def := f.Tag.Get("default")
		if def != "" {
			def = "`" + def + "`"
		}
		help := f.Tag.Get("help")
		if f.Tag.Get("secret") != "" {
			help += " Secret."
		}
		fmt.Fprintf(&w, "| `%s` | %s | %s |\n", f.Tag.Get("env"), def, cell(help))
	}
	w.WriteString("\n`rapport rekey` also reads `RAPPORT_NEW_SECRET_KEY`, the key to seal all secrets with from then on.\n")
	return w.Bytes()
}

func metricsPage(b *bot.Bot) ([]byte, error) {
	var w bytes.Buffer
	w.WriteString("# Metrics\n" + generated)
	w.WriteString("Served for Prometheus at `/metrics` of `RAPPORT_METRICS_LISTEN`. Labels are names from declarations, never people or records.\n\n| Metric | Kind | Labels | Meaning |\n| --- | --- | --- | --- |\n")
	ch := make(chan *prometheus.Desc)
	go func() { b.Metrics().Describe(ch); close(ch) }()
	var rows []string
	for d := range ch {
		f := described.FindStringSubmatch(d.String())
		if f == nil {
			return nil, fmt.Errorf("metric %s cannot be described", d)
		}
		kind := "gauge"
		switch {
		case strings.HasSuffix(f[1], "_total"):
			kind = "counter"
		case strings.HasSuffix(f[1], "_seconds"):
			kind = "histogram"
		}
		rows = append(rows, fmt.Sprintf("| `%s` | %s | %s | %s |\n", f[1], kind, strings.ReplaceAll(f[3], ",", ", "), cell(f[2])))
	}
	slices.Sort(rows)
	w.WriteString(strings.Join(rows, ""))
	return w.Bytes(), nil
}

// described takes a metric's description apart: name, help, labels. The library
// offers it as text only.
var described = regexp.MustCompile(`^Desc\{fqName: "([^"]+)", help: "([^"]+)".*variableLabels: \{([^}]*)\}`)
