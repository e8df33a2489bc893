// Runs in progress, polled by one request: often while something changes, rarely otherwise, never in a hidden tab.
import { isConfirmed } from "./confirmation.js";
import { announce, cancel, details, element, make, readOnly, renew, runs, short } from "./server.js";
import { find, prepend, removeTile, showState } from "./grid.js";
import * as lightbox from "./lightbox.js";
import * as retrying from "./retrying.js";
import { itemOf } from "./tiles.js";

const section = document.getElementById("runs");
const fold = section.querySelector("details");
const list = section.querySelector("ul");
const tally = section.querySelector(".tally");
const overall = section.querySelector("summary progress");
const QUICK = 700, SLOW = 4000, IDLE = 15000;
const cards = new Map();
const dismissed = new Set();
const cancelled = new Set(); // runs that the next answer may still list: it was on its way
const replaced = new Map(); // name → number of polls left in which the previous picture may come back
const MAX_POLLS = 20;
let timer, pause = QUICK, before = "", polling = false;

const nameOf = (run) => `${run.series}/${run.address}`;

/** Starts a run and watches it, or opens the picture that exists already. Throws an Error whose message can be shown. */
export async function begin(series, address) {
  const report = await make(series, address);
  if (report.cacheHit) await openPresent(nameOf(report));
  else watch(report);
}

async function openPresent(name) {
  const tile = find(name);
  announce("This picture exists already");
  await lightbox.open(name, tile && itemOf(tile));
}

/** Makes a picture again. It leaves the list while the run is open and comes back if that fails. Throws as `begin`. */
export async function again(series, address) {
  const report = await renew(series, address);
  if (!report.done) {
    replaced.set(nameOf(report), MAX_POLLS);
    removeTile(nameOf(report));
  }
  watch(report);
}

function watch(report) {
  cancelled.delete(report.runId); // it may be taken up again
  const run = { ...report, title: report.dalleDress?.titlePrompt, status: report.error ? sentence(report.error) : "Starting" };
  if (report.done) {
    dismissed.delete(report.runId);
    show(run);
    throw new Error(`${run.status} ${retrying.hint(report)}`);
  }
  show(run);
  announce(`Started a picture in the series ${report.series}`);
  pollSoon();
}

function card(run) {
  const name = nameOf(run);
  let present = cards.get(name);
  if (!present) {
    present = element("li", { class: "run", "data-run": name },
      element("p", { class: "what" }, element("strong"), " ", element("span", { class: "series-name" }, run.series), " ", element("code", {}, short(run.address))),
      element("progress", { max: "100", "aria-label": `${run.series} ${short(run.address)}` }), element("p", { class: "phase" }));
    cards.set(name, present);
    list.append(present);
  }
  return present;
}

function show(run) {
  const name = nameOf(run);
  const shown = card(run);
  shown.dataset.id = run.runId;
  shown.classList.toggle("failed", Boolean(run.error));
  shown.querySelector("strong").textContent = run.title || "New picture";
  shown.querySelector("progress").value = run.percent;
  shown.querySelector("progress").hidden = Boolean(run.error);
  shown.querySelector(".phase").textContent = run.status;
  const kept = Boolean(find(name)); // a picture that is still shown was to be made again
  const offered = `${run.runId} ${Boolean(run.error)} ${kept}`;
  if (shown.dataset.offered !== offered) {
    shown.dataset.offered = offered;
    shown.querySelector(".buttons")?.remove();
    if (run.error) shown.append(element("p", { class: "buttons" }, ...(readOnly ? [] : retries(run, kept)),
      element("button", { type: "button", onclick: () => dismiss(name) }, "Dismiss")));
    else if (!readOnly) shown.append(element("p", { class: "buttons" }, button("Cancel", () => stop(run))));
  }
  showTally();
}

/** Shows how many runs there are; many are folded, unless a visitor has opened or closed the list. */
function showTally() {
  const failed = list.querySelectorAll(".failed").length;
  const bars = [...list.querySelectorAll(".run:not(.failed) progress")];
  const parts = [bars.length && `${bars.length} picture${bars.length === 1 ? "" : "s"} in progress`, failed && `${failed} failed`];
  tally.textContent = parts.filter(Boolean).join(", ");
  overall.hidden = !bars.length;
  overall.value = bars.reduce((sum, bar) => sum + bar.value, 0) / Math.max(1, bars.length);
  if (!fold.dataset.chosen) fold.open = cards.size <= Number(fold.dataset.folded);
  section.hidden = !cards.size;
  showState();
}

const sentence = (text) => (/[.!?]$/.test(text) ? text : `${text}.`);

const button = (label, act) => element("button", { type: "button", onclick: async () => {
  try {
    await act();
  } catch (error) {
    announce(error.message);
  }
} }, label);

/** Cancels a run, unless it has ended otherwise meanwhile: then the next poll shows how. */
async function stop(run) {
  cancelled.add(run.runId);
  let isCancelled = false;
  try {
    isCancelled = (await cancel(run.series, run.address)).errorCode === "CANCELLED";
  } finally {
    if (!isCancelled) cancelled.delete(run.runId);
  }
  if (isCancelled) {
    removeCard(nameOf(run));
    announce("Cancelled");
  }
  pollSoon();
}

/** Forgets cancelled runs that are neither listed nor shown any more: they may be taken up again, here or elsewhere. */
function forgetCancelled(listed) {
  const known = new Set([...listed.map((run) => run.runId), ...[...cards.values()].map((shown) => shown.dataset.id)]);
  for (const id of cancelled) if (!known.has(id)) cancelled.delete(id);
}

/** The ways on from a failure: one that pays for nothing twice, and one that may. */
function retries(run, kept) {
  return [
    ...(kept ? [] : [retrying.paused(button("Try again", () => begin(run.series, run.address)), run)]),
    ...(kept || run.purchases ? [button("Make again…", () => askAndMakeAgain(run))] : []),
  ];
}

async function askAndMakeAgain(run) {
  const consequence = run.purchases
    ? "What was paid for before is given up, and another picture is paid for, unless the provider still works on one."
    : "The new picture will be a different one and, with a paid provider, costs money.";
  if (await isConfirmed("Make it again?", consequence, "Make again")) await again(run.series, run.address);
}

function dismiss(name) {
  dismissed.add(cards.get(name)?.dataset.id);
  removeCard(name);
}

function removeCard(name) {
  cards.get(name)?.remove();
  cards.delete(name);
  showTally();
}

/** Replaces the card of a finished run by its picture. */
async function finish(name) {
  try {
    const item = await details(name);
    prepend(item);
    replaced.delete(name);
    announce(`Finished: ${item.title || name}`);
  } catch { /* removed meanwhile, or failed: the next poll shows it */ }
  removeCard(name);
}

/** Shows the previous picture, which the server restores some seconds after the run that was to replace it failed. */
async function restore(name) {
  try {
    prepend(await details(name));
  } catch (error) {
    replaced.set(name, replaced.get(name) - 1);
    if (error.status === 404 && replaced.get(name)) return;
  }
  replaced.delete(name);
}

async function poll() {
  clearTimeout(timer);
  if (document.hidden || polling) return;
  polling = true;
  try {
    const data = await runs();
    const active = new Set(data.runs.map(nameOf));
    const failed = new Map(data.failed.map((run) => [nameOf(run), run]));
    for (const name of replaced.keys()) if (!active.has(name)) await restore(name);
    for (const run of data.runs) if (!cancelled.has(run.runId)) show(run);
    for (const [name, shown] of [...cards]) {
      if (active.has(name) || cancelled.has(shown.dataset.id)) continue;
      if (failed.has(name)) show(failed.get(name));
      else if (shown.classList.contains("failed")) removeCard(name);
      else await finish(name);
    }
    for (const [name, run] of failed) if (!cards.has(name) && !dismissed.has(run.runId)) show(run);
    forgetCancelled(data.runs);
    const now = JSON.stringify(data.runs.map((run) => [run.runId, Math.floor(run.percent), run.currentPhase]));
    pause = !data.runs.length ? (replaced.size ? QUICK : IDLE) : now === before ? Math.min(SLOW, pause * 1.4) : QUICK;
    before = now;
  } catch {
    pause = IDLE;
  } finally {
    polling = false;
  }
  timer = setTimeout(poll, pause);
}

function pollSoon() {
  pause = QUICK;
  clearTimeout(timer);
  timer = setTimeout(poll, QUICK / 2);
}

export function start() {
  for (const entry of list.children) cards.set(entry.dataset.run, entry);
  fold.querySelector("summary").addEventListener("click", () => { fold.dataset.chosen = "yes"; });
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : poll()));
  poll();
}
