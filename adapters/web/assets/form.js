// A form the bot opens, as a dialog. The dialog keeps the focus in it, Escape closes
// it, and what was typed stays until the server has taken it.

import { h, icon } from './dom.js';
import { post, Refused } from './api.js';
import { spans, busy } from './render.js';

let serial = 0;

// dialog shows content in a modal window and gives the focus back at its end.
export function dialog(title, content, onclose) {
  const back = document.activeElement;
  const id = 'dialog' + ++serial;
  const el = h('dialog', { class: 'sheet', 'aria-labelledby': id },
    h('div', { class: 'sheet-top' }, h('h2', { id, text: title }), h('button', { class: 'icon', type: 'button', 'aria-label': 'Close', onclick: () => el.close() }, icon('close'))),
    content);
  el.addEventListener('close', () => {
    el.remove();
    if (onclose) onclose();
    // The browser has given the focus back already, but taking the dialog out takes the
    // caret with it: only a new focus makes what is typed arrive.
    const to = back && back.isConnected && back !== document.body ? back : document.getElementById('input');
    to.blur();
    to.focus();
  });
  document.body.append(el);
  el.showModal();
  return el;
}

// openForm shows a form; conv is where it was asked for.
export function openForm(form, conv) {
  const fields = form.fields.map((f) => field(f, form, conv));
  const say = h('p', { class: 'sheet-say', role: 'alert' });
  const send = h('button', { class: 'btn primary', type: 'submit', text: form.submit });
  const body = h('form', { class: 'sheet-body', novalidate: true },
    form.intro && form.intro.length ? h('p', {}, spans(form.intro)) : '',
    fields.map((f) => f.el), say,
    h('div', { class: 'sheet-acts' }, h('button', { class: 'btn', type: 'button', text: 'Cancel', onclick: () => el.close() }), send));
  const el = dialog(form.title, body);
  const first = fields.find((f) => !f.value()) || fields[0];
  if (first) first.focus();
  const show = (errors, words) => {
    for (const f of fields) f.error(errors[f.name] || '');
    const loose = Object.entries(errors).filter(([k]) => !fields.some((f) => f.name === k)).map(([, v]) => v);
    say.textContent = [words, ...loose].filter(Boolean).join(' ');
    const wrong = fields.find((f) => errors[f.name]);
    if (wrong) wrong.focus();
  };
  body.addEventListener('submit', async (e) => {
    e.preventDefault();
    const values = {}, missing = {};
    for (const f of fields) {
      values[f.name] = f.value();
      if (f.required && !values[f.name].trim()) missing[f.name] = f.label + ' is needed.';
    }
    show(missing, '');
    if (Object.keys(missing).length) return;
    const done = busy(send);
    if (!done) return;
    try {
      const out = await post({ kind: 'fill', conv, token: form.token, values });
      if (out.errors) { done(); show(out.errors, ''); return; }
      el.close();
      if (out.form) openForm(out.form, conv);
    } catch (err) {
      done();
      show({}, err instanceof Refused ? err.message : 'That did not work. Try again in a moment.');
    }
  });
  return el;
}

function field(f, form, conv) {
  const id = 'f' + ++serial;
  const made = (makers[f.kind] || makers.line)(f, id, form, conv);
  const hint = f.hint ? h('p', { class: 'hint', id: id + 'h', text: f.hint }) : '';
  const err = h('p', { class: 'err', id: id + 'e' });
  made.input.setAttribute('aria-describedby', (f.hint ? id + 'h ' : '') + id + 'e');
  if (f.required) made.input.setAttribute('aria-required', 'true');
  const label = made.group ? h('legend', { text: f.label }) : h('label', { for: id, text: f.label });
  if (!f.required && f.kind !== 'flag') label.append(h('span', { class: 'opt', text: 'optional' }));
  const el = h(made.group ? 'fieldset' : 'div', { class: 'field' + (f.kind === 'flag' ? ' flag' : '') }, label, made.el, hint, err);
  return { name: f.name, label: f.label, required: f.required, el, value: made.value, focus: () => made.input.focus(),
    error: (words) => { err.textContent = words; made.input.setAttribute('aria-invalid', words ? 'true' : 'false'); el.classList.toggle('wrong', !!words); } };
}

const simple = (type, more) => (f, id) => {
  const input = h('input', { id, type, maxlength: f.max ? String(f.max) : undefined, ...more });
  input.value = f.value || '';
  return { el: input, input, value: () => input.value };
};

const makers = {
  line: simple('text'), email: simple('email', { inputmode: 'email', spellcheck: 'false' }), number: simple('text', { inputmode: 'numeric' }), date: simple('date'),
  long: (f, id) => {
    const input = h('textarea', { id, rows: '4', maxlength: f.max ? String(f.max) : undefined });
    input.value = f.value || '';
    return { el: input, input, value: () => input.value };
  },
  flag: (f, id) => {
    const input = h('input', { id, type: 'checkbox' });
    input.checked = f.value === 'true';
    return { el: input, input, value: () => String(input.checked) };
  },
  choice: (f, id) => {
    if (f.many) return several(f, id);
    const input = h('select', { id }, f.value && !f.required ? '' : h('option', { value: '', text: f.required ? 'Choose…' : 'None' }),
      (f.options || []).map((o) => h('option', { value: o.value, text: o.hint ? `${o.label} · ${o.hint}` : o.label })));
    if (f.value && !f.required) input.prepend(h('option', { value: '', text: 'None' }));
    input.value = f.value || '';
    return { el: input, input, value: () => input.value };
  },
  search,
};

function several(f, id) {
  const given = new Set((f.value || '').split('\n'));
  const boxes = (f.options || []).map((o, i) => {
    const box = h('input', { type: 'checkbox', id: i ? id + '_' + i : id, value: o.value });
    box.checked = given.has(o.value);
    return [box, h('label', { class: 'tick' }, box, h('span', { text: o.label }))];
  });
  return { group: true, el: h('div', { class: 'ticks' }, boxes.map((b) => b[1])), input: boxes.length ? boxes[0][0] : h('input'), value: () => boxes.filter(([b]) => b.checked).map(([b]) => b.value).join('\n') };
}

// search offers what fits while typing; several values stand as tags before it.
function search(f, id, form, conv) {
  let picked = { value: f.many ? '' : f.value || '', label: f.many ? '' : f.shown || f.value || '' };
  const tags = f.many && f.value ? f.value.split('\n').map((v) => ({ value: v, label: v })) : [];
  const listId = id + 'l';
  const input = h('input', { id, type: 'text', role: 'combobox', autocomplete: 'off', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': listId, spellcheck: 'false' });
  input.value = picked.label;
  const list = h('div', { class: 'offers in', id: listId, role: 'listbox', hidden: true });
  const row = h('span', { class: 'tags' });
  let items = [], active = -1, asked = 0, typed = false;
  const draw = () => row.replaceChildren(...tags.map((t, i) => h('span', { class: 'tag' }, t.label, h('button', { type: 'button', class: 'icon', 'aria-label': 'Take out ' + t.label, onclick: () => { tags.splice(i, 1); draw(); input.focus(); } }, icon('close', 12)))));
  const hide = () => { asked++; list.hidden = true; items = []; active = -1; input.setAttribute('aria-expanded', 'false'); input.removeAttribute('aria-activedescendant'); };
  const take = (o) => {
    if (f.many) { tags.push(o); draw(); input.value = ''; picked = { value: '', label: '' }; } else { picked = o; input.value = o.label; }
    typed = false;
    hide();
  };
  const mark = (i) => {
    if (list.children[active]) list.children[active].setAttribute('aria-selected', 'false');
    active = i;
    list.children[i].setAttribute('aria-selected', 'true');
    list.children[i].scrollIntoView({ block: 'nearest' });
    input.setAttribute('aria-activedescendant', list.children[i].id);
  };
  const look = async () => {
    const ask = ++asked;
    await new Promise((done) => setTimeout(done, 120));
    if (ask !== asked) return;
    let found = [];
    try { found = (await post({ kind: 'suggest', conv, token: form.token, field: f.name, typed: typed ? input.value : '' }, 1)).options || []; } catch { return; }
    if (ask !== asked || document.activeElement !== input) return;
    items = found.filter((o) => !tags.some((t) => t.value === o.value));
    active = -1;
    list.replaceChildren(...items.map((o, i) => h('div', { class: 'offer', role: 'option', id: listId + i, 'aria-selected': 'false', onmousedown: (e) => { e.preventDefault(); take(o); } },
      h('span', { class: 'offer-label', text: o.label }), h('span', { class: 'offer-hint', text: o.hint || '' }))));
    list.hidden = !items.length;
    input.setAttribute('aria-expanded', String(!list.hidden));
  };
  input.addEventListener('input', () => { typed = true; picked = { value: '', label: '' }; look(); });
  input.addEventListener('blur', () => setTimeout(hide, 150));
  input.addEventListener('keydown', (e) => {
    const n = items.length;
    if ((e.key === 'ArrowDown' || e.key === 'ArrowUp') && n) {
      e.preventDefault();
      mark(active < 0 ? (e.key === 'ArrowDown' ? 0 : n - 1) : (active + (e.key === 'ArrowDown' ? 1 : -1) + n) % n);
    } else if (e.key === 'ArrowDown') { e.preventDefault(); look(); } else if (e.key === 'Enter' && active >= 0) { e.preventDefault(); take(items[active]); } else if (e.key === 'Escape' && !list.hidden) { e.preventDefault(); e.stopPropagation(); hide(); } else if (e.key === 'Backspace' && f.many && !input.value && tags.length) { tags.pop(); draw(); }
  });
  draw();
  return { el: h('div', { class: 'search' }, row, input, list), input,
    value: () => (f.many ? [...tags.map((t) => t.value), input.value.trim()].filter(Boolean).join('\n') : picked.value || input.value.trim()) };
}
