// One picture of the grid.
import { element, short } from "./server.js";

const SIZES = "auto, 240px"; // browsers without `sizes=auto` for lazy pictures use the second value
const TALLEST = 4; // as on the server: thumbnails of higher pictures show their upper part
const items = new WeakMap();

export const itemOf = (tile) => items.get(tile);
export const name = (item) => `${item.series}/${item.address}`;

export function build(item) {
  const tile = element("li", { class: "tile" });
  items.set(tile, item);
  fill(tile, item);
  return tile;
}

/** Takes over a tile that the server rendered. */
export function adopt(tile) {
  const { series, address, time, image } = tile.dataset;
  const [link, picture, title] = [tile.querySelector("a"), tile.querySelector("img"), tile.querySelector(".name")];
  const src = picture.getAttribute("src");
  items.set(tile, {
    series, address, image, time: Number(time), page: link.getAttribute("href"),
    title: title.textContent === "Untitled" && picture.alt === address ? "" : picture.alt,
    small: src === image ? "" : src.replace(/256$/, ""), sketch: Boolean(tile.querySelector(".mark")),
    width: Number(picture.getAttribute("width")), paintingHeight: Number(picture.getAttribute("height")),
  });
  tile.append(...actions(items.get(tile)));
  markWhenBroken(picture);
}

/** Removes a tile for good. Chromium 156 never frees a picture that it removes with `sizes=auto`, nor what is around it. */
export function discard(tile) {
  for (const attribute of ["srcset", "sizes", "src"]) tile.querySelector("img").removeAttribute(attribute);
  tile.remove();
}

const actions = (item) => [element("button", {
  type: "button", class: "icon more", "aria-haspopup": "menu", "aria-label": `Actions for ${item.title || item.address}`,
}, element("span", { "aria-hidden": "true" }, "⋯"))];

function markWhenBroken(picture) {
  const mark = () => picture.closest(".tile")?.classList.add("broken");
  if (picture.complete && picture.getAttribute("src") && !picture.naturalWidth) mark();
  picture.addEventListener("error", mark, { once: true });
}

function fill(tile, item) {
  const width = item.width || 1, height = item.width ? Math.min(item.paintingHeight, TALLEST * item.width) : 1;
  const picture = element("img", {
    decoding: "async", loading: "lazy", width, height, alt: item.title || item.address,
    ...(item.small && { sizes: SIZES, srcset: [128, 256, 512].map((width) => `${item.small}${width} ${width}w`).join(", ") }),
    src: item.small ? `${item.small}256` : item.image,
  });
  markWhenBroken(picture);
  tile.append(
    element("a", { class: width > height ? "open wide" : "open", href: item.page }, picture),
    element("p", { class: "caption" }, element("span", { class: "name" }, item.title || "Untitled"), " ", element("code", {}, short(item.address)),
      ...(item.sketch ? [" ", element("span", { class: "mark" }, "sketch")] : [])),
    ...actions(item),
  );
}
