// What is done with the list of pictures: it is filtered, and pictures come and go.
import { loadWhenNear, replace } from "./loading.js";
import * as pages from "./pages.js";
import { gallery, markFew, tiles } from "./sections.js";
import * as seriesList from "./series.js";
import { announce, element, page, view } from "./server.js";
import { itemOf, name } from "./tiles.js";

const field = document.getElementById("filter");
const found = document.getElementById("found");

export const find = (picture) => tiles().find((tile) => name(itemOf(tile)) === picture);

/** Shows what depends on how many pictures there are: the message for an empty list, the main button, the layout. */
export function showState() {
  const none = !gallery.querySelector(".tile:not([hidden])") && !pages.hasMore();
  const notice = document.getElementById("notice");
  const isCounting = Boolean(document.getElementById("status").textContent);
  const empty = none && !isCounting && !view.words && !view.series && !notice && document.getElementById("runs").hidden;
  document.getElementById("none").hidden = !none || empty || Boolean(view.words) || !view.series || Boolean(notice);
  document.getElementById("empty").hidden = !empty;
  // One button of a page is its main one.
  document.querySelector("#make button")?.classList.toggle("main", !empty && !notice?.querySelector("form"));
  markFew(pages.hasMore());
}

function showFound(sentence) {
  found.replaceChildren(...(sentence ? [sentence, " ", element("a", { href: page({ series: view.series }) }, "Show all")] : []));
}

/** Replaces the list by the first page of the present view. */
export async function reload() {
  if (await replace()) loadWhenNear();
}

/** Removes the tile of a picture; the focus moves to its neighbour. */
export function removeTile(picture) {
  const tile = find(picture);
  if (!tile) return;
  const neighbour = tile.nextElementSibling ?? tile.previousElementSibling;
  pages.forget(tile);
  seriesList.addToCount(itemOf(tile).series, -1);
  showState();
  neighbour?.querySelector("a")?.focus({ preventScroll: true });
}

/** Puts a picture that was just finished first, where the beginning of the list is shown. */
export function prepend(item) {
  const old = find(name(item));
  if (old) pages.forget(old);
  else seriesList.addToCount(item.series, 1);
  if ((view.series && view.series !== item.series) || !matches(item)) return;
  if (pages.isAtStart()) pages.addFirst(item);
  seriesList.addToCount(item.series, 0);
  showState();
}

/** Returns whether the present view may show a picture. */
export const matches = (item) => {
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
  pages.start();
  gallery.addEventListener("listed", ({ detail }) => {
    showFound(detail.found);
    showState();
  });
  let timer;
  field.addEventListener("input", () => {
    view.words = field.value.trim();
    view.at = "";
    filterLoaded();
    clearTimeout(timer);
    timer = setTimeout(async () => {
      history.replaceState(null, "", page({ series: view.series, q: view.words }));
      try {
        await reload();
      } catch (error) {
        announce(error.message);
      }
    }, 200);
  });
  field.form.addEventListener("submit", (event) => event.preventDefault());
  seriesList.showChosen();
}
