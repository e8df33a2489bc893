// Where the reader is in the list: other parts of the page follow it, and the address of the page keeps it.
import { look, restore } from "./anchor.js";
import { loadWhenNear } from "./loading.js";
import { isAtStart } from "./pages.js";
import { fit, gallery } from "./sections.js";
import { page, view } from "./server.js";
import { itemOf, name } from "./tiles.js";

const PAUSE = 500; // ms; browsers refuse more than some 100 changes of the address in 30 s
let frame, timer;

function follow() {
  frame = undefined;
  const tile = look();
  gallery.dispatchEvent(new CustomEvent("moved", { detail: tile }));
  clearTimeout(timer);
  timer = setTimeout(() => remember(tile), PAUSE);
  loadWhenNear();
}

function remember(tile) {
  if (document.documentElement.classList.contains("looking") || !tile?.isConnected) return;
  view.at = isAtStart() && scrollY < innerHeight ? "" : name(itemOf(tile));
  // At the beginning of the list the browser knows best where the page was scrolled to.
  history.scrollRestoration = view.at ? "manual" : "auto";
  // The rest of an address, such as a link to a picture that is not there, stays until the reader has gone elsewhere.
  if (view.at === (new URLSearchParams(location.search).get("at") ?? "")) return;
  history.replaceState(history.state, "", page({ series: view.series, q: view.words, at: view.at }));
}

function refit() {
  requestAnimationFrame(() => {
    for (const section of gallery.children) fit(section);
    restore();
    follow();
  });
}

export const followSoon = () => { frame ??= requestAnimationFrame(follow); };

export function start() {
  addEventListener("scroll", followSoon, { passive: true });
  addEventListener("resize", refit);
  document.getElementById("density").addEventListener("input", refit);
  gallery.addEventListener("listed", followSoon);
  followSoon();
}
