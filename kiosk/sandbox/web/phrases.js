// Prepared phrases: chosen on this page, and shown large whichever side says one.

import { PREPARED } from "./words.js";
import { t } from "./tongue.js";

const READ_MS = 12000; // as long as at the terminal

const $ = (id) => document.getElementById(id);
let readTimer = null;

// `choose` is called with the key of what is chosen.
export function offer(choose) {
  for (const key of Object.keys(PREPARED)) {
    const button = document.createElement("button");
    button.dataset.phrase = key;
    button.onclick = () => {
      close();
      choose(key);
    };
    $("phrase-list").append(button);
  }
  $("phrases").onclick = open;
  $("phrases-close").onclick = close;
}

function open() {
  for (const button of $("phrase-list").children) button.textContent = t(PREPARED[button.dataset.phrase]);
  $("phrases-panel").hidden = false;
  $("phrases-title").focus();
}

export function close() {
  if ($("phrases-panel").hidden) return;
  $("phrases-panel").hidden = true;
  $("phrases").focus();
}

// `from` says whose words it are. Returns all of it, to be read out.
export function read(from, key) {
  if (!Object.hasOwn(PREPARED, key)) return "";
  $("phrase-from").textContent = from;
  $("phrase-words").textContent = t(PREPARED[key]);
  $("phrase").hidden = false;
  clearTimeout(readTimer);
  readTimer = setTimeout(clear, READ_MS);
  return from + ": " + t(PREPARED[key]);
}

export function clear() {
  clearTimeout(readTimer);
  $("phrase").hidden = true;
}
