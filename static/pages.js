// The pages of the list around the screen. Others are loaded while the reader scrolls, up or down; what is far is dropped.
import { countsInOrder, setCounts } from "./series.js";
import { element, items, view } from "./server.js";
import { TILE, absentFrom, append, fit, gallery, markFew, putFirst, sectionOf, setAbsent, tidy, tiles } from "./sections.js";
import { adopt, build, discard, itemOf, name } from "./tiles.js";
import { keepingPlace } from "./anchor.js";

const pager = document.getElementById("pager");
const NEAR = 1500, FAR = 4000; // pixels beyond the screen within which pages are loaded, and beyond which they are dropped
let pages = []; // in order: {tiles, previous, next, begin, end}; the shares of the list in front of them and up to their end
let known = new Set();
let kept = null; // a tile outside the loaded pages that has the focus
let generation = 0, busy = false;

export const hasMore = () => Boolean(pages.at(-1)?.next);
export const isAtEnd = () => !hasMore() && document.documentElement.scrollHeight - innerHeight - scrollY < 2;
export const isAtStart = () => !pages[0]?.previous && ![...gallery.children].some(absentFrom);

/** Returns the share of the list in front of a tile. */
export function shareOf(tile) {
  const page = pages.find((one) => one.tiles.includes(tile));
  return page ? page.begin + (page.end - page.begin) * page.tiles.indexOf(tile) / page.tiles.length : 0;
}

function take(item, spare) {
  const found = spare?.get(name(item)) ?? (kept && name(itemOf(kept)) === name(item) ? kept : null);
  known.add(name(item));
  if (!found) return build(item);
  if (found === kept) kept = null;
  found.classList.remove("kept", "fresh");
  found.hidden = false;
  return found;
}

const unknown = (data) => data.items.filter((item) => !known.has(name(item)));
const pageOf = (data, loaded) => ({ tiles: loaded, previous: data.previous, next: data.next, ...data.span });

function addOlder(data, spare) {
  pages.push(pageOf(data, unknown(data).map((item) => {
    const tile = take(item, spare);
    append(sectionOf(item.series), tile);
    return tile;
  })));
}

function addNewer(data) {
  let before = gallery.querySelector(TILE)?.closest("section") ?? null;
  const loaded = unknown(data).reverse().map((item) => {
    const tile = take(item);
    before = sectionOf(item.series, before);
    putFirst(before, tile);
    return tile;
  });
  pages.unshift(pageOf(data, loaded.reverse()));
  settle(data.previous ? before : null);
}

/** Corrects what was reckoned: behind the first section that is loaded nothing is absent; all is there at the start. */
function settle(first) {
  let behind = !first;
  for (const section of [...gallery.children]) {
    if (behind) setAbsent(section, 0);
    if (section === first) behind = true;
    tidy(section);
    fit(section);
  }
}

/** Reckons from the share of the list in front of the loaded pages how many tiles are absent, and where. */
function reckon() {
  const first = gallery.firstElementChild;
  if (!first || !pages[0].previous) return;
  const counts = countsInOrder().filter(([series]) => !view.series || series === view.series);
  let rest = Math.round(pages[0].begin * counts.reduce((sum, [, count]) => sum + count, 0));
  for (const [series, count] of counts) {
    if (series === first.dataset.series) {
      setAbsent(first, Math.min(rest, count));
      break;
    }
    if (!view.words) setAbsent(sectionOf(series, first), count);
    rest -= count;
  }
  for (const section of gallery.children) fit(section);
}

function drop(tile) {
  known.delete(name(itemOf(tile)));
  if (!tile.contains(document.activeElement)) return discard(tile);
  if (kept) discard(kept);
  kept = tile;
  tile.classList.add("kept");
  tile.addEventListener("focusout", (event) => {
    if (tile !== kept || tile.contains(event.relatedTarget)) return;
    kept = null;
    discard(tile);
  }, { once: true });
}

const edge = (page, side, otherwise) => {
  const tile = page.tiles[side === "top" ? "find" : "findLast"]((one) => one.isConnected);
  return tile ? tile.getBoundingClientRect()[side] : otherwise;
};

function trim() {
  keepingPlace(() => {
    while (pages.length > 1 && edge(pages[0], "bottom", -Infinity) < -FAR) {
      const touched = new Set();
      for (const tile of pages.shift().tiles) if (tile.isConnected) {
        const section = tile.closest("section");
        setAbsent(section, absentFrom(section) + 1);
        touched.add(section);
        drop(tile);
      }
      for (const section of touched) fit(section);
    }
    while (pages.length > 1 && edge(pages.at(-1), "top", Infinity) > innerHeight + FAR) {
      for (const tile of pages.pop().tiles) if (tile.isConnected) {
        const section = tile.closest("section");
        drop(tile);
        tidy(section);
      }
    }
  });
}

function listed(data) {
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
    keepingPlace(() => { add(data); listed(data); });
    trim();
  } catch (error) {
    if (mine !== generation) return;
    pager.replaceChildren(element("p", { class: "problem", role: "alert" }, error.message, " ", element("button", { type: "button", onclick: retry }, "Try again")));
    return;
  } finally {
    if (mine === generation) gallery.removeAttribute("aria-busy");
  }
  busy = false;
  loadWhenNear();
}

function retry() {
  pager.replaceChildren();
  busy = false;
  loadWhenNear();
}

export function loadWhenNear() {
  if (busy || !pages.length) return;
  const top = edge(pages[0], "top", 0), bottom = edge(pages.at(-1), "bottom", 0);
  if (top > innerHeight + FAR) land(top);
  else if (pages[0].previous && top > -NEAR) load({ until: pages[0].previous }, addNewer);
  else if (pages.at(-1).next && bottom < innerHeight + NEAR) load({ after: pages.at(-1).next }, addOlder);
}

/** Loads what belongs where the reader went in one step, far in front of what is loaded. */
async function land(top) {
  const begin = gallery.getBoundingClientRect().top;
  const share = begin > 0 ? 0 : pages[0].begin * -begin / (top - begin);
  await jump(share ? { share } : {}, { scroll: Boolean(share) });
}

/** Replaces the list: by its beginning, or by the part at `share`, `before` or `at`. Throws an Error that can be shown. */
export async function replace(parameters = {}) {
  const mine = ++generation;
  busy = true;
  try {
    const data = await items(parameters);
    if (mine !== generation) return null;
    const focused = document.activeElement;
    const spare = new Map(tiles().map((tile) => [name(itemOf(tile)), tile]));
    gallery.replaceChildren();
    [pages, known, kept] = [[], new Set(), null];
    addOlder(data, spare);
    for (const tile of spare.values()) if (!tile.isConnected) discard(tile);
    listed(data);
    reckon();
    if (focused.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
    return data;
  } finally {
    if (mine === generation) {
      busy = false;
      gallery.removeAttribute("aria-busy");
      pager.replaceChildren();
    }
  }
}

/** Replaces the list and scrolls to the place. */
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

/** Forgets a tile that its picture's removal takes away. */
export function forget(tile) {
  const section = tile.closest("section");
  known.delete(name(itemOf(tile)));
  discard(tile);
  tidy(section);
}

/** Shows a new picture first of all. */
export function addFirst(item) {
  const tile = take(item);
  const section = sectionOf(item.series, gallery.firstElementChild);
  tile.classList.add("fresh");
  section.querySelector(".grid").prepend(tile);
  gallery.prepend(section);
  pages[0].tiles.unshift(tile);
}

export function start() {
  const { next, previous, begin, end } = document.body.dataset;
  for (const tile of tiles()) {
    adopt(tile);
    known.add(name(itemOf(tile)));
  }
  pages = [{ tiles: tiles(), previous, next, begin: Number(begin), end: Number(end) }];
  reckon();
  if (previous) gallery.querySelector(TILE)?.scrollIntoView({ block: "start" });
}
