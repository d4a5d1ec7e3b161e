// What this tab remembers across a reload, and forgets when it is closed.

// A browser may forbid it: then a reload is a new visitor, and an officer must let it in.
export function keep(name, link, value) {
  try { sessionStorage.setItem(name + ":" + link, value); } catch (error) { /* see above */ }
}

export function recall(name, link) {
  try { return sessionStorage.getItem(name + ":" + link); } catch (error) { return null; }
}
