// The conversation: which lines there are, and the ones of the open place drawn.

import { h, icon, face, mark, remembered, remember } from './dom.js';
import { message, onlyYou } from './render.js';
import { clock, whole, dayKey, dayName, readerZone } from './time.js';

const $ = (id) => document.getElementById(id);
const together = 4 * 60 * 1000; // lines this close follow each other without a name

const notes = {
  dm: ['Your own conversation with Rapport', 'Type a command, or just write what you need. Nobody else reads here.'],
  '#recruiting': ['Where the hiring team works', 'Commands you type here, and their answers, are seen by you alone unless an answer is for everybody.'],
  '#hiring-news': ['Quiet so far', 'News that concerns everybody on the hiring team comes here.'],
};

export class Room {
  constructor(me, { act, changed }) {
    this.me = me;
    this.act = act;
    this.changed = changed; // called when unread marks may differ
    this.lines = new Map();
    this.waiting = new Map(); // typed and not yet back, by post id
    this.conv = '';
    this.live = false;
    this.readKey = 'read.' + me.me.id;
    this.read = remembered(this.readKey, null);
    this.mark = '';
    this.list = $('lines');
    this.scroll = $('scroll');
    this.frame = 0;
    this.scroll.addEventListener('scroll', () => { if (this.atEnd()) this.seen(); });
    $('newer').addEventListener('click', () => { this.toEnd(); this.seen(); });
    document.addEventListener('visibilitychange', () => { if (this.atEnd()) this.seen(); });
    window.addEventListener('storage', (e) => { if (e.key === 'rapport.' + this.readKey) { this.read = remembered(this.readKey, {}); this.changed(); } });
  }

  fresh() { this.lines.clear(); this.live = false; if (this.conv) this.list.replaceChildren(); } // Home stays

  // put takes a line from the stream: a new one, or a changed one.
  put(d) {
    const key = (d.shared ? 's' : 'p') + d.line;
    const old = this.lines.get(key);
    const next = { ...d, key, el: null };
    this.lines.set(key, next);
    if (d.post) this.unwait(d.post);
    if (old && old.el) this.replace(old, next);
    else if (d.conv === this.conv) this.soon();
    if (this.live) this.changed();
  }

  // ready is called when everything up to now has come.
  ready() {
    this.live = true;
    if (!this.read) {
      this.read = {};
      for (const l of this.lines.values()) this.read[l.conv] = this.read[l.conv] > l.line ? this.read[l.conv] : l.line;
      remember(this.readKey, this.read);
    }
    if (!this.conv) return;
    this.mark = this.mark || this.firstUnread();
    this.draw(true);
    this.changed();
  }

  open(conv) {
    this.conv = conv;
    this.mark = this.live ? this.firstUnread() : '';
    this.list.setAttribute('aria-live', 'off'); // what is opened is not news
    this.list.replaceChildren();
    for (const l of this.lines.values()) l.el = null;
    this.draw(true);
    setTimeout(() => this.list.setAttribute('aria-live', 'polite'), 300);
  }

  of(conv) {
    return [...this.lines.values()].filter((l) => l.conv === conv).sort((a, b) => (a.line < b.line ? -1 : a.line > b.line ? 1 : a.key < b.key ? -1 : 1));
  }

  unread(conv) {
    if (!this.read) return 0;
    const from = this.read[conv] || '';
    let n = 0;
    for (const l of this.lines.values()) if (l.conv === conv && l.line > from && l.by !== this.me.me.id) n++;
    return n;
  }

  firstUnread() {
    if (!this.read) return '';
    const from = this.read[this.conv] || '';
    const first = this.of(this.conv).find((l) => l.line > from && l.by !== this.me.me.id);
    return first ? first.key : '';
  }

  // seen remembers how far this person has read, for all tabs.
  seen() {
    if (!this.live || document.hidden || !this.conv || !this.read) return;
    $('newer').hidden = true;
    const all = this.of(this.conv);
    const last = all.length ? all[all.length - 1].line : '';
    if (last && !(this.read[this.conv] >= last)) {
      this.read = { ...remembered(this.readKey, {}), [this.conv]: last };
      remember(this.readKey, this.read);
      this.changed();
    }
  }

  // wait shows what was typed until it comes back over the stream.
  wait(id, conv, text) { this.waiting.set(id, { conv, text, at: Date.now(), thinking: false }); this.draw(true); }

  thinking(id) { const w = this.waiting.get(id); if (w) { w.thinking = true; this.soon(); } }

  unwait(id) { if (this.waiting.delete(id)) this.soon(); }

  soon() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => { this.frame = 0; this.draw(false); });
  }

  atEnd() { return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < 80; }

  toEnd() { this.scroll.scrollTop = this.scroll.scrollHeight; }

  // draw brings the list in step with the lines: elements are made once and kept.
  draw(jump) {
    if (!this.conv) return;
    const stick = jump || this.atEnd();
    const all = this.of(this.conv);
    const want = [];
    let day = '', prior = null, fresh = false;
    for (const l of all) {
      const k = dayKey(l.at);
      if (k !== day) { want.push(this.divider('day', dayName(l.at), 'd' + k)); day = k; prior = null; }
      if (l.key === this.mark) { want.push(this.divider('new', 'New', 'new')); prior = null; }
      if (!l.el) { l.el = this.line(l); fresh = true; }
      const follows = prior && (prior.by || '') === (l.by || '') && l.at - prior.at < together && !!prior.only === !!l.only;
      l.el.classList.toggle('follows', !!follows);
      want.push(l.el);
      prior = l;
    }
    for (const [id, w] of this.waiting) if (w.conv === this.conv) want.push(this.pending(id, w));
    if (!want.length && this.live) want.push(this.empty());
    $('skeleton').hidden = this.live;
    this.list.setAttribute('aria-busy', String(!this.live));
    this.arrange(want);
    if (stick) { this.toEnd(); this.seen(); } else if (fresh && this.live) $('newer').hidden = false;
  }

  // arrange puts elements in order, moving as few as can be.
  arrange(want) {
    const keep = new Set(want);
    for (const el of [...this.list.children]) if (!keep.has(el)) el.remove();
    let at = this.list.firstChild;
    for (const el of want) {
      if (el === at) at = at.nextSibling;
      else this.list.insertBefore(el, at);
    }
  }

  divider(kind, words, key) {
    const old = this.list.querySelector(`[data-divider="${key}"]`);
    return old || h('div', { class: 'divider ' + kind, role: 'separator', 'data-divider': key }, h('span', { text: words }));
  }

  pending(id, w) {
    if (!w.el) w.el = this.line({ by: this.me.me.id, name: this.me.me.name, text: w.text, at: w.at, key: '' }, true);
    if (w.thinking && !w.el.querySelector('.thinking')) w.el.querySelector('.line-body').append(h('p', { class: 'thinking' }, h('i'), h('i'), h('i'), h('span', { text: 'Rapport is at it' })));
    return w.el;
  }

  empty() {
    const [title, words] = notes[this.conv] || notes.dm;
    return h('div', { class: 'empty' }, h('div', { class: 'empty-mark' }, icon(this.conv === 'dm' ? 'chat' : 'hash', 30)), h('h2', { text: title }), h('p', { text: words }));
  }

  line(l, pending) {
    const bot = !l.by;
    const when = h('time', { class: 'when', datetime: new Date(l.at).toISOString(), title: `${whole(l.at)} (${readerZone()})`, text: clock(l.at) });
    const body = h('div', { class: 'line-body' });
    const el = h('article', { class: 'line ' + (bot ? 'from-bot' : 'from-person') + (pending ? ' pending' : '') + (l.only ? ' private' : ''), 'data-line': l.key || undefined },
      h('div', { class: 'line-side' }, bot ? mark(34) : face(l.by, l.name), h('span', { class: 'when-side', 'aria-hidden': 'true', text: clock(l.at) })),
      h('div', { class: 'line-main' }, h('p', { class: 'line-head' }, h('span', { class: 'who', text: bot ? 'Rapport' : l.name || 'Somebody' }), bot ? h('span', { class: 'badge', text: 'bot' }) : '', when, l.only ? onlyYou() : ''), body));
    if (l.msg) body.append(message(l.msg, (what, button) => this.act(what, l, button)));
    else body.append(h('p', { class: 'said' + ((l.text || '').startsWith('/') ? ' cmd' : ''), text: l.text || '' }));
    return el;
  }

  // replace draws a changed line in its place; the focus stays with it.
  replace(old, next) {
    const had = old.el.contains(document.activeElement);
    const follows = old.el.classList.contains('follows');
    const stick = this.atEnd();
    next.el = this.line(next);
    next.el.classList.toggle('follows', follows);
    next.el.classList.add('changed');
    if (!old.el.isConnected) return;
    old.el.replaceWith(next.el);
    if (had) {
      const to = next.el.querySelector('button, a, select');
      if (to) to.focus({ preventScroll: true });
      else { next.el.tabIndex = -1; next.el.focus({ preventScroll: true }); }
    }
    if (stick) this.toEnd();
  }
}
