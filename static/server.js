// Requests to the server, and the small functions that all parts of the page share.
const root = document.body.dataset.root;
export const readOnly = "readOnly" in document.body.dataset;
export const view = { series: document.body.dataset.series, words: "", at: new URLSearchParams(location.search).get("at") ?? "" };

const UNREACHABLE = "The server cannot be reached. Try again in a moment.";

/** Returns the data of the answer. Throws an Error whose message can be shown. */
export async function fetchData(path, parameters = {}) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  return dataOf(await send(`${path}${query.size ? `?${query}` : ""}`));
}

async function send(path, options) {
  try {
    return await fetch(`${root}${path}`, options);
  } catch {
    throw new Error(UNREACHABLE);
  }
}

async function dataOf(response) {
  let answer;
  try {
    answer = await response.json();
  } catch {
    throw new Error(UNREACHABLE);
  }
  if (!response.ok) {
    const { details, message } = answer.error ?? {};
    // The details of a busy server are counts; its message says what they mean.
    throw Object.assign(new Error((response.status === 503 ? message : details || message) || "Something went wrong on the server."), { status: response.status });
  }
  return answer.data;
}

/** Returns a part of the list: `after` or `until` a cursor, at `share`, `before` a day, `at` a picture; else its beginning. */
export const items = (part = {}) => fetchData("/preview/items", { series: view.series, q: view.words, ...part });
export const details = (picture) => fetchData("/preview/picture", { picture, series: view.series, q: view.words });
export const runs = () => fetchData("/runs");

/** Starts a picture; `address` may be any text with an address in it. Returns the progress of its run. */
export const make = (series, address) => post("/preview/make", { series, address });

/** Makes a finished picture again; the present one is kept until then. Returns the progress of the new run. */
export const renew = (series, address) => post("/preview/again", { series, address });

/** Cancels an open run. Returns its report, or that of what there is instead. */
export const cancel = (series, address) => post("/preview/cancel", { series, address });

async function post(path, fields) {
  return dataOf(await send(path, { method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(fields) }));
}

export async function remove(series, address) {
  const response = await send(`${path(series, address)}?remove=1`);
  if (!response.ok) await dataOf(response);
}

export const path = (series, address) => `/dalle/${encodeURIComponent(series)}/${encodeURIComponent(address)}`;
export const page = (parameters) => {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  return `${root}/preview${query.size ? `?${query}` : ""}`;
};

/** Creates an element: element("a", {href, class, onclick…}, ...children). Strings become text, never HTML. */
export function element(name, attributes = {}, ...children) {
  const created = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) created.addEventListener(key.slice(2), value);
    else if (value !== false && value !== undefined) created.setAttribute(key, value === true ? "" : value);
  }
  created.append(...children);
  return created;
}

export const short = (address) => (address.length > 16 ? `${address.slice(0, 6)}…${address.slice(-4)}` : address);

/** Announces a change to screen readers. */
export function announce(text) {
  document.getElementById("said").textContent = text;
}

export async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = element("textarea", { class: "hidden" }, text);
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
  announce("Copied");
}
