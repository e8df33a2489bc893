// Runs in progress, polled by one request: often while something changes, rarely otherwise, never in a hidden tab.
import { isConfirmed } from "./confirmation.js";
import { announce, details, element, generate, readOnly, renew, runs, short } from "./server.js";
import { find, prepend, removeTile, showEmptyState } from "./grid.js";

const section = document.getElementById("runs");
const list = section.querySelector("ul");
const QUICK = 700, SLOW = 4000, IDLE = 15000;
const cards = new Map();
const dismissed = new Set();
const replaced = new Map(); // name → number of polls left in which the previous picture may come back
const MAX_POLLS = 20;
let timer, pause = QUICK, before = "", polling = false;

const nameOf = (run) => `${run.series}/${run.address}`;

/** Starts a run and watches it. Throws an Error whose message can be shown. */
export async function begin(series, address) {
  await watch(await generate(series, address));
}

/** Makes a picture again. It leaves the list while the run is open and comes back if that fails. Throws as `begin`. */
export async function again(series, address) {
  const report = await renew(series, address);
  if (!report.done) {
    replaced.set(nameOf(report), MAX_POLLS);
    removeTile(nameOf(report));
  }
  await watch(report);
}

async function watch(report) {
  if (report.cacheHit) {
    await finish(nameOf(report));
    return;
  }
  if (report.done) {
    dismissed.delete(report.runId);
    show({ ...report, title: report.dalleDress?.titlePrompt });
    throw new Error(`${report.error}. ${retryHint(report)}`);
  }
  show({ ...report, title: report.dalleDress?.titlePrompt });
  announce(`Started a picture in the series ${report.series}`);
  pollSoon();
}

function card(run) {
  const name = nameOf(run);
  let present = cards.get(name);
  if (!present) {
    present = [...list.children].find((entry) => entry.dataset.run === name) ?? element("li", { class: "run", "data-run": name });
    present.replaceChildren(
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
  const phase = shown.querySelector(".phase");
  const text = run.error ? `${run.error}. ${retryHint(run)}` : describe(run);
  const kept = String(Boolean(find(name))); // a picture that is still shown was to be made again
  if (phase.firstChild?.textContent !== text || phase.dataset.kept !== kept) {
    phase.replaceChildren(text);
    phase.dataset.kept = kept;
    if (run.error) phase.append(element("span", { class: "buttons" },
      ...(readOnly ? [] : retries(run)),
      element("button", { type: "button", onclick: () => dismiss(name) }, "Dismiss")));
  }
  section.hidden = false;
  showEmptyState();
}

function describe(run) {
  if (run.queuePosition) return `Waiting: position ${run.queuePosition} in the queue`;
  const eta = run.etaSeconds >= 1 ? `, about ${Math.ceil(run.etaSeconds)} s left` : "";
  return `${Math.floor(run.percent)} % · ${run.currentPhase.replaceAll("_", " ")}${eta}`;
}

function retryHint(run) {
  const seconds = Math.max(0, Math.round(run.retryAtNs / 1e9 - Date.now() / 1000));
  return seconds ? `You can try again in ${seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} minutes`}.` : "You can try again now.";
}

/** The ways on from a failure: one that pays for nothing twice, and one that may. */
function retries(run) {
  const button = (label, act) => element("button", { type: "button", onclick: async () => {
    try {
      await act();
    } catch (error) {
      announce(error.message);
    }
  } }, label);
  const kept = find(nameOf(run));
  return [
    ...(kept ? [] : [button("Try again", () => begin(run.series, run.address))]),
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
  section.hidden = !cards.size;
  showEmptyState();
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
    for (const run of data.runs) show(run);
    for (const [name, shown] of [...cards]) {
      if (active.has(name)) continue;
      if (failed.has(name)) show(failed.get(name));
      else if (shown.classList.contains("failed")) removeCard(name);
      else await finish(name);
    }
    for (const [name, run] of failed) if (!cards.has(name) && !dismissed.has(run.runId)) show(run);
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
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : poll()));
  poll();
}
