// Times in the reader's own zone, with the zone said.

let zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

// useZone takes another zone than the browser's; one it does not know is left alone.
export function useZone(z) {
  try { new Intl.DateTimeFormat([], { timeZone: z }); zone = z; } catch { /* unknown here */ }
}
export const readerZone = () => zone;

const made = new Map();
function fmt(options, z = zone) {
  const key = JSON.stringify(options) + z;
  if (!made.has(key)) {
    let f;
    try { f = new Intl.DateTimeFormat(navigator.language, { ...options, timeZone: z }); } catch { f = new Intl.DateTimeFormat(navigator.language, { ...options, timeZone: 'UTC' }); }
    made.set(key, f);
  }
  return made.get(key);
}

const full = { weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit', timeZoneName: 'short' };
const withYear = { ...full, year: 'numeric' };

export const clock = (ms) => fmt({ hour: 'numeric', minute: '2-digit' }).format(ms);
export const whole = (ms, z) => fmt(withYear, z).format(ms);
export const dayKey = (ms) => fmt({ year: 'numeric', month: '2-digit', day: '2-digit' }).format(ms);

export function dayName(ms) {
  const now = Date.now();
  if (dayKey(ms) === dayKey(now)) return 'Today';
  if (dayKey(ms) === dayKey(now - 864e5)) return 'Yesterday';
  return fmt({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(ms);
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
    case 'd': return fmt({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }).format(ms);
    case 't': return fmt({ hour: 'numeric', minute: '2-digit', timeZoneName: 'short' }).format(ms);
  }
  const near = Math.abs(ms - Date.now()) < 150 * 864e5;
  return fmt(near ? full : withYear).format(ms);
}

// hover is what a moment says beside: the whole of it here, and where it was meant.
export function hover(sec, meant) {
  const ms = (sec || 0) * 1000;
  const here = `${whole(ms)} (${zone})`;
  return meant && meant !== zone ? `${here}\n${whole(ms, meant)} (${meant})` : here;
}
