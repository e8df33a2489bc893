// Theme and density: applied before the first paint, and remembered.
"use strict";
(() => {
  const root = document.documentElement;
  const load = (name) => { try { return localStorage.getItem(name) || ""; } catch { return ""; } };
  const save = (name, value) => { try { localStorage.setItem(name, value); } catch { /* private window */ } };
  const setTheme = (theme) => { if (theme) root.dataset.theme = theme; else delete root.dataset.theme; };
  const setDensity = (density) => { root.dataset.density = density || "2"; };
  root.classList.add("scripted");
  setTheme(load("theme"));
  setDensity(load("density"));
  addEventListener("DOMContentLoaded", () => {
    const slider = document.getElementById("density"); // not on every page
    // Dense pictures are small ones: the slider grows with the size.
    if (slider) slider.value = 5 - root.dataset.density;
    slider?.addEventListener("input", () => { setDensity(String(5 - slider.value)); save("density", root.dataset.density); });
    document.getElementById("theme").addEventListener("click", () => {
      const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
      const theme = (root.dataset.theme || system) === "dark" ? "light" : "dark";
      // Back at the system's theme, the page follows the system again.
      setTheme(theme === system ? "" : theme);
      save("theme", theme === system ? "" : theme);
    });
  });
})();
