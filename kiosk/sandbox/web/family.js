// The family's page: from the link to the waiting room, through the visit, to its end.

import { Call } from "./call.js";
import { canCall, Devices, Loudness, PAUSE_MS } from "./media.js";
import { copy, help, insideAnApp, properBrowser } from "./browser.js";
import { Line, newId } from "./line.js";
import { forget, forgetOld, keep, recall } from "./memory.js";
import { LANGUAGES, mark, nearest, ofBrowser, speak, t } from "./tongue.js";
import * as phrases from "./phrases.js";
import { BACK, BROKEN, ENDS, NEXT, REFUSALS, sendingWords, UNHEARD, waitingWords, WATCHED, weakWords } from "./words.js";

const BACKSTOP_MS = 1000; // after the end of the visit, should nobody have ended it
const BROKEN_MS = 12000; // how long a broken connection may mend itself: the terminal makes a new one sooner
const HEAL_MS = 800; // and how long once the service is heard again, which may be in another network
const QUIET_MS = 400; // sound comes far more often
const SAID_MS = 3000; // how long the service may take to say what became of a phrase
const SAFE_MS = 6000; // how long it can be read that a connection is back
const SCREENS = ["old", "inapp", "start", "check", "lobby", "call", "over", "moment"];

const $ = (id) => document.getElementById(id);
const link = location.hash.slice(1);
const devices = new Devices();
const call = new Call(devices, {
  onmedia: (stream) => playing($("their-video"), stream),
  onstate: (now) => follow(now),
});
let joinId = newId();
let line = null;
let welcome = null;
let state = null;
let loudness = null;
let ready = false;
let over = false;
let ending = null;
let told = null; // the last words, and what follows
let startedOverAt = -Infinity;
let lessData = false;
let broken = false;
let silent = false;
let met = false; // they had a call, and both are still in the visit
let awayAt = -Infinity; // when nothing came last, of a call that they had
let brokenTimer = null;
let saidTimer = null;
let unsaidTimer = null;
let wakeLock = null;

function show(screen) {
  if (!$(screen).hidden) return;
  for (const name of SCREENS) $(name).hidden = name !== screen;
  $("ending").hidden = true;
  $("tongue").hidden = screen === "call";
  const title = $(screen).querySelector("h1");
  if (title) title.focus();
}

function announce(words) {
  $("live").textContent = words;
}

function playing(video, stream) {
  if (video.srcObject !== stream) video.srcObject = stream;
  if (!stream) return;
  const started = video.play();
  if (started) started.catch((error) => { if (error.name === "NotAllowedError") $("tap").hidden = video !== $("their-video"); });
}

// From the link to the waiting room

function begin() {
  if (recall("ending", link)) saysEnd(recall("ending", link) === "tell");
  else show("moment");
  line = new Line("/visit/socket", hello, hear);
  line.open();
}

function hello() {
  const message = { type: "hello", link, join_id: joinId };
  const secret = recall("secret", link);
  if (secret) message.secret = secret;
  return message;
}

async function check() {
  show("check");
  $("again").hidden = $("trouble").hidden = true;
  $("go").className = "main";
  $("go").disabled = true;
  await devices.open();
  if (over) return devices.close();
  previews();
  $("sound").hidden = !devices.audio;
  if (loudness) loudness.close();
  loudness = devices.audio ? new Loudness(devices.audio, (level) => {
    $("loudness").style.transform = "scaleX(" + level.toFixed(2) + ")";
  }) : null;
  const nothing = !devices.audio && !devices.video;
  $("no-camera").textContent = nothing ? t("No camera and no microphone. They will not see or hear you.")
    : t("No camera. They will hear you but not see you.");
  if (!devices.audio || (devices.trouble && devices.trouble !== "NotFoundError")) explain(help(devices.trouble));
  $("go").textContent = sendingWords(devices);
  $("go").disabled = false;
  return undefined;
}

function explain(trouble) {
  $("trouble-title").textContent = trouble.title;
  $("trouble-words").textContent = trouble.words;
  $("trouble").hidden = $("again").hidden = false;
  $("go").className = "quiet";
}

function previews() {
  const stream = devices.preview();
  for (const id of ["check-video", "lobby-video", "my-video"]) {
    playing($(id), stream);
    $(id).classList.toggle("away", devices.facing === "environment");
  }
  $("no-camera").hidden = $("mine").hidden = Boolean(stream);
  $("mine").hidden = $("picture").hidden = !stream;
  $("lobby-picture").hidden = !stream;
}

async function enter() {
  if (loudness) loudness.close();
  loudness = null;
  ready = true;
  sayReady();
  lobby();
  stayAwake();
  if (devices.video) $("turn").hidden = (await devices.cameras()) < 2;
}

function sayReady() {
  if (ready) line.say({ type: "ready", camera: Boolean(devices.video), microphone: Boolean(devices.audio) });
}

function lobby() {
  show("lobby");
  const name = welcome.first_name;
  const phase = state ? state.phase : "lobby";
  $("who").hidden = phase !== "lobby";
  $("booked").textContent = welcome.visitors.join(", ");
  $("lobby-signs").hidden = !welcome.signing;
  const begun = line.now() >= welcome.starts_at;
  const waits = waitingWords(phase, name, begun ? null : welcome.starts_at, state && state.ends_at);
  $("lobby-words").textContent = met ? t(BROKEN) : waits;
  announce($("lobby-words").textContent);
}

// What was written before the language changed.
function again() {
  if (over) return;
  watched();
  $("go").textContent = sendingWords(devices);
  if (state && !call.on && ready) lobby();
}

function watched() {
  for (const id of ["lobby-watched", "watched"]) $(id).textContent = t(WATCHED[welcome.monitoring]);
  $("watched").classList.toggle("now", ["watching", "recorded", "recorded_and_watching"].includes(welcome.monitoring));
}

// As the visitor chose; else as the whole browser is told to.
function wantsLessData() {
  const chosen = recall("less", link);
  return chosen ? chosen === "yes" : Boolean(navigator.connection && navigator.connection.saveData);
}

// What the service says

const HEARD = {
  welcome(message) {
    welcome = message;
    if (nearest(message.language) && !recall("language", link)) inLanguage(nearest(message.language)).then(again);
    call.relayed = message.relayed;
    document.body.classList.toggle("signs", welcome.signing);
    watched();
    keep("secret", link, message.secret);
    if (ending) line.say(ending);
    else if (ready) {
      sayReady();
      if (call.on) giveTime(HEAL_MS);
    }
    else if ($("check").hidden) rejoin();
  },
  state(message) {
    const held = state && state.held;
    const takenBack = message.phase === "lobby" && call.on;
    state = message;
    if (message.phase !== "joined") {
      met = false;
      hangUp();
    }
    if (takenBack) comeAgain();
    if (call.on) {
      if (held !== message.held) {
        call.send(maySend());
        announce(message.held ? t("An officer paused the visit.") : t("The visit goes on."));
      }
      cover();
    } else if (ready) lobby();
  },
  offer(message) { connect(message); },
  publish(message) { connect(message); },
  async published(message) { if (!await call.published(message)) startOver(); },
  hangup(message) {
    call.drop(message.connection);
    if (call.on) return follow(call.state);
    hangUp();
    if (!over && ready) lobby();
    return undefined;
  },
  again() { comeAgain(); },
  monitoring(message) {
    welcome.monitoring = message.monitoring;
    watched();
    announce(t(WATCHED[message.monitoring]));
  },
  message(message) { say(t("Message from the prison: {text}", { text: message.text })); },
  phrase(message) { announce(phrases.read(t("{names} said", { names: welcome.first_name }), message.phrase)); },
  said(message) {
    clearTimeout(unsaidTimer);
    if (message.passed) announce(phrases.read(t("You said"), message.phrase));
    else unsaid();
  },
  superseded() { refuse("superseded"); },
  refused(message) { refuse(message.reason); },
  ended(message) { finish(ending && ending.tell_prison ? "told" : message.reason); },
};

function hear(message) {
  const still = ending ? ["welcome", "ended", "refused"] : Object.keys(HEARD);
  if (!over && still.includes(message.type)) HEARD[message.type](message);
}

// Who comes back to the link is already checked: open the devices and go on.
async function rejoin() {
  if (!recall("checked", link)) return check();
  await devices.open();
  if (over) return devices.close();
  if (!devices.audio && !devices.video) return check();
  previews();
  return enter();
}

// The visit

function maySend() {
  return Boolean(state && state.phase === "joined" && !state.held && !over);
}

// The terminal's offer, a media server's, or the wish that this page makes its own.
async function connect(message) {
  if (!state || state.phase !== "joined" || !ready) return;
  const settings = { iceServers: welcome.ice_servers, relayOnly: welcome.relay_only, lessData, signing: welcome.signing };
  const sdp = await call.begin(message, settings, maySend());
  line.say({ type: "answer", connection: message.connection, sdp });
  if (!sdp && !call.on) hangUp();
}

function follow(now) {
  clearTimeout(brokenTimer);
  if (now === "connected" || now === "completed") {
    met = true;
    show("call");
    announce(t("You can see and hear each other now."));
  }
  broken = now === "failed" || now === "disconnected";
  if (broken) {
    giveTime(now === "failed" ? 0 : BROKEN_MS);
    line.look();
  }
  cover();
}

function giveTime(ms) {
  clearTimeout(brokenTimer);
  brokenTimer = setTimeout(startOver, ms);
}

// The connection broke, or nothing comes, and nothing mended it.
function startOver() {
  const stuck = broken || (maySend() && call.quietFor(QUIET_MS));
  if (over || !stuck || performance.now() - startedOverAt < 8000) return;
  startedOverAt = performance.now();
  comeAgain();
}

// As a new page load would, so that the terminal takes no old call for this one.
function comeAgain() {
  joinId = newId();
  line.again();
}

function cover() {
  const words = coverWords();
  $("cover").hidden = !words;
  $("cover").textContent = words;
  const held = Boolean(state && state.held);
  if (held) nothingPasses();
  $("their-video").muted = $("phrases").disabled = held;
}

// While an officer holds the visit that is what can be read, and there is nothing to try again.
function unsaid() {
  if (maySend()) say(t("Your phrase did not get through. Try again."));
}

function nothingPasses() {
  clearTimeout(unsaidTimer);
  phrases.close();
  phrases.clear();
}

function coverWords() {
  if (state && state.held) return t("An officer paused the visit.") + "\n" + t("Nobody can see or hear you now.");
  return call.up && !silent ? "" : t(BROKEN);
}

async function judge() {
  if (call.up) await call.measure();
  if (met && !state.held && call.missed) awayAt = performance.now();
  const words = call.up && $("cover").hidden ? signWords() : "";
  if ($("weak").textContent !== words) $("weak").textContent = words;
}

function signWords() {
  if (performance.now() - awayAt < SAFE_MS) return t(BACK);
  return state.unheard ? t(UNHEARD) : weakWords(call, line.slow);
}

function hangUp() {
  clearTimeout(brokenTimer);
  broken = false;
  call.close();
  $("their-video").srcObject = null;
  $("tap").hidden = true;
  nothingPasses();
}

function say(text) {
  $("said").textContent = text;
  $("said").hidden = false;
  announce($("said").textContent);
  clearTimeout(saidTimer);
  saidTimer = setTimeout(() => { $("said").hidden = true; }, 30000);
}

function tick() {
  if (!state || over || ending) return;
  if (silent !== call.silent) {
    silent = !silent;
    cover();
  }
  if (met && !state.held && (!call.up || call.quietFor(PAUSE_MS))) awayAt = performance.now();
  const leftMs = state.ends_at - line.now();
  if (leftMs <= -BACKSTOP_MS) return finish("time_up");
  const left = Math.max(0, Math.ceil(leftMs / 1000));
  const text = Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0");
  if ($("left-time").textContent === text) return;
  $("left-time").textContent = text;
  $("left").classList.toggle("soon", left <= 120);
  if (call.on && (left === 300 || left === 60)) announce(left === 60 ? t("1 minute left.") : t("5 minutes left."));
}

// The end

function stopMedia() {
  ready = false;
  hangUp();
  devices.close();
  if (loudness) loudness.close();
  for (const id of ["check-video", "lobby-video", "my-video", "their-video"]) $(id).srcObject = null;
  if (wakeLock) wakeLock.release();
  wakeLock = null;
}

function stopEverything() {
  over = true;
  stopMedia();
  if (line) line.close();
}

function finish(reason) {
  if (over) return;
  stopEverything();
  forget(link);
  lastWords(ENDS[reason] || ENDS.ended, NEXT);
}

function refuse(reason) {
  stopEverything();
  const [title, words, next] = REFUSALS[reason] || REFUSALS.unknown_link;
  lastWords([title, words], next);
  $("over-again").hidden = reason === "unknown_link";
}

function lastWords(words, next) {
  told = [words, next];
  $("over-title").textContent = t(words[0]);
  $("over-words").textContent = t(words[1]);
  $("over-next").textContent = t(next);
  show("over");
}

// Nothing leaves this device from here on; the service may take a moment to hear of it.
function endIt(tellPrison) {
  keep("ending", link, tellPrison ? "tell" : "end"); // also for a page that is loaded anew meanwhile
  stopMedia();
  saysEnd(tellPrison);
  line.say(ending);
}

function saysEnd(tellPrison) {
  ending = { type: "end", tell_prison: tellPrison };
  lastWords([mark("The visit is over"), mark("Nobody can see or hear you now.")],
    mark("We are telling the prison. Please keep this page open for a moment."));
}

async function stayAwake() {
  try {
    if (navigator.wakeLock) wakeLock = await navigator.wakeLock.request("screen");
  } catch (error) { /* an old browser, or a low battery: the screen may lock, and the page rejoins */ }
}

async function back() {
  if (document.hidden || over || !ready) return;
  stayAwake();
  await devices.mend();
  if (!ready) { devices.close(); return; } // the visit ended meanwhile
  previews();
  if (call.on) {
    await call.send(maySend());
    follow(call.state);
  }
}

function press(button, pressed, words) {
  button.setAttribute("aria-pressed", String(pressed));
  button.querySelector("span").textContent = words;
}

$("begin").onclick = begin;
$("again").onclick = check;
$("go").onclick = () => {
  keep("checked", link, "yes");
  enter();
};
$("over-again").onclick = () => location.reload();
$("tap").onclick = () => { $("tap").hidden = true; $("their-video").play(); };
$("end").onclick = () => { $("ending").hidden = false; $("ending-title").focus(); };
$("end-no").onclick = () => { $("ending").hidden = true; $("end").focus(); };
$("end-yes").onclick = () => endIt(false);
$("end-tell").onclick = () => endIt(true);
$("mute").onclick = () => {
  devices.mute(!devices.muted);
  press($("mute"), devices.muted, devices.muted ? t("Unmute") : t("Mute"));
};
$("picture").onclick = () => {
  const off = !devices.cameraOff;
  devices.turnCameraOff(off);
  $("camera-off").hidden = !off;
  press($("picture"), off, off ? t("Camera on") : t("Camera off"));
};
$("turn").onclick = async () => {
  await devices.turn();
  if (!ready) { devices.close(); return; } // the visit ended meanwhile
  previews();
  if (call.on) await call.send(maySend());
};
$("who").onsubmit = (event) => {
  event.preventDefault();
  line.say({ type: "who", text: $("who-text").value.trim() });
  $("who-sent").hidden = false;
};
$("less-data").onchange = () => {
  lessData = $("less-data").checked;
  keep("less", link, lessData ? "yes" : "no");
};
$("copy").onclick = async () => {
  if (await copy(location.href)) $("copy").textContent = t("Copied");
  else {
    $("copy-by-hand").hidden = false;
    $("copy-text").value = location.href;
    $("copy-text").select();
  }
};
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (!$("ending").hidden) $("end-no").click();
  phrases.close();
});
phrases.offer((phrase) => {
  line.say({ type: "phrase", phrase });
  clearTimeout(unsaidTimer);
  unsaidTimer = setTimeout(unsaid, SAID_MS);
});
document.addEventListener("visibilitychange", back);
setInterval(tick, 200);
setInterval(judge, 1000);

forgetOld();
if (link) { // so that nobody says "did not come" of who never presses Start
  fetch("/visit/opened", { method: "POST", body: link }).catch(() => { /* the line says so, too */ });
}
$("less-data").checked = lessData = wantsLessData();

// The language: as the visitor chose, as the booking says, as the browser's owner reads.

for (const [tag, name] of Object.entries(LANGUAGES)) $("language").add(new Option(name, tag));
$("language").onchange = () => {
  if (!over || recall("secret", link)) keep("language", link, $("language").value);
  if (told) inLanguage($("language").value).then(() => lastWords(...told));
  else location.reload(); // it comes back to where it was
};

async function inLanguage(tag) {
  await speak(tag);
  $("language").value = document.documentElement.lang;
}

function arrive() {
  if (insideAnApp()) {
    const browser = properBrowser();
    $("inapp-title").textContent = t("Open this page in {browser}", { browser });
    $("inapp-open").textContent = t("Open {browser}.", { browser });
    show("inapp");
  } else if (!canCall()) {
    if (window.isSecureContext) show("old");
    else lastWords([mark("This link is not safe to use"), mark("It must begin with https.")], mark("Please call the prison's visits team."));
  } else if (!link) {
    refuse("unknown_link");
  } else if (recall("secret", link)) {
    begin();
  } else {
    show("start");
  }
}

inLanguage(nearest(recall("language", link)) || ofBrowser()).then(arrive);
