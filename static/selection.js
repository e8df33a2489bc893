// Pictures are selected, and downloaded together as a zip file. Without this file the page does so with a form alone.
import { gallery, tiles } from "./sections.js";
import { announce, element } from "./server.js";
import { itemOf, name } from "./tiles.js";

const MOST = 100; // as on the server
const SOON = 250; // milliseconds of rest before the server is asked for the size
const form = document.getElementById("picked");
const tally = document.getElementById("tally");
const download = document.getElementById("download");
const chosen = new Map(); // name → item; tiles come and go
let toggle = null;
let last = null; // the tile that was selected or left out last
let timer = 0;
let generation = 0;

const isSelecting = () => document.body.classList.contains("selecting");
const isPlain = (event) => event.button === 0 && !event.ctrlKey && !event.metaKey && !event.altKey;
const pictures = (number) => `${number} ${number === 1 ? "picture" : "pictures"}`;

/** Gives each tile a checkbox that says whether its picture is selected. A file without an address can only be viewed. */
function sync() {
  if (!isSelecting()) return;
  for (const tile of tiles()) {
    const item = itemOf(tile);
    if (!item?.small) continue;
    let box = tile.querySelector(".pick input");
    if (!box) {
      box = element("input", { type: "checkbox", "aria-label": `Select ${item.title || item.address}` });
      tile.querySelector(".open").before(element("label", { class: "pick" }, box));
    }
    box.removeAttribute("name"); // `send` names what is selected, loaded or not
    box.checked = chosen.has(name(item));
  }
}

/** Returns what the server is asked for: each series with its addresses. */
function query() {
  const series = Map.groupBy ? Map.groupBy(chosen.values(), (item) => item.series) : grouped();
  return [...series].map(([key, items]) => ["p", `${key}/${items.map((item) => item.address).join(",")}`]);
}

function grouped() {
  const series = new Map();
  for (const item of chosen.values()) series.set(item.series, [...(series.get(item.series) ?? []), item]);
  return series;
}

function size(bytes) {
  for (const [unit, word] of [[1e9, "GB"], [1e6, "MB"], [1e3, "kB"]]) if (bytes >= unit) return `${(bytes / unit).toFixed(1)} ${word}`;
  return `${bytes} bytes`;
}

function show(text, { problem = false } = {}) {
  tally.textContent = text;
  tally.classList.toggle("problem", problem);
}

const selected = () => `${pictures(chosen.size)} selected${chosen.size === MOST ? " (the most at once)" : ""}`;

/** Says how many pictures are selected, and a moment later how large they are together. */
function update() {
  const number = chosen.size, mine = ++generation;
  sync();
  download.textContent = number ? `Download ${pictures(number)}` : "Download";
  download.disabled = !number;
  document.getElementById("clear").disabled = !number;
  show(number ? selected() : `Select up to ${MOST} pictures`);
  clearTimeout(timer);
  if (number) timer = setTimeout(() => measure(mine), SOON);
}

async function measure(mine) {
  const answer = await fetch(`${form.action}?${new URLSearchParams(query())}`, { method: "HEAD" }).catch(() => null);
  if (mine !== generation || !answer) return;
  if (answer.ok) return show(`${selected()}, ${size(Number(answer.headers.get("Content-Length")))}`);
  download.disabled = true;
  show(answer.status === 404 ? "One of these pictures was removed: clear the selection" : "Too much to download at once: select fewer pictures", { problem: true });
}

/** Selects pictures, or leaves them out. Says when there are too many. */
function choose(items, wanted) {
  for (const item of items) {
    if (!wanted) chosen.delete(name(item));
    else if (chosen.size < MOST || chosen.has(name(item))) chosen.set(name(item), item);
    else announce(`At most ${pictures(MOST)} can be selected`);
  }
  update();
}

/** Selects or leaves out the picture of a tile; with `range` also those between it and the last one. */
function pick(tile, { range = false } = {}) {
  const wanted = !chosen.has(name(itemOf(tile))), all = tiles();
  const [from, to] = [all.indexOf(last), all.indexOf(tile)];
  const several = range && from >= 0 ? all.slice(Math.min(from, to), Math.max(from, to) + 1) : [tile];
  last = tile;
  choose(several.map(itemOf).filter((item) => item?.small), wanted);
}

function click(event) {
  if (!isSelecting() || !isPlain(event)) return;
  const tile = event.target.closest(".tile");
  if (!tile || !itemOf(tile)?.small || !event.target.closest(".open, .pick")) return;
  if (event.target.matches(".pick")) return; // its checkbox is clicked next
  if (event.target.closest(".open")) event.preventDefault();
  event.stopPropagation();
  pick(tile, { range: event.shiftKey });
}

/** The browser downloads: the page stays as it is. */
function send() {
  for (const field of form.querySelectorAll('input[type="hidden"]')) field.remove();
  form.append(...query().map(([key, value]) => element("input", { type: "hidden", name: key, value })));
  announce(`Downloading ${pictures(chosen.size)}`);
}

function begin() {
  document.body.classList.add("selecting");
  form.hidden = false;
  toggle.setAttribute("aria-pressed", "true");
  update();
}

function end() {
  chosen.clear();
  update();
  document.body.classList.remove("selecting");
  form.hidden = true;
  toggle.setAttribute("aria-pressed", "false");
  if (form.contains(document.activeElement) || document.activeElement === document.body) toggle.focus();
}

export function start() {
  const link = document.getElementById("select");
  toggle = element("button", { type: "button", id: "select", class: "select", "aria-pressed": "false", onclick: () => (isSelecting() ? end() : begin()) }, "Select");
  link.replaceWith(toggle);
  document.addEventListener("click", click, { capture: true });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !isSelecting() || document.querySelector("dialog[open], .menu:not([hidden])")) return;
    event.preventDefault();
    end();
    toggle.focus();
  });
  form.addEventListener("submit", send);
  document.getElementById("all").addEventListener("click", () => choose(tiles().filter((tile) => !tile.hidden).map(itemOf).filter((item) => item?.small), true));
  document.getElementById("clear").addEventListener("click", () => choose([...chosen.values()], false));
  document.getElementById("done").addEventListener("click", (event) => {
    event.preventDefault();
    end();
    toggle.focus();
  });
  gallery.addEventListener("listed", sync);
  if (isSelecting()) begin();
}
