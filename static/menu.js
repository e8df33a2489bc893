// The menu of a picture, and what it does.
import { isConfirmed } from "./confirmation.js";
import { announce, copy, details, element, page, readOnly, remove } from "./server.js";
import { removeTile } from "./grid.js";
import * as lightbox from "./lightbox.js";
import * as runs from "./runs.js";
import { itemOf, name } from "./tiles.js";

const menu = document.getElementById("menu");
let opener = null;

async function askAndRemove(item) {
  const title = item.title || item.address;
  if (!await isConfirmed("Remove this picture?", `“${title}” in the series ${item.series} will be deleted. Its prompts and the picture without caption are kept.`, "Remove")) return opener?.focus();
  await remove(item.series, item.address);
  removeTile(name(item));
  return announce(`Removed: ${title}`);
}

async function askAndRenew(item) {
  if (!await isConfirmed("Make it again?", "The new picture will be a different one and, with a paid provider, costs money. The current one is kept until then and comes back if the run fails.", "Make again")) return opener?.focus();
  return runs.again(item.series, item.address);
}

function entry(label, act) {
  return element("button", { type: "button", role: "menuitem", tabindex: "-1", onclick: async () => {
    close(false);
    try {
      await act();
    } catch (error) {
      const problem = document.getElementById("problem");
      problem?.replaceChildren(error.message);
      problem?.scrollIntoView({ block: "center" });
      announce(error.message);
    }
  } }, label);
}

function entries(item) {
  const copying = (label, text) => entry(label, async () => { opener.focus(); await copy(await text(), element("button")); });
  const list = [
    entry("Open", () => lightbox.open(name(item), item)),
    element("a", { role: "menuitem", tabindex: "-1", href: item.image, download: `${item.series}-${item.address}.png`, onclick: () => close(true) }, "Download picture"),
    copying("Copy address", async () => (await details(name(item))).checksummed),
    copying("Copy link", () => new URL(page({ picture: name(item) }), location.href).href),
  ];
  if (!readOnly && item.small) list.push(entry("Make again…", () => askAndRenew(item)), entry("Remove…", () => askAndRemove(item)));
  return list;
}

function open(button, item) {
  opener = button;
  menu.replaceChildren(...entries(item));
  menu.hidden = false;
  button.setAttribute("aria-expanded", "true");
  const [place, size] = [button.getBoundingClientRect(), menu.getBoundingClientRect()];
  menu.style.left = `${Math.max(8, Math.min(place.right - size.width, innerWidth - size.width - 8))}px`;
  menu.style.top = `${place.bottom + size.height + 8 > innerHeight ? Math.max(8, place.top - size.height - 4) : place.bottom + 4}px`;
  menu.firstElementChild.focus();
}

function close(back) {
  if (menu.hidden) return;
  menu.hidden = true;
  opener?.setAttribute("aria-expanded", "false");
  if (back) opener?.focus();
}

function move(event) {
  const all = [...menu.children];
  const at = all.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    all[to % all.length].focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    close(true);
  }
}

export function start() {
  menu.addEventListener("keydown", move);
  document.addEventListener("click", (event) => {
    const more = event.target.closest(".more");
    if (more) {
      const isOpen = !menu.hidden && opener === more;
      close(false);
      if (!isOpen) open(more, itemOf(more.closest(".tile")));
    } else if (!event.target.closest("#menu")) close(false);
  });
  addEventListener("scroll", () => close(false), { passive: true });
}
