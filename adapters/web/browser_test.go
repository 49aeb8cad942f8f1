package web_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"rapport/adapters/web/webtest"
)

// browser starts a Chromium of its own. Without one the test is skipped, but never
// where CI is set.
func browser(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("there is no chromium in PATH; install it with: apt-get install chromium")
		}
		t.Skip("there is no chromium in PATH, so the page itself is not tried; install it with: apt-get install chromium")
	}
	alloc, stop := chromedp.NewExecAllocator(context.Background(), chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Headless, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-dev-shm-usage", true), chromedp.UserDataDir(t.TempDir()), chromedp.WSURLReadTimeout(60*time.Second))
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(alloc)
	t.Cleanup(end)
	ctx, late := context.WithTimeout(ctx, 120*time.Second)
	t.Cleanup(late)
	return ctx
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	for i, s := range steps {
		if err := chromedp.Do(ctx, s); err != nil {
			t.Fatalf("step %d: %v\n%s", i+1, err, words(t, ctx))
		}
	}
}

// words is all the page shows.
func words(t *testing.T, ctx context.Context) string {
	t.Helper()
	s, err := chromedp.Run(ctx, chromedp.Evaluate[string](`JSON.stringify(document.activeElement.value || document.activeElement.outerHTML.slice(0, 200)) + '\n' + document.body.innerText`))
	if err != nil {
		return "no page: " + err.Error()
	}
	return s
}

func js(code string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("(() => {"+code+"; return true})()"))
		return err
	})
}

// until waits for an expression to be true.
func until(code string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		ctx, stop := context.WithTimeout(ctx, 20*time.Second)
		defer stop()
		for {
			ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("!!("+code+")"))
			if err == nil && ok {
				return nil
			}
			select {
			case <-ctx.Done():
				return &waited{code}
			case <-time.After(40 * time.Millisecond):
			}
		}
	})
}

type waited struct{ code string }

func (w *waited) Error() string { return "never true: " + w.code }

// shows waits for words among the lines.
func shows(text string) chromedp.Action[chromedp.Void] {
	return until(`document.querySelector('#lines') && document.querySelector('#lines').innerText.includes(` + quote(text) + `)`)
}

func waitLive() chromedp.Action[chromedp.Void] {
	return until(`document.body.dataset.live === 'true'`)
}

// enter goes in by a link, as people do.
func enter(t *testing.T, d *webtest.Driver, person string) chromedp.Action[chromedp.Void] {
	t.Helper()
	link, err := d.Console.SignInLink(context.Background(), "t1", person)
	if err != nil {
		t.Fatal(err)
	}
	return chromedp.Steps(chromedp.Navigate(link), chromedp.Click("button"), until(`document.querySelector('#lines')`))
}

// quote writes a string for the page's language.
func quote(s string) string {
	raw, err := json.Marshal(s)
	if err != nil {
		return "''"
	}
	return string(raw)
}
