// The language of the family's page. What is written in English, here and in the page, is the key of
// its translation; what has none stays English.

export const LANGUAGES = {
  en: "English", cy: "Cymraeg", ga: "Gaeilge", pl: "Polski", ro: "Română", sq: "Shqip", lt: "Lietuvių",
  uk: "Українська", ar: "العربية", ur: "اردو", hi: "हिन्दी", vi: "Tiếng Việt", es: "Español", fr: "Français",
  pt: "Português",
};

const TO_LEFT = ["ar", "ur"];
const english = new WeakMap(); // what stood in a piece of the page before it was translated
let known = {};

// A sentence for `t` where it is shown.
export const mark = (sentence) => sentence;

export function t(sentence, woven = {}) {
  return (known[sentence] || sentence).replace(/\{(\w+)\}/g, (whole, name) => (name in woven ? woven[name] : whole));
}

// The nearest language to a tag of BCP 47, if there is one.
export function nearest(tag) {
  const language = String(tag || "").toLowerCase().split(/[-_]/)[0];
  return Object.hasOwn(LANGUAGES, language) ? language : null;
}

// The first of what the browser's owner reads.
export function ofBrowser() {
  return (navigator.languages || [navigator.language]).map(nearest).find(Boolean) || "en";
}

// Asked for twice: a network that changes breaks what was on its way.
async function catalogue(file) {
  return (await fetch(file).catch(() => fetch(file))).json();
}

export async function speak(language) {
  try {
    known = language === "en" ? {} : await catalogue("/tongues/" + language + ".json");
  } catch (error) {
    known = {};
    language = "en";
  }
  document.documentElement.lang = language;
  document.documentElement.dir = TO_LEFT.includes(language) ? "rtl" : "ltr";
  document.title = t("Video visit");
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) translate(texts.currentNode);
  for (const element of document.querySelectorAll("[aria-label]")) {
    if (!english.has(element)) english.set(element, element.getAttribute("aria-label"));
    element.setAttribute("aria-label", t(english.get(element)));
  }
}

function translate(text) {
  if (text.parentElement.closest("[data-own]")) return; // not a sentence of the page
  if (!english.has(text)) english.set(text, text.nodeValue);
  const [, before, words, after] = /^(\s*)([\s\S]*?)(\s*)$/.exec(english.get(text));
  if (words) text.nodeValue = before + t(words.replace(/\s+/g, " ")) + after;
}
