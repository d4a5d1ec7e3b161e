// The visitor's side of a call: one connection both ways, or one each way through a media server.

import { Connection } from "./media.js";
import { Quality } from "./quality.js";

const SILENT_MS = 2500; // as at the terminal
const MISSED = 20; // packets of 20 ms
const UP = ["connected", "completed"];

export class Call {
  // `events` hears of the stream to play and of each change of `state`; `relayed` is told by the service.
  constructor(devices, events) {
    this.relayed = false;
    this._devices = devices;
    this._events = events;
    this._parts = {};
    this._quality = new Quality();
  }

  // Much is lost or late, and has been for a while.
  get weak() {
    return this._quality.weak;
  }

  // What this page sends of its picture would spoil the sound.
  get soundOnly() {
    return Object.values(this._parts).some((part) => !part.hasRoom);
  }

  // So much of their sound was lost in the last second that they were away for a part of it, though what
  // was held back for that may have been played meanwhile.
  get missed() {
    return this._quality.unheard >= MISSED;
  }

  // To be called once a second.
  async measure() {
    const quality = this._quality;
    const heard = this._heard;
    const all = { came: 0, lost: 0, unheard: 0, frozen: 0, trip: 0 };
    for (const part of Object.values(this._parts)) {
      const one = await part.measure(Boolean(heard && heard.paused));
      for (const name of ["came", "lost", "unheard", "frozen"]) all[name] += one[name];
      all.trip = Math.max(all.trip, one.trip);
    }
    quality.second(all);
  }

  get on() {
    return Object.keys(this._parts).length > 0;
  }

  get up() {
    return UP.includes(this.state);
  }

  // Nothing comes, though nobody has hung up.
  get silent() {
    return this.quietFor(SILENT_MS);
  }

  quietFor(ms) {
    const heard = this._heard;
    return Boolean(heard) && heard.silentMs() > ms;
  }

  get _heard() {
    return this._parts.both || this._parts.in;
  }

  // As of the part that does worst.
  get state() {
    const needed = this.relayed ? ["in", "out"] : ["both"];
    const states = needed.map((way) => (this._parts[way] ? this._parts[way].state : "new"));
    const worst = ["failed", "closed", "disconnected"].find((state) => states.includes(state));
    return worst || states.find((state) => !UP.includes(state)) || "connected";
  }

  // A connection in the place of the one that went the same way; its SDP, or null when there is none.
  async begin(message, settings, sending) {
    const way = message.type === "publish" ? "out" : this.relayed ? "in" : "both";
    const part = new Connection(message.connection, { ...settings, way }, this._devices, {
      onmedia: (stream) => { if (part === this._parts[way]) this._events.onmedia(stream); },
      onstate: () => { if (part === this._parts[way]) this._events.onstate(this.state); },
    });
    const older = this._parts[way];
    this._parts[way] = part;
    this._quality = new Quality();
    if (older) older.close();
    try {
      return await (way === "out" ? part.offer(sending) : part.answer(message.sdp, sending));
    } catch (error) {
      this.drop(message.connection);
      return null;
    }
  }

  // The media server's answer; false when it can not be used.
  async published(message) {
    const part = this._parts.out;
    if (!part || part.id !== message.connection) return true;
    try {
      await part.answered(message.sdp);
      return true;
    } catch (error) {
      return part !== this._parts.out;
    }
  }

  async send(sending) {
    for (const part of Object.values(this._parts)) await part.send(sending);
  }

  // Ends one connection; nothing happens to one that is not there.
  drop(id) {
    for (const [way, part] of Object.entries(this._parts)) {
      if (part.id !== id) continue;
      delete this._parts[way];
      part.close();
    }
  }

  close() {
    for (const part of Object.values(this._parts)) part.close();
    this._parts = {};
  }
}
