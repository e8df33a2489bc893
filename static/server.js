// Everything that is asked of the server, and small things that all parts of the page share.
const root = document.body.dataset.root;
export const readOnly = "readOnly" in document.body.dataset;
export const view = { series: document.body.dataset.series, words: "" };

/** An answer's data; throws an Error with a sentence for people. */
export async function ask(path, parameters = {}) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  let response, answer;
  try {
    response = await fetch(`${root}${path}${query.size ? `?${query}` : ""}`);
    answer = await response.json();
  } catch {
    throw new Error("The server cannot be reached. Try again in a moment.");
  }
  if (!response.ok) {
    const { details, message } = answer.error ?? {};
    throw Object.assign(new Error(details || message || "Something went wrong on the server."), { status: response.status });
  }
  return answer.data;
}

export const items = (after = "") => ask("/preview/items", { series: view.series, q: view.words, after });
export const portrait = (picture) => ask("/preview/picture", { picture, series: view.series, q: view.words });
export const runs = () => ask("/runs");
export const generate = (series, address) => ask(path(series, address), { generate: "1" });

export async function remove(series, address) {
  const response = await fetch(`${root}${path(series, address)}?remove=1`);
  if (!response.ok) throw new Error((await response.json()).error?.details || "The picture could not be removed.");
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
