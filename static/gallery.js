// The gallery. Without this file the page still shows, pages, filters on the server and starts pictures.
import * as actions from "./actions.js";
import * as grid from "./grid.js";
import * as lightbox from "./lightbox.js";
import * as runs from "./runs.js";

grid.start();
actions.listen();
lightbox.start();
runs.start();
