// The page's line to the service: one WebSocket that comes back by itself, and the service's clock.

const PING_MS = 4000;
const SILENT_MS = 9000;
const SLOW_MS = 600; // as at the terminal
const SLOW_ROW = 2;
const RETRY_MS = [300, 600, 1000];
const OPEN_MS = 2500; // a browser waits a minute for a network that is not there
const PONG_MS = 2500;

// Names one page load, so that no two are ever mistaken for each other.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Line {
  // `hello()` makes the first message of each connection; `hear(message)` gets every reply.
  constructor(path, hello, hear) {
    this._path = path;
    this._hello = hello;
    this._hear = hear;
    this._socket = null;
    this._tries = 0;
    this._heardAt = 0;
    this._askedAt = 0;
    this._row = 0;
    this.slow = false; // this page's own way to the service
    this._offsetMs = 0;
    this._timer = null;
    this._closed = false;
    this._pinging = setInterval(() => this._look(), PING_MS);
    window.addEventListener("online", () => this.again());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.look();
    });
  }

  open() {
    this._closed = false;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(scheme + "//" + location.host + this._path);
    this._socket = socket;
    this._heardAt = performance.now();
    setTimeout(() => {
      if (socket === this._socket && socket.readyState === WebSocket.CONNECTING) this.again();
    }, OPEN_MS);
    socket.onopen = () => socket.send(JSON.stringify(this._hello()));
    socket.onmessage = (event) => { if (socket === this._socket) this._got(JSON.parse(event.data)); };
    socket.onclose = () => { if (socket === this._socket) this._down(); };
  }

  get up() {
    return Boolean(this._socket && this._socket.readyState === WebSocket.OPEN);
  }

  say(message) {
    if (this.up) this._socket.send(JSON.stringify(message));
  }

  // Connects anew at once: the network changed, or this page load starts over.
  again() {
    if (this._closed) return;
    clearTimeout(this._timer);
    const old = this._socket;
    this._socket = null;
    if (old) old.close(4000);
    this.open();
  }

  close() {
    this._closed = true;
    clearTimeout(this._timer);
    const old = this._socket;
    this._socket = null;
    if (old) old.close(1000);
  }

  // Finds out soon whether the service is still there.
  look() {
    if (!this._look()) return;
    const asked = performance.now();
    setTimeout(() => { if (this._heardAt < asked) this.again(); }, PONG_MS);
  }

  // The service's time, in milliseconds of UTC. It follows the page's own steady clock.
  now() {
    return performance.now() + this._offsetMs;
  }

  _got(message) {
    this._heardAt = performance.now();
    if (message.now) this._offsetMs = message.now - performance.now();
    if (message.type === "welcome") this._tries = 0;
    if (message.type === "pong") this._judge();
    else this._hear(message);
  }

  // One late answer says nothing, and what was lost is said again within one.
  _judge() {
    const late = performance.now() - this._askedAt > SLOW_MS;
    this._row = late === this.slow ? 0 : this._row + 1;
    if (this._row < SLOW_ROW) return;
    this.slow = late;
    this._row = 0;
    this._ask();
  }

  _ask() {
    this._askedAt = performance.now();
    this.say({ type: "ping", slow: this.slow });
  }

  // Whether it was asked on the connection that there is.
  _look() {
    if (this._closed || !this._socket) return false;
    const silent = performance.now() - this._heardAt > SILENT_MS;
    if (silent || this._socket.readyState > WebSocket.OPEN) {
      this.again();
      return false;
    }
    this._ask();
    return true;
  }

  _down() {
    this._socket = null;
    if (this._closed) return;
    const wait = RETRY_MS[Math.min(this._tries, RETRY_MS.length - 1)];
    this._tries += 1;
    this._timer = setTimeout(() => this.open(), wait);
  }
}
