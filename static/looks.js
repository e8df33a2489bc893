// Theme and density, set before anything is painted; both are remembered.
"use strict";
(() => {
  const root = document.documentElement;
  const recall = (name) => { try { return localStorage.getItem(name) || ""; } catch { return ""; } };
  const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* private window */ } };
  const shine = (theme) => { if (theme) root.dataset.theme = theme; else delete root.dataset.theme; };
  const crowd = (density) => { root.dataset.density = density || "2"; };
  root.classList.add("scripted");
  shine(recall("theme"));
  crowd(recall("density"));
  addEventListener("DOMContentLoaded", () => {
    const slider = document.getElementById("density");
    slider.value = root.dataset.density;
    slider.addEventListener("input", () => { crowd(slider.value); keep("density", slider.value); });
    document.getElementById("theme").addEventListener("click", () => {
      const usual = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
      const theme = (root.dataset.theme || usual) === "dark" ? "light" : "dark";
      // Back at what the system wants, the page follows the system again.
      shine(theme === usual ? "" : theme);
      keep("theme", theme === usual ? "" : theme);
    });
  });
})();
