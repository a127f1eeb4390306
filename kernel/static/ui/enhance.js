// Small comforts; every page works without this file.
"use strict";
(() => {
  // A form marked data-guard asks before the person leaves with changes that are neither sent nor kept as a draft.
  let dirty = false;
  document.addEventListener("input", (event) => {
    if (event.target.closest("form[data-guard]")) dirty = true;
  });
  for (const done of ["submit", "kept"]) document.addEventListener(done, () => { dirty = false; });
  window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });

  // <button data-copy="text"> copies and says so.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button || !navigator.clipboard) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    if (button.dataset.copied) button.lastElementChild.textContent = button.dataset.copied;
  });

  // A menu closes when the person looks elsewhere.
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
  };
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeMenus(null); });

  // <button data-opens="id"> opens a dialog; without a script it is not shown.
  for (const opener of document.querySelectorAll("[data-opens]")) {
    opener.hidden = false;
    opener.addEventListener("click", () => document.getElementById(opener.dataset.opens).showModal());
  }

  // <button data-print> prints the page; without a script a hint stands in its place.
  for (const printer of document.querySelectorAll("[data-print]")) {
    printer.hidden = false;
    printer.addEventListener("click", () => window.print());
  }

  // A table's head tick box ticks its column: <input type="checkbox" data-tick-all="name">.
  document.addEventListener("change", (event) => {
    const name = event.target.dataset.tickAll;
    if (!name) return;
    for (const box of event.target.form.querySelectorAll(`input[name="${name}"]`)) box.checked = event.target.checked;
  });

  // A page that says what to do when there is no network.
  navigator.serviceWorker?.register("/sw.js").catch(() => {});

  // After a form with errors, focus goes to the summary.
  document.getElementById("error-summary")?.focus();
})();
