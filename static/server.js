// Everything that is asked of the server, and small things that all parts of the page share.
const root = document.body.dataset.root;
export const readOnly = "readOnly" in document.body.dataset;
export const view = { series: document.body.dataset.series, words: "" };

const UNREACHABLE = "The server cannot be reached. Try again in a moment.";

/** An answer's data; throws an Error with a sentence for people. */
export async function ask(path, parameters = {}) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  return told(await send(`${path}${query.size ? `?${query}` : ""}`));
}

async function send(path, options) {
  try {
    return await fetch(`${root}${path}`, options);
  } catch {
    throw new Error(UNREACHABLE);
  }
}

async function told(response) {
  let answer;
  try {
    answer = await response.json();
  } catch {
    throw new Error(UNREACHABLE);
  }
  if (!response.ok) {
    const { details, message } = answer.error ?? {};
    // What a busy server counts (details) says less to people than what it means.
    throw Object.assign(new Error((response.status === 503 ? message : details || message) || "Something went wrong on the server."), { status: response.status });
  }
  return answer.data;
}

export const items = (after = "") => ask("/preview/items", { series: view.series, q: view.words, after });
export const portrait = (picture) => ask("/preview/picture", { picture, series: view.series, q: view.words });
export const runs = () => ask("/runs");
export const generate = (series, address) => ask(path(series, address), { generate: "1" });

/** Make a finished picture anew; the present one is kept until then. Gives the new run's progress. */
export async function renew(series, address) {
  return told(await send("/preview/again", { method: "POST", body: new URLSearchParams({ series, address }) }));
}

export async function remove(series, address) {
  const response = await send(`${path(series, address)}?remove=1`);
  if (!response.ok) await told(response);
}

export const path = (series, address) => `/dalle/${encodeURIComponent(series)}/${encodeURIComponent(address)}`;
export const page = (parameters) => {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  return `${root}/preview${query.size ? `?${query}` : ""}`;
};

/** An element: make("a", {href, class, onclick…}, ...children). Text is always text. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== false && value !== undefined) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

export const short = (address) => (address.length > 16 ? `${address.slice(0, 6)}…${address.slice(-4)}` : address);

/** Tell it to people who cannot see the change. */
export function say(text) {
  document.getElementById("said").textContent = text;
}

export async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = make("textarea", { class: "hidden" }, text);
    (button.isConnected ? button.parentElement : document.body).append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    button.focus();
  }
  const before = button.textContent;
  if (before !== "Copied") {
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = before; }, 1500);
  }
  say("Copied");
}
