"use strict";
// What is typed in the verification queue stays in this browser until its report is decided or its author signs out
// (staff_drafts.js). Kept is what differs from what was filled in; nothing of a rahasia report. All works without.
(() => {
  const pane = document.getElementById("pane"), PREFIX = `kawal-draf:${document.body.dataset.drafts}:verifikasi:`;
  if (!pane) return;
  const filledIn = new WeakMap();
  let shown = null;
  const stored = (act) => { try { return act(localStorage); } catch { return null; } };
  const keyOf = (article, form) => `${PREFIX}${article.dataset.number}:${form.dataset.act}`;
  const formsOf = (article) => ("secret" in article.dataset ? [] : [...article.querySelectorAll("form[data-act]")]);
  // That something was looked at is said anew each time.
  const typedIn = (form) => [...form.elements].filter((one) => one.name && one.name !== "diperiksa" && one.matches("input:not([type=hidden]), textarea"));
  const ticks = (one) => one.type === "checkbox" || one.type === "radio";

  const held = (form) => {
    const values = {};
    for (const one of typedIn(form)) {
      values[one.name] = values[one.name] || [];
      if (!ticks(one) || one.checked) values[one.name].push(one.value);
    }
    return values;
  };
  const keep = (article) => {
    for (const form of formsOf(article)) {
      const before = filledIn.get(form) || {};
      const changed = Object.entries(held(form)).filter(([name, values]) => String(values) !== String(before[name] || []));
      stored((store) => (changed.length ? store.setItem(keyOf(article, form), JSON.stringify({ at: Date.now(), typed: changed })) : store.removeItem(keyOf(article, form))));
    }
  };
  const bring = (form, draft) => {
    let notOffered = [];
    for (const [name, values] of draft) {
      const missing = new Set(values);
      for (const one of typedIn(form).filter((field) => field.name === name)) {
        if (ticks(one)) { one.checked = values.includes(one.value); missing.delete(one.value); } else { [one.value] = values; missing.clear(); }
        if (one.closest("details")) one.closest("details").open = true;
      }
      if (name === "opd") { form.querySelector("[data-opd-list]").dataset.touched = ""; notOffered = [...missing]; }
    }
    if (notOffered.length) form.elements.opd_lain.value = [form.elements.opd_lain.value, ...notOffered].filter(Boolean).join(", ");
  };
  const opened = (article) => {
    if (shown) keep(shown);
    shown = article;
    if (!article) return;
    for (const form of formsOf(article)) {
      if (filledIn.has(form)) continue;
      filledIn.set(form, held(form));
      const text = article.querySelector("[data-look]") ? null : stored((store) => store.getItem(keyOf(article, form)));
      if (text) try { bring(form, JSON.parse(text).typed); } catch { /* a damaged one brings nothing */ }
    }
  };
  const forget = (number) => {
    if (shown && shown.dataset.number === number) shown = null;
    stored((store) => { for (const key of Object.keys(store)) if (key.startsWith(`${PREFIX}${number}:`)) store.removeItem(key); });
  };

  const { sudah } = Object.fromEntries(new URLSearchParams(location.search));
  if (sudah) forget(sudah);
  opened(pane.querySelector("article"));
  document.addEventListener("terbuka", ({ detail }) => opened(detail));
  document.addEventListener("diputuskan", ({ detail }) => forget(detail));
  for (const event of ["input", "change"]) pane.addEventListener(event, () => { if (shown) keep(shown); });
  addEventListener("pagehide", () => { if (shown) keep(shown); });
  for (const form of document.querySelectorAll("form[action='/keluar']")) form.addEventListener("submit", () => { shown = null; });
})();
