// The list of series above the pictures, and how many pictures each has.
import { make, page, view } from "./server.js";

const nav = document.querySelector(".shelves");
const list = nav.querySelector("ul");
const MOST = 60; // as in the template
const counts = new Map([...list.querySelectorAll("[data-series]")].map((one) => [one.dataset.series, Number(one.dataset.count)]));

/** What the server says: [{series, count}], in its order. */
export function tell(series) {
  counts.clear();
  for (const one of series) counts.set(one.series, one.count);
  show();
}

/** One picture more (1) or less (-1). */
export function count(series, step) {
  counts.set(series, Math.max(0, (counts.get(series) ?? 0) + step));
  show();
}

function show() {
  const all = [...counts].filter(([, number]) => number);
  const total = all.reduce((sum, [, number]) => sum + number, 0);
  nav.hidden = !total;
  list.replaceChildren(shelf("", "All", total), ...all.slice(0, MOST).map(([series, number]) => shelf(series, cut(series), number)));
  for (const section of document.querySelectorAll("#gallery > section")) {
    section.querySelector(".count").textContent = grouped(counts.get(section.dataset.series) ?? 0);
  }
}

function shelf(series, label, number) {
  return make("li", series ? { "data-series": series, "data-count": number } : {}, make("a", {
    href: page({ series }), "aria-current": series === view.series && "page",
  }, `${label} `, make("span", {}, grouped(number))));
}

const grouped = (number) => number.toLocaleString("en");
const cut = (name) => (name.length > 32 ? `${[...name].slice(0, 31).join("")}…` : name);
