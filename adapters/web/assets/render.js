// From the server's view model to elements.

import { h, svg, icon } from './dom.js';
import { moment, hover, learn } from './time.js';

function time(s) {
  const el = h('time', { datetime: new Date((s.at || 0) * 1000).toISOString(), title: hover(s.at, s.z), 'data-at': String(s.at || 0), 'data-style': s.s || 'f', text: moment(s.at, s.s) });
  if (s.z) learn(s.z).then(() => { el.title = hover(s.at, s.z); });
  return el;
}

export function spans(list) {
  return (list || []).map((s) => {
    switch (s.k) {
      case 'b': return h('strong', { text: s.t });
      case 'i': return h('em', { text: s.t });
      case 'c': return h('code', { text: s.t });
      case 'l': return h('a', { href: s.u, target: '_blank', rel: 'noopener noreferrer', text: s.t || s.u });
      case 't': return time(s);
      case 'm': case 'h': return h('span', { class: 'mention', text: s.t });
      default: return document.createTextNode(s.t || '');
    }
  });
}

export const plain = (list) => (list || []).map((s) => (s.k === 't' ? moment(s.at, s.s) : s.t || '')).join('');

// summary is the first words of a message, for the title and for unread marks.
export function summary(msg) {
  if (msg.text) return plain(msg.text);
  for (const b of msg.blocks || []) if (b.text) return plain(b.text);
  return '';
}

// message draws one; act is called with what was pressed or picked.
export function message(msg, act) {
  const box = h('div', { class: 'msg' });
  if (msg.text) box.append(h('p', {}, spans(msg.text)));
  for (const b of msg.blocks || []) {
    const el = blocks[b.k] ? blocks[b.k](b, act) : null;
    if (el) box.append(el);
  }
  const cards = (msg.blocks || []).some((b) => ['heading', 'facts', 'table', 'chart', 'buttons', 'choices'].includes(b.k));
  if (cards) box.classList.add('card');
  return box;
}

const blocks = {
  heading: (b) => h('h3', {}, spans(b.text)),
  para: (b) => h('p', {}, spans(b.text)),
  note: (b) => h('p', { class: 'note' }, spans(b.text)),
  rule: () => h('hr'),
  list: (b) => h(b.ordered ? 'ol' : 'ul', {}, (b.items || []).map((i) => h('li', {}, spans(i)))),
  facts: (b) => h('dl', { class: 'facts' }, (b.facts || []).map((f) => h('div', {}, h('dt', {}, spans(f.name)), h('dd', {}, spans(f.value))))),
  table,
  chart,
  buttons: (b, act) => h('div', { class: 'acts' }, (b.buttons || []).map((x) => button(x, act))),
  choices,
};

// A column of figures stands at the right, its head too; one of times keeps each on a line.
function table(b) {
  const rows = b.rows || [];
  const every = (n, test) => rows.some((r) => plain(r[n])) && rows.every((r) => !plain(r[n]) || test(r[n]));
  const cls = (b.head || []).map((_, n) => (every(n, (c) => /^[\d\s.,%+-]+$/.test(plain(c))) ? 'num' : every(n, (c) => c.length === 1 && c[0].k === 't') ? 'at' : undefined));
  return h('div', { class: 'table', tabindex: '0', role: 'region', 'aria-label': 'Table: ' + (b.head || []).map(plain).join(', ') },
    h('table', {}, h('thead', {}, h('tr', {}, (b.head || []).map((c, n) => h('th', { scope: 'col', class: cls[n] }, spans(c))))),
      h('tbody', {}, rows.map((r) => h('tr', {}, r.map((c, n) => h('td', { class: cls[n] }, spans(c))))))));
}

function button(x, act) {
  if (x.url) return h('a', { class: 'btn ' + (x.style || ''), href: x.url, target: '_blank', rel: 'noopener noreferrer', text: x.label });
  if (!x.token) return null;
  const el = h('button', { class: 'btn ' + (x.style || ''), type: 'button', text: x.label, 'aria-haspopup': x.form ? 'dialog' : undefined });
  el.addEventListener('click', () => act({ kind: 'press', token: x.token }, el));
  return el;
}

let serial = 0;

function choices(b, act) {
  const id = 'choice' + ++serial;
  const pick = h('select', { id }, h('option', { value: '', text: 'Choose…' }),
    (b.options || []).map((o) => h('option', { value: o.value, text: o.hint ? `${o.label} · ${o.hint}` : o.label })));
  const go = h('button', { class: 'btn', type: 'button', text: 'Choose', disabled: true });
  pick.addEventListener('change', () => { go.disabled = !pick.value; });
  go.addEventListener('click', () => act({ kind: 'pick', token: b.token, picks: [pick.value] }, go));
  return h('div', { class: 'choices' }, h('label', { for: id }, spans(b.text)), h('div', { class: 'choices-row' }, pick, go));
}

function chart(b) {
  const bars = b.bars || [];
  const most = Math.max(1, ...bars.map((x) => Math.abs(x.value)));
  return h('figure', { class: 'chart' }, h('figcaption', {}, spans(b.text), b.unit ? h('span', { class: 'unit', text: b.unit }) : ''),
    h('dl', {}, bars.map((x) => {
      const w = Math.max(x.value ? 1 : 0, (100 * Math.abs(x.value)) / most);
      return h('div', {}, h('dt', { text: x.label }), h('dd', {},
        svg('svg', { viewBox: '0 0 100 10', preserveAspectRatio: 'none', class: 'bar', 'aria-hidden': 'true' },
          svg('rect', { x: 0, y: 0, width: 100, height: 10, class: 'bar-bed' }), svg('rect', { x: 0, y: 0, width: w.toFixed(2), height: 10, class: 'bar-fill' })),
        h('span', { text: String(x.value) })));
    })));
}

// busy shows that a button is at work, and gives back how to end that; null when it
// is at work already. The button is not disabled, for that would take the focus away.
export function busy(el) {
  if (el.getAttribute('aria-busy') === 'true') return null;
  el.classList.add('busy');
  el.setAttribute('aria-busy', 'true');
  return () => { el.classList.remove('busy'); el.removeAttribute('aria-busy'); };
}

export const onlyYou = () => h('span', { class: 'only' }, icon('eye', 13), h('span', { text: 'Only you see this' }));
