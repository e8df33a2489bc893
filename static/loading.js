// Loads the pages of the list: the next one while the reader scrolls, up or down, and any one that the reader goes to.
import { keepingPlace } from "./anchor.js";
import { addNewer, addOlder, edge, firstPage, hasMore, lastPage, reckon, renew, trim } from "./pages.js";
import { TILE, gallery, markFew } from "./sections.js";
import { setCounts } from "./series.js";
import { element, items } from "./server.js";

const pager = document.getElementById("pager");
const NEAR = 1500; // pixels beyond the screen within which pages are loaded
const LEAP = 5000; // pixels in front of the loaded pages from which on the reader has gone elsewhere
let generation = 0; // of the list: what was requested for an earlier one does not count
let busy = false;

export const isLoading = () => busy;

/** Lets all parts of the page know what the server said of the list. */
function announceList(data) {
  setCounts(data.series);
  markFew(hasMore());
  gallery.dispatchEvent(new CustomEvent("listed", { detail: data }));
}

async function load(parameters, add) {
  const mine = generation;
  busy = true;
  gallery.setAttribute("aria-busy", "true");
  try {
    const data = await items(parameters);
    if (mine !== generation) return;
    keepingPlace(() => { add(data); announceList(data); });
    trim();
    busy = false;
  } catch (error) {
    if (mine !== generation) return;
    pager.replaceChildren(element("p", { class: "problem", role: "alert" }, error.message, " ", element("button", { type: "button", onclick: retry }, "Try again")));
  }
  gallery.removeAttribute("aria-busy");
  loadWhenNear();
}

function retry() {
  pager.replaceChildren();
  busy = false;
  loadWhenNear();
}

/** Loads the page that the reader comes near to, if there is one. */
export function loadWhenNear() {
  if (busy) return;
  const [first, last] = [firstPage(), lastPage()];
  const top = edge(first, "top");
  if (first.previous && top > innerHeight + LEAP) land(top);
  else if (first.previous && top > -NEAR) load({ until: first.previous }, addNewer);
  else if (last.next && edge(last, "bottom") < innerHeight + NEAR) load({ after: last.next }, addOlder);
}

/** Loads what belongs to the place far in front of the loaded pages, `top` pixels down the screen, that the reader went to. */
function land(top) {
  const begin = gallery.getBoundingClientRect().top;
  const share = begin > 0 ? 0 : firstPage().begin * -begin / (top - begin);
  jump({ share }, { scroll: share > 0 }).catch(() => {});
}

/** Replaces the list: by its beginning, or by the part at `share`, `before` or `at`. Throws an Error that can be shown. */
export async function replace(parameters = {}) {
  const mine = ++generation;
  busy = true;
  try {
    const data = await items(parameters);
    if (mine !== generation) return null;
    renew(data);
    announceList(data);
    reckon();
    return data;
  } finally {
    if (mine === generation) {
      busy = false;
      gallery.removeAttribute("aria-busy");
      pager.replaceChildren();
    }
  }
}

/** Replaces the list as `replace` does, and scrolls to the place. */
export async function jump(parameters, { scroll = true } = {}) {
  const data = await replace(parameters);
  if (!data) return;
  const first = gallery.querySelector(TILE);
  const show = () => {
    if (!data.previous) scrollTo(0, 0);
    else if (parameters.share >= 1) scrollTo(0, document.body.scrollHeight);
    else first?.scrollIntoView({ block: "start" });
  };
  if (scroll) show();
  if (scroll && data.previous && !data.next) {
    await load({ until: data.previous }, addNewer); // so short an end does not fill the screen
    show();
  }
  loadWhenNear();
}
