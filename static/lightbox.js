// The large view of one picture, with all its details.
import { copy, details, element, page, view } from "./server.js";
import { find } from "./grid.js";
import { linkOf } from "./tiles.js";

const dialog = document.getElementById("lightbox");
const large = document.getElementById("large");
const title = document.getElementById("lightbox-title");
const panel = document.getElementById("about");
const LABELS = { terse: "Short description", prompt: "Prompt", enhanced: "Enhanced prompt", data: "Data" };
const SWIPE = 48; // pixels
let shown = null;
let requested = "";
let loading = Promise.resolve();
let opener = null;

/** Shows `<series>/<address>`; `item`, where known, is shown until the details have arrived. */
export async function open(picture, item, { push = true } = {}) {
  if (!dialog.open) {
    opener = document.activeElement;
    dialog.showModal();
    document.documentElement.classList.add("looking");
  }
  requested = picture;
  if (item) showPicture(item);
  const where = page({ series: view.series, q: view.words, picture });
  if (push) history.pushState({ picture }, "", where);
  else history.replaceState({ picture }, "", where);
  loading = load(picture);
  await loading;
}

async function load(picture) {
  try {
    const item = await details(picture);
    if (requested !== picture) return;
    shown = item;
    showPicture(item);
    showDetails(item);
    for (const neighbour of [item.next, item.previous]) if (neighbour.image) new Image().src = neighbour.image;
  } catch (error) {
    if (requested !== picture) return;
    shown = null;
    title.textContent = error.status === 404 ? "This picture no longer exists" : "This picture cannot be shown";
    panel.replaceChildren(element("p", { class: "problem", role: "alert" }, error.message));
  }
}

function showPicture(item) {
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

const copyable = (text, label) => element("button", { type: "button", class: "copy", onclick: ({ currentTarget }) => copy(text, currentTarget), "aria-label": `Copy ${label}` }, "Copy");

function showDetails(item) {
  const facts = element("dl", { class: "facts" });
  const fact = (label, ...value) => facts.append(element("div", {}, element("dt", {}, label), element("dd", {}, ...value)));
  fact("Series", element("a", { href: page({ series: item.series }) }, item.series));
  fact("Address", element("code", { class: "address" }, item.checksummed), " ", copyable(item.checksummed, "address"));
  fact("Created", new Date(item.time * 1000).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }));
  if (item.width) fact("Size", `${item.width} × ${item.height}`);
  if (item.model) fact("Model", item.model);
  if (item.model) fact("Cost", item.cost ? `$${item.cost}` : item.painter === "sketch" ? "free" : "unknown");
  const parts = [element("p", { class: "links" },
    element("a", { href: item.image, download: `${item.series}-${item.address}.png` }, "Download"),
    element("a", { href: item.image }, "PNG"), ...(item.raw ? [element("a", { href: item.raw }, "Original")] : [])), facts];
  if (item.palette.length) parts.push(element("h3", {}, "Palette"), element("ul", { class: "palette" }, ...item.palette.map((color) => {
    const swatch = element("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.backgroundColor = color.hex;
    return element("li", {}, swatch, `${color.name} `, element("code", {}, color.hex));
  })));
  for (const [kind, text] of Object.entries(item.prompts)) if (kind !== "data") parts.push(
    element("h3", {}, LABELS[kind] ?? kind, " ", copyable(text, LABELS[kind]?.toLowerCase() ?? kind)), element("p", { class: "prompt" }, text));
  if (item.attributes.length) parts.push(element("h3", {}, "Attributes"), element("dl", { class: "attributes" }, ...item.attributes.map((attribute) =>
    element("div", {}, element("dt", {}, attribute.name.replace(/([A-Z0-9])/g, " $1").toLowerCase()), element("dd", {}, attribute.word, attribute.about ? element("small", {}, ` ${attribute.about}`) : "")))));
  panel.replaceChildren(...parts);
  for (const button of dialog.querySelectorAll(".step")) button.setAttribute("aria-disabled", String(!item[button.dataset.step].address));
}

async function step(where) {
  await loading;
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
    const tile = find(requested);
    document.documentElement.classList.remove("looking");
    requested = "";
    shown = null;
    if (history.state?.picture) history.replaceState(null, "", page({ series: view.series, q: view.words }));
    tile?.scrollIntoView({ block: "nearest" });
    // A picture that is not in the list (yet) has no tile: the focus returns to where it was, or to the list.
    const previous = opener?.isConnected && opener !== document.body ? opener : document.getElementById("gallery");
    (tile && opener?.id !== "filter" ? linkOf(tile) : previous).focus();
    large.removeAttribute("src");
    panel.replaceChildren();
  });
  let touched = null;
  dialog.addEventListener("touchstart", (event) => {
    touched = event.touches.length === 1 && event.target.closest(".stage") ? event.touches[0] : null;
  }, { passive: true });
  dialog.addEventListener("touchend", (event) => {
    const [from, to] = [touched, event.changedTouches[0]];
    const distance = from ? to.clientX - from.clientX : 0;
    if (Math.abs(distance) > SWIPE && Math.abs(distance) > 2 * Math.abs(to.clientY - from.clientY)) step(distance < 0 ? "next" : "previous");
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
