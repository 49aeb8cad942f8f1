package main

import (
	"bytes"
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// source is one Go file of the module, taken apart.
type source struct {
	path string // from the module's root, with slashes
	dir  string
	test bool
	file *ast.File
	text []byte
}

// sources reads every Go file of the module.
func sources(t *testing.T) []source {
	t.Helper()
	var out []source
	fset := token.NewFileSet()
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == ".git" || d.Name() == "node_modules"):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go"):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(fset, path, text, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		rel := filepath.ToSlash(strings.TrimPrefix(path, filepath.FromSlash("../../")))
		out = append(out, source{path: rel, dir: filepath.ToSlash(filepath.Dir(rel)), test: strings.HasSuffix(path, "_test.go"), file: f, text: text})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 100 {
		t.Fatalf("only %d files were found", len(out))
	}
	return out
}

func (s source) imports() []string {
	var out []string
	for _, i := range s.file.Imports {
		p, _ := strconv.Unquote(i.Path.Value)
		out = append(out, p)
	}
	return out
}

// of is the first n parts of a folder: of("handlers/admin/x", 2) is handlers/admin.
func of(dir string, n int) string {
	parts := strings.Split(dir, "/")
	return strings.Join(parts[:min(n, len(parts))], "/")
}

// mayImport is chapter 6 of the house plan, "of ours" only.
func mayImport(s source, ours string) bool {
	if of(ours, 2) == of(s.dir, 2) && strings.Count(s.dir, "/") > 0 { // within one folder, its test servers too
		return true
	}
	switch root := of(s.dir, 1); root {
	case "cmd":
		return true
	case "store":
		return of(ours, 1) == "store"
	case "bot":
		switch s.dir {
		case "bot":
			return ours == "store" || s.test && (ours == "bot/bottest" || ours == "store/storetest") || ours == "bot"
		case "bot/bottest":
			return ours == "bot" || of(ours, 1) == "store" || s.test
		}
		return ours == "bot" // a vocabulary
	case "handlers":
		if s.dir == "handlers" {
			return of(ours, 1) != "adapters"
		}
		return ours == "handlers/tables" || of(ours, 1) == "bot" || of(ours, 1) == "store"
	case "adapters":
		for _, drive := range []string{"drive", "test"} { // drivers of conversation scripts stand beside a kernel
			if strings.HasSuffix(of(s.dir, 3), drive) || s.test {
				return of(ours, 2) == of(s.dir, 2) || of(ours, 1) == "bot" || of(ours, 1) == "store"
			}
		}
		return of(ours, 1) == "bot"
	}
	return of(ours, 1) != "cmd"
}

func TestImportRules(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		for _, p := range s.imports() {
			if ours, ok := strings.CutPrefix(p, "rapport/"); ok && !mayImport(s, ours) {
				t.Errorf("%s imports %s, which the import rules forbid", s.path, p)
			}
		}
	}
}

// A vocabulary is pure: it reaches for nothing outside and asks no clock.
func TestVocabulariesArePure(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if s.test || of(s.dir, 1) != "bot" || s.dir == "bot" || s.dir == "bot/bottest" {
			continue
		}
		for _, p := range s.imports() {
			if p == "os" || p == "net" || strings.HasPrefix(p, "net/") && p != "net/mail" && p != "net/url" || p == "log" || p == "log/slog" || p == "database/sql" {
				t.Errorf("%s imports %s", s.path, p)
			}
		}
		if calls(s, "time", "Now") || calls(s, "time", "Since") || calls(s, "time", "Until") {
			t.Errorf("%s asks the clock", s.path)
		}
	}
}

// clocks are the files that may ask the machine's clock, each with its reason.
var clocks = map[string]string{
	"cmd/rapport/main.go": "the clock every act gets its time from",
	"bot/bot.go":          "the default where no clock is given",
	"store/store.go":      "the default where no clock is given",
	"store/child.go":      "how long a child may take to start or end",
	"store/embedded.go":   "when the next snapshot is due",
	"store/hold.go":       "whether the process slept",
	"store/peek.go":       "what a reader of the store itself believes",
	"store/snapshot.go":   "how old a file on disk is",
}

// One database of time zones holds everywhere: Go's and the system's are never asked,
// and the carried one is named only where a feature or the program takes its place
// for want of another.
func TestOneDatabaseOfTimeZones(t *testing.T) {
	t.Parallel()
	chosen := []string{"cmd/rapport/wire.go", "handlers/admin/admin.go", "handlers/clock/clock.go", "handlers/pipeline/pipeline.go"}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		for _, name := range []string{"LoadLocation", "Local", "ParseInLocation"} {
			if calls(s, "time", name) {
				t.Errorf("%s: time.%s asks a database that is not ours", s.path, name)
			}
		}
		if calls(s, "time", "LoadLocationFromTZData") && s.path != "bot/scheduling/zones.go" && s.path != "bot/scheduling/vtimezone.go" {
			t.Errorf("%s makes a zone of its own", s.path)
		}
		if slices.Contains(s.imports(), "time/tzdata") {
			t.Errorf("%s carries Go's zones along", s.path)
		}
		if of(s.dir, 2) == "bot/scheduling" {
			continue
		}
		if calls(s, "scheduling", "Default") && !slices.Contains(chosen, s.path) && !strings.HasSuffix(s.dir, "test") {
			t.Errorf("%s takes the carried database although another may be in force", s.path)
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if c, ok := n.(*ast.CompositeLit); ok {
				sel, ok := c.Type.(*ast.SelectorExpr)
				if ok && sel.Sel.Name == "ReadContext" && !slices.ContainsFunc(c.Elts, func(e ast.Expr) bool {
					kv, ok := e.(*ast.KeyValueExpr)
					key, named := kv.Key.(*ast.Ident)
					return ok && named && key.Name == "DB"
				}) {
					t.Errorf("%s reads a time without saying by which database", s.path)
				}
			}
			return true
		})
	}
}

// Time comes from the call: decisions are made at the time of an act, and a test can
// stand still. Adapters measure deadlines of sockets and rate limits by themselves.
func TestTimeComesFromArguments(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		root := of(s.dir, 1)
		if s.test || root == "adapters" || root == "deploy" || strings.HasSuffix(s.dir, "test") {
			continue
		}
		if (calls(s, "time", "Now") || calls(s, "time", "Since")) && clocks[s.path] == "" {
			t.Errorf("%s asks the machine's clock; take the time from the call", s.path)
		}
	}
}

// calls reports whether pkg.name is mentioned outside of comments.
func calls(s source, pkg, name string) bool {
	found := false
	ast.Inspect(s.file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == pkg && sel.Sel.Name == name {
				found = true
			}
		}
		return !found
	})
	return found
}

var networkNames = regexp.MustCompile(`(?i)\b(slack|discord|telegram|whatsapp|teams bot)\b|discordgo`)

// A network's name stands in its adapter and in cmd only. Words for people, such as
// the forms in which others write a time, may name where they come from.
func TestNoNetworkIsNamedInTheCore(t *testing.T) {
	t.Parallel()
	told := map[string]string{
		"bot/scheduling/marks.go":  "marks that people paste, in the forms in which others write them",
		"bot/scheduling/phrase.go": "the same",
		"bot/scheduling/cases.go":  "a field of the acceptance files",
		"bot/scheduling/doc.go":    "says which file reads such marks",
	}
	for _, s := range sources(t) {
		root := of(s.dir, 1)
		if s.test || root != "bot" && root != "handlers" && root != "store" || s.dir == "store/storetest" {
			continue
		}
		if _, ok := told[s.path]; ok {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				if networkNames.MatchString(n.Name) {
					t.Errorf("%s: the name %s", s.path, n.Name)
				}
			case *ast.BasicLit:
				if n.Kind == token.STRING && networkNames.MatchString(n.Value) {
					t.Errorf("%s: %s", s.path, n.Value)
				}
			}
			return true
		})
	}
}

// Types of the vendors' libraries never stand in an exported name.
func TestVendorsTypesStayInside(t *testing.T) {
	t.Parallel()
	vendors := map[string]bool{"github.com/slack-go/slack": true, "github.com/bwmarrin/discordgo": true, "github.com/slack-go/slack/slackevents": true,
		"github.com/slack-go/slack/socketmode": true}
	for _, s := range sources(t) {
		if s.test || of(s.dir, 1) != "adapters" {
			continue
		}
		names := map[string]bool{}
		for _, i := range s.file.Imports {
			p, _ := strconv.Unquote(i.Path.Value)
			if vendors[p] {
				name := p[strings.LastIndex(p, "/")+1:]
				if i.Name != nil {
					name = i.Name.Name
				}
				names[name] = true
			}
		}
		if len(names) == 0 {
			continue
		}
		uses := func(n ast.Node) (found bool) {
			if n == nil {
				return false
			}
			ast.Inspect(n, func(n ast.Node) bool {
				if sel, ok := n.(*ast.SelectorExpr); ok {
					if x, ok := sel.X.(*ast.Ident); ok && names[x.Name] {
						found = true
					}
				}
				return !found
			})
			return found
		}
		for _, d := range s.file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && exportedReceiver(d) && uses(d.Type) {
					t.Errorf("%s: %s shows a vendor's type", s.path, d.Name.Name)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						st, ok := spec.Type.(*ast.StructType)
						if !spec.Name.IsExported() {
							continue
						}
						if !ok {
							if uses(spec.Type) {
								t.Errorf("%s: %s is a vendor's type", s.path, spec.Name.Name)
							}
							continue
						}
						for _, f := range st.Fields.List {
							if (len(f.Names) == 0 || f.Names[0].IsExported()) && uses(f.Type) {
								t.Errorf("%s: a field of %s is a vendor's type", s.path, spec.Name.Name)
							}
						}
					case *ast.ValueSpec:
						if spec.Names[0].IsExported() && spec.Type != nil && uses(spec.Type) {
							t.Errorf("%s: %s is a vendor's type", s.path, spec.Names[0].Name)
						}
					}
				}
			}
		}
	}
}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return true
	}
	typ := d.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	id, ok := typ.(*ast.Ident)
	return !ok || id.IsExported()
}

// No init and no package that changes what others see at start.
func TestNoInit(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s has an init", s.path)
			}
		}
	}
}

// The environment is read in one place.
func TestOneReaderOfTheEnvironment(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if s.test || s.path == "cmd/rapport/main.go" || strings.HasSuffix(s.dir, "test") || of(s.dir, 1) == "deploy" {
			continue
		}
		for _, name := range []string{"Getenv", "LookupEnv", "Environ", "ExpandEnv"} {
			if calls(s, "os", name) {
				t.Errorf("%s reads the environment", s.path)
			}
		}
	}
}

// Every command that people can see is used in some conversation script.
func TestEveryCommandIsInAScript(t *testing.T) {
	t.Parallel()
	b, err := declarations(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob("../../handlers/*/testdata/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatal("no scripts", err)
	}
	stories, err := filepath.Glob("*story*_test.go") // what a script cannot know: codes, links, a second workspace
	if err != nil {
		t.Fatal(err)
	}
	paths = append(paths, stories...)
	var all bytes.Buffer
	for _, p := range paths {
		text, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	lines := strings.Split(all.String(), "\n")
	for _, d := range b.Declared() {
		typed := slices.ContainsFunc(lines, func(l string) bool {
			if strings.Contains(l, `"/rapport", "`+d.Name) || strings.Contains(l, `general, "`+d.Name+`"`) { // a story
				return true
			}
			_, what, ok := strings.Cut(l, "> ")
			what = strings.TrimPrefix(what, "say ") // a direct message is a command line, too
			return ok && (begins(what, d.Name) || begins(what, "/rapport "+d.Name) || begins(what, "/"+d.Name) || d.Short != "" && (begins(what, "/"+d.Short) || begins(what, "/rapport "+d.Short)))
		})
		if !typed {
			t.Errorf("no script uses /rapport %s", d.Name)
		}
	}
}

func begins(line, words string) bool { return line == words || strings.HasPrefix(line, words+" ") }
