// One picture of the grid. Tiles far from the screen keep their place and give up what is inside: memory stays flat.
import { make, short } from "./server.js";

const SIZES = "auto, 240px"; // a browser that cannot tell the size of a lazy picture itself takes the usual one
const TALL = 1.5; // as in the template: what is higher shows its middle
const kept = new WeakMap();
const nearness = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) isIntersecting ? fill(target) : drain(target);
}, { rootMargin: "1500px 0px" });

export const about = (tile) => kept.get(tile);
export const name = (item) => `${item.series}/${item.address}`;

export function build(item) {
  const tile = make("li", { class: item.height > TALL * item.width ? "tile tall" : "tile" });
  kept.set(tile, item);
  fill(tile);
  nearness.observe(tile);
  return tile;
}

/** Take over a tile that the server wrote. */
export function adopt(tile) {
  const { series, address, time, image } = tile.dataset;
  const [link, picture, title] = [tile.querySelector("a"), tile.querySelector("img"), tile.querySelector(".name")];
  const src = picture.getAttribute("src");
  kept.set(tile, {
    series, address, image, time: Number(time), page: link.getAttribute("href"),
    title: title.textContent === "Untitled" && picture.alt === address ? "" : picture.alt,
    small: src === image ? "" : src.replace(/256$/, ""), sketch: Boolean(tile.querySelector(".mark")),
  });
  tile.append(...actions(kept.get(tile)));
  guard(picture);
  nearness.observe(tile);
}

/** The tile's link, also of one that has given it up. */
export function entrance(tile) {
  fill(tile);
  return tile.querySelector("a");
}

export function discard(tile) {
  nearness.unobserve(tile);
  tile.remove();
}

const actions = (item) => [make("button", {
  type: "button", class: "icon more", "aria-haspopup": "menu", "aria-label": `Actions for ${item.title || item.address}`,
}, make("span", { "aria-hidden": "true" }, "⋯"))];

function guard(picture) {
  const mark = () => picture.closest(".tile")?.classList.add("broken");
  if (picture.complete && picture.getAttribute("src") && !picture.naturalWidth) mark();
  picture.addEventListener("error", mark, { once: true });
}

function fill(tile) {
  if (tile.firstChild) return;
  const item = kept.get(tile);
  const picture = make("img", {
    decoding: "async", loading: "lazy", width: "256", height: "256", alt: item.title || item.address,
    ...(item.small && { sizes: SIZES, srcset: [128, 256, 512].map((width) => `${item.small}${width} ${width}w`).join(", ") }),
    src: item.small ? `${item.small}256` : item.image,
  });
  guard(picture);
  tile.append(
    make("a", { class: "open", href: item.page }, picture),
    make("p", { class: "caption" }, make("span", { class: "name" }, item.title || "Untitled"), " ", make("code", {}, short(item.address)),
      ...(item.sketch ? [" ", make("span", { class: "mark" }, "sketch")] : [])),
    ...actions(item),
  );
}

function drain(tile) {
  if (tile.contains(document.activeElement)) return;
  tile.replaceChildren();
}
