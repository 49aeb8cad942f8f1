package web_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// TestScreenshots writes pictures of the pages into the folder CONSOLE_SHOTS names,
// for people to look at.
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("CONSOLE_SHOTS")
	if dir == "" {
		t.Skip("CONSOLE_SHOTS names no folder")
	}
	_, d, _ := world(t)
	p := d.Person(t, "Rita")
	p.Conv = "#recruiting"
	p.Do(t, post("line", "/board"))
	p.Do(t, post("line", "/aloud \"Lunch is at one. Who takes the interview with Mateo?\""))
	p.Do(t, post("line", "/show Ada Okafor"))
	p.Do(t, post("line", "<b>not bold</b> & <script>alert(1)</script> *stars* @everyone"))
	p.Do(t, post("line", "/move Ada Okafor to:Onsite"))
	p.Conv = "dm"
	p.Do(t, post("line", "hello"))
	p.Do(t, post("line", "/move Ada to:Nowhere"))
	for _, look := range []string{"light", "dark"} {
		for _, size := range [][2]int64{{1280, 800}, {390, 844}} {
			ctx := browser(t)
			name := func(s string) string {
				return filepath.Join(dir, s+"-"+look+map[bool]string{true: "-wide", false: "-narrow"}[size[0] > 600]+".png")
			}
			do(t, ctx, chromedp.EmulateViewport(size[0], size[1]), media(look), chromedp.Navigate(d.URL+"/console/"), shot(t, name("door")), enter(t, d, p.ID), waitLive(),
				chromedp.Sleep(300*time.Millisecond), shot(t, name("channel")),
				chromedp.SendKeys("#input", "/mo"), chromedp.Sleep(300*time.Millisecond), shot(t, name("offers")),
				chromedp.SendKeys("#input", "ve Ad"), chromedp.Sleep(700*time.Millisecond), shot(t, name("values")),
				js(`document.querySelector('#input').value=''`),
				chromedp.SendKeys("#input", "/candidate add Noor\r"), chromedp.WaitVisible("dialog"), chromedp.Sleep(300*time.Millisecond), shot(t, name("form")),
				js(`document.querySelector('dialog').close()`), js(`[...document.querySelectorAll('.place')][0].click()`), chromedp.Sleep(600*time.Millisecond), shot(t, name("home")),
				js(`[...document.querySelectorAll('.place')][3].click()`), chromedp.Sleep(400*time.Millisecond), shot(t, name("dm")),
				js(`document.querySelector('#menu').click()`), chromedp.Sleep(400*time.Millisecond), shot(t, name("rail")))
		}
	}
}

func media(look string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: look}}})
		return err
	})
}

func shot(t *testing.T, path string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
		if err != nil {
			return err
		}
		return os.WriteFile(path, png, 0o600)
	})
}
