// The list of series above the pictures, with the number of pictures in each.
import { element, page, view } from "./server.js";

const nav = document.querySelector(".shelves");
const list = nav.querySelector("ul");
const MAX_SHOWN = 60; // as in the template
const counts = new Map([...list.querySelectorAll("[data-series]")].map((entry) => [entry.dataset.series, Number(entry.dataset.count)]));

/** Returns the series with pictures and their numbers: [[series, count]]. */
export const countsInOrder = () => [...counts].filter(([, number]) => number);

/** Returns how many pictures a series has; "": all of them. */
export const numberOf = (series) => countsInOrder().reduce((sum, [name, number]) => sum + (!series || name === series ? number : 0), 0);

/** Shows the server's counts: [{series, count}], in this order. */
export function setCounts(series) {
  counts.clear();
  for (const { series: name, count } of series) counts.set(name, count);
  show();
}

/** Adds `step` pictures to the count of a series: 1, -1, or 0 to show the counts again. */
export function addToCount(series, step) {
  counts.set(series, Math.max(0, (counts.get(series) ?? 0) + step));
  show();
}

function show() {
  const all = countsInOrder();
  const total = numberOf("");
  document.body.classList.toggle("blank", !total);
  list.replaceChildren(link("", "All", total), ...all.slice(0, MAX_SHOWN).map(([series, number]) => link(series, cut(series), number)));
  for (const section of document.querySelectorAll("#gallery > section")) {
    section.querySelector(".count").textContent = grouped(counts.get(section.dataset.series) ?? 0);
  }
  showChosen();
}

/** Scrolls the list, which is one row on a phone, to the chosen series. */
export function showChosen() {
  const chosen = list.querySelector("[aria-current]")?.parentElement;
  if (chosen) list.scrollLeft = chosen.offsetLeft - list.offsetLeft - (list.clientWidth - chosen.offsetWidth) / 2;
}

function link(series, label, number) {
  return element("li", series ? { "data-series": series, "data-count": number } : {}, element("a", {
    href: page({ series }), "aria-current": series === view.series && "page",
  }, `${label} `, element("span", {}, grouped(number))));
}

const grouped = (number) => number.toLocaleString("en");
const cut = (name) => (name.length > 32 ? `${[...name].slice(0, 31).join("")}…` : name);
