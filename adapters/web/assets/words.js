// Reads a half-typed command the way the server will: which command it is, which
// argument the caret stands in, and what is given already.

const quotes = { '"': '"', '“': '”', '„': '“', '«': '»', '‘': '’' };

// command finds the command a line begins with: { cmd, from } where from is the
// index its arguments start at, or null while the name is still being typed.
export function command(line, commands) {
  const m = /^\/(?:rapport\s+)?/i.exec(line);
  if (!m) return null;
  const at = m[0].length;
  const words = /^(\S+)(\s+)(?:(\S+)(\s+))?/.exec(line.slice(at));
  if (!words) return null;
  if (words[4]) {
    const two = (words[1] + ' ' + words[3]).toLowerCase();
    const cmd = commands.find((c) => c.name === two);
    if (cmd) return { cmd, from: at + words[0].length };
  }
  const one = words[1].toLowerCase();
  const cmd = commands.find((c) => c.name === one || c.short === one);
  return cmd ? { cmd, from: at + words[1].length + words[2].length } : null;
}

// parts cuts the arguments up to the caret. Each part is { key, start, text, open,
// ended }: open while a quote is not closed, ended when nothing more can join it.
export function parts(text, known) {
  const out = [];
  let cur = null;
  let i = 0;
  const part = (key, start) => { cur = { key, start, text: '', open: false, ended: false }; out.push(cur); };
  while (i < text.length) {
    if (/\s/.test(text[i])) { i++; continue; }
    const key = /^-{0,2}([A-Za-z_][A-Za-z_-]{0,31}):/.exec(text.slice(i));
    if (key && known(key[1].toLowerCase())) {
      i += key[0].length;
      part(key[1].toLowerCase(), i);
      while (text[i] === ' ') i++;
      if (i < text.length) cur.start = i;
      continue;
    }
    if (!cur || cur.ended) part('', i);
    const close = quotes[text[i]];
    if (close && !cur.text) {
      let end = i + 1;
      while (end < text.length && !((text[end] === close || text[end] === '"') && text[end - 1] !== '\\')) end++;
      cur.text = text.slice(i + 1, end);
      cur.open = end >= text.length;
      cur.ended = !cur.open;
      i = end + 1;
      continue;
    }
    let end = i;
    while (end < text.length && !/\s/.test(text[end])) end++;
    cur.text += (cur.text ? ' ' : '') + text.slice(i, end);
    i = end;
  }
  return out;
}

// quoted writes a value so that it stays one.
export const quoted = (s) => (/[\s":]/.test(s) ? '"' + s.replace(/"/g, '\\"') + '"' : s);
