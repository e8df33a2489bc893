// The large view of one picture, with all its details.
import { copy, details, element, page, view } from "./server.js";
import { find, matches } from "./grid.js";
import { jump } from "./loading.js";

const dialog = document.getElementById("lightbox");
const large = document.getElementById("large");
const title = document.getElementById("lightbox-title");
const panel = document.getElementById("about");
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
  const where = page({ series: view.series, q: view.words, at: view.at, picture });
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
  large.alt = item.prompts?.terse || item.title || item.address; // the caption can be read in the picture
  if (item.height) {
    large.width = item.width;
    large.height = item.height;
  }
  if (large.getAttribute("src") === item.image) return;
  if (item.small) large.style.backgroundImage = `url("${item.small}512")`;
  else large.style.backgroundImage = "";
  large.src = item.image;
}

function showDetails(item) {
  panel.innerHTML = item.about; // rendered by the server, which escapes every text
  for (const time of panel.querySelectorAll("time")) {
    time.textContent = new Date(time.dateTime).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  }
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

/** Goes back to the list: to the tile of the picture, loading its part of the list if need be. */
async function leave() {
  const picture = requested, item = shown;
  document.documentElement.classList.remove("looking");
  requested = "";
  shown = null;
  if (history.state?.picture) history.replaceState(null, "", page({ series: view.series, q: view.words, at: view.at }));
  large.removeAttribute("src");
  panel.replaceChildren();
  // A picture that is not in the list (yet) has no tile: the focus returns to where it was, or to the list.
  const previous = opener?.isConnected && opener !== document.body ? opener : document.getElementById("gallery");
  const isListed = item && (!view.series || view.series === item.series) && matches(item);
  if (!find(picture) && isListed && opener?.id !== "filter") await jump({ at: picture }).catch(() => {});
  const tile = find(picture);
  tile?.scrollIntoView({ block: "nearest" });
  if (!dialog.open) (tile && opener?.id !== "filter" ? tile.querySelector("a") : previous).focus();
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
    else if (button?.classList.contains("copy")) copy(button.dataset.text ?? button.parentElement.nextElementSibling.textContent, button);
    else if (button?.classList.contains("close") || event.target === dialog || event.target.classList.contains("stage")) close();
  });
  dialog.addEventListener("close", leave);
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
    if (!document.getElementById("notice")) open(linked, null, { push: false });
  }
}
