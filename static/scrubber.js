// The scrubber of a long list: it shows where the reader is, and goes to a share of the list or to a day.
import { jump } from "./loading.js";
import { isAtEnd, shareOf } from "./pages.js";
import { gallery } from "./sections.js";
import { numberOf } from "./series.js";
import { announce, element, items, view } from "./server.js";
import { itemOf } from "./tiles.js";

const scrubber = document.getElementById("scrubber");
const slider = document.getElementById("place");
const bubble = document.getElementById("moment");
const where = document.getElementById("where");
const form = document.getElementById("jump");
const STEPS = Number(slider.max);
const STAY = 1500; // ms that the date stays after the list was scrolled
const PAGE = 48; // as on the server
const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, PageDown: STEPS / 10, PageUp: -STEPS / 10, Home: -STEPS, End: STEPS };
let held = 0; // number of the reader's last move of the slider, which does not follow the list before it is there; 0: it follows
let moves = 0;
let asking = false, timer;

const day = (seconds) => new Date(seconds * 1000).toLocaleDateString(undefined, { day: "numeric", month: "long", year: "numeric" });

function show(share, item) {
  scrubber.style.setProperty("--share", share);
  if (!item) return;
  const text = day(item.time);
  // Each series begins with its newest picture, so that in a list of all a date alone does not say where one is.
  bubble.replaceChildren(text, ...(view.series ? [] : [element("small", {}, item.series)]));
  where.textContent = text;
  slider.setAttribute("aria-valuetext", view.series ? text : `${text}, ${item.series}`);
}

/** Follows the list: `tile` is the first that is seen. */
function follow(tile) {
  if (held || !tile) return;
  const share = isAtEnd() ? 1 : shareOf(tile);
  slider.value = Math.round(share * STEPS);
  show(share, itemOf(tile));
}

/** Shows the date at the slider while it moves; one request at a time, so that the last one counts. */
async function peek() {
  const share = slider.value / STEPS;
  show(share);
  if (asking) return;
  asking = true;
  try {
    const { items: [item] } = await items({ share, limit: 1 });
    if (held) show(slider.value / STEPS, item);
  } catch { /* the jump says what is wrong */ } finally {
    asking = false;
  }
  if (held && slider.value / STEPS !== share) peek();
}

async function go(parameters) {
  const mine = held;
  try {
    await jump(parameters);
  } catch (error) {
    announce(error.message);
  } finally {
    if (mine === held) held = 0;
  }
}

function press(event) {
  const step = steps[event.key];
  if (step === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  // An arrow goes a page further, at least one step.
  slider.value = Number(slider.value) + step * (Math.abs(step) > 1 ? 1 : Math.max(1, PAGE / numberOf(view.series) * STEPS));
  slider.dispatchEvent(new Event("input"));
  slider.dispatchEvent(new Event("change"));
}

function wake() {
  scrubber.classList.add("awake");
  clearTimeout(timer);
  timer = setTimeout(() => scrubber.classList.remove("awake"), STAY);
}

function setOpen(open) {
  where.setAttribute("aria-expanded", open);
  document.body.classList.toggle("reaching", open);
}

export function start() {
  gallery.addEventListener("listed", ({ detail }) => { scrubber.hidden = form.hidden = !detail.long; });
  gallery.addEventListener("moved", ({ detail }) => follow(detail));
  addEventListener("scroll", wake, { passive: true });
  slider.addEventListener("keydown", press);
  slider.addEventListener("input", () => { held = ++moves; peek(); });
  slider.addEventListener("change", () => go({ share: slider.value / STEPS }));
  where.addEventListener("click", () => setOpen(where.getAttribute("aria-expanded") !== "true"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go({ before: form.elements.before.value });
  });
}
