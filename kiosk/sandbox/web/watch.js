// An officer's look at one visit: both pictures, sound only when asked for, and nothing that goes the other way.

const $ = (id) => document.getElementById(id);
const GATHER_MS = 500;
const MEDIA_OF_A_SIDE = 2; // sound and picture, in this order

let socket = null;
let peer = null;

export function watchVisit(visit) {
  stop();
  $("watch-title").textContent = "Visit of " + visit.first_name;
  say("One moment …");
  sound(false);
  $("watch-dialog").showModal();
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const mine = new WebSocket(scheme + "//" + location.host + "/officer/watch");
  socket = mine;
  mine.onopen = () => mine.send(JSON.stringify({ reference: visit.reference }));
  mine.onmessage = (event) => { if (mine === socket) hear(JSON.parse(event.data)); };
  mine.onclose = () => { if (mine === socket) over(); };
}

function hear(message) {
  if (message.type === "offer") show(message);
  else if (message.type === "nothing") nothing();
  else over();
}

async function show(offer) {
  if (peer) peer.close();
  const fresh = new RTCPeerConnection({
    iceServers: offer.ice_servers,
    iceTransportPolicy: offer.relay_only ? "relay" : "all",
  });
  peer = fresh;
  const sides = [new MediaStream(), new MediaStream()];
  $("watch-first").srcObject = sides[0];
  $("watch-second").srcObject = sides[1];
  fresh.ontrack = (event) => {
    const side = sides[Math.floor(Number(event.transceiver.mid) / MEDIA_OF_A_SIDE)];
    if (side) side.addTrack(event.track);
  };
  fresh.onconnectionstatechange = () => { if (fresh === peer && fresh.connectionState === "connected") say(""); };
  try {
    await fresh.setRemoteDescription({ type: "offer", sdp: offer.sdp });
    await fresh.setLocalDescription(await fresh.createAnswer());
    await gathered(fresh);
    if (fresh === peer) socket.send(JSON.stringify({ sdp: fresh.localDescription.sdp }));
  } catch (error) {
    if (fresh === peer) nothing();
  }
}

function gathered(of) {
  return new Promise((done) => {
    const look = () => { if (of.iceGatheringState === "complete") done(); };
    of.addEventListener("icegatheringstatechange", look);
    setTimeout(done, GATHER_MS);
    look();
  });
}

function nothing() {
  if (peer) peer.close();
  peer = null;
  for (const id of ["watch-first", "watch-second"]) $(id).srcObject = null;
  say("They are not connected now.");
}

function over() {
  nothing();
  socket = null;
  say("There is nothing to watch any more.");
}

function stop() {
  const mine = socket;
  socket = null;
  if (mine) mine.close();
  nothing();
}

function say(words) {
  $("watch-words").textContent = words;
}

function sound(on) {
  for (const id of ["watch-first", "watch-second"]) $(id).muted = !on;
  $("watch-sound").setAttribute("aria-pressed", String(on));
  $("watch-sound").textContent = on ? "Sound off" : "Sound on";
}

$("watch-sound").onclick = () => sound($("watch-first").muted);
$("watch-dialog").onclose = stop;
window.addEventListener("pagehide", stop);
