// What the reader sees first stays where it is while tiles come and go above it.
import { TILE, gallery, tiles } from "./sections.js";

const header = document.querySelector(".top");
let seen = { tile: null, top: 0 };

/** Returns the first tile of which at least the half can be seen. */
export function firstVisible() {
  const line = header.getBoundingClientRect().bottom;
  return tiles().find((tile) => {
    const { top, height } = tile.getBoundingClientRect();
    return height && top + height / 2 > line;
  });
}

/** Notes what is seen first, and returns it. */
export function look() {
  const tile = firstVisible() ?? null;
  seen = { tile, top: tile ? tile.getBoundingClientRect().top : 0 };
  return tile;
}

/** Scrolls until the tile that was noted is where it was. */
export function restore() {
  if (!seen.tile?.isConnected || !seen.tile.matches(TILE)) return;
  const moved = seen.tile.getBoundingClientRect().top - seen.top;
  if (Math.abs(moved) > 0.5) scrollBy({ top: moved, behavior: "instant" });
}

/** Changes the list. Browsers that would scroll by themselves are kept from it meanwhile. */
export function keepingPlace(change) {
  look();
  gallery.style.overflowAnchor = "none";
  change();
  restore();
  requestAnimationFrame(() => { gallery.style.overflowAnchor = ""; });
}
