// Comforts of forms: what is typed is kept on the server, codes and files are checked at once. Every form works without.
"use strict";
(() => {
  // Without a network there is an answer too: nothing came of it.
  const ask = (...what) => fetch(...what).catch(() => new Response(null, { status: 503 }));
  const say = (field, text, tone) => {
    const place = field.closest(".field")?.querySelector(".field-check");
    if (place) { place.textContent = text; place.dataset.tone = tone; }
  };

  // <input data-check="address">: the server says at once whether the value can be right; of what stands there now.
  document.addEventListener("change", async (event) => {
    const field = event.target, value = field.value;
    if (!field.dataset.check) return;
    say(field, "", "");
    if (!value.trim()) return;
    const answer = await ask(`${field.dataset.check}?value=${encodeURIComponent(value)}`);
    if (!answer.ok) return;
    const { text, tone } = await answer.json();
    if (field.value === value) say(field, text, tone);
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

  // <form data-draft="key">: what differs from what the server filled in is kept two seconds after the last word, and is
  // put back on the next visit. A single tick is a declaration: it is made anew.
  const never = new Set(["hidden", "password", "file", "submit", "button"]);
  const fields = (form) => [...form.elements].filter((one) => one.name && !never.has(one.type) && !(one.type === "checkbox" && one.value === "on"));
  const ticked = (field) => ["checkbox", "radio"].includes(field.type);
  const typed = (field) => {
    if (ticked(field)) return field.checked !== field.defaultChecked;
    if (!field.options) return field.value !== field.defaultValue;
    const lines = [...field.options], free = !field.multiple && !lines.some((line) => line.defaultSelected);
    return lines.some((line, n) => line.selected !== (line.defaultSelected || (free && n === 0)));
  };
  const names = (form, whole) => new Set(fields(form).filter((one) => whole || typed(one)).map((one) => one.name));
  const words = (form, whole) => {
    const all = new FormData(form);
    return Object.fromEntries([...names(form, whole)].map((name) => [name, all.getAll(name)]));
  };
  const refill = (form, kept) => {
    const newer = names(form);
    for (const field of fields(form)) {
      const values = kept[field.name];
      if (!values || newer.has(field.name)) continue;
      if (ticked(field)) field.checked = values.includes(field.value);
      else if (field.multiple && field.options) for (const line of field.options) line.selected = values.includes(line.value);
      else {
        const value = values.shift() ?? "";
        if (!field.options || [...field.options].some((line) => line.value === value)) field.value = value;
      }
      if (!typed(field)) continue;
      field.closest("details")?.setAttribute("open", "");
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  };
  for (const form of document.querySelectorAll("form[data-draft]")) {
    const { draft: key, drafts: door } = form.dataset;
    // The page shows the person's own words already (data-own, or with what is wrong): they are kept whole, nothing is put over them.
    const own = "own" in form.dataset || !!form.querySelector("#error-summary");
    const line = form.querySelector(".draft-line"), [said, drop] = line.children, back = said.textContent;
    let timer = 0, last = null;
    // One after the other: the last word is what is kept. The form's token tells the server which words come too late.
    const send = (extra) => {
      const { csrfmiddlewaretoken: csrf, idempotency_token: token } = form.elements;
      const body = new URLSearchParams({ csrfmiddlewaretoken: csrf.value, token: token?.value || "", key, ...extra });
      return (last = Promise.resolve(last).then(() => ask(door, { method: "POST", body })));
    };
    // Nothing is lost any more by leaving: the page need not ask, and the way back says so where there is a draft.
    const ways = [...form.querySelectorAll("a.cancel")].map((way) => [way, way.textContent]);
    const safe = (draft = true) => {
      form.dispatchEvent(new Event("kept", { bubbles: true }));
      for (const [way, plain] of ways) way.textContent = draft ? line.dataset.leave : plain;
    };
    const keep = async () => {
      timer = 0;
      const { ok, status } = await send({ data: JSON.stringify(words(form, own)) });
      const draft = status === 200; // 204: nothing is typed, nothing is kept
      said.textContent = draft ? line.dataset.saved : "";
      if (ok && !timer) safe(draft);
    };
    const found = () => {
      drop.hidden = false;
      safe();
    };
    const restore = async () => {
      const answer = await ask(`${door}?key=${encodeURIComponent(key)}`);
      if (answer.status !== 200) return;
      const { data, saved } = await answer.json();
      refill(form, data);
      said.textContent = `${line.dataset.restored} ${saved}`;
      found();
    };
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(keep, 2000); });
    form.addEventListener("submit", () => clearTimeout(timer));
    drop.addEventListener("click", async () => {
      clearTimeout(timer);
      if ((await send({ discard: "1" })).ok) location.reload();
    });
    // Other scripts of the page hear of the changes once they are there.
    addEventListener("load", back ? found : own ? keep : restore);
  }
})();
