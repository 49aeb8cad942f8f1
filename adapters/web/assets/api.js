// Talking to the server: posts that are tried again with the same id, and the one
// stream everything said comes over.

import { newId } from './dom.js';

let csrf = '';
export const setCSRF = (s) => { csrf = s; };

export class Refused extends Error {
  constructor(status, code, words) { super(words); this.status = status; this.code = code; }
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// post sends one act. What fails on the way, or while the server cannot work, is
// sent again; the id makes that safe. It goes on when the page is left meanwhile;
// browsers allow that to 64 KB at a time, so long texts are sent the usual way.
export async function post(body, tries = 4) {
  const text = JSON.stringify({ id: newId(), ...body });
  for (let n = 1; ; n++) {
    let res = null;
    try {
      res = await fetch('/console/api/event', { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }, body: text, keepalive: n === 1 && text.length < 16000 });
    } catch {
      if (n >= tries) throw new Refused(0, 'offline', 'The server cannot be reached. Nothing was sent.');
    }
    if (res) {
      const data = await res.json().catch(() => ({}));
      if (res.ok) return data;
      if (res.status !== 503 || n >= tries) throw new Refused(res.status, data.code, data.error || 'Something went wrong. Try again in a moment.');
    }
    await pause(400 * 2 ** (n - 1));
  }
}

export async function me() {
  const res = await fetch('/console/api/me', { headers: { Accept: 'application/json' } });
  const data = await res.json().catch(() => ({}));
  if (!res.ok) throw new Refused(res.status, data.code, data.error || 'The console could not be loaded.');
  return data;
}

// Stream keeps one open; on = { fresh, line, live, away, bye, lost }. Where it
// stood is told when it connects again, so that nothing is lost or comes twice.
export class Stream {
  constructor(on) { this.on = on; this.at = ''; this.wait = 500; this.es = null; this.timer = 0; }

  open() {
    this.stop();
    const es = new EventSource('/console/api/stream' + (this.at ? '?after=' + encodeURIComponent(this.at) : ''));
    this.es = es;
    const of = (name, f) => es.addEventListener(name, f);
    of('message', (e) => {
      if (e.lastEventId) this.at = e.lastEventId;
      let line = null;
      try { line = JSON.parse(e.data); } catch { return; }
      this.on.line(line);
    });
    of('fresh', () => this.on.fresh());
    of('live', () => { this.wait = 500; this.on.live(); });
    of('away', () => this.on.away());
    of('bye', () => { this.stop(); this.on.bye(); });
    es.onerror = () => { this.stop(); this.again(); };
  }

  // again waits a little longer each time; a server that comes back is not stormed.
  again() {
    this.on.lost();
    this.timer = setTimeout(() => this.check(), this.wait + Math.random() * 300);
    this.wait = Math.min(this.wait * 2, 15000);
  }

  // check finds out whether we are signed out before it connects again.
  async check() {
    try {
      await me();
    } catch (e) {
      if (e.status === 401 || e.status === 403) { this.on.bye(); return; }
      this.again();
      return;
    }
    this.open();
  }

  now() { this.stop(); this.wait = 500; this.check(); }

  stop() {
    clearTimeout(this.timer);
    if (this.es) this.es.close();
    this.es = null;
  }
}
