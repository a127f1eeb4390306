// Comforts of forms: what is typed is kept on the server, codes and files are checked at once. Every form works without.
"use strict";
(() => {
  const say = (field, text, tone) => {
    const place = field.closest(".field")?.querySelector(".field-check");
    if (place) { place.textContent = text; place.dataset.tone = tone; }
  };

  // <input data-check="address">: the server says at once whether the value can be right.
  document.addEventListener("change", async (event) => {
    const field = event.target;
    if (!field.dataset.check || !field.value.trim()) return;
    const answer = await fetch(`${field.dataset.check}?value=${encodeURIComponent(field.value)}`);
    if (answer.ok) { const { text, tone } = await answer.json(); say(field, text, tone); }
  });

  // A file that would be refused is named before it is sent.
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.type !== "file" || !field.dataset.most) return;
    const kinds = (field.accept || "").toLowerCase().split(",").filter((kind) => kind.startsWith("."));
    for (const file of field.files) {
      const right = !kinds.length || kinds.some((kind) => file.name.toLowerCase().endsWith(kind));
      if (!right) return say(field, field.dataset.wrongKind, "bad");
      if (file.size > Number(field.dataset.most)) return say(field, field.dataset.tooLarge, "bad");
    }
    say(field, [...field.files].map((file) => file.name).join("、"), "good");
  });

  // <form data-draft="key">: kept two seconds after the last word, offered again on the next visit.
  const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value || "";
  const skipped = new Set(["csrfmiddlewaretoken", "idempotency_token", "draft_key"]);
  const filled = (form) => {
    const kept = [];
    for (const field of form.elements) {
      if (!field.name || skipped.has(field.name) || ["hidden", "password", "file", "submit", "button"].includes(field.type)) continue;
      if (["checkbox", "radio"].includes(field.type)) kept.push([field.name, field.value, field.checked]);
      else kept.push([field.name, field.value]);
    }
    return kept;
  };
  const refill = (form, kept) => {
    for (const [name, value, checked] of kept) {
      for (const field of form.elements) {
        if (field.name !== name || field.type === "hidden") continue;
        if (["checkbox", "radio"].includes(field.type)) { if (field.value === value) field.checked = checked; }
        else if (["text", "textarea", "number", "date", "tel", "email", "search", "select-one", "datetime-local", "url"].includes(field.type)) field.value = value;
      }
    }
  };
  const send = (form, extra) => fetch(form.dataset.drafts, {
    method: "POST", headers: { "X-CSRFToken": token() }, body: new URLSearchParams({ key: form.dataset.draft, ...extra }),
  });
  // What was sent last comes back if the answer was to sign in: the session had ended, and with it the draft's keeping.
  const sent = JSON.parse(sessionStorage.getItem("sent"));
  if (!location.pathname.includes("/accounts/")) sessionStorage.removeItem("sent");
  else if (sent) sessionStorage.setItem("sent", JSON.stringify({ ...sent, refused: true }));
  for (const form of document.querySelectorAll("form[data-draft]")) {
    const lost = sent?.refused && sent.key === form.dataset.draft && sent.writer === form.dataset.writer;
    const line = form.querySelector(".draft-line");
    let timer = 0;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const answer = await send(form, { data: JSON.stringify(filled(form)) });
        if (answer.ok) line.firstElementChild.textContent = line.dataset.saved;
      }, 2000);
    });
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      sessionStorage.setItem("sent", JSON.stringify({ key: form.dataset.draft, writer: form.dataset.writer, data: filled(form) }));
    });
    line.querySelector("button").addEventListener("click", async () => { await send(form, { discard: "1" }); location.reload(); });
    if (document.getElementById("error-summary")) continue;
    const restore = async () => {
      if (lost) await send(form, { data: JSON.stringify(sent.data) });
      const answer = await fetch(`${form.dataset.drafts}?key=${encodeURIComponent(form.dataset.draft)}`);
      if (answer.status !== 200) return;
      const { data, saved } = await answer.json();
      refill(form, data);
      line.firstElementChild.textContent = `${line.dataset.restored} ${saved}`;
      line.querySelector("button").hidden = false;
    };
    restore();
  }
})();
