// The loaded pages of the list: those around the screen. What is far from it is dropped and leaves room.
import { keepingPlace } from "./anchor.js";
import { TILE, absentFrom, append, fit, gallery, putFirst, sectionOf, setAbsent, tidy, tiles } from "./sections.js";
import { countsInOrder, numberOf } from "./series.js";
import { view } from "./server.js";
import { adopt, build, discard, itemOf, name } from "./tiles.js";

const FAR = 4000; // pixels beyond the screen; `loading.js` loads what is nearer than 1500
let pages = []; // in order: {tiles, previous, next, begin, end}; the shares of the list in front of them and up to their end
let known = new Set(); // the names of their pictures
let kept = null; // a tile that was dropped but for the focus, which is in it

export const firstPage = () => pages[0];
export const lastPage = () => pages.at(-1);
export const hasMore = () => Boolean(lastPage()?.next);
export const isAtStart = () => !firstPage()?.previous && ![...gallery.children].some(absentFrom);
export const isAtEnd = () => !hasMore() && document.documentElement.scrollHeight - innerHeight - scrollY < 2;

/** Returns the share of the list in front of a tile. */
export function shareOf(tile) {
  const page = pages.find((one) => one.tiles.includes(tile));
  return page ? page.begin + (page.end - page.begin) * page.tiles.indexOf(tile) / page.tiles.length : 0;
}

/** Returns how far down the screen a page begins ("top") or ends ("bottom"), in pixels; `otherwise` for one without tiles. */
export function edge(page, side, otherwise = 0) {
  const tile = page.tiles[side === "top" ? "find" : "findLast"]((one) => one.isConnected);
  return tile ? tile.getBoundingClientRect()[side] : otherwise;
}

/** Returns a tile that is there already, in `spare` or for its focus, or a new one. */
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

/** Adds the page behind those that are loaded. */
export function addOlder(data, spare) {
  pages.push(pageOf(data, unknown(data).map((item) => {
    const tile = take(item, spare);
    append(sectionOf(item.series), tile);
    return tile;
  })));
}

/** Adds the page in front of those that are loaded. */
export function addNewer(data) {
  const focused = document.activeElement;
  let section = gallery.querySelector(TILE)?.closest("section") ?? null;
  const loaded = unknown(data).reverse().map((item) => {
    const tile = take(item);
    section = sectionOf(item.series, section);
    putFirst(section, tile);
    return tile;
  });
  pages.unshift(pageOf(data, loaded.reverse()));
  settle(data.previous ? section : null);
  giveBack(focused);
}

/** Focuses an element that moved in the document: browsers take the focus away then. */
function giveBack(focused) {
  if (focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
}

/** Corrects what was reckoned: behind the first section that is loaded nothing is absent, and at the start nothing at all. */
function settle(first) {
  let behind = !first;
  for (const section of [...gallery.children]) {
    if (behind) setAbsent(section, 0);
    if (section === first) behind = true;
    tidy(section);
    fit(section);
  }
}

/** Puts one page in the place of all. Tiles of pictures that are in it stay. */
export function renew(data) {
  const focused = document.activeElement;
  const spare = new Map([...gallery.querySelectorAll(".tile")].map((tile) => [name(itemOf(tile)), tile]));
  [pages, known, kept] = [[], new Set(), null];
  gallery.replaceChildren();
  addOlder(data, spare);
  for (const tile of spare.values()) if (!tile.isConnected) discard(tile);
  giveBack(focused);
}

/** Reckons from the share of the list in front of the loaded pages how many tiles are absent, and makes room for them. */
export function reckon() {
  const first = gallery.firstElementChild;
  if (!first || !firstPage().previous) return;
  let rest = Math.round(firstPage().begin * numberOf(view.series));
  for (const [series, count] of countsInOrder()) {
    if (view.series && series !== view.series) continue;
    if (series === first.dataset.series) {
      setAbsent(first, Math.min(rest, count));
      break;
    }
    if (!view.words) setAbsent(sectionOf(series, first), count);
    rest -= count;
  }
  for (const section of gallery.children) fit(section);
}

/** Removes the tile of a page. One with the focus stays, out of sight, until the focus leaves it or its page is back. */
function drop(tile) {
  known.delete(name(itemOf(tile)));
  if (!tile.contains(document.activeElement)) return discard(tile);
  kept = tile;
  tile.classList.add("kept");
  tile.addEventListener("focusout", function leave(event) {
    if (tile === kept && tile.contains(event.relatedTarget)) return;
    tile.removeEventListener("focusout", leave);
    if (tile !== kept) return;
    kept = null;
    forget(tile);
  });
}

/** Drops the pages that are far from the screen. */
export function trim() {
  keepingPlace(() => {
    while (pages.length > 1 && edge(firstPage(), "bottom", -Infinity) < -FAR) {
      const touched = new Set();
      for (const tile of pages.shift().tiles.filter((one) => one.isConnected)) {
        const section = tile.closest("section");
        setAbsent(section, absentFrom(section) + 1);
        touched.add(section);
        drop(tile);
      }
      for (const section of touched) fit(section);
    }
    while (pages.length > 1 && edge(lastPage(), "top", Infinity) > innerHeight + FAR) {
      for (const tile of pages.pop().tiles.filter((one) => one.isConnected)) {
        const section = tile.closest("section");
        drop(tile);
        tidy(section);
      }
    }
  });
}

/** Removes a tile, and its section with the last one. */
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
  firstPage().tiles.unshift(tile);
}

/** Takes over the page that the server rendered. */
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
