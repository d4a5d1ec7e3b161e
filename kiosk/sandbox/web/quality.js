// Whether the line is weak, told once a second: as the terminal judges it, in kiosk/call/quality.py.

const WEAK_LOSS = 0.05;
const WELL_LOSS = 0.02;
const WEAK_TRIP_S = 0.6;
const WELL_TRIP_S = 0.4;
const WEAK_AFTER = 3;
const WELL_AFTER = 8;

const NOTHING = { came: 0, lost: 0, unheard: 0, frozen: 0, trip: 0, sound: {} };

export class Quality {
  constructor() {
    this.weak = false;
    this.unheard = 0; // of their sound, in packets that did not come in the last second
    this._before = NOTHING;
    this._row = 0;
  }

  // `counted` since the call began, all connections together.
  second(counted) {
    const before = this._before;
    this._before = counted;
    const lost = counted.lost - before.lost;
    this.unheard = counted.unheard - before.unheard;
    const loss = lost > 0 ? lost / (lost + Math.max(0, counted.came - before.came)) : 0;
    const froze = counted.frozen > before.frozen;
    const bad = froze || loss > WEAK_LOSS || counted.trip > WEAK_TRIP_S;
    const well = !froze && loss < WELL_LOSS && counted.trip < WELL_TRIP_S;
    this._row = (this.weak ? well : bad) ? this._row + 1 : 0;
    if (this._row < (this.weak ? WELL_AFTER : WEAK_AFTER)) return;
    this.weak = !this.weak;
    this._row = 0;
  }
}

// What one connection has counted (W3C webrtc-stats); a browser that does not tell has lost nothing.
// `sound` is how ours fares, and what could be sent beside it (room.js).
export async function counted(peer) {
  const found = { ...NOTHING, sound: {} };
  for (const entry of (await peer.getStats()).values()) {
    if (entry.type === "inbound-rtp") {
      found.came += entry.packetsReceived || 0;
      found.lost += entry.packetsLost || 0;
      if (entry.kind === "audio") found.unheard += entry.packetsLost || 0;
      found.frozen += entry.totalFreezesDuration || 0;
    } else if (entry.type === "candidate-pair" && entry.nominated) {
      found.trip = Math.max(found.trip, entry.currentRoundTripTime || 0);
    } else if (entry.type === "remote-inbound-rtp") {
      if (entry.kind === "audio") found.sound.lost = entry.fractionLost;
      found.sound.trip = Math.max(found.sound.trip || 0, entry.roundTripTime || 0);
    }
    if (entry.availableOutgoingBitrate) found.sound.bps = entry.availableOutgoingBitrate;
  }
  return found;
}
