// The sections of the list, one a series, and the room of the tiles in front that are not loaded.
import { element, page } from "./server.js";

export const gallery = document.getElementById("gallery");
const FEW = 3; // as in the template: so few pictures grow to fill their row
const TALLEST = 8e6; // pixels of room; browsers have a greatest height
const absent = new WeakMap(); // section → how many of its tiles are in front of the first one that is loaded

export const TILE = ".tile:not(.kept)";
export const tiles = () => [...gallery.querySelectorAll(TILE)];
export const absentFrom = (section) => absent.get(section) ?? 0;
const gridOf = (section) => section.querySelector(".grid");

/** Returns the section of a series; a new one comes before another section, or last. */
export function sectionOf(series, before = null) {
  const present = [...gallery.children].find((section) => section.dataset.series === series);
  if (present) return present;
  const created = element("section", { class: "series", "data-series": series },
    element("h2", {}, element("a", { href: page({ series }) }, series), " ", element("span", { class: "count" })), element("ul", { class: "grid" }));
  gallery.insertBefore(created, before);
  return created;
}

export const append = (section, tile) => gridOf(section).append(tile);

/** Puts a tile in front of those that are loaded, in the place of an absent one. */
export function putFirst(section, tile) {
  gridOf(section).insertBefore(tile, section.querySelector(TILE));
  setAbsent(section, absentFrom(section) - 1);
}

export const setAbsent = (section, number) => absent.set(section, Math.max(0, number));

/** Gives the absent tiles of a section the room that they would take, so that the others keep their row and column. */
export function fit(section) {
  const list = gridOf(section), number = absentFrom(section);
  for (const room of list.querySelectorAll(".room")) room.remove();
  const sample = gallery.querySelector(TILE)?.getBoundingClientRect();
  if (!number || !sample) return;
  const style = getComputedStyle(list);
  const columns = style.gridTemplateColumns.split(" "), gap = parseFloat(style.rowGap);
  const row = parseFloat(columns[0]) + sample.height - sample.width + gap; // tiles are squares with a caption
  const shares = Boolean(section.querySelector(TILE)); // the last absent tiles share a row with the first present one
  const rows = shares ? Math.floor(number / columns.length) : Math.ceil(number / columns.length);
  const room = () => element("li", { class: "room", "aria-hidden": "true" });
  const rest = Array.from({ length: shares ? number % columns.length : 0 }, room);
  const above = room();
  above.classList.add("rows");
  above.style.height = `${Math.min(rows * row - gap, TALLEST)}px`;
  list.prepend(...(rows ? [above] : []), ...rest);
}

/** Removes a section that has no tile and no room for one. */
export function tidy(section) {
  if (!section.querySelector(".tile") && !absentFrom(section)) section.remove();
}

/** Marks the lists of few pictures, unless more of the last one may follow. */
export function markFew(continues) {
  for (const section of gallery.children) {
    const list = gridOf(section);
    let number = absentFrom(section);
    for (const tile of list.querySelectorAll(TILE)) if (!tile.hidden && ++number > FEW) break;
    if (number <= FEW && !(continues && section === gallery.lastElementChild)) list.dataset.few = number;
    else delete list.dataset.few;
  }
}
