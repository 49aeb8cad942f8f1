// The workspace: ties the stream, the places, the conversation and the message box
// together. The server decides everything; this page shows and asks.

import { h, icon, toast, newId, remembered, remember } from './dom.js';
import { post, me as load, setCSRF, Stream, Refused } from './api.js';
import { useZone, ago } from './time.js';
import { busy } from './render.js';
import { Room } from './room.js';
import { Places } from './places.js';
import { Composer } from './composer.js';
import { openForm, dialog } from './form.js';
import { home } from './home.js';

const $ = (id) => document.getElementById(id);
const topics = { home: 'What waits for you, and what you can begin', dm: 'Your own conversation with Rapport', '#recruiting': 'Jobs, candidates and moves', '#hiring-news': 'What changed, as it happens' };

let state, room, places, composer, stream;
let conv = '';

function trouble(e, again) {
  if (e instanceof Refused && (e.status === 401 || e.code === 'csrf')) { signedOut(); return; }
  toast(e instanceof Refused ? e.message : 'Something went wrong on this page. Reload it.', again ? [['Try again', again]] : []);
}

function signedOut() {
  const words = state && state.demo ? 'You are somebody else now, in another tab.' : 'You are signed out.';
  banner(words, 'Reload', () => location.reload());
}

function banner(words, label, act) {
  const el = $('banner');
  if (!words) { el.hidden = true; el.replaceChildren(); return; }
  el.hidden = false;
  el.replaceChildren(icon('away', 16), h('span', { text: words }), label ? h('button', { class: 'btn small', type: 'button', text: label, onclick: act }) : '');
}

// took shows what only this tab gets of an answer.
function took(out, where) {
  if (out.form) openForm(out.form, where);
  if (out.error) toast(out.error);
  if (out.pending) toast('That takes a little longer. The answer comes here.');
}

async function press(what, line, button) {
  const done = busy(button);
  if (!done) return;
  const where = line ? line.conv : 'dm';
  try {
    const out = await post({ ...what, conv: where, line: line ? line.line : '', shared: !!(line && line.shared) });
    done();
    took(out, where);
    if (!line && !out.form) go('dm');
  } catch (e) {
    done();
    trouble(e);
  }
}

async function send(text) {
  const id = newId();
  const where = conv;
  room.wait(id, where, text);
  const slow = setTimeout(() => room.thinking(id), 600);
  try {
    took(await post({ id, kind: 'line', conv: where, text }), where);
    setTimeout(() => room.unwait(id), 4000); // the stream was quicker, as a rule
    return true;
  } catch (e) {
    room.unwait(id);
    trouble(e);
    return false;
  } finally {
    clearTimeout(slow);
  }
}

// start begins a command from Home: its form opens, or its answer is shown.
async function start(cmd, button) {
  const done = busy(button);
  if (!done) return;
  try {
    const out = await post({ kind: 'line', conv: 'dm', text: '/' + cmd.name });
    took(out, 'dm');
    if (!out.form) go('dm');
  } catch (e) {
    trouble(e);
  }
  done();
}

function go(to) {
  conv = to;
  remember('place.' + state.me.id, to);
  const isHome = to === 'home';
  const name = isHome ? 'Home' : to === 'dm' ? 'Rapport' : to;
  $('title').textContent = name;
  $('topic').textContent = topics[to] || '';
  $('composer').hidden = isHome;
  $('newer').hidden = true;
  $('scroll').setAttribute('aria-label', isHome ? 'Home' : 'Conversation with ' + name);
  $('inputlabel').textContent = 'Message to ' + name;
  $('input').placeholder = `Message ${name}` + (matchMedia('(min-width: 800px)').matches ? ', or type / for commands' : '');
  rail(false);
  if (isHome) {
    room.conv = '';
    $('scroll').scrollTop = 0;
    $('skeleton').hidden = true;
    home($('lines'), state, (what, button) => press(what, null, button), start).catch((e) => trouble(e, () => go('home')));
  } else {
    room.open(to);
    if (matchMedia('(min-width: 800px)').matches) composer.focus();
  }
  marks();
}

function marks() {
  const n = places.mark(conv, (c) => room.unread(c));
  document.title = (n ? `(${n}) ` : '') + $('title').textContent + ' · Rapport';
}

function rail(open) {
  document.body.classList.toggle('rail-open', open);
  $('menu').setAttribute('aria-expanded', String(open));
  $('veil').hidden = !open;
  if (open) (document.querySelector('.place[aria-current="page"]') || document.querySelector('.place')).focus();
}

const looks = ['auto', 'light', 'dark'];
function look(next) {
  const now = document.documentElement.dataset.theme || 'auto';
  const to = next ? looks[(looks.indexOf(now) + 1) % looks.length] : now;
  if (next) try { localStorage.setItem('rapport.theme', to); } catch { /* kept for this page only */ }
  if (to === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = to;
  const words = { auto: 'as your device', light: 'light', dark: 'dark' }[to];
  $('theme').replaceChildren(icon({ auto: 'auto', light: 'sun', dark: 'moon' }[to]));
  $('theme').setAttribute('aria-label', 'Appearance: ' + words);
  $('theme').title = 'Appearance: ' + words;
}

function shortcuts() {
  const rows = [['/', 'begin a command'], ['↑ ↓', 'choose among suggestions; in an empty box, what you typed before'], ['Tab', 'take the suggestion'], ['Enter', 'send'], ['Shift Enter', 'new line'], ['Alt ↑ ↓', 'previous or next place'], ['Esc', 'close what is open'], ['?', 'this list']];
  dialog('Keyboard', h('dl', { class: 'keys' }, rows.map(([k, v]) => h('div', {}, h('dt', {}, k.split(' ').map((x) => h('kbd', { text: x }))), h('dd', { text: v })))));
}

function keys(e) {
  if (document.querySelector('dialog[open]')) return;
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
  if (e.key === 'Escape' && document.body.classList.contains('rail-open')) { rail(false); $('menu').focus(); }
  if (e.altKey && (e.key === 'ArrowUp' || e.key === 'ArrowDown')) {
    e.preventDefault();
    const all = places.order(), n = all.length;
    go(all[(all.indexOf(conv) + (e.key === 'ArrowDown' ? 1 : -1) + n) % n]);
  }
  if (typing || e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.key === '/' && conv !== 'home') { e.preventDefault(); composer.put('/'); }
  if (e.key === '?') { e.preventDefault(); shortcuts(); }
}

// resting lets a tab that nobody looks at give its connection back; it looks in from
// time to time, for the unread marks.
function resting() {
  let timer = 0;
  const nap = () => {
    stream.stop();
    timer = setTimeout(() => { stream.open(); timer = setTimeout(nap, 3000); }, 60000);
  };
  document.addEventListener('visibilitychange', () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(nap, 120000);
    else if (!stream.es) stream.now();
  });
}

async function begin() {
  $('menu').append(icon('menu', 20));
  $('keys').append(icon('keys'));
  $('keys').title = 'Keyboard shortcuts';
  look(false);
  $('theme').addEventListener('click', () => look(true));
  $('keys').addEventListener('click', shortcuts);
  $('menu').addEventListener('click', () => rail(!document.body.classList.contains('rail-open')));
  $('veil').addEventListener('click', () => rail(false));
  try {
    state = await load();
  } catch (e) {
    if (e.status === 401) { location.reload(); return; }
    banner(e.message || 'The console could not be loaded.', 'Try again', () => location.reload());
    return;
  }
  setCSRF(state.csrf);
  await useZone(state.demo && state.me.zone);
  room = new Room(state, { act: press, changed: marks });
  composer = new Composer({ me: state, conv: () => conv }, send);
  places = new Places(state, go, (p) => { if (conv === 'home') go('dm'); composer.put('@' + p.name.replaceAll(' ', '.') + ' '); });
  document.addEventListener('keydown', keys);
  stream = new Stream({
    fresh: () => room.fresh(),
    line: (l) => room.put(l),
    live: () => { banner(''); room.ready(); document.body.dataset.live = 'true'; },
    away: () => banner('Rapport cannot reach its memory right now. It tries again by itself.'),
    lost: () => { delete document.body.dataset.live; banner('The connection is lost. Trying again…', 'Try now', () => stream.now()); },
    bye: signedOut,
  });
  const last = remembered('place.' + state.me.id, '');
  go(places.order().includes(last) ? last : state.channels[0]);
  stream.open();
  resting();
  window.addEventListener('online', () => stream.now());
  window.addEventListener('pagehide', () => stream.stop());
  window.addEventListener('pageshow', (e) => { if (e.persisted) stream.now(); });
  setInterval(() => { for (const t of document.querySelectorAll('time[data-style="r"]')) t.textContent = ago(Number(t.dataset.at) * 1000); }, 30000);
}

begin();
