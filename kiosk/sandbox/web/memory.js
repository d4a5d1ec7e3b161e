// What this browser remembers of a link, so that whoever closed the page can open the link again.

// It outlives a tab, which a message's link opens anew each time, and is forgotten with the visit.
// A browser may forbid it: then a reload is a new visitor, and an officer must let it in.

const PREFIX = "visit:";
const DAY_MS = 24 * 3600 * 1000;

export function keep(name, link, value) {
  const known = read(PREFIX + link) || {};
  write(PREFIX + link, { ...known, [name]: value, at: Date.now() });
}

export function recall(name, link) {
  const known = read(PREFIX + link);
  return (known && known[name]) || null;
}

export function forget(link) {
  try { localStorage.removeItem(PREFIX + link); } catch (error) { /* see above */ }
}

// Visits whose end this browser never heard of.
export function forgetOld() {
  try {
    for (const key of Object.keys(localStorage)) {
      const known = key.startsWith(PREFIX) && read(key);
      if (known && !(Date.now() - known.at < DAY_MS)) localStorage.removeItem(key);
    }
  } catch (error) { /* see above */ }
}

function read(key) {
  try { return JSON.parse(localStorage.getItem(key)); } catch (error) { return null; }
}

function write(key, value) {
  try { localStorage.setItem(key, JSON.stringify(value)); } catch (error) { /* see above */ }
}
