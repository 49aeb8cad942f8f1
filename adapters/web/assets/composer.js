// The message box: what can be typed next is offered while typing.

import { h, icon, face, remembered, remember } from './dom.js';
import { post } from './api.js';
import { command, parts, quoted } from './words.js';

const $ = (id) => document.getElementById(id);

export class Composer {
  // state = { me, conv() }; send(text) gives back whether it went.
  constructor(state, send) {
    this.state = state;
    this.sendText = send;
    this.input = $('input');
    this.list = $('offers');
    this.items = [];
    this.active = -1;
    this.asked = 0;
    this.known = new Map(); // "command/field/label" → value, for ids behind labels
    this.past = remembered('past.' + state.me.me.id, []);
    this.back = -1;
    $('send').append(icon('send', 20));
    this.input.addEventListener('input', () => { this.back = -1; this.fit(); this.look(); });
    this.input.addEventListener('keydown', (e) => this.key(e));
    this.input.addEventListener('click', () => this.look());
    this.input.addEventListener('keyup', () => { this.sent = false; });
    this.input.addEventListener('beforeinput', (e) => { if (this.sent && e.inputType === 'insertLineBreak') e.preventDefault(); }); // the Enter that sent
    this.input.addEventListener('blur', () => setTimeout(() => { if (document.activeElement !== this.input) this.hide(); }, 150));
    $('composer').addEventListener('submit', (e) => { e.preventDefault(); this.send(); });
    this.fit();
  }

  focus() { this.input.focus(); }

  // put fills in words for the person to go on with.
  put(text) {
    this.input.value = text;
    this.input.focus();
    this.input.setSelectionRange(text.length, text.length);
    this.fit();
    this.look();
  }

  fit() {
    this.input.style.height = 'auto';
    this.input.style.height = Math.min(this.input.scrollHeight, 200) + 'px';
    $('send').disabled = !this.input.value.trim();
  }

  async send() {
    const text = this.input.value.trim();
    if (!text) return;
    this.hide();
    this.input.value = '';
    this.fit();
    if (this.past[0] !== text) this.past = [text, ...this.past].slice(0, 30);
    remember('past.' + this.state.me.me.id, this.past);
    this.back = -1;
    if (!(await this.sendText(text)) && !this.input.value) this.put(text);
  }

  key(e) {
    if (e.isComposing) return;
    const open = !this.list.hidden && this.items.length > 0;
    switch (e.key) {
      case 'ArrowDown': case 'ArrowUp':
        if (open) {
          e.preventDefault();
          const n = this.items.length, step = e.key === 'ArrowDown' ? 1 : -1;
          this.choose(this.active < 0 ? (step > 0 ? 0 : n - 1) : (this.active + step + n) % n);
        } else if (this.past.length && (this.back >= 0 || !this.input.value)) {
          const to = this.back + (e.key === 'ArrowUp' ? 1 : -1);
          if (to >= this.past.length) break;
          e.preventDefault();
          this.back = Math.max(to, -1);
          this.input.value = this.back < 0 ? '' : this.past[this.back];
          this.fit();
        }
        break;
      case 'Tab':
        if (open && !e.shiftKey) { e.preventDefault(); this.take(this.items[Math.max(this.active, 0)]); }
        break;
      case 'Enter':
        if (e.shiftKey) break;
        e.preventDefault();
        this.sent = true;
        if (open && this.active >= 0) this.take(this.items[this.active]);
        else this.send();
        break;
      case 'Escape':
        if (open) { e.preventDefault(); e.stopPropagation(); this.hide(); }
        break;
      default:
    }
  }

  // look finds what may come next at the caret.
  async look() {
    const ask = ++this.asked;
    const caret = this.input.selectionStart;
    const text = this.input.value.slice(0, caret);
    const at = /(?:^|[\s:"“(])@([\p{L}\p{N}._-]*)$/u.exec(text);
    if (at) return this.show(this.people(at[1], caret));
    if (!text.startsWith('/')) return this.hide();
    const known = command(text, this.state.me.commands);
    if (!known) return this.show(this.names(text.slice(1).replace(/^rapport\s+/i, ''), caret));
    const list = await this.args(known, text, caret, ask);
    if (ask === this.asked) this.show(list);
    return undefined;
  }

  people(typed, caret) {
    const t = typed.toLowerCase();
    return this.state.me.people.filter((p) => p.name.toLowerCase().split(/\s+/).some((w) => w.startsWith(t)) || p.name.toLowerCase().replaceAll(' ', '.').startsWith(t))
      .slice(0, 8).map((p) => ({ face: face(p.id, p.name, true), label: p.name, hint: p.said || '', insert: '@' + p.name.replaceAll(' ', '.') + ' ', from: caret - typed.length - 1 }));
  }

  names(typed, caret) {
    const t = typed.trimStart().toLowerCase();
    const score = (c) => {
      if (!t) return c.short ? 1 : 2;
      if (c.short && c.short.startsWith(t)) return 0;
      if (c.name.startsWith(t)) return 1;
      if (c.name.split(' ').some((w) => w.startsWith(t))) return 2;
      if (c.title.toLowerCase().split(' ').some((w) => w.startsWith(t))) return 3;
      return -1;
    };
    return this.state.me.commands.map((c) => [score(c), c]).filter(([s]) => s >= 0).sort((a, b) => a[0] - b[0] || a[1].name.localeCompare(b[1].name))
      .slice(0, 40).map(([, c]) => ({ code: '/' + (c.short || c.name), label: c.title, hint: c.help, insert: '/' + (c.short || c.name) + ' ', from: 0, to: caret }));
  }

  async args({ cmd, from }, text, caret, ask) {
    const fields = cmd.fields || [];
    const list = parts(text.slice(from), (k) => fields.some((f) => f.name === k));
    const given = {};
    const open = fields.filter((f) => !list.some((p) => p.key === f.name));
    for (const p of list) {
      const f = p.key ? fields.find((x) => x.name === p.key) : open.shift();
      p.field = f;
      if (f && p.text) given[f.name] = p.text;
    }
    let cur = list[list.length - 1];
    const spaced = /\s$/.test(text);
    if (cur && (cur.ended || (spaced && cur.text && this.value(cur.field, cur.text, cmd) !== undefined))) cur = null;
    const keys = this.keys(open, fields, given, caret, spaced || !text.slice(from));
    if (!cur) {
      const first = list.length ? null : fields[0];
      if (!first) return keys;
      cur = { key: '', start: text.length - from, text: '', field: first };
    }
    if (!cur.field) return keys;
    const mine = { ...given };
    delete mine[cur.field.name];
    const values = await this.values(cmd, cur.field, cur.text, mine, ask);
    const start = from + cur.start;
    const out = values.map((o) => {
      const twin = values.some((x) => x !== o && x.label === o.label);
      return { label: o.label, hint: o.hint || '', from: start, insert: quoted(twin ? o.value : o.label) + ' ', note: () => this.note(cmd, cur.field, twin ? o.value : o.label, o.value) };
    });
    return cur.text && !spaced ? out : out.concat(cur.key ? [] : keys.filter((k) => k.label !== cur.field.name + ':'));
  }

  keys(open, fields, given, caret, may) {
    if (!may) return [];
    return fields.filter((f) => !(f.name in given)).sort((a, b) => (b.required ? 1 : 0) - (a.required ? 1 : 0))
      .map((f) => ({ code: f.name + ':', label: f.label, hint: f.hint || (f.required ? 'needed' : 'optional'), insert: f.name + ':', from: caret, again: true }));
  }

  note(cmd, field, label, value) { this.known.set(`${cmd.name}/${field.name}/${label.toLowerCase()}`, value); }

  value(field, label, cmd) { return field ? this.known.get(`${cmd.name}/${field.name}/${label.toLowerCase()}`) : undefined; }

  // values asks for what fits a field; names typed by hand are looked up first, for
  // some fields depend on others.
  async values(cmd, field, typed, given, ask) {
    if (field.kind === 'flag') return [{ label: 'yes', value: 'yes' }, { label: 'no', value: 'no' }];
    if (field.options && field.options.length) {
      const t = typed.toLowerCase();
      return field.options.filter((o) => o.label.toLowerCase().includes(t)).slice(0, 20);
    }
    if (field.kind !== 'search') return [];
    await new Promise((done) => setTimeout(done, 90));
    if (ask !== this.asked) return [];
    try {
      const values = {};
      for (const [name, text] of Object.entries(given)) {
        const f = cmd.fields.find((x) => x.name === name);
        let id = this.value(f, text, cmd);
        if (id === undefined && f.kind === 'search') {
          const found = (await post({ kind: 'suggest', conv: this.state.conv(), name: cmd.name, field: name, typed: text }, 1)).options || [];
          if (found.length === 1) { id = found[0].value; this.note(cmd, f, text, id); }
        }
        values[name] = id ?? text;
      }
      return (await post({ kind: 'suggest', conv: this.state.conv(), name: cmd.name, field: field.name, typed, values }, 1)).options || [];
    } catch {
      return []; // typing goes on without help
    }
  }

  show(items) {
    this.items = items;
    this.active = -1;
    if (!items.length) return this.hide();
    this.list.replaceChildren(...items.map((x, i) => h('div', { class: 'offer', role: 'option', id: 'offer' + i, 'aria-selected': 'false',
      onmousedown: (e) => { e.preventDefault(); this.take(x); } },
    x.face || '', x.code ? h('code', { text: x.code }) : '', h('span', { class: 'offer-label', text: x.label }), h('span', { class: 'offer-hint', text: x.hint }))));
    this.list.hidden = false;
    this.list.scrollTop = 0;
    this.input.setAttribute('aria-expanded', 'true');
    return undefined;
  }

  choose(i) {
    const old = this.list.children[this.active];
    if (old) old.setAttribute('aria-selected', 'false');
    this.active = i;
    const el = this.list.children[i];
    el.setAttribute('aria-selected', 'true');
    el.scrollIntoView({ block: 'nearest' });
    this.input.setAttribute('aria-activedescendant', el.id);
  }

  take(item) {
    if (!item) return;
    const end = item.to ?? this.input.selectionStart;
    const rest = this.input.value.slice(end).replace(/^\s+/, '');
    const before = this.input.value.slice(0, item.from);
    if (item.note) item.note();
    const glue = item.again && before && !/\s$/.test(before) ? ' ' : '';
    this.input.value = before + glue + item.insert + rest;
    const at = (before + glue + item.insert).length;
    this.input.setSelectionRange(at, at);
    this.input.focus();
    this.fit();
    this.look();
  }

  hide() {
    this.asked++;
    this.list.hidden = true;
    this.items = [];
    this.active = -1;
    this.input.setAttribute('aria-expanded', 'false');
    this.input.removeAttribute('aria-activedescendant');
  }
}
