// Pictures in the making: one request for all of them, often while something moves, rarely otherwise, never unseen.
import { generate, make, portrait, readOnly, renew, runs, say, short } from "./server.js";
import { empty, find, forget, welcome } from "./grid.js";

const section = document.getElementById("runs");
const list = section.querySelector("ul");
const QUICK = 700, SLOW = 4000, IDLE = 15000;
const cards = new Map();
const dismissed = new Set();
const renewed = new Map(); // name → how often more the server is asked whether the picture is back
const PATIENCE = 20;
let timer, pause = QUICK, before = "", polling = false;

const named = (run) => `${run.series}/${run.address}`;

/** Start a picture and watch it. Throws an Error with a sentence for people. */
export async function begin(series, address) {
  await watch(await generate(series, address));
}

/** Make a picture anew. It leaves the list while the run is open, and comes back when that fails. Throws as `begin`. */
export async function again(series, address) {
  const report = await renew(series, address);
  if (!report.done) {
    renewed.set(named(report), PATIENCE);
    forget(named(report));
  }
  await watch(report);
}

async function watch(report) {
  if (report.cacheHit) {
    await finish(named(report));
    return;
  }
  if (report.done) {
    dismissed.delete(report.runId);
    show({ ...report, title: report.dalleDress?.titlePrompt });
    throw new Error(`${report.error}. ${later(report)}`);
  }
  show({ ...report, title: report.dalleDress?.titlePrompt });
  say(`Started a picture in the series ${report.series}`);
  soon();
}

function card(run) {
  const name = named(run);
  let found = cards.get(name);
  if (!found) {
    found = [...list.children].find((one) => one.dataset.run === name) ?? make("li", { class: "run", "data-run": name });
    found.replaceChildren(
      make("p", { class: "what" }, make("strong"), " ", make("span", { class: "series-name" }, run.series), " ", make("code", {}, short(run.address))),
      make("progress", { max: "100", "aria-label": `${run.series} ${short(run.address)}` }), make("p", { class: "phase" }));
    cards.set(name, found);
    list.append(found);
  }
  return found;
}

function show(run) {
  const name = named(run);
  const element = card(run);
  element.dataset.id = run.runId;
  element.classList.toggle("failed", Boolean(run.error));
  element.querySelector("strong").textContent = run.title || "A new picture";
  element.querySelector("progress").value = run.percent;
  element.querySelector("progress").hidden = Boolean(run.error);
  const phase = element.querySelector(".phase");
  const text = run.error ? `${run.error}. ${later(run)}` : told(run);
  if (phase.firstChild?.textContent !== text) {
    phase.replaceChildren(text);
    if (run.error) phase.append(make("span", { class: "buttons" },
      ...(readOnly ? [] : [make("button", { type: "button", onclick: () => retry(run) }, "Try again")]),
      make("button", { type: "button", onclick: () => dismiss(name) }, "Dismiss")));
  }
  section.hidden = false;
  empty();
}

function told(run) {
  if (run.queuePosition) return `Waiting, ${run.queuePosition} before it`;
  const eta = run.etaSeconds >= 1 ? `, about ${Math.ceil(run.etaSeconds)} s left` : "";
  return `${Math.floor(run.percent)} % · ${run.currentPhase.replaceAll("_", " ")}${eta}`;
}

function later(run) {
  const seconds = Math.max(0, Math.round(run.retryAtNs / 1e9 - Date.now() / 1000));
  return seconds ? `It can be tried again in ${seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} minutes`}.` : "It can be tried again.";
}

async function retry(run) {
  try {
    // A picture that is there was to be made anew.
    await (find(named(run)) ? again : begin)(run.series, run.address);
  } catch (error) {
    say(error.message);
  }
}

function dismiss(name) {
  dismissed.add(cards.get(name)?.dataset.id);
  drop(name);
}

function drop(name) {
  cards.get(name)?.remove();
  cards.delete(name);
  section.hidden = !cards.size;
  empty();
}

/** The picture is there: its card turns into it. */
async function finish(name) {
  try {
    const item = await portrait(name);
    welcome(item);
    renewed.delete(name);
    say(`Finished: ${item.title || name}`);
  } catch { /* removed meanwhile, or failed: the next poll tells */ }
  drop(name);
}

/** The server puts a picture back some seconds after the run that was to replace it failed. */
async function back(name) {
  try {
    welcome(await portrait(name));
  } catch (error) {
    renewed.set(name, renewed.get(name) - 1);
    if (error.status === 404 && renewed.get(name)) return;
  }
  renewed.delete(name);
}

async function poll() {
  clearTimeout(timer);
  if (document.hidden || polling) return;
  polling = true;
  try {
    const data = await runs();
    const active = new Set(data.runs.map(named));
    const failed = new Map(data.failed.map((run) => [named(run), run]));
    for (const run of data.runs) show(run);
    for (const [name, element] of [...cards]) {
      if (active.has(name)) continue;
      if (failed.has(name)) show(failed.get(name));
      else if (element.classList.contains("failed")) drop(name);
      else await finish(name);
    }
    for (const [name, run] of failed) if (!cards.has(name) && !dismissed.has(run.runId)) show(run);
    for (const name of renewed.keys()) if (!active.has(name)) await back(name);
    const now = JSON.stringify(data.runs.map((run) => [run.runId, Math.floor(run.percent), run.currentPhase]));
    pause = !data.runs.length ? (renewed.size ? QUICK : IDLE) : now === before ? Math.min(SLOW, pause * 1.4) : QUICK;
    before = now;
  } catch {
    pause = IDLE;
  } finally {
    polling = false;
  }
  timer = setTimeout(poll, pause);
}

function soon() {
  pause = QUICK;
  clearTimeout(timer);
  timer = setTimeout(poll, QUICK / 2);
}

export function start() {
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : poll()));
  poll();
}
