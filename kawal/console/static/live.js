"use strict";
// What others change shows by itself: the lists and their counts, and one line of words. Never touched are the form that
// somebody works in, what is typed or ticked, and what has the focus. Only a page that is seen holds a stream.
(() => {
  const line = document.getElementById("perubahan");
  if (!line || !window.EventSource) return;
  const { stream, number, seq, look } = line.dataset, HUSH = 700, PAUSE = 1000, OWN = 400;
  let source = null, ended = false, busy = false, wanted = false, words = ["", false], hushed = false, later = 0, soon = 0;

  // --- The line: at most one sentence in a while, the last one ---------------------------------------------------------
  const write = (text, link) => {
    line.textContent = text;
    if (!link || !text) return;
    const a = document.createElement("a");
    a.href = location.pathname + location.search;
    a.textContent = look;
    a.className = "alone";
    line.append(" ", a);
  };
  const tell = (text, link = false) => {
    words = [text, link];
    if (hushed) return;
    hushed = true;
    const at = () => { const said = words; write(...said); setTimeout(() => { if (words !== said) at(); else hushed = false; }, HUSH); };
    at();
  };

  // --- The lists -------------------------------------------------------------------------------------------------------
  const changed = (field) => {
    if (field.type === "hidden") return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
    return field.selectedIndex !== Math.max(0, [...field.options].findIndex((one) => one.defaultSelected));
  };
  const worked = (li) => li.querySelector("form") && (li.contains(document.activeElement) || li.querySelector("details[open]:not([data-open])")
    || [...li.querySelectorAll("input,textarea,select")].some(changed));
  const withFocus = (region, act) => { // a link that had the focus has it again
    const at = document.activeElement, href = region.contains(at) && at !== region ? at.getAttribute("href") : null;
    act();
    const same = href && region.querySelector(`a[href="${CSS.escape(href)}"]`);
    if (same && document.activeElement !== same) same.focus({ preventScroll: true });
  };
  const seen = (li) => li.outerHTML.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ""); // each form's own key is new each time
  const merge = (list, fresh) => {
    const now = new Map([...fresh].map((li) => [li.id, li])), same = (li) => now.has(li.id) && seen(now.get(li.id)) === seen(li);
    const kept = new Map([...list.children].filter((li) => same(li) || worked(li)).map((li) => [li.id, li]));
    for (const li of [...list.children]) if (!kept.has(li.id)) li.remove();
    let before = list.firstElementChild;
    for (const li of [...fresh]) {
      const mine = kept.get(li.id);
      if (mine) before = mine.nextElementSibling; else list.insertBefore(document.adoptNode(li), before);
    }
  };
  const put = (page) => {
    for (const region of document.querySelectorAll("[data-live]")) {
      const fresh = page.getElementById(region.id);
      if (region.tagName === "OL") {
        withFocus(region, () => merge(region, fresh ? fresh.children : []));
        const part = region.closest("section"); // a heading without a list says nothing
        if (part) part.hidden = !fresh && !region.children.length;
      }
      else if (fresh && fresh.innerHTML !== region.innerHTML) withFocus(region, () => region.replaceChildren(...fresh.childNodes));
    }
    if ([...page.querySelectorAll("[data-live]")].some((one) => !document.getElementById(one.id))) tell(words[0], true); // the last sentence, which may still wait
  };
  const own = document.querySelector("[data-live]:not([data-live=''])");
  const address = () => { const url = new URL(own ? own.dataset.live : location.href, location.href); url.searchParams.set("bagian", "daftar"); url.hash = ""; return url; };
  const refresh = async () => {
    if (number || !document.querySelector("[data-live]")) return; // one report's page only says so
    if (busy) { wanted = true; return; }
    busy = true;
    wanted = false;
    const began = performance.now();
    try {
      const answer = await fetch(address(), { headers: { Accept: "text/html" }, cache: "no-store", redirect: "manual" });
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        put(page);
        document.dispatchEvent(new CustomEvent("perubahan", { detail: { page, began } }));
      }
    } catch { /* the next change asks again */ }
    setTimeout(() => { busy = false; if (wanted) refresh(); }, Math.max(PAUSE, 10 * (performance.now() - began)));
  };

  // --- The stream ------------------------------------------------------------------------------------------------------
  const heard = (event) => {
    const told = JSON.parse(event.data);
    if (number) { if (told.nomor === number && told.langkah > Number(seq)) tell(told.kalimat, true); return; }
    if (!told.sendiri) { tell(told.kalimat); refresh(); return; }
    // Of one's own steps more may be under way, whose answer would wait for the list.
    soon = soon || setTimeout(() => { soon = 0; refresh(); }, OWN);
  };
  const present = (event) => { // who else has this report open
    const told = JSON.parse(event.data), others = document.getElementById("juga-di-sini");
    if (!others || told.nomor !== number) return;
    others.textContent = told.kalimat;
    others.hidden = !told.kalimat;
  };
  const close = () => { clearTimeout(later); if (source) source.close(); source = null; };
  const open = () => {
    if (source || ended || document.visibilityState !== "visible") return;
    clearTimeout(later);
    source = new EventSource(number ? `${stream}?laporan=${number}` : stream);
    source.addEventListener("laporan", heard);
    source.addEventListener("hadir", present);
    source.addEventListener("ulang", refresh);
    source.addEventListener("selesai", (event) => { ended = true; close(); tell(JSON.parse(event.data).kalimat); });
    source.onerror = () => { if (source && source.readyState === EventSource.CLOSED) { close(); later = setTimeout(open, 30000); } };
  };
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") open(); else close(); });
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  open();
})();
