// What the index is busy with, until it is done: the sentence and the list follow it.
import { isAtStart, replace } from "./pages.js";
import { gallery } from "./sections.js";
import { items } from "./server.js";

const line = document.getElementById("status");
const PAUSE = 2000; // ms
let known = 0, timer;

/** Shows the server's sentence, "" when the index is done. While there is one, it is asked for again. */
function show({ status, progress }) {
  if (line.textContent !== status) line.textContent = status;
  clearTimeout(timer);
  if (status && !document.hidden) timer = setTimeout(poll, PAUSE);
  const grown = progress.known !== known;
  known = progress.known;
  return grown;
}

async function poll() {
  try {
    const grown = show(await items({ limit: 1 }));
    // At the beginning newer pictures may have become known; a reader further down is not disturbed.
    if (grown && isAtStart() && scrollY < innerHeight) await replace();
  } catch {
    timer = setTimeout(poll, 5 * PAUSE);
  }
}

export function start() {
  gallery.addEventListener("listed", ({ detail }) => show(detail));
  document.addEventListener("visibilitychange", () => { if (line.textContent && !document.hidden) poll(); });
  if (line.textContent) poll();
}
