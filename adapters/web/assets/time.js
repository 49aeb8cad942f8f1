// Times in the reader's own zone, with the zone said. How clocks run in a zone is
// asked of the server: the browser's own idea of it may be older than the law.

let zone = 'UTC';
const clocks = new Map([['UTC', [[0, 0]]]]); // zone → from which second on how many seconds east of UTC
const asked = new Map();

// learn gets how the clocks of a zone run; false when there is no such zone.
export function learn(z) {
  if (clocks.has(z)) return Promise.resolve(true);
  if (!asked.has(z)) {
    asked.set(z, fetch('/console/api/zone?name=' + encodeURIComponent(z), { signal: AbortSignal.timeout(8000) }).then((r) => (r.ok ? r.json() : null)).then((v) => {
      if (v) clocks.set(z, v.clocks);
      return !!v;
    }).catch(() => { asked.delete(z); return false; }));
  }
  return asked.get(z);
}

// useZone makes a zone the reader's, or else the browser's; where neither can be had, UTC.
export async function useZone(z) {
  for (const name of [z, Intl.DateTimeFormat().resolvedOptions().timeZone]) {
    if (name && await learn(name)) { zone = name; return; }
  }
}
export const readerZone = () => zone;

function east(ms, z) {
  const list = clocks.get(z) || clocks.get('UTC');
  return (list.findLast(([from]) => from * 1000 <= ms) || list[0])[1];
}

// offset is how an offset is said: UTC, UTC+5:30, UTC-8.
function offset(seconds) {
  const minutes = Math.abs(seconds) / 60;
  const rest = Math.floor(minutes % 60);
  return 'UTC' + (seconds ? (seconds < 0 ? '-' : '+') + Math.floor(minutes / 60) + (rest ? ':' + String(rest).padStart(2, '0') : '') : '');
}

const made = new Map();
function write(ms, options, z = zone) {
  const { named, ...rest } = options;
  const key = JSON.stringify(rest);
  if (!made.has(key)) made.set(key, new Intl.DateTimeFormat(navigator.language, { ...rest, timeZone: 'UTC' }));
  const away = east(ms, z);
  return made.get(key).format(ms + away * 1000) + (named ? ' ' + offset(away) : '');
}

const full = { weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit', named: true };
const withYear = { ...full, year: 'numeric' };

export const clock = (ms) => write(ms, { hour: 'numeric', minute: '2-digit' });
export const whole = (ms, z) => write(ms, withYear, z);
export const hourOf = (ms) => new Date(ms + east(ms, zone) * 1000).getUTCHours();
export const dayKey = (ms) => write(ms, { year: 'numeric', month: '2-digit', day: '2-digit' });

export function dayName(ms) {
  const now = Date.now();
  if (dayKey(ms) === dayKey(now)) return 'Today';
  if (dayKey(ms) === dayKey(now - 864e5)) return 'Yesterday';
  return write(ms, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
}

const steps = [[60, 'second', 1], [3600, 'minute', 60], [86400, 'hour', 3600], [2592000, 'day', 86400], [31536000, 'month', 2592000], [Infinity, 'year', 31536000]];
const rel = new Intl.RelativeTimeFormat(navigator.language, { numeric: 'auto' });

export function ago(ms) {
  const s = Math.round((ms - Date.now()) / 1000);
  const [, unit, size] = steps.find(([most]) => Math.abs(s) < most);
  return rel.format(Math.round(s / size), unit);
}

// moment writes an instant the way its style says.
export function moment(sec, style) {
  const ms = (sec || 0) * 1000;
  switch (style) {
    case 'r': return ago(ms);
    case 'd': return write(ms, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
    case 't': return write(ms, { hour: 'numeric', minute: '2-digit', named: true });
  }
  const near = Math.abs(ms - Date.now()) < 150 * 864e5;
  return write(ms, near ? full : withYear);
}

// hover is what a moment says beside: the whole of it here, and where it was meant, as
// soon as that zone's clocks are learnt.
export function hover(sec, meant) {
  const ms = (sec || 0) * 1000;
  const here = `${whole(ms)} (${zone})`;
  return meant && meant !== zone && clocks.has(meant) ? `${here}\n${whole(ms, meant)} (${meant})` : here;
}
