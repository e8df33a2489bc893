// The list of pictures: it loads further pages while the reader scrolls, and it filters.
import { announce, element, items, page, view } from "./server.js";
import * as seriesList from "./series.js";
import { adopt, build, discard, itemOf, name } from "./tiles.js";

const gallery = document.getElementById("gallery");
const pager = document.getElementById("pager");
const field = document.getElementById("filter");
const found = document.getElementById("found");
const FEW = 3; // as in the template: so few pictures grow to fill their row
let next = document.body.dataset.next;
let pending = 0; // number of the request whose answer counts; 0: none

export const tiles = () => [...gallery.querySelectorAll(".tile")];
export const find = (picture) => tiles().find((tile) => name(itemOf(tile)) === picture);

function grid(series) {
  const present = [...gallery.children].find((section) => section.dataset.series === series);
  if (present) return present.querySelector(".grid");
  const list = element("ul", { class: "grid" });
  gallery.append(element("section", { class: "series", "data-series": series },
    element("h2", {}, element("a", { href: page({ series }) }, series), " ", element("span", { class: "count" })), list));
  return list;
}

function append(newItems) {
  for (const item of newItems) if (!find.known?.has(name(item))) {
    find.known?.add(name(item));
    grid(item.series).append(build(item));
  }
}

function updateCounts(data) {
  next = data.next;
  seriesList.setCounts(data.series);
  showState();
}

/** Shows what depends on how many pictures there are: the message for an empty list, the main button, the layout. */
export function showState() {
  const none = !gallery.querySelector(".tile:not([hidden])") && !next;
  const notice = document.getElementById("notice");
  const empty = none && !view.words && !view.series && !notice && document.getElementById("runs").hidden;
  document.getElementById("none").hidden = !none || empty || Boolean(view.words) || !view.series || Boolean(notice);
  document.getElementById("empty").hidden = !empty;
  // One button of a page is its main one.
  document.querySelector("#make button")?.classList.toggle("main", !empty && !notice?.querySelector("form"));
  for (const section of gallery.children) markFew(section.querySelector(".grid"), next && section === gallery.lastElementChild);
}

/** Marks a list of few pictures, unless more of it may follow. */
function markFew(list, continues) {
  let number = 0;
  for (const tile of list.children) if (!tile.hidden && ++number > FEW) break;
  if (number <= FEW && !continues) list.dataset.few = number;
  else delete list.dataset.few;
}

function showFound(sentence) {
  found.replaceChildren(...(sentence ? [sentence, " ", element("a", { href: page({ series: view.series }) }, "Show all")] : []));
}

async function loadMore() {
  if (!next || pending) return;
  const request = ++pending;
  gallery.setAttribute("aria-busy", "true");
  try {
    const data = await items(next);
    if (request !== pending) return;
    append(data.items);
    updateCounts(data);
  } catch (error) {
    pager.replaceChildren(element("p", { class: "problem", role: "alert" }, error.message, " ", element("button", { type: "button", onclick: retry }, "Try again")));
  } finally {
    if (request === pending) pending = 0;
    gallery.removeAttribute("aria-busy");
  }
  loadWhenNear();
}

function retry() {
  pager.replaceChildren();
  pending = 0;
  loadMore();
}

function loadWhenNear() {
  if (next && !pending && pager.getBoundingClientRect().top < innerHeight + 1500) loadMore();
}

/** Replaces the list by the first page of the present view. */
export async function reload() {
  const request = ++pending;
  try {
    const data = await items();
    if (request !== pending) return;
    const fresh = new Set(data.items.map(name));
    for (const tile of tiles()) fresh.has(name(itemOf(tile))) ? (tile.hidden = false) : removeFromList(tile);
    find.known = new Set(tiles().map((tile) => name(itemOf(tile))));
    for (const item of data.items) if (find.known.has(name(item))) {
      // Tiles that are shown already move into the server's order.
      const tile = find(name(item));
      tile.parentElement.append(tile);
    }
    append(data.items);
    for (const series of new Set(data.items.map((item) => item.series))) gallery.append(grid(series).parentElement);
    updateCounts(data);
    showFound(data.found);
  } finally {
    if (request === pending) pending = 0;
  }
  loadWhenNear();
}

function removeFromList(tile) {
  const section = tile.closest("section");
  find.known?.delete(name(itemOf(tile)));
  discard(tile);
  if (!section.querySelector(".tile")) section.remove();
}

/** Removes the tile of a picture; the focus moves to its neighbour. */
export function removeTile(picture) {
  const tile = find(picture);
  if (!tile) return;
  const neighbour = tile.nextElementSibling ?? tile.previousElementSibling;
  removeFromList(tile);
  seriesList.addToCount(itemOf(tile).series, -1);
  showState();
  neighbour?.querySelector("a")?.focus({ preventScroll: true });
}

/** Puts a picture that was just finished first. */
export function prepend(item) {
  const old = find(name(item));
  if (old) removeFromList(old);
  else seriesList.addToCount(item.series, 1);
  if ((view.series && view.series !== item.series) || !matches(item)) return;
  const list = grid(item.series);
  find.known?.add(name(item));
  const tile = build(item);
  tile.classList.add("fresh");
  list.prepend(tile);
  gallery.prepend(list.parentElement);
  seriesList.addToCount(item.series, 0);
  showState();
}

const matches = (item) => {
  const words = `${item.series} ${item.address} ${item.title}`.toLowerCase();
  return view.words.toLowerCase().split(/\s+/).every((word) => words.includes(word));
};

function filterLoaded() {
  for (const tile of tiles()) tile.hidden = !matches(itemOf(tile));
  for (const section of gallery.children) section.hidden = !section.querySelector(".tile:not([hidden])");
  showState();
}

export function start() {
  view.words = field.value.trim();
  for (const tile of tiles()) adopt(tile);
  find.known = new Set(tiles().map((tile) => name(itemOf(tile))));
  let timer;
  field.addEventListener("input", () => {
    view.words = field.value.trim();
    filterLoaded();
    clearTimeout(timer);
    timer = setTimeout(async () => {
      history.replaceState(null, "", page({ series: view.series, q: view.words }));
      try {
        await reload();
        for (const section of gallery.children) section.hidden = false;
      } catch (error) {
        announce(error.message);
      }
    }, 200);
  });
  field.form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("scroll", loadWhenNear, { passive: true });
  addEventListener("resize", loadWhenNear);
  seriesList.showChosen();
  loadWhenNear();
}
