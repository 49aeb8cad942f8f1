// Home: what waits for you, and what you can begin.

import { h } from './dom.js';
import { post } from './api.js';
import { message } from './render.js';
import { hourOf, whole } from './time.js';

// greeting goes by the reader's clock, which stands above it.
export function greeting(name, ms) {
  const hour = hourOf(ms);
  const part = hour < 5 ? 'Good evening' : hour < 12 ? 'Good morning' : hour < 18 ? 'Good afternoon' : 'Good evening';
  return `${part}, ${name.split(' ')[0]}`;
}

// home draws the page into box; act is what a press does, start begins a command.
export async function home(box, me, act, start) {
  const body = h('div', { class: 'home-body' }, h('div', { class: 'skeleton' }, h('i'), h('i'), h('i')));
  const now = Date.now();
  const begin = me.commands.filter((c) => c.home);
  box.replaceChildren(h('div', { class: 'home' },
    h('p', { class: 'home-date', text: whole(now) }), h('h2', { class: 'home-hello', text: greeting(me.me.name, now) }),
    body,
    begin.length ? h('section', { 'aria-label': 'Begin something' }, h('h3', { class: 'home-sub', text: 'Begin something' }),
      h('div', { class: 'tiles' }, begin.map((c) => h('button', { class: 'tile', type: 'button', onclick: (e) => start(c, e.currentTarget) }, h('strong', { text: c.title }), h('span', { text: c.help }), h('code', { text: '/' + (c.short || c.name) }))))) : ''));
  const out = await post({ kind: 'home', conv: 'home' });
  const has = out.home && ((out.home.blocks || []).length || (out.home.text || []).length);
  body.replaceChildren(has ? message(out.home, act) : h('div', { class: 'empty small' }, h('h2', { text: 'Nothing waits for you' }), h('p', { text: 'What needs you shows up here, oldest first.' })));
}
