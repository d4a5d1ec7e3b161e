// The longer sentences of the family's page.

import { mark, t } from "./tongue.js";

// Why a visit is over: title and first sentence.
export const ENDS = {
  time_up: [mark("The time is up"), mark("Your visit is over. Thank you for coming.")],
  officer: [mark("The prison ended the visit"), mark("An officer ended this visit.")],
  visitor_ended: [mark("You ended the visit"), mark("Nobody can see or hear you now.")],
  told: [mark("The visit is over"), mark("Nobody can see or hear you now. Staff will look at this visit.")],
  ended: [mark("The visit is over"), mark("Nobody can see or hear you now.")],
  booking_cancelled: [mark("This visit is cancelled"), mark("The booking does not stand any more.")],
};

export const NEXT = mark("If you have a question, or did not get your full time, call the prison's visits team. You can close this page.");

// Why this page can not go on: title, first sentence, what to do.
export const REFUSALS = {
  unknown_link: [mark("This link does not work"), mark("Check that you copied the whole link from your message."),
    mark("If it still does not work, call the prison's visits team.")],
  second_holder: [mark("This link is open on another device"), mark("A visit link works on one phone or computer only: the first one that opened it. The prison has been told."),
    mark("If it is you on a new device, call the prison's visits team. They can let this device in, then press Try again.")],
  superseded: [mark("Your visit is open in another tab"), mark("This tab has stopped. Go to the other tab."),
    mark("If you can not find it, press Try again to go on here.")],
};

// What a visitor must know of how the visit is overseen.
export const WATCHED = {
  none: mark("This visit is private: the prison does not watch, listen or record."),
  possible: mark("The prison may watch and listen to this visit."),
  watching: mark("An officer watches and listens to this visit."),
  recorded: mark("The prison records this visit."),
  recorded_and_watching: mark("The prison records this visit, and an officer watches and listens to it."),
};

// What can be said without a voice, by the key that passes between the two sides.
export const PREPARED = {
  yes: mark("Yes"),
  no: mark("No"),
  please_wait: mark("Please wait"),
  say_again: mark("Please say it again"),
  cannot_hear: mark("I cannot hear you"),
  cannot_see: mark("I cannot see you"),
  please_write: mark("Please write it down"),
  please_sign: mark("Please sign"),
  how_are_you: mark("How are you?"),
  i_am_well: mark("I am well"),
  i_love_you: mark("I love you"),
  goodbye: mark("Goodbye"),
};

export const BROKEN = mark("The connection broke. Your time is safe. We are connecting you again.");

export const BACK = mark("The connection is back. Your time is safe.");

export const UNHEARD = mark("We can not reach the terminal now. You may not hear each other.");

// Whose connection is weak is said where this page can know: its own way to the service is slow, too.
export function weakWords(call, slow) {
  if (call.soundOnly) return t("Your connection is too weak for your picture. You can be heard.");
  if (!call.weak) return "";
  return slow ? t("Your connection is weak.") : t("The connection is weak.");
}

export function sendingWords(has) {
  if (has.audio && has.video) return t("Go to the waiting room");
  if (has.audio) return t("Go on with sound only");
  return has.video ? t("Go on without sound") : t("Go on: only see and hear");
}

// What a visitor in the waiting room waits for. `startsAt` is null once the visit has begun.
export function waitingWords(phase, name, startsAt, endsAt) {
  if (phase === "lobby") return t("An officer will let you in. Please wait here.");
  if (phase === "joined") return t("{name} is at the terminal. You will be connected in a moment.", { name });
  if (startsAt) return t("Your visit with {name} begins at {at}.", { name, at: clock(startsAt) });
  return t("{name} is not at the terminal yet. The visit can last until {at}.", { name, at: clock(endsAt) });
}

// 24 hours in the digits of the countdown, as at the terminal, whatever the browser would write.
function clock(at) {
  const moment = new Date(at);
  return [moment.getHours(), moment.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
}
