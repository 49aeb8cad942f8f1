// The rail: places, people, and who you are.

import { h, icon, face } from './dom.js';
import { clock, readerZone } from './time.js';

const $ = (id) => document.getElementById(id);

export class Places {
  // go(conv) opens a place; call(person) begins a mention.
  constructor(me, go, call) {
    this.me = me;
    this.buttons = new Map();
    const box = $('places');
    box.append(this.item('home', icon('home'), 'Home', go));
    box.append(h('h2', { text: 'Channels' }), ...me.channels.map((c) => this.item(c, icon('hash'), c.slice(1), go)));
    box.append(h('h2', { text: 'Direct messages' }), this.item('dm', icon('chat'), 'Rapport', go));
    if (me.demo) box.append(h('h2', { text: 'See it as' }), h('p', { class: 'rail-note', text: 'One click makes you somebody else.' }), ...me.people.map((p) => this.person(p, () => be(p.id))));
    else if (me.people.length > 1) {
      const most = 40;
      box.append(h('h2', { text: 'Team' }), ...me.people.filter((p) => p.id !== me.me.id).slice(0, most).map((p) => this.person(p, () => call(p))));
      if (me.people.length > most + 1) box.append(h('p', { class: 'rail-note', text: `and ${me.people.length - most - 1} more. Type @ to name somebody.` }));
    }
    this.self();
  }

  item(conv, sign, words, go) {
    const count = h('span', { class: 'count', hidden: true });
    const el = h('button', { class: 'place', type: 'button', onclick: () => go(conv) }, sign, h('span', { class: 'place-name', text: words }), count);
    this.buttons.set(conv, { el, count, words });
    return el;
  }

  person(p, onclick) {
    const mine = p.id === this.me.me.id;
    return h('button', { class: 'place person', type: 'button', onclick: mine ? undefined : onclick, 'aria-current': mine ? 'true' : undefined },
      face(p.id, p.name, true), h('span', { class: 'place-name' }, h('span', { text: p.name }), h('small', { text: p.said || '' })), mine ? h('span', { class: 'you', text: 'you' }) : '');
  }

  self() {
    const { me, demo } = this.me;
    const time = h('span', {});
    const tick = () => { time.textContent = `${clock(Date.now())} ${readerZone().replaceAll('_', ' ')}`; };
    tick();
    setInterval(tick, 15000);
    $('self').append(face(me.id, me.name), h('div', { class: 'self-words' }, h('strong', { text: me.name }), h('small', { title: 'Your time' }, time)));
    if (!demo) $('self').append(h('form', { method: 'post', action: '/console/leave' }, h('button', { class: 'icon', type: 'submit', 'aria-label': 'Sign out', title: 'Sign out' }, icon('out'))));
  }

  // mark shows where we are and what is unread.
  mark(conv, unread) {
    let all = 0;
    for (const [key, { el, count, words }] of this.buttons) {
      const n = key === 'home' || key === conv ? 0 : unread(key);
      all += unread(key);
      if (key === conv) el.setAttribute('aria-current', 'page');
      else el.removeAttribute('aria-current');
      el.classList.toggle('unread', n > 0);
      count.hidden = !n;
      count.textContent = n > 99 ? '99+' : String(n);
      el.setAttribute('aria-label', n ? `${words}, ${n} unread` : words);
    }
    return all;
  }

  order() { return [...this.buttons.keys()]; }
}

function be(person) {
  const form = h('form', { method: 'post', action: '/console/be', hidden: true }, h('input', { type: 'hidden', name: 'person' }));
  form.firstChild.value = person;
  document.body.append(form);
  form.submit();
}
