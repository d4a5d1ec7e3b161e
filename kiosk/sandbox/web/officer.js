// The officer's page: today's visits as the service tells them, and what an officer can do.

import { cards, notices, terminals } from "./desk.js";
import { watchVisit } from "./watch.js";

const $ = (id) => document.getElementById(id);
const RETRY_MS = 1500;
const FAULTS = {
  booking_changed: "The booking was changed meanwhile. Look again.",
  visitor_not_approved: "This visitor is not approved.",
  no_more_time: "No more time can be given: the site's limit or the next booking.",
  not_this_visit: "The terminal or the person changed meanwhile. Nothing was ended.",
  visit_begun: "The visit is at a terminal already. Nothing was changed.",
  visit_over: "This visit is over already.",
};

let socket = null;
let latest = null;
let offsetMs = 0;
let didTimer = null;

async function post(path, body) {
  return fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    credentials: "same-origin",
  });
}

async function act(body, done) {
  try {
    const reply = await post("/officer/act", body);
    if (reply.status === 401) return logIn();
    if (reply.ok) return done ? did(done) : undefined;
    const code = reply.status === 409 ? (await reply.json()).code : "";
    return did(FAULTS[code] || "That did not work. Try again.");
  } catch (error) {
    return did("No connection. That was not done.");
  }
}

function did(words) {
  $("did").textContent = words;
  $("did").hidden = false;
  clearTimeout(didTimer);
  didTimer = setTimeout(() => { $("did").hidden = true; }, 5000);
}

function logIn() {
  latest = null;
  $("desk").hidden = true;
  $("login").hidden = false;
  $("password").focus();
}

function watch() {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  socket = new WebSocket(scheme + "//" + location.host + "/officer/socket");
  let opened = false;
  socket.onmessage = (event) => {
    opened = true;
    latest = JSON.parse(event.data);
    offsetMs = latest.now - performance.now();
    draw();
  };
  socket.onclose = () => {
    if (!opened && latest === null) return logIn();
    if ($("desk").hidden) return undefined;
    $("away").hidden = false;
    return setTimeout(again, RETRY_MS);
  };
}

// A session may have ended, or the service; only the answer to a plain request tells which.
async function again() {
  try {
    const reply = await fetch("/officer/session", { credentials: "same-origin" });
    return (await reply.json()).open ? watch() : logIn();
  } catch (error) {
    return setTimeout(again, RETRY_MS);
  }
}

function draw() {
  const focused = document.activeElement && document.activeElement.dataset.key;
  $("login").hidden = $("away").hidden = true;
  $("desk").hidden = false;
  $("prison").textContent = latest.prison;
  $("notices").replaceChildren(...notices(latest.notices, act));
  $("visits").replaceChildren(...cards(latest.visits, { act, askBooking, askEnd, askMessage, watchVisit }));
  $("terminals").replaceChildren(...terminals(latest.terminals, latest.now, act));
  tick();
  if (focused) {
    const same = document.querySelector('[data-key="' + CSS.escape(focused) + '"]');
    if (same) same.focus();
  }
}

function tick() {
  if (!latest) return;
  const now = performance.now() + offsetMs;
  $("time").textContent = new Date(now).toLocaleString([], {
    weekday: "long", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
  });
  for (const place of document.querySelectorAll("[data-until]")) {
    const left = Math.max(0, Math.ceil((Number(place.dataset.until) - now) / 1000));
    place.textContent = Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0") + " left";
  }
}

// To end the wrong visit must be hard: both the terminal and the name are confirmed, one by one.
function askEnd(visit) {
  const dialog = $("end-dialog");
  const ticks = [$("end-terminal"), $("end-name")];
  $("end-terminal-words").textContent = visit.terminal ? "It is at terminal " + visit.terminal : "It is at no terminal yet";
  $("end-name-words").textContent = "It is the visit of " + visit.first_name;
  for (const tick of ticks) {
    tick.checked = false;
    tick.onchange = () => { $("end-now").disabled = !ticks.every((each) => each.checked); };
  }
  $("end-now").disabled = true;
  asked(dialog, "end", () => act(
    { act: "end", reference: visit.reference, terminal: visit.terminal, first_name: visit.first_name },
    "The visit of " + visit.first_name + " is ended.",
  ));
}

// A terminal that shows the booking says at once what became of it.
function askBooking(visit) {
  const dialog = $("booking-dialog");
  const { reference, first_name } = visit;
  $("booking-title").textContent = "The booking of " + first_name + ", " + visit.visitors.map((visitor) => visitor.display_name).join(", ");
  $("booking-later").value = "0";
  $("booking-hall").value = visit.hall;
  $("booking-name").checked = false;
  $("booking-name-words").textContent = "It is the visit of " + first_name;
  $("booking-cancel").disabled = true;
  $("booking-name").onchange = () => { $("booking-cancel").disabled = !$("booking-name").checked; };
  dialog.returnValue = "";
  dialog.onclose = () => {
    if (dialog.returnValue === "cancel") act({ act: "cancel", reference, first_name }, "The booking of " + first_name + " is cancelled.");
    const hall = $("booking-hall").value.trim() || visit.hall;
    const later_s = Number($("booking-later").value) * 60;
    if (dialog.returnValue === "change" && (hall !== visit.hall || later_s)) {
      act({ act: "rebook", reference, hall, later_s, starts_at: visit.starts_at }, "The booking of " + first_name + " is changed.");
    }
  };
  dialog.showModal();
}

function askMessage(visit) {
  $("message-title").textContent = "Message to the visit of " + visit.first_name;
  $("message-text").value = "";
  asked($("message-dialog"), "send", () => {
    const text = $("message-text").value.trim();
    if (text) act({ act: "message", reference: visit.reference, text }, "The message was sent.");
  });
}

function asked(dialog, yes, done) {
  dialog.returnValue = "";
  dialog.onclose = () => { if (dialog.returnValue === yes) done(); };
  dialog.showModal();
}

$("login-form").onsubmit = async (event) => {
  event.preventDefault();
  const reply = await post("/officer/login", { password: $("password").value });
  $("password").value = "";
  $("login-wrong").hidden = reply.ok;
  if (reply.ok) watch();
};
$("logout").onclick = async () => {
  await post("/officer/logout", {});
  logIn();
  socket.close();
};
setInterval(tick, 500);
again();
