package web_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"rapport/bot"
)

// A page goes by the program's database: British Columbia stays seven hours behind in
// the winter of 2026, whatever the browser was built with. Where a moment was meant is said beside it.
func TestAPageAsksHowClocksRun(t *testing.T) {
	t.Parallel()
	w, d, _ := world(t)
	p := d.Person(t, "Rita")
	ctx := browser(t)
	do(t, ctx, inZone("America/Vancouver"), enter(t, d, p.ID), waitLive())
	at := time.Date(2026, 12, 10, 20, 0, 0, 0, time.UTC)
	words := "Shall we meet? " + bot.Moment(at, "Asia/Kathmandu", bot.TimeOnly) + bot.Moment(at, "Mars/Olympus", bot.DateTime)
	if _, err := d.Console.Send(t.Context(), bot.Place{Network: "console", Team: w.Tenant, Channel: "#recruiting"}, bot.Message{Text: words, Public: true}, "k1"); err != nil {
		t.Fatal(err)
	}
	const times = `document.querySelectorAll('#lines .line-body time')`
	do(t, ctx, until(times+`.length === 2 && `+times+`[0].title.includes('\n')`))
	got, err := chromedp.Run(ctx, chromedp.Evaluate[string](`[`+times+`[0].innerText, ...`+times+`[0].title.split('\n'), `+times+`[1].title].join(' | ').replaceAll('\u202f', ' ')`))
	want := "1:00 PM UTC-7 | Thu, Dec 10, 2026, 1:00 PM UTC-7 (America/Vancouver) | Fri, Dec 11, 2026, 1:45 AM UTC+5:45 (Asia/Kathmandu) | Thu, Dec 10, 2026, 1:00 PM UTC-7 (America/Vancouver)"
	if err != nil || got != want {
		t.Errorf("%q, want %q (%v)", got, want, err)
	}
	// Home greets by that clock too, not by another the browser has meanwhile: 13:00 here, 5:00 in Tokyo.
	do(t, ctx, inZone("Asia/Tokyo"), until(`(import('/console/assets/home.js').then((m) => { window.greeted = m.greeting('Rita Roe', `+strconv.FormatInt(at.UnixMilli(), 10)+`); }), window.greeted === 'Good afternoon, Rita')`))
}

func inZone(name string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: name})
		return err
	})
}
