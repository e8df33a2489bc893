// What the index is busy with, until it is done: the sentence and the list follow it.
import { isLoading, replace } from "./loading.js";
import { isAtStart } from "./pages.js";
import { gallery } from "./sections.js";
import { setCounts } from "./series.js";
import { items } from "./server.js";

const line = document.getElementById("status");
const PAUSE = 2000; // ms
let known = 0, stale = false, timer;

/** Shows the server's sentence, "" when the index is done. While there is one, it is asked for again. */
function show({ status, progress }) {
  if (line.textContent && !status) stale = true; // the last titles: a filter finds more
  if (line.textContent || status) line.classList.add("used"); // its line stays, so that nothing moves when it is empty
  if (line.textContent !== status) line.textContent = status;
  clearTimeout(timer);
  if (status && !document.hidden) timer = setTimeout(poll, PAUSE);
  if (known && progress.known !== known) stale = true;
  known = progress.known;
}

async function poll() {
  try {
    const data = await items({ limit: 1, q: "" });
    show(data);
    setCounts(data.series);
    // At the beginning newer pictures may have become known; a reader who does something else is not disturbed.
    const isOccupied = isLoading() || !isAtStart() || scrollY > innerHeight || document.querySelector("dialog[open], .menu:not([hidden])");
    if (stale && !isOccupied) await replace();
  } catch {
    timer = setTimeout(poll, 5 * PAUSE);
  }
}

export function start() {
  gallery.addEventListener("listed", ({ detail }) => {
    show(detail);
    stale = false;
  });
  document.addEventListener("visibilitychange", () => { if (line.textContent && !document.hidden) poll(); });
  if (line.textContent) poll();
}
