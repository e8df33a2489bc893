// The workshop. Without this file the page works too: its buttons send the form, and the server answers with the page.
import { announce, element } from "./server.js";
import * as sketches from "./sketches.js";

const root = document.body.dataset.root;
const form = document.getElementById("draft");
const about = document.getElementById("about");
const download = document.getElementById("download");
const EMPTY = new Set(["do"]);
const BUSY = 400; // ms until a busy server is asked again: a draft takes it a hundredth of that
const SOON = 180; // ms without a key; typing is not followed letter by letter

let timer;
let asked;
let link = form.method === "get";

form.addEventListener("input", (event) => {
  // The artist's hand depends on name and label: half a name would paint the whole sheet again.
  if (event.target.name === "name" || event.target.name === "suffix") return;
  clearTimeout(timer);
  timer = setTimeout(follow, event.target.type === "radio" ? 0 : SOON);
});
form.addEventListener("change", (event) => {
  if (event.target.name === "name" || event.target.name === "suffix") follow();
});
form.addEventListener("click", (event) => {
  const button = event.target.closest("button[name]");
  if (!button || button.name === "do") return;
  event.preventDefault();
  if (button.name === "toggle") toggle(button.value);
  else form.elements[button.name][0].value = button.value;
  if (button.name === "sheet") button.value = String((Number(button.value) % 99) + 1);
  follow();
});
form.addEventListener("submit", (event) => {
  if (!event.submitter?.name) { // Enter in a field; other buttons say what they want
    event.preventDefault();
    follow();
  }
});

/** Adds a filter, or takes it away. */
function toggle(value) {
  const at = value.indexOf(":");
  const area = form.elements[value.slice(0, at)];
  const text = value.slice(at + 1);
  const lines = area.value.split("\n").filter((line) => line.trim());
  area.value = (lines.includes(text) ? lines.filter((line) => line !== text) : [...lines, text]).join("\n");
}

/** Asks the server what is left now, and shows it. A later change takes the place of an earlier one. */
async function follow() {
  clearTimeout(timer);
  asked?.abort();
  asked = new AbortController();
  const { signal } = asked;
  try {
    show(await load(signal));
  } catch (problem) {
    if (signal.aborted) return;
    if (problem.status === 503) timer = setTimeout(follow, BUSY * (0.75 + Math.random() / 2));
    else announce(problem.message);
  }
}

async function load(signal) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value && !EMPTY.has(name)) fields.append(name, value.replaceAll("\r\n", "\n"));
  const short = `${root}/workshop/draft?${fields}`;
  const isLong = short.length > 7000;
  if (isLong) fields.set("do", "show");
  const headers = { Accept: "application/json" };
  const response = await (isLong ? fetch(`${root}/workshop`, { method: "POST", body: fields, headers, signal }) : fetch(short, { headers, signal }));
  const answer = await response.json();
  if (!response.ok) throw Object.assign(new Error(answer.error?.details || answer.error?.message), { status: response.status });
  return answer.data;
}

function show(data) {
  for (const left of Object.values(data.left)) showLeft(left);
  for (const place of document.querySelectorAll("[data-problem]")) {
    place.textContent = data.problems[place.dataset.problem] ?? "";
    form.querySelector(`[aria-describedby~="${place.id}"]`)?.setAttribute("aria-invalid", String(Boolean(place.textContent)));
  }
  document.getElementById("note").textContent = data.note;
  const open = about.querySelector("details")?.open;
  if (about.dataset.html !== data.about) {
    about.innerHTML = about.dataset.html = data.about;
    about.querySelector("details").open = open;
  }
  sketches.show(data.tiles, data.chosen);
  link = data.link;
  download.formAction = `${root}/workshop${link ? "/series.json" : ""}`;
  download.formMethod = link ? "get" : "post";
  if (link) history.replaceState(null, "", link);
}

function showLeft(left) {
  const place = document.getElementById(`of-${left.name}`);
  const status = place.querySelector(".left");
  if (status.textContent !== left.status) status.textContent = left.status;
  status.dataset.level = left.level;
  place.querySelector(".hits").replaceChildren(...left.hits.map(({ filter, rows }) =>
    element("li", { class: rows === 0 ? "problem" : undefined }, element("code", {}, filter), ` ${rows?.toLocaleString("en").replace(/^0$/, "no row") ?? ""}`)));
  place.querySelector(".examples").replaceChildren(...left.examples.map(({ word, hex }) => element("span", {}, ...(hex ? [dot(hex)] : []), word)));
  const pressed = new Set(left.hits.map((hit) => hit.filter));
  for (const button of place.querySelectorAll(".groups button")) {
    button.setAttribute("aria-pressed", pressed.has(button.value.slice(left.name.length + 1)));
  }
}

function dot(color) {
  const [svg, rect] = ["svg", "rect"].map((name) => document.createElementNS("http://www.w3.org/2000/svg", name));
  svg.setAttribute("class", "dot");
  svg.setAttribute("viewBox", "0 0 2 2");
  svg.setAttribute("aria-hidden", "true");
  for (const [name, value] of Object.entries({ width: 2, height: 2, fill: color })) rect.setAttribute(name, value);
  svg.append(rect);
  return svg;
}
