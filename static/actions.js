// What starts from the page itself: its forms, its pictures, its keys.
import * as lightbox from "./lightbox.js";
import * as runs from "./runs.js";
import { itemOf, name } from "./tiles.js";

const problem = document.getElementById("problem");

/** Sends a form that makes a picture. The server finds the address in what was typed, and says what is wrong. */
async function submit(form) {
  const { series, address } = form.elements;
  const button = form.querySelector("button");
  const typed = address.type !== "hidden";
  problem.textContent = "";
  address.removeAttribute("aria-invalid");
  button.disabled = true;
  try {
    await runs.begin(series.value, address.value);
    if (typed) address.value = "";
    document.getElementById("notice")?.remove();
  } catch (error) {
    problem.textContent = error.message;
    if (typed && error.status === 400) {
      address.setAttribute("aria-invalid", "true");
      address.focus();
    }
  } finally {
    button.disabled = false;
    if (!button.checkVisibility()) document.getElementById("gallery").focus({ preventScroll: true });
  }
}

function openPicture(event) {
  const link = event.target.closest(".tile .open");
  if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const item = itemOf(link.closest(".tile"));
  lightbox.open(name(item), item);
}

function focusFilter(event) {
  const typing = event.target.closest("input, textarea, select, dialog");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    document.getElementById("filter").focus();
  }
}

export function start() {
  document.addEventListener("submit", (event) => {
    if (!event.target.matches('form[action$="/preview/make"]')) return;
    event.preventDefault();
    submit(event.target);
  });
  document.addEventListener("click", openPicture);
  document.addEventListener("keydown", focusFilter);
}
