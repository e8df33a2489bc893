// The list of pictures: pages as one scrolls, and the filter.
import { items, make, page, say, view } from "./server.js";
import * as shelves from "./shelves.js";
import { about, adopt, build, discard, name } from "./tiles.js";

const gallery = document.getElementById("gallery");
const pager = document.getElementById("pager");
const field = document.getElementById("filter");
let next = document.body.dataset.next;
let asking = 0;

export const tiles = () => [...gallery.querySelectorAll(".tile")];
export const find = (picture) => tiles().find((tile) => name(about(tile)) === picture);

function grid(series) {
  const found = [...gallery.children].find((section) => section.dataset.series === series);
  if (found) return found.querySelector(".grid");
  const list = make("ul", { class: "grid" });
  gallery.append(make("section", { class: "series", "data-series": series },
    make("h2", {}, make("a", { href: page({ series }) }, series), " ", make("span", { class: "count" })), list));
  return list;
}

function add(found) {
  for (const item of found) if (!find.known?.has(name(item))) {
    find.known?.add(name(item));
    grid(item.series).append(build(item));
  }
}

function settle(data) {
  next = data.next;
  shelves.tell(data.series);
  empty();
}

/** Show what fits an empty list: nothing at all yet, or nothing that matches. */
export function empty() {
  const none = !gallery.querySelector(".tile:not([hidden])") && !next;
  const first = none && !view.words && !view.series;
  document.getElementById("none").hidden = !none || first;
  document.getElementById("empty").hidden = !first || !document.getElementById("runs").hidden;
}

async function more() {
  if (!next || asking) return;
  const ticket = ++asking;
  gallery.setAttribute("aria-busy", "true");
  try {
    const data = await items(next);
    if (ticket !== asking) return;
    add(data.items);
    settle(data);
  } catch (error) {
    pager.replaceChildren(make("p", { class: "problem", role: "alert" }, error.message, " ", make("button", { type: "button", onclick: again }, "Try again")));
  } finally {
    if (ticket === asking) asking = 0;
    gallery.removeAttribute("aria-busy");
  }
  near();
}

function again() {
  pager.replaceChildren();
  asking = 0;
  more();
}

function near() {
  if (next && !asking && pager.getBoundingClientRect().top < innerHeight + 1500) more();
}

/** Replace the list by the first page of the present view. */
export async function reload() {
  const ticket = ++asking;
  try {
    const data = await items();
    if (ticket !== asking) return;
    const fresh = new Set(data.items.map(name));
    for (const tile of tiles()) fresh.has(name(about(tile))) ? (tile.hidden = false) : drop(tile);
    find.known = new Set(tiles().map((tile) => name(about(tile))));
    for (const item of data.items) if (find.known.has(name(item))) {
      // Order: what is there already moves to where the server has it.
      const tile = find(name(item));
      tile.parentElement.append(tile);
    }
    add(data.items);
    for (const series of new Set(data.items.map((item) => item.series))) gallery.append(grid(series).parentElement);
    settle(data);
    if (view.words) say(`${data.items.length}${data.next ? " or more" : ""} pictures match`);
  } finally {
    if (ticket === asking) asking = 0;
  }
  near();
}

function drop(tile) {
  const section = tile.closest("section");
  find.known?.delete(name(about(tile)));
  discard(tile);
  if (!section.querySelector(".tile")) section.remove();
}

export function forget(picture) {
  const tile = find(picture);
  if (!tile) return;
  const neighbour = tile.nextElementSibling ?? tile.previousElementSibling;
  drop(tile);
  shelves.count(about(tile).series, -1);
  empty();
  neighbour?.querySelector("a")?.focus({ preventScroll: true });
}

/** A picture that was just finished goes first. */
export function welcome(item) {
  const old = find(name(item));
  if (old) drop(old);
  else shelves.count(item.series, 1);
  if ((view.series && view.series !== item.series) || !matches(item)) return;
  const list = grid(item.series);
  find.known?.add(name(item));
  const tile = build(item);
  tile.classList.add("fresh");
  list.prepend(tile);
  gallery.prepend(list.parentElement);
  shelves.count(item.series, 0);
  empty();
}

const matches = (item) => {
  const words = `${item.series} ${item.address} ${item.title}`.toLowerCase();
  return view.words.toLowerCase().split(/\s+/).every((word) => words.includes(word));
};

function narrow() {
  for (const tile of tiles()) tile.hidden = !matches(about(tile));
  for (const section of gallery.children) section.hidden = !section.querySelector(".tile:not([hidden])");
}

export function start() {
  view.words = field.value.trim();
  for (const tile of tiles()) adopt(tile);
  find.known = new Set(tiles().map((tile) => name(about(tile))));
  let timer;
  field.addEventListener("input", () => {
    view.words = field.value.trim();
    narrow();
    clearTimeout(timer);
    timer = setTimeout(async () => {
      history.replaceState(null, "", page({ series: view.series, q: view.words }));
      try {
        await reload();
        for (const section of gallery.children) section.hidden = false;
      } catch (error) {
        say(error.message);
      }
    }, 200);
  });
  field.form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("scroll", near, { passive: true });
  addEventListener("resize", near);
  near();
}
