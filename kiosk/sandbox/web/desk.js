// Builds what the officer's page shows. Names come from outside: they only ever become text.

const STATES = {
  admit: "Let in?",
  meeting: "In the visit",
  held: "Paused",
  prisoner_waits: "Waits for the visitor",
  visitor_waits: "Visitor waits",
  booked: "Booked",
  ended: "Over",
  missed: "Did not happen",
  cancelled: "Cancelled",
};
const OVER = ["ended", "missed", "cancelled"];
const GROUPS = [
  ["Waiting to be let in", ["admit"]],
  ["Going on", ["meeting", "held", "prisoner_waits", "visitor_waits"]],
  ["Booked", ["booked"]],
  ["Over", OVER],
];
const ENDS = {
  time_up: "The time was up.",
  officer: "An officer ended it.",
  visitor_ended: "The visitor ended it.",
  ended: "It was ended.",
  booking_cancelled: "The booking was cancelled.",
};
const CAUSES = {
  prison: "to the prison", visitor: "before the visitor came", link: "to the connection", hold: "to a pause",
  terminal: "to the terminal",
};
const STOPPED = "Sound and picture are stopped until you have decided on every visitor.";
const MONITORING = {
  none: "not monitored", possible: "may be monitored", watching: "watched", recorded: "recorded",
  recorded_and_watching: "recorded and watched",
};

function element(name, given, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(given || {})) {
    if (key === "on") made.onclick = value;
    else if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

function button(words, kind, key, on, disabled) {
  return element("button", { type: "button", className: kind, "data-key": key, on, disabled: Boolean(disabled) }, words);
}

function clock(at) {
  return new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

export function cards(visits, can) {
  const parts = [];
  for (const [title, standings] of GROUPS) {
    const group = visits.filter((visit) => standings.includes(visit.standing));
    if (!group.length) continue;
    parts.push(element("h2", {}, title + " ", element("span", {}, String(group.length))));
    parts.push(element("div", { className: "cards" }, ...group.map((visit) => card(visit, can))));
  }
  return parts.length ? parts : [element("p", {}, "No visits are booked today.")];
}

function card(visit, can) {
  const over = OVER.includes(visit.standing);
  return element("article", { className: "visit " + visit.standing + (over ? " dull" : ""), "data-visit": visit.reference },
    element("div", { className: "top" },
      element("h3", {}, visit.first_name + " ", element("span", {}, visit.number)),
      element("span", { className: "state" }, STATES[visit.standing])),
    facts(visit),
    element("ul", { className: "visitors" }, ...visit.visitors.map((visitor, place) => row(visit, visitor, place, over, can))),
    lost(visit),
    written(visit, over),
    visit.standing === "admit" && visit.terminal ? element("p", { className: "wrote" }, STOPPED) : null,
    over ? null : acts(visit, can));
}

function facts(visit) {
  const where = visit.terminal ? "terminal " + visit.terminal : visit.hall;
  const privacy = visit.privacy ? visit.privacy + ", " + MONITORING[visit.monitoring] : "no privacy class: can not be joined";
  const words = [clock(visit.starts_at) + " to " + clock(visit.ends_at), where, privacy].join(" · ");
  const line = element("p", { className: "facts" }, words);
  if (visit.ended) line.append(element("br"), ENDS[visit.ended]);
  else if (visit.terminal) line.append(" · ", element("strong", { "data-until": String(visit.ends_at) }));
  return line;
}

function seconds(s) {
  const whole = Math.round(s);
  return whole < 60 ? whole + " s" : Math.floor(whole / 60) + " min " + (whole % 60) + " s";
}

// A family that complains about a short visit is answered from here.
function lost(visit) {
  const parts = Object.entries(CAUSES)
    .filter(([cause]) => visit.lost[cause] >= 0.5)
    .map(([cause, words]) => seconds(visit.lost[cause]) + " " + words);
  if (!parts.length) return null;
  return element("p", { className: "facts" }, "Lost: " + parts.join(", ") + " · given back: " + seconds(visit.given_s));
}

function row(visit, visitor, place, over, can) {
  const line = element("li", {},
    element("span", { className: "name" },
      element("strong", {}, visitor.full_name),
      element("span", {}, standing(visit, visitor))));
  if (over || !visit.by_officer) return line;
  const decide = (admission) => () => can.act(
    { act: "admit", reference: visit.reference, visitor: place, full_name: visitor.full_name, admission });
  const key = visit.reference + "/" + place + "/";
  if (visitor.admission !== "admitted") {
    line.append(button("Let in", "main", key + "in", decide("admitted"), !visitor.approved));
  }
  if (visitor.admission === "waiting") line.append(button("Not here", "quiet", key + "not", decide("not_here")));
  else line.append(button("Take back", "quiet", key + "back", decide("waiting")));
  return line;
}

function standing(visit, visitor) {
  if (!visitor.approved) return "booked as " + visitor.display_name + " · not approved";
  const words = { waiting: "compare with their ID", admitted: "let in", not_here: "not here" }[visitor.admission];
  return "booked as " + visitor.display_name + " · " + (visit.by_officer ? words : "let in at once");
}

function written(visit, over) {
  if (over || !visit.page) return null;
  const has = visit.page.camera ? "" : visit.page.microphone ? "No camera: sound only. " : "No camera, no microphone. ";
  const who = visit.page.wrote ? "They wrote: " + visit.page.wrote : "";
  const words = visit.page.ready ? has + who : "Checking their camera and sound.";
  return words ? element("p", { className: "wrote" }, words) : null;
}

function acts(visit, can) {
  const key = visit.reference + "/";
  const booking = visit.terminal ? null : button("Booking", "quiet", key + "booking", () => can.askBooking(visit));
  if (visit.standing === "booked") return element("p", { className: "acts" }, booking);
  const { reference } = visit;
  const hold = visit.held
    ? button("Go on", "main", key + "hold", () => can.act({ act: "release", reference }))
    : button("Pause", "quiet", key + "hold", () => can.act({ act: "hold", reference, reason: "officer" }));
  return element("p", { className: "acts" },
    hold,
    visit.watchable ? button("Watch", "quiet", key + "watch", () => can.watchVisit(visit)) : null,
    button("Message", "quiet", key + "say", () => can.askMessage(visit)),
    booking,
    button("+5 min", "quiet", key + "more", () => can.act({ act: "extend", reference, by_s: 300 }),
      visit.ends_at >= visit.latest_end_at),
    button("End now", "stop", key + "end", () => can.askEnd(visit)));
}

export function notices(all, act) {
  return all.map((notice) => {
    const call = notice.kind === "officer_call";
    const seen = button(call ? "I am coming" : "Seen", call ? "main" : "quiet", "notice/" + notice.id,
      () => act({ act: "seen", notice: notice.id }, call ? "The screen says that an officer is coming." : undefined));
    const [words, more] = noticed(notice, act);
    const grave = notice.kind === "told_prison" || call ? " grave" : "";
    return element("div", { className: "notice" + grave, role: "alert" },
      element("p", {}, element("strong", {}, clock(notice.at) + " "), words), more, seen);
  });
}

function called(notice) {
  const where = notice.hall ? " (" + notice.hall + ")" : "";
  return "Somebody at terminal " + notice.subject + where + " asks for an officer.";
}

function noticed(notice, act) {
  if (notice.kind === "officer_call") return [called(notice), null];
  const whose = notice.first_name + " (" + notice.number + ")";
  const key = "notice/" + notice.id + "/do";
  if (notice.kind === "told_prison") {
    return ["The visitor of " + whose + " ended the visit and asks the prison to look at it. " + notice.first_name
      + " was told only that it is over.", null];
  }
  if (notice.kind === "pin_locked") {
    return ["The PIN of " + whose + " is locked after too many wrong ones.",
      button("Unlock", "main", key, async () => {
        await act({ act: "unlock_pin", number: notice.number }, "The PIN of " + notice.first_name + " is unlocked.");
        act({ act: "seen", notice: notice.id });
      })];
  }
  if (notice.kind === "media_away") {
    return ["The media server did not do what the visit of " + whose + " needs. Both sides go on trying by themselves; if this"
      + " lasts, tell IT support.", null];
  }
  if (notice.kind === "rebooking") {
    return [whose + " asks for another visit: this one went badly (" + notice.subject + ").", null];
  }
  if (notice.kind === "fault") {
    return [whose + " says that something did not work in their visit (" + notice.subject + "). Please have the terminal"
      + " and its connection looked at.", null];
  }
  return ["A second device tried to open the link of the visit of " + whose + ". It was refused.",
    button("Let a new device in", "main", key, async () => {
      await act({ act: "forget_page", reference: notice.subject }, "The next device that opens the link is let in.");
      act({ act: "seen", notice: notice.id });
    })];
}

export function terminals(all, now, act) {
  if (!all.length) return [];
  const head = element("tr", {}, ...["Terminal", "Hall", "Doing", "Faults", "Heard", ""].map((words) => element("th", {}, words)));
  const rows = all.map((terminal) => element("tr", {},
    element("td", {}, terminal.id),
    element("td", {}, terminal.hall),
    element("td", {}, terminal.out_of_service ? "Out of service" : terminal.stage),
    element("td", {}, terminal.faults.join(", ") || "none"),
    element("td", {}, terminal.listens ? "connected" : heard(now - terminal.heard_at_ms)),
    element("td", {}, button(terminal.out_of_service ? "Put back" : "Take out of service", "quiet", "terminal/" + terminal.id,
      () => act({ act: "out_of_service", terminal: terminal.id, ordered: !terminal.out_of_service })))));
  return [element("h2", {}, "Terminals"),
    element("div", { className: "wide" }, element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows)))];
}

function heard(agoMs) {
  const minutes = Math.round(agoMs / 60000);
  return minutes < 1 ? "just now" : minutes + " min ago";
}
