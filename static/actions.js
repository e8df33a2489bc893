// The actions: the form and the menu of a picture.
import { isConfirmed } from "./confirmation.js";
import { announce, copy, details, element, page, readOnly, remove } from "./server.js";
import { removeTile } from "./grid.js";
import * as lightbox from "./lightbox.js";
import * as runs from "./runs.js";
import { itemOf, name } from "./tiles.js";

const menu = document.getElementById("menu");
const ADDRESS = /^0x[0-9a-f]{40}$/i;
let opener = null;

async function submit(form, problem) {
  const [series, field] = [form.elements.series.value, form.elements.address];
  const address = field.value.trim();
  problem.textContent = "";
  field.removeAttribute("aria-invalid");
  if (!ADDRESS.test(address)) {
    problem.textContent = address ? "This is not an Ethereum address: expected 0x and 40 hexadecimal digits." : "Enter an address: 0x and 40 hexadecimal digits.";
    field.setAttribute("aria-invalid", "true");
    if (field.type !== "hidden") field.focus();
    return;
  }
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    await runs.begin(series, address);
    if (field.type !== "hidden") field.value = "";
  } catch (error) {
    problem.textContent = error.message;
  } finally {
    button.disabled = false;
  }
}

async function askAndRemove(item) {
  const title = item.title || item.address;
  if (!await isConfirmed("Remove this picture?", `“${title}” in the series ${item.series} will be deleted. Its prompts and the original are kept.`, "Remove")) return opener?.focus();
  await remove(item.series, item.address);
  removeTile(name(item));
  return announce(`Removed: ${title}`);
}

async function askAndRenew(item) {
  if (!await isConfirmed("Make it again?", "The new picture will be a different one and, with a paid provider, costs money. The current one is kept until then and comes back if the run fails.", "Make again")) return opener?.focus();
  return runs.again(item.series, item.address);
}

function menuItems(item) {
  const entry = (label, act) => element("button", { type: "button", role: "menuitem", tabindex: "-1", onclick: async () => {
    closeMenu(false);
    try {
      await act();
    } catch (error) {
      const problem = document.getElementById("problem");
      problem?.replaceChildren(error.message);
      problem?.scrollIntoView({ block: "center" });
      announce(error.message);
    }
  } }, label);
  const list = [
    entry("Open", () => lightbox.open(name(item), item)),
    element("a", { role: "menuitem", tabindex: "-1", href: item.image, download: `${item.series}-${item.address}.png`, onclick: () => closeMenu(true) }, "Download"),
    entry("Copy address", async () => { opener.focus(); await copy((await details(name(item))).checksummed, element("button")); }),
    entry("Copy link", () => { opener.focus(); return copy(new URL(page({ picture: name(item) }), location.href).href, element("button")); }),
  ];
  if (!readOnly && item.small) list.push(entry("Make again…", () => askAndRenew(item)), entry("Remove…", () => askAndRemove(item)));
  return list;
}

function openMenu(button, item) {
  opener = button;
  menu.replaceChildren(...menuItems(item));
  menu.hidden = false;
  button.setAttribute("aria-expanded", "true");
  const [place, size] = [button.getBoundingClientRect(), menu.getBoundingClientRect()];
  menu.style.left = `${Math.max(8, Math.min(place.right - size.width, innerWidth - size.width - 8))}px`;
  menu.style.top = `${place.bottom + size.height + 8 > innerHeight ? Math.max(8, place.top - size.height - 4) : place.bottom + 4}px`;
  menu.firstElementChild.focus();
}

function closeMenu(back) {
  if (menu.hidden) return;
  menu.hidden = true;
  opener?.setAttribute("aria-expanded", "false");
  if (back) opener?.focus();
}

menu.addEventListener("keydown", (event) => {
  const all = [...menu.children];
  const at = all.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    all[to % all.length].focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    closeMenu(true);
  }
});

export function listen() {
  for (const form of document.querySelectorAll("form.make, form.sample")) form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(form, document.getElementById("problem"));
  });
  document.addEventListener("click", (event) => {
    const [tile, more] = [event.target.closest(".tile"), event.target.closest(".more")];
    if (more) {
      const open = !menu.hidden && opener === more;
      closeMenu(false);
      if (!open) openMenu(more, itemOf(tile));
    } else if (!event.target.closest("#menu")) closeMenu(false);
    const link = event.target.closest(".tile .open");
    if (link && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      lightbox.open(name(itemOf(tile)), itemOf(tile));
    }
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, dialog");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      document.getElementById("filter").focus();
    }
  });
  addEventListener("scroll", () => closeMenu(false), { passive: true });
}
