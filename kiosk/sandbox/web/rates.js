// How much a connection sends and asks for: sound goes before the picture, and both may be few bytes.

// With sound both ways, headers and repairs that is less than 80 MB in half an hour, or 355 kb/s.
const LESS_BPS = 90000;
const LESS = { maxBitrate: LESS_BPS, maxFramerate: 15, scaleResolutionDownBy: 2 };
// Where people sign the size makes up for the number of pictures, as at the terminal (kiosk/call/rungs.py).
const LESS_SIGNED = { maxBitrate: LESS_BPS, maxFramerate: 30, scaleResolutionDownBy: 640 / 240 };

// An answer by which the terminal is to send less of its picture, too (RFC 3890; RFC 9429, section 5.10).
export function askingForLess(sdp) {
  return sdp.replace(/m=video .*\r\nc=.*\r\n/, "$&b=TIAS:" + LESS_BPS + "\r\n");
}

export async function letSend(sender, on) {
  const wanted = sender.getParameters();
  if (!wanted.encodings || !wanted.encodings.length) return;
  wanted.encodings[0].active = on;
  await set(sender, wanted);
}

// To be called once an answer is made: before, not every browser knows what it will send.
export async function setRates(transceiver, lessData, signing) {
  const wanted = transceiver.sender.getParameters();
  if (!wanted.encodings || !wanted.encodings.length) return;
  if (transceiver.receiver.track.kind === "audio") {
    Object.assign(wanted.encodings[0], { priority: "high", networkPriority: "high" });
  } else {
    if (lessData) Object.assign(wanted.encodings[0], signing ? LESS_SIGNED : LESS);
    if (signing) wanted.degradationPreference = "maintain-framerate";
  }
  await set(transceiver.sender, wanted);
}

async function set(sender, wanted) {
  try {
    await sender.setParameters(wanted);
  } catch (error) { /* an old browser, which sends as it thinks best */ }
}
