// What can be done: the form, the menu of a picture, and the question before anything is lost.
import { copy, make, page, portrait, readOnly, remove, say } from "./server.js";
import { forget } from "./grid.js";
import * as lightbox from "./lightbox.js";
import * as runs from "./runs.js";
import { about, name } from "./tiles.js";

const menu = document.getElementById("menu");
const confirm = document.getElementById("confirm");
const ADDRESS = /^0x[0-9a-f]{40}$/i;
let opener = null;

async function start(form, problem) {
  const [series, field] = [form.elements.series.value, form.elements.address];
  const address = field.value.trim();
  problem.textContent = "";
  field.removeAttribute("aria-invalid");
  if (!ADDRESS.test(address)) {
    problem.textContent = address ? "That is not an address: 0x and 40 hexadecimal digits are expected." : "Give an address: 0x and 40 hexadecimal digits.";
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

function asked(question, consequence, consent) {
  document.getElementById("question").textContent = question;
  document.getElementById("consequence").textContent = consequence;
  document.getElementById("consent").textContent = consent;
  confirm.returnValue = "";
  confirm.showModal();
  return new Promise((resolve) => {
    confirm.addEventListener("close", () => resolve(confirm.returnValue === "yes"), { once: true });
  });
}

async function removed(item) {
  const called = item.title || item.address;
  if (!await asked("Remove this picture?", `“${called}” in the series ${item.series} is deleted. Its prompts and the raw picture stay.`, "Remove")) return opener?.focus();
  await remove(item.series, item.address);
  forget(name(item));
  return say(`Removed: ${called}`);
}

async function renewed(item) {
  if (!await asked("Make it again?", "The new picture will be another one, and with a paid provider it costs money. This one is kept until then, and comes back if that fails.", "Make again")) return opener?.focus();
  return runs.again(item.series, item.address);
}

function entries(item) {
  const entry = (label, act) => make("button", { type: "button", role: "menuitem", tabindex: "-1", onclick: async () => {
    shut(false);
    try {
      await act();
    } catch (error) {
      const problem = document.getElementById("problem");
      problem?.replaceChildren(error.message);
      problem?.scrollIntoView({ block: "center" });
      say(error.message);
    }
  } }, label);
  const found = [
    entry("Look closer", () => lightbox.open(name(item), item)),
    make("a", { role: "menuitem", tabindex: "-1", href: item.image, download: `${item.series}-${item.address}.png`, onclick: () => shut(true) }, "Download"),
    entry("Copy the address", async () => { opener.focus(); await copy((await portrait(name(item))).checksummed, make("button")); }),
    entry("Copy the link", () => { opener.focus(); return copy(new URL(page({ picture: name(item) }), location.href).href, make("button")); }),
  ];
  if (!readOnly && item.small) found.push(entry("Make again…", () => renewed(item)), entry("Remove…", () => removed(item)));
  return found;
}

function show(button, item) {
  opener = button;
  menu.replaceChildren(...entries(item));
  menu.hidden = false;
  button.setAttribute("aria-expanded", "true");
  const [place, size] = [button.getBoundingClientRect(), menu.getBoundingClientRect()];
  menu.style.left = `${Math.max(8, Math.min(place.right - size.width, innerWidth - size.width - 8))}px`;
  menu.style.top = `${place.bottom + size.height + 8 > innerHeight ? Math.max(8, place.top - size.height - 4) : place.bottom + 4}px`;
  menu.firstElementChild.focus();
}

function shut(back) {
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
    shut(true);
  }
});

export function listen() {
  for (const form of document.querySelectorAll("form.make, form.sample")) form.addEventListener("submit", (event) => {
    event.preventDefault();
    start(form, document.getElementById("problem"));
  });
  document.addEventListener("click", (event) => {
    const [tile, more] = [event.target.closest(".tile"), event.target.closest(".more")];
    if (more) {
      const open = !menu.hidden && opener === more;
      shut(false);
      if (!open) show(more, about(tile));
    } else if (!event.target.closest("#menu")) shut(false);
    const link = event.target.closest(".tile .open");
    if (link && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      lightbox.open(name(about(tile)), about(tile));
    }
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, dialog");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      document.getElementById("filter").focus();
    }
  });
  addEventListener("scroll", () => shut(false), { passive: true });
}
