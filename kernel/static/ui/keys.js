// Keys of the working pages; the dialog "shortcuts" lists them. Every page works without this file.
"use strict";
(() => {
  const places = document.querySelector("[data-keys]");
  const choice = document.querySelector("[data-shortcuts]");
  if (!places) return;
  const wanted = () => localStorage.getItem("shortcuts") !== "off";
  choice.checked = wanted();
  choice.addEventListener("change", () => localStorage.setItem("shortcuts", choice.checked ? "on" : "off"));

  const rows = () => [...document.querySelectorAll("main tbody tr")].map((row) => row.querySelector("a")).filter(Boolean);
  const step = (by) => {
    const links = rows();
    const now = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
    links[Math.min(Math.max(now + by, 0), links.length - 1)]?.focus();
  };
  const follow = (link) => link && link.click();
  const acts = {
    "?": () => document.getElementById("shortcuts").showModal(),
    "/": () => document.getElementById("header-q")?.focus(),
    j: () => step(1),
    k: () => step(-1),
    "[": () => follow(document.querySelector("a[rel=prev]")),
    "]": () => follow(document.querySelector("a[rel=next]")),
  };
  let after = "";
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog[open]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !wanted()) return;
    const place = after === "g" && places.dataset[`g${event.key}`];
    after = event.key;
    if (place) location.assign(place);
    else if (acts[event.key]) acts[event.key]();
    else return;
    event.preventDefault();
  });
})();
