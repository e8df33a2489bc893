// One picture, large, with all there is to tell about it.
import { copy, make, page, portrait, view } from "./server.js";
import { find } from "./grid.js";
import { entrance } from "./tiles.js";

const dialog = document.getElementById("lightbox");
const large = document.getElementById("large");
const title = document.getElementById("lightbox-title");
const panel = document.getElementById("about");
const LABELS = { terse: "In short", prompt: "Prompt", enhanced: "Enhanced prompt", data: "Data" };
const SWIPE = 48; // pixels
let shown = null;
let asked = "";
let waiting = Promise.resolve();
let opener = null;

/** Show `<series>/<address>`; `item`, when known, is shown until the rest has come. */
export async function open(picture, item, { push = true } = {}) {
  if (!dialog.open) {
    opener = document.activeElement;
    dialog.showModal();
    document.documentElement.classList.add("looking");
  }
  asked = picture;
  if (item) paint(item);
  const where = page({ series: view.series, q: view.words, picture });
  if (push) history.pushState({ picture }, "", where);
  else history.replaceState({ picture }, "", where);
  waiting = load(picture);
  await waiting;
}

async function load(picture) {
  try {
    const found = await portrait(picture);
    if (asked !== picture) return;
    shown = found;
    paint(found);
    tell(found);
    for (const one of [found.next, found.previous]) if (one.image) new Image().src = one.image;
  } catch (error) {
    if (asked !== picture) return;
    shown = null;
    title.textContent = error.status === 404 ? "This picture is not here any more" : "This picture cannot be shown";
    panel.replaceChildren(make("p", { class: "problem", role: "alert" }, error.message));
  }
}

function paint(item) {
  title.textContent = item.title || "Untitled";
  large.alt = item.title || item.address;
  if (item.width) {
    large.width = item.width;
    large.height = item.height;
  }
  if (large.getAttribute("src") === item.image) return;
  if (item.small) large.style.backgroundImage = `url("${item.small}512")`;
  else large.style.backgroundImage = "";
  large.src = item.image;
}

const copyable = (text, label) => make("button", { type: "button", class: "copy", onclick: ({ currentTarget }) => copy(text, currentTarget), "aria-label": `Copy the ${label}` }, "Copy");

function tell(item) {
  const facts = make("dl", { class: "facts" });
  const fact = (label, ...value) => facts.append(make("div", {}, make("dt", {}, label), make("dd", {}, ...value)));
  fact("Series", make("a", { href: page({ series: item.series }) }, item.series));
  fact("Address", make("code", { class: "address" }, item.checksummed), " ", copyable(item.checksummed, "address"));
  fact("Made", new Date(item.time * 1000).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }));
  if (item.width) fact("Size", `${item.width} × ${item.height}`);
  if (item.model) fact("Model", item.model);
  if (item.model) fact("Cost", item.cost ? `$${item.cost}` : item.painter === "sketch" ? "free" : "not known");
  const parts = [make("p", { class: "links" },
    make("a", { href: item.image, download: `${item.series}-${item.address}.png` }, "Download"),
    make("a", { href: item.image }, "PNG"), ...(item.raw ? [make("a", { href: item.raw }, "Raw picture")] : [])), facts];
  if (item.palette.length) parts.push(make("h3", {}, "Palette"), make("ul", { class: "palette" }, ...item.palette.map((color) => {
    const swatch = make("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.backgroundColor = color.hex;
    return make("li", {}, swatch, `${color.name} `, make("code", {}, color.hex));
  })));
  for (const [kind, text] of Object.entries(item.prompts)) if (kind !== "data") parts.push(
    make("h3", {}, LABELS[kind] ?? kind, " ", copyable(text, LABELS[kind]?.toLowerCase() ?? kind)), make("p", { class: "prompt" }, text));
  if (item.attributes.length) parts.push(make("h3", {}, "Attributes"), make("dl", { class: "attributes" }, ...item.attributes.map((one) =>
    make("div", {}, make("dt", {}, one.name.replace(/([A-Z0-9])/g, " $1").toLowerCase()), make("dd", {}, one.word, one.about ? make("small", {}, ` ${one.about}`) : "")))));
  panel.replaceChildren(...parts);
  for (const button of dialog.querySelectorAll(".step")) button.setAttribute("aria-disabled", String(!item[button.dataset.step].address));
}

async function step(where) {
  await waiting;
  const target = shown?.[where];
  if (target?.address && dialog.open) await open(`${target.series}/${target.address}`, target, { push: false });
}

export function close() {
  if (dialog.open) dialog.close();
}

export function start() {
  const keys = { ArrowLeft: "previous", ArrowRight: "next", Home: "first", End: "last" };
  document.addEventListener("keydown", (event) => {
    if (!dialog.open || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "/") {
      event.preventDefault();
      opener = document.getElementById("filter");
      close();
    } else if (keys[event.key]) {
      event.preventDefault();
      step(keys[event.key]);
    }
  });
  dialog.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.step) step(button.dataset.step);
    else if (button?.classList.contains("close") || event.target === dialog || event.target.classList.contains("stage")) close();
  });
  dialog.addEventListener("close", () => {
    const tile = find(asked);
    document.documentElement.classList.remove("looking");
    asked = "";
    shown = null;
    if (history.state?.picture) history.replaceState(null, "", page({ series: view.series, q: view.words }));
    tile?.scrollIntoView({ block: "nearest" });
    // A picture that is not in the list (yet) has no place: the reader comes back to where they were, or to the list.
    const before = opener?.isConnected && opener !== document.body ? opener : document.getElementById("gallery");
    (tile && opener?.id !== "filter" ? entrance(tile) : before).focus();
    large.removeAttribute("src");
    panel.replaceChildren();
  });
  let touched = null;
  dialog.addEventListener("touchstart", (event) => {
    touched = event.touches.length === 1 && event.target.closest(".stage") ? event.touches[0] : null;
  }, { passive: true });
  dialog.addEventListener("touchend", (event) => {
    const [from, to] = [touched, event.changedTouches[0]];
    const way = from ? to.clientX - from.clientX : 0;
    if (Math.abs(way) > SWIPE && Math.abs(way) > 2 * Math.abs(to.clientY - from.clientY)) step(way < 0 ? "next" : "previous");
    touched = null;
  }, { passive: true });
  addEventListener("popstate", () => {
    const picture = new URLSearchParams(location.search).get("picture");
    if (picture) open(picture, null, { push: false });
    else close();
  });
  const linked = new URLSearchParams(location.search).get("picture");
  if (linked) {
    document.getElementById("shown")?.remove();
    if (!document.querySelector("main > .notice[role=status]")) open(linked, null, { push: false });
  }
}
