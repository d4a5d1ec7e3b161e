// The longer sentences of the family's page.

// Why a visit is over: title and first sentence.
export const ENDS = {
  time_up: ["The time is up", "Your visit is over. Thank you for coming."],
  officer: ["The prison ended the visit", "An officer ended this visit."],
  visitor_ended: ["You ended the visit", "Nobody can see or hear you now."],
  told: ["The visit is over", "Nobody can see or hear you now. Staff will look at this visit."],
  ended: ["The visit is over", "Nobody can see or hear you now."],
  booking_cancelled: ["This visit is cancelled", "The booking does not stand any more."],
};

export const NEXT = "If you have a question, or did not get your full time, call the prison's visits team. You can close this page.";

// Why this page can not go on: title, first sentence, what to do.
export const REFUSALS = {
  unknown_link: ["This link does not work", "Check that you copied the whole link from your message.",
    "If it still does not work, call the prison's visits team."],
  second_holder: ["This link is open on another device", "A visit link works on one phone or computer only: the first one that opened it. The prison has been told.",
    "If it is you on a new device, call the prison's visits team. They can let this device in, then press Try again."],
  superseded: ["Your visit is open in another tab", "This tab has stopped. Go to the other tab.",
    "If you can not find it, press Try again to go on here."],
};

// What a visitor must know of how the visit is overseen.
export const WATCHED = {
  none: "This visit is private: the prison does not watch, listen or record.",
  possible: "The prison may watch and listen to this visit.",
  watching: "An officer watches and listens to this visit.",
  recorded: "The prison records this visit.",
};

export const BROKEN = "The connection broke. Your time is safe. We are connecting you again.";

export const BACK = "The connection is back. Your time is safe.";

export const UNHEARD = "We can not reach the terminal now. You may not hear each other.";

// Whose connection is weak is said where this page can know: its own way to the service is slow, too.
export function weakWords(call, slow) {
  if (call.soundOnly) return "Your connection is too weak for your picture. You can be heard.";
  if (!call.weak) return "";
  return slow ? "Your connection is weak." : "The connection is weak.";
}

export function sendingWords(has) {
  if (has.audio && has.video) return "Go to the waiting room";
  if (has.audio) return "Go on with sound only";
  return has.video ? "Go on without sound" : "Go on: only see and hear";
}

// What a visitor in the waiting room waits for. `startsAt` is null once the visit has begun.
export function waitingWords(phase, name, startsAt, endsAt) {
  if (phase === "lobby") return "An officer will let you in. Please wait here.";
  if (phase === "joined") return name + " is at the terminal. You will be connected in a moment.";
  if (startsAt) return "Your visit with " + name + " begins at " + clock(startsAt) + ".";
  return name + " is not at the terminal yet. The visit can last until " + clock(endsAt) + ".";
}

function clock(at) {
  return new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}
