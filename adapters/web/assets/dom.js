// Small tools for building elements. Text is always set as text, never parsed.

export function h(tag, props, ...kids) {
  const el = document.createElement(tag);
  for (const [k, v] of Object.entries(props || {})) {
    if (v === undefined || v === null || v === false) continue;
    if (k === 'class') el.className = v;
    else if (k === 'text') el.textContent = v;
    else if (k.startsWith('on')) el.addEventListener(k.slice(2), v);
    else if (k in el && typeof v !== 'string') el[k] = v;
    else el.setAttribute(k, v === true ? '' : v);
  }
  for (const kid of kids.flat()) if (kid !== null && kid !== undefined && kid !== '') el.append(kid);
  return el;
}

const svgNS = 'http://www.w3.org/2000/svg';

export function svg(tag, attrs, ...kids) {
  const el = document.createElementNS(svgNS, tag);
  for (const [k, v] of Object.entries(attrs || {})) el.setAttribute(k, v);
  el.append(...kids);
  return el;
}

const paths = {
  home: 'M4 11.5 12 5l8 6.5V19a1 1 0 0 1-1 1h-4.5v-5h-5v5H5a1 1 0 0 1-1-1z',
  hash: 'M9.5 4 7.5 20M16.5 4l-2 16M4.5 9h16M3.5 15h16',
  chat: 'M5 5h14a1.5 1.5 0 0 1 1.5 1.5v8A1.5 1.5 0 0 1 19 16h-7l-4.5 4v-4H5a1.5 1.5 0 0 1-1.5-1.5v-8A1.5 1.5 0 0 1 5 5z',
  menu: 'M4 7h16M4 12h16M4 17h16',
  send: 'M5 12h13M12.5 6.5 18 12l-5.5 5.5',
  sun: 'M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4',
  moon: 'M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z',
  auto: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 4v16M14.5 5.5v13M17 7.5v9',
  close: 'M6 6l12 12M18 6 6 18',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.3a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4z',
  keys: 'M3.5 6.5h17a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-17a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1zM6.5 10h.01M10 10h.01M13.5 10h.01M17 10h.01M8 14h8',
  out: 'M10 5H6a1 1 0 0 0-1 1v12a1 1 0 0 0 1 1h4M14 8l4 4-4 4M18 12H9',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  away: 'M12 8v5M12 16.5h.01M4.5 19.5h15L12 5z',
};

export function icon(name, size = 18) {
  return svg('svg', { viewBox: '0 0 24 24', width: size, height: size, class: 'ic', 'aria-hidden': 'true', focusable: 'false' },
    svg('path', { d: paths[name] || '', fill: 'none', stroke: 'currentColor', 'stroke-width': '1.8', 'stroke-linecap': 'round', 'stroke-linejoin': 'round' }));
}

// mark is the bot's own picture.
export function mark(size = 36) {
  return h('img', { class: 'face bot', src: '/console/assets/mark.svg', alt: '', width: size, height: size });
}

export function initials(name) {
  const parts = [...(name || '?').trim().split(/\s+/)];
  const first = [...parts[0]][0] || '?';
  const last = parts.length > 1 ? [...parts[parts.length - 1]][0] : '';
  return (first + last).toUpperCase();
}

// face is a person's picture: initials on a colour that stays theirs.
export function face(id, name, small) {
  let n = 0;
  for (const c of id || name || '') n = (n * 31 + c.codePointAt(0)) >>> 0;
  return h('span', { class: `face hue${n % 10}${small ? ' small' : ''}`, 'aria-hidden': 'true', text: initials(name) });
}

export function toast(words, acts = []) {
  const box = document.getElementById('toasts');
  const el = h('div', { class: 'toast' }, icon('away'), h('span', { text: words }));
  const drop = () => el.remove();
  for (const [label, f] of acts) el.append(h('button', { class: 'btn small', type: 'button', text: label, onclick: () => { drop(); f(); } }));
  el.append(h('button', { class: 'icon', type: 'button', 'aria-label': 'Close', onclick: drop }, icon('close', 16)));
  box.append(el);
  while (box.children.length > 3) box.firstChild.remove();
  setTimeout(drop, acts.length ? 20000 : 9000);
}

export const newId = () => {
  const raw = new Uint8Array(16);
  crypto.getRandomValues(raw);
  return [...raw].map((b) => b.toString(16).padStart(2, '0')).join('');
};

export function remembered(key, otherwise) {
  try { return JSON.parse(localStorage.getItem('rapport.' + key)) ?? otherwise; } catch { return otherwise; }
}

export function remember(key, value) {
  try { localStorage.setItem('rapport.' + key, JSON.stringify(value)); } catch { /* private windows may refuse */ }
}
