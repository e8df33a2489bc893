// The gallery. Without this file the page still works: the server renders, pages and filters it; a form starts pictures.
import * as actions from "./actions.js";
import * as counting from "./counting.js";
import * as grid from "./grid.js";
import * as lightbox from "./lightbox.js";
import * as menu from "./menu.js";
import * as place from "./place.js";
import * as runs from "./runs.js";
import * as scrubber from "./scrubber.js";
import * as selection from "./selection.js";

grid.start();
counting.start();
scrubber.start();
place.start();
actions.start();
menu.start();
lightbox.start();
runs.start();
selection.start();
