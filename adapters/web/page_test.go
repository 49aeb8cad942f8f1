package web_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const bodies = `[...document.querySelectorAll('.line-body')].map((e) => e.innerText).join('|')`

// TestThePageByKeyboardAlone is somebody at work: suggestions, a move, Undo, a form
// with an error in it, a reload, a second tab.
func TestThePageByKeyboardAlone(t *testing.T) {
	t.Parallel()
	_, d, o := world(t)
	p := d.Person(t, "Rita")
	ctx := browser(t)
	do(t, ctx, chromedp.EmulateViewport(1280, 800), enter(t, d, p.ID), waitLive(), until(`document.activeElement.id === 'input'`))

	// "/mo", Tab; "ada o", Tab; then the stage by arrow keys
	do(t, ctx, chromedp.KeyEvent("/mo"), until(`document.querySelectorAll('.offer').length === 1`), chromedp.KeyEvent("\t"), until(`document.querySelector('#input').value === '/move '`))
	do(t, ctx, chromedp.KeyEvent("ada"), until(`document.querySelectorAll('#offers .offer').length === 2`), chromedp.KeyEvent("\t"), until(`document.querySelector('#input').value === '/move "Ada Okafor" '`))
	do(t, ctx, until(`document.querySelector('#offers .offer code') && document.querySelector('#offers .offer code').textContent === 'to:'`), chromedp.KeyEvent("\t"),
		until(`document.querySelector('#input').value.endsWith('to:') && document.querySelectorAll('#offers .offer').length === 5`),
		chromedp.KeyEvent(kb.ArrowDown+kb.ArrowDown), until(`document.querySelector('#offers [aria-selected=true]').textContent === 'Phone screen'`), chromedp.KeyEvent(kb.ArrowDown+"\r"),
		until(`document.querySelector('#input').value === '/move "Ada Okafor" to:Onsite '`), chromedp.KeyEvent("\r"), shows("Moved Ada Okafor from Phone screen to Onsite."))

	// Undo: back from the box to the newest card, and the focus stays with what becomes of it
	do(t, ctx, js(`document.querySelector('.line:last-child .btn').focus()`), chromedp.KeyEvent("\r"), shows("Taken back. Ada Okafor is at Phone screen."),
		until(`!document.querySelector('#lines').innerText.includes('Moved Ada')`), until(`document.querySelector('.line.changed').contains(document.activeElement)`))
	o.mu.Lock()
	at := o.at["Ada Okafor"]
	o.mu.Unlock()
	if at != "Phone screen" {
		t.Fatal("Ada is at", at)
	}

	// a form: focus at the first open field, an error in place, Escape at a further one
	do(t, ctx, chromedp.Focus("#input"), chromedp.KeyEvent("/candidate add Noor\r"), until(`document.querySelector('dialog[open]')`))
	if s := words(t, ctx); o.moves != 1 {
		t.Fatal(o.moves, s)
	}
	do(t, ctx, until(`document.activeElement.type === 'email'`), chromedp.KeyEvent("taken@mail.example\r"), until(`document.querySelector('dialog .err:not(:empty)').textContent === 'Heard of us by is needed.'`),
		until(`document.activeElement.tagName === 'SELECT'`), chromedp.KeyEvent("Ev"), until(`document.activeElement.value === 'event'`),
		js(`document.querySelector('dialog form').requestSubmit()`), until(`[...document.querySelectorAll('dialog .err')].some((e) => e.textContent.startsWith('Somebody has this address'))`),
		until(`document.activeElement.type === 'email' && document.activeElement.getAttribute('aria-invalid') === 'true'`),
		js(`document.activeElement.value = 'noor@mail.example'`), chromedp.KeyEvent("\r"), until(`!document.querySelector('dialog')`), shows("Added Noor, who heard of us by event."),
		until(`document.activeElement.id === 'input'`))
	do(t, ctx, chromedp.Focus("#input"), chromedp.KeyEvent("/candidate add Zoe"), until(`document.querySelector('#input').value === '/candidate add Zoe'`), chromedp.KeyEvent("\r"), until(`document.querySelector('dialog[open]')`), chromedp.KeyEvent(kb.Escape), until(`!document.querySelector('dialog') && document.activeElement.id === 'input'`))

	// what is hostile stays words
	do(t, ctx, chromedp.Focus("#input"), chromedp.KeyEvent(`<img src=x onerror=alert(1)> *b*`), chromedp.KeyEvent("\r"), shows(`<img src=x onerror=alert(1)> *b*`), until(`!document.querySelector('#lines img:not(.face)')`))

	// a reload shows the same
	before, err := chromedp.Run(ctx, chromedp.Evaluate[string](bodies))
	if err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Reload(), waitLive(), until(bodies+` === `+quote(before)))

	// what arrives elsewhere is counted, and gone when read
	p.Do(t, post("line", "hello from another tab"))
	do(t, ctx, until(`document.querySelector('.place.unread .count').textContent === '1'`), until(`document.title.startsWith('(1)')`),
		chromedp.KeyEvent(kb.ArrowDown, chromedp.KeyModifiers(kb.ModifierAlt)), chromedp.KeyEvent(kb.ArrowDown, chromedp.KeyModifiers(kb.ModifierAlt)), shows("You said: hello from another tab"), until(`!document.querySelector('.place.unread')`))
}

// Whoever left the page at Home finds it there.
func TestHomeIsThereAfterAReload(t *testing.T) {
	t.Parallel()
	_, d, _ := world(t)
	p := d.Person(t, "Rita")
	ctx := browser(t)
	home := until(`document.querySelector('.home-hello') && !document.querySelector('.home .skeleton')`)
	do(t, ctx, enter(t, d, p.ID), waitLive(), js(`document.querySelector('.place').click()`), home, chromedp.Reload(), waitLive(), home)
}
