// Command rapport is the recruiting bot: one binary that serves Slack, Discord and
// the web console, shows a demo, and looks after its store.
//
// Read wire.go to know the system: it opens the store, makes the adapters, adds the
// features and starts the loops. config.go is the only reader of the environment.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

// Main is one run of the program. Tests make their own.
type Main struct {
	Args   []string
	Env    func(string) string
	Names  []string // names of the environment's variables, to find misspelt ones
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	Now    func() time.Time
	Crash  func(point string) // nil in life; tests stop the process at a named point
}

// version is set by the build.
var version = "dev"

type commands struct {
	Config string `help:"Settings file." default:"rapport.yaml" type:"path"`

	Demo      demoCmd      `cmd:"" help:"Try Rapport in the browser, with an invented employer; nothing else is needed."`
	Serve     serveCmd     `cmd:"" help:"Run the bot."`
	Doctor    doctorCmd    `cmd:"" help:"Say in words what is right and what is wrong with this set-up."`
	Manifest  manifestCmd  `cmd:"" help:"Print the manifest to paste into Slack."`
	SetupCode setupCodeCmd `cmd:"" help:"Make another setup code, or with --employer a new employer and its code."`
	Rekey     rekeyCmd     `cmd:"" help:"Seal all secrets with a new key."`
	Export    exportCmd    `cmd:"" help:"Write everything to a file of JSON lines."`
	Import    importCmd    `cmd:"" help:"Read an export, or candidates from CSV."`
	When      whenCmd      `cmd:"" help:"Say which instant a phrase means, or ask back."`
	Expand    expandCmd    `cmd:"" help:"Say when the events of a calendar happen."`
	Slots     slotsCmd     `cmd:"" help:"Find the hours in which a panel can meet."`
	Docs      docsCmd      `cmd:"" hidden:"" help:"Write the generated pages of docs/."`
	Version   versionCmd   `cmd:"" help:"Print the version."`
}

// Run does what the arguments say and returns the exit code.
func (m *Main) Run(ctx context.Context) int {
	var c commands
	code := -1
	k, err := kong.New(&c, kong.Name("rapport"), kong.Description("Recruiting from chat: Slack, Discord and a web console."),
		kong.Writers(m.Stdout, m.Stderr), kong.Exit(func(n int) { code = n; panic(exit{}) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}), kong.UsageOnError())
	if err != nil {
		panic(err)
	}
	var kctx *kong.Context
	func() {
		defer func() {
			if p := recover(); p != nil {
				if _, ok := p.(exit); !ok {
					panic(p)
				}
			}
		}()
		kctx, err = k.Parse(asFlag(m.Args))
		if len(m.Args) == 0 {
			kctx, err = k.Parse([]string{"--help"})
		}
	}()
	if code >= 0 {
		return code
	}
	if err != nil {
		fmt.Fprintln(m.Stderr, "rapport:", err)
		fmt.Fprintln(m.Stderr, "rapport --help lists all commands, rapport COMMAND --help says more about one.")
		return 2
	}
	kctx.BindTo(ctx, (*context.Context)(nil))
	if err := kctx.Run(m, &c); errors.Is(err, errAside) {
		return 3
	} else if err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(m.Stderr, "rapport:", err)
		return 1
	}
	return 0
}

// asFlag reads “rapport help import” as “rapport import --help”.
func asFlag(args []string) []string {
	if len(args) == 0 || args[0] != "help" {
		return args
	}
	return append(slices.Clone(args[1:]), "--help")
}

type exit struct{}

func environ() []string {
	var out []string
	for _, e := range os.Environ() {
		name, _, _ := strings.Cut(e, "=")
		out = append(out, name)
	}
	return out
}

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400) // the heap is small and what an event needs is short-lived
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	m := &Main{Args: os.Args[1:], Env: os.Getenv, Names: environ(), Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Now: time.Now}
	code := m.Run(ctx)
	stop()
	os.Exit(code)
}
