// Before the family's own page: its camera shows the film and its microphone hears the voice, and
// what it sends is bounded. A machine that is short of time shall not make it send less.

const MOST_BPS = 1500000;

async function opened() {
  const [film, voice] = await Promise.all([filmed(640, 480), spoken()]);
  return new MediaStream([...film.getVideoTracks(), ...voice.getAudioTracks()]);
}
if (navigator.mediaDevices) {
  const all = opened();
  navigator.mediaDevices.getUserMedia = async () => (await all).clone();
}

window.connections = [];
window.RTCPeerConnection = class extends window.RTCPeerConnection {
  constructor(...settings) { super(...settings); window.connections.push(this); }

  async setLocalDescription(description) {
    await super.setLocalDescription(description);
    for (const sender of this.getSenders()) {
      const parameters = sender.getParameters();
      if (!sender.track || sender.track.kind !== "video" || !parameters.encodings.length) continue;
      parameters.encodings[0].maxBitrate = MOST_BPS;
      parameters.degradationPreference = "maintain-framerate-and-resolution";
      await sender.setParameters(parameters);
    }
  }
};

// The counters of the newest connection's picture: what came and what was sent (W3C webrtc-stats).
window.counted = async () => {
  const found = {};
  for (const entry of (await window.connections.at(-1).getStats()).values()) {
    if (entry.type === "codec") found[entry.id] = entry.mimeType;
    if (entry.kind === "video" && /^(in|out)bound-rtp$/.test(entry.type)) found[entry.type] = { ...entry };
  }
  for (const name of ["inbound-rtp", "outbound-rtp"])
    if (found[name]) found[name].codec = found[found[name].codecId];
  return found;
};
