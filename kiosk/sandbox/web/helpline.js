// Somebody answers for a line: a call rings, is taken, and ends. By sound alone.

const GATHER_MS = 500;
const AGAIN_MS = 1000;
const key = location.hash.slice(1);
const part = (id) => document.getElementById(id);

let socket = null;
let settings = null;
let ringing = null;
let taken = null;
let peer = null;
let microphone = null;

function show(what, then) {
  part("what").textContent = what;
  part("then").textContent = then;
  part("take").hidden = ringing === null || taken !== null;
  part("end").hidden = taken === null;
}

function waiting() {
  show("Nobody is calling", "Keep this page open. A call rings here.");
}

function say(message) {
  if (socket && socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

function connect() {
  socket = new WebSocket((location.protocol === "https:" ? "wss://" : "ws://") + location.host + "/helpline/socket");
  socket.onopen = () => say({ type: "hello", key });
  socket.onmessage = (event) => hear(JSON.parse(event.data));
  socket.onclose = () => {
    over();
    if (settings !== null || key) setTimeout(connect, AGAIN_MS);
  };
}

function hear(message) {
  if (message.type === "welcome") {
    settings = message;
    waiting();
  } else if (message.type === "refused") {
    show("This link is not right", "Ask for your line's link.");
    socket.onclose = null;
  } else if (message.type === "ring" && taken === null) {
    ringing = message.call;
    show("Somebody is calling", "Press Answer to speak with them.");
  } else if (message.type === "offer" && message.call === taken) {
    answer(message.call, message.sdp);
  } else if (message.type === "over" && (message.call === taken || message.call === ringing)) {
    over();
    waiting();
  }
}

// Whoever presses is asked for the microphone first, so that the caller is not met with silence.
async function take() {
  const call = ringing;
  try {
    microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch (error) {
    show("We cannot use your microphone", "Allow it in your browser, then press Answer.");
    return;
  }
  if (ringing !== call || call === null) {
    over();
    waiting();
    return;
  }
  taken = call;
  show("One moment", "You are being connected.");
  say({ type: "take", call });
}

async function answer(call, offer) {
  if (peer) peer.close();
  const mine = peer = new RTCPeerConnection({
    iceServers: settings.ice_servers,
    iceTransportPolicy: settings.relay_only ? "relay" : "all",
  });
  mine.ontrack = (event) => { part("sound").srcObject = new MediaStream([event.track]); };
  mine.onconnectionstatechange = () => {
    if (mine !== peer) return;
    if (mine.connectionState === "connected") show("You are talking", "Hang up when you both have finished.");
    if (mine.connectionState === "failed") end();
  };
  await mine.setRemoteDescription({ type: "offer", sdp: offer });
  for (const track of microphone.getTracks()) mine.addTrack(track, microphone);
  await mine.setLocalDescription(await mine.createAnswer());
  await gathered(mine);
  if (mine === peer) say({ type: "answer", call, sdp: mine.localDescription.sdp });
}

function gathered(connection) {
  return new Promise((done) => {
    const look = () => { if (connection.iceGatheringState === "complete") done(); };
    connection.addEventListener("icegatheringstatechange", look);
    setTimeout(done, GATHER_MS);
    look();
  });
}

function end() {
  say({ type: "hang_up", call: taken });
  over();
  waiting();
}

function over() {
  if (peer) peer.close();
  if (microphone) for (const track of microphone.getTracks()) track.stop();
  peer = microphone = ringing = taken = null;
}

part("take").onclick = take;
part("end").onclick = end;
connect();
