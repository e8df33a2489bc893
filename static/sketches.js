// The sketches of the contact sheet. Each stays until the next one has come; one that is not wanted any more is dropped.
const sheet = document.querySelector(".sheet");
const AT_ONCE = 4; // requests; what waits here can still be dropped
const PAUSES = [700, 1500, 3000, 6000, 12000]; // ms; a busy server says "in a second"

let waiting = []; // images whose sketch was not asked for yet
const coming = new Set();

/** Shows the sketches of a draft. Those that are the same stay as they are. */
export function show(tiles, chosen) {
  waiting = [];
  [...sheet.querySelectorAll("button")].forEach((button, at) => {
    const tile = tiles[at];
    button.value = tile.address;
    button.setAttribute("aria-pressed", tile.address === chosen);
    const image = button.querySelector("img");
    image.alt = tile.about;
    const isThere = image.getAttribute("src") === tile.sketch;
    button.classList.toggle("coming", !isThere || coming.has(image));
    if (isThere) return;
    Object.assign(image.dataset, { next: tile.sketch, tries: 0, width: tile.width, height: tile.height });
    waiting.push(image);
  });
  // What was asked for and is not wanted any more leaves its place: the browser drops its request.
  for (const image of waiting) coming.delete(image);
  advance();
}

function advance() {
  while (waiting.length && coming.size < AT_ONCE) {
    const image = waiting.shift();
    coming.add(image);
    const { next, width, height } = image.dataset;
    Object.assign(image, { width, height, src: next });
  }
}

function end(image) {
  coming.delete(image);
  advance();
}

/** Asks once more for a sketch that a busy server did not paint, unless another has taken its place meanwhile. */
function again(image) {
  const source = image.getAttribute("src");
  const tries = Number(image.dataset.tries ?? 0);
  if (tries >= PAUSES.length) return;
  image.dataset.tries = tries + 1;
  setTimeout(() => {
    if (image.getAttribute("src") === source) image.src = source;
  }, PAUSES[tries] * (0.75 + Math.random() / 2));
}

for (const image of sheet.querySelectorAll("img")) {
  image.addEventListener("load", () => {
    if (!waiting.includes(image)) image.parentElement.classList.remove("coming");
    end(image);
  });
  image.addEventListener("error", () => {
    image.parentElement.classList.add("coming");
    end(image);
    again(image);
  });
  if (image.complete && !image.naturalWidth) image.dispatchEvent(new Event("error"));
}
