// The gallery. Without this file the page still works: the server renders, pages and filters it; a form starts pictures.
import * as actions from "./actions.js";
import * as grid from "./grid.js";
import * as lightbox from "./lightbox.js";
import * as menu from "./menu.js";
import * as runs from "./runs.js";

grid.start();
actions.start();
menu.start();
lightbox.start();
runs.start();
