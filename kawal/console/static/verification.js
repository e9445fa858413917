"use strict";
// The verification queue by keys. What a form holds when its key goes down is what is sent; the next report is there
// before the answer is. Everything works without this: each act is a plain form.
(() => {
  const root = document.getElementById("verification");
  if (!root) return;
  const { path, token } = root.dataset, keysOn = root.dataset.keys === "1", AHEAD = 6;
  const $ = (id) => document.getElementById(id), pane = $("pane"), takeBack = $("take-back");
  const say = (name, values = {}) => root.dataset[name].replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
  const lines = new Map([...document.querySelectorAll("#queue li[data-number]")].map((li) => [li.dataset.number, li]));
  const order = [...lines.keys()], ahead = new Map(), kept = new Map(), gone = new Set(), marked = new Set(), back = [], left = new Set(), done = new Map();
  let current = pane.querySelector("article"), underWay = 0, wanted = null, named = [];

  const tell = (text, good) => { const p = $("status"); p.textContent = text; p.className = good ? "good" : "notice"; };
  const number = () => current && current.dataset.number;
  const made = (html) => { const t = document.createElement("template"); t.innerHTML = html; return t.content.querySelector("article"); };
  const field = (name, value) => current.querySelector(`[name="${name}"]` + (value === undefined ? "" : `[value="${value}"]`));

  const ask = (where, form) => fetch(where, {
    method: form ? "POST" : "GET", body: form, headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store",
  });

  // What an answer says: JSON; or the words of an error's page; or that one has to sign in again.
  const heard = async (answer) => {
    if (answer.type === "opaqueredirect") return { kalimat: say("signin") };
    if ((answer.headers.get("content-type") || "").includes("json")) return answer.json();
    const main = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
    return { kalimat: main ? main.textContent.replace(/\s+/g, " ").trim() : "" };
  };

  // Marks stand also after a page that leads back here, such as the one on which photos are blacked out: in this tab.
  const MARKS = `kawal-draf:${document.body.dataset.drafts}:tanda`;
  const keepMarks = () => {
    try { if (marked.size) sessionStorage.setItem(MARKS, JSON.stringify({ at: Date.now(), marked: [...marked] })); else sessionStorage.removeItem(MARKS); } catch { /* not kept */ }
  };
  const bringMarks = () => {
    let before = [];
    try { before = JSON.parse(sessionStorage.getItem(MARKS)).marked; } catch { /* none */ }
    for (const one of before) { const box = lines.has(one) && lines.get(one).querySelector("[type=checkbox]:enabled"); if (box) { box.checked = true; marked.add(one); } }
  };

  // --- Which report comes next, and having it here before ------------------------------------------------------------
  const free = (one) => !gone.has(one) && !("colleague" in lines.get(one).dataset);
  const following = (from) => {
    const at = order.indexOf(from) + 1;
    return [...order.slice(at), ...order.slice(0, Math.max(0, at - 1))].filter((one) => one !== from && free(one) && !marked.has(one));
  };
  // What is fetched beside a decision makes its answer come later: so one decision alone is waited for, several are not.
  const fetchAhead = () => {
    const missing = following(number() || wanted).slice(0, AHEAD).filter((one) => !kept.has(one) && !ahead.has(one) && !("secret" in lines.get(one).dataset));
    if (underWay === 1 && missing.length <= AHEAD / 2) return;
    for (const one of missing) {
      const entry = { html: null };
      entry.coming = ask(`${path}/${one}/isi?awal=1`).then(async (answer) => { entry.html = answer.ok ? await answer.text() : ""; }).catch(() => ahead.delete(one));
      ahead.set(one, entry);
    }
  };
  const put = (article, one) => {
    current = article;
    wanted = null;
    pane.replaceChildren(article);
    for (const li of lines.values()) li.removeAttribute("aria-current");
    if (lines.has(one)) { lines.get(one).setAttribute("aria-current", "true"); lines.get(one).scrollIntoView({ block: "nearest" }); }
    history.replaceState(null, "", `${path}/${one}`);
    article.focus({ preventScroll: true });
    article.scrollIntoView({ block: "nearest" });
    document.dispatchEvent(new CustomEvent("terbuka", { detail: article }));
    setTimeout(() => { if (number() === one) here(); }, 800); // not for what is only passed by
    fetchAhead();
  };
  const show = async (one) => {
    current = null;
    wanted = one;
    if (one === undefined) { wanted = null; pane.textContent = say("empty"); return; }
    if (kept.has(one)) return put(kept.get(one), one);
    const entry = ahead.get(one);
    if (entry && entry.html) return put(made(entry.html), one);
    pane.textContent = say("loading");
    if (entry && entry.html === null) await entry.coming;
    const html = entry && entry.html ? entry.html : await ask(`${path}/${one}/isi`).then((a) => (a.ok ? a.text() : ""), () => "");
    if (wanted !== one) return; // something else was asked for meanwhile
    const article = made(html);
    if (article) put(article, one); else { gone.add(one); location.assign(`${path}/${one}`); }
  };
  const keep = () => { if (current) kept.set(number(), current); };
  const next = () => { const from = number() || wanted; keep(); return show(back.shift() || following(from)[0]); };
  const previous = () => {
    const from = number(), before = order.slice(0, order.indexOf(from)).filter(free);
    if (before.length) { keep(); show(before.at(-1)); }
  };

  // --- Who else is here -----------------------------------------------------------------------------------------------
  const here = async () => {
    const one = number();
    if (!one || document.visibilityState !== "visible") return;
    const form = new URLSearchParams([["formulir", token], ...order.filter((n) => lines.get(n).isConnected).slice(0, 55).map((n) => ["nomor", n])]);
    const answer = await ask(`${path}/${one}/hadir?bagian=hadir`, form).catch(() => null);
    if (!answer || !answer.ok) return;
    const others = await answer.json();
    for (const [n, li] of lines) {
      if (others[n]) li.dataset.colleague = ""; else delete li.dataset.colleague;
      li.querySelector(".who").textContent = others[n] ? say("other", { name: others[n] }) : "";
    }
    if (number() === one) current.querySelector("[data-colleague]").textContent = others[one] ? say("here", { name: others[one] }) : "";
  };
  setInterval(here, 20000);

  // --- What others changed: who has left the queue, who is new; the pane is never touched --------------------------
  const update = (li, fresh) => {
    for (const part of [".left", ".hint:not(.who)", ".who"]) { const at = li.querySelector(part), now = fresh.querySelector(part); if (at.innerHTML !== now.innerHTML) { at.className = now.className; at.replaceChildren(...now.childNodes); } }
    if ("colleague" in fresh.dataset) li.dataset.colleague = ""; else delete li.dataset.colleague;
  };
  document.addEventListener("perubahan", ({ detail }) => {
    const queue = $("queue"), fresh = new Map([...detail.page.querySelectorAll("#queue li[data-number]")].map((li) => [li.dataset.number, li]));
    for (const [one, li] of lines) {
      if (fresh.has(one) || gone.has(one) || marked.has(one) || one === number() || one === wanted) continue;
      li.remove();
      gone.add(one);
      left.add(one);
      ahead.delete(one);
    }
    let before = queue.firstElementChild;
    for (const [one, li] of fresh) {
      if (gone.has(one) && (left.has(one) || done.get(one) < detail.began)) { gone.delete(one); left.delete(one); done.delete(one); lines.delete(one); }
      if (gone.has(one)) continue;
      const mine = lines.get(one);
      if (mine && mine.isConnected) { update(mine, li); before = mine.nextElementSibling; continue; }
      lines.set(one, queue.insertBefore(document.adoptNode(li), before));
    }
    for (const li of queue.querySelectorAll("li:not([data-number])")) if (lines.size) li.remove();
    const late = order.filter((one) => !fresh.has(one));
    order.splice(0, order.length, ...fresh.keys(), ...late);
    fetchAhead();
  });

  // --- Sending --------------------------------------------------------------------------------------------------------
  const result = (one, text, good) => {
    const li = document.createElement("li");
    li.textContent = text;
    if (!good) li.className = "fault";
    $("results").prepend(li);
    while ($("results").children.length > 30) $("results").lastChild.remove();
    tell(text, good);
  };
  const complain = (article, told, text) => {
    const why = article.querySelector("[data-why]");
    why.textContent = [text, ...Object.values((told && told.salah) || {})].join(" ");
    why.hidden = false;
    why.tabIndex = -1;
    return why;
  };
  const refused = (one, article, told, text) => {
    gone.delete(one);
    result(one, text, false);
    if (told && told.apa === "teruskan" && article.querySelector("form[data-act=putuskan]")) { kept.delete(one); ahead.delete(one); } // half done: a page with the rest
    else {
      complain(article, told, text);
      article.dataset.returned = "";
      kept.set(one, article);
    }
    if (current || wanted) back.push(one); else show(one);
  };
  const send = async (article, form, button) => {
    const one = article.dataset.number, where = (button && button.formAction) || form.action;
    const content = new URLSearchParams(new FormData(form));
    gone.add(one);
    marked.delete(one);
    keepMarks();
    underWay += 1;
    if (article === current) next();
    kept.set(one, article);
    tell(say("sending", { number: one }), true);
    let told = null, good = false;
    try {
      const answer = await ask(where, content);
      told = await heard(answer);
      good = answer.ok;
    } catch { told = null; }
    underWay -= 1;
    if (!underWay) fetchAhead();
    if (good) {
      kept.delete(one);
      if (lines.has(one)) lines.get(one).remove();
      done.set(one, performance.now());
      document.dispatchEvent(new CustomEvent("diputuskan", { detail: one }));
      result(one, told.kalimat, true);
      if (told.tarik) { takeBack.action = `${path}/${one}/tarik`; takeBack.hidden = false; takeBack.elements.kunci.value = crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2) + Date.now(); }
    } else refused(one, article, told, told && told.kalimat ? say("refused", { number: one, why: told.kalimat }) : say("away", { number: one }));
  };
  addEventListener("beforeunload", (event) => { if (underWay || back.length) event.preventDefault(); });

  // What the public will see changes on the spot; all else stays as it was typed, here and in the reports kept.
  const publish = async (form, button) => {
    const article = current, one = number(), content = new URLSearchParams(new FormData(form));
    if (button.name) content.append(button.name, button.value);
    button.disabled = true;
    article.dataset.changing = "";
    const answer = await ask(button.formAction, content).catch(() => null);
    const fresh = answer && answer.ok ? made(await answer.text()) : null;
    button.disabled = false;
    delete article.dataset.changing;
    if (!fresh) {
      const told = answer ? await heard(answer).catch(() => null) : null;
      look(complain(article, told, told && told.kalimat ? told.kalimat : say("away", { number: one })));
      return;
    }
    article.querySelector("[data-why]").hidden = true;
    for (const part of article.querySelectorAll("[data-part]")) {
      const now = fresh.querySelector(`[data-part=${part.dataset.part}]`);
      if (now && !part.isEqualNode(now)) part.replaceWith(now);
    }
    const title = article.querySelector("[name=judul]"), shown = fresh.querySelector("[name=judul]");
    if (title && shown && shown.value !== content.get("judul")) title.value = shown.value;
    tell(fresh.dataset.told, true);
    if (article === current && !article.contains(document.activeElement)) article.focus({ preventScroll: true });
  };

  // --- The decision ---------------------------------------------------------------------------------------------------
  const look = (element) => { element.focus(); element.scrollIntoView({ block: "center" }); return false; };
  const ready = (article, handled) => {
    if ("changing" in article.dataset) return false; // what the public will see is not shown yet
    if ("returned" in article.dataset) { delete article.dataset.returned; return look(article.querySelector("[data-why]")); }
    const stop = article.querySelector(`[data-stops] input[type=checkbox]:not(:checked)${handled ? ":not([value=tanpa_opd])" : ""}`);
    if (stop) return look(stop);
    const title = article.querySelector("[name=judul]"), other = article.querySelector("[name=kategori]:checked"), typed = article.querySelector("[name=kategori_lain]");
    if (title && !title.value.trim()) return look(title);
    if (typed && !(other && other.value) && !typed.value.trim()) return look(typed);
    const opd = article.querySelector("[name=opd_lain]");
    return handled || article.querySelector("[name=opd]:checked") || opd.value.trim() ? true : look(opd);
  };
  const decide = () => {
    const form = current.querySelector("form[data-decision]"), closed = current.querySelector("form[data-act=buka] button");
    if (closed) return look(closed);
    if (!form) return next();
    if (ready(current)) send(current, form);
  };
  const handle = () => {
    const button = current.querySelector("[data-act=kelola]");
    if (button && ready(current, true)) send(current, button.form, button);
  };
  const openSecret = async (form) => {
    const one = number(), answer = await ask(form.action, new URLSearchParams(new FormData(form))).catch(() => null);
    const article = answer && answer.ok ? made(await answer.text()) : null;
    if (article && number() === one) put(article, one); else tell(say("away", { number: one }), false);
  };
  const tick = (stop) => { const box = current.querySelector(`[data-stops] [value="${stop}"][type=checkbox]`); if (box) box.checked = true; };
  const opdLine = (code, checked) => {
    const label = document.createElement("label"), box = document.createElement("input"), hint = document.createElement("span");
    Object.assign(box, { type: "checkbox", name: "opd", value: code, checked });
    label.className = "tick";
    hint.className = "hint";
    hint.textContent = ($("opd-names").querySelector(`[value="${code}"]`) || {}).textContent || "";
    label.append(box, code, " ", hint);
    return label;
  };
  const rank = (codes) => {
    const list = current.querySelector("[data-opd-list]"), touched = "touched" in list.dataset;
    const chosen = touched ? [...list.querySelectorAll(":checked")].map((box) => box.value) : codes.slice(0, 1);
    list.replaceChildren(...[...new Set([...codes, ...chosen])].map((code) => opdLine(code, chosen.includes(code))));
  };
  const chooseCategory = (radio) => {
    if (!radio) return;
    radio.checked = true;
    tick("ragu");
    if (radio.dataset.opds) rank(radio.dataset.opds.split(" "));
  };
  const chooseOpd = (code) => {
    const list = current.querySelector("[data-opd-list]");
    list.dataset.touched = "";
    tick("tanpa_opd");
    const box = list.querySelector(`[value="${code}"]`);
    if (box) box.checked = true; else list.append(opdLine(code, true));
  };

  // --- Finding a category or an OPD by the beginnings of its words (as kawal.domain.verification.named) --------------
  const words = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) || [];
  const begun = (asked, name) => { const all = words(name); return asked.every((one) => all.some((word) => word.startsWith(one))); };
  const matches = (typed, names) => {
    const asked = words(typed);
    if (!asked.length) return [];
    const found = names.filter((name) => begun(asked, name)), exact = found.filter((name) => words(name).sort().join() === [...asked].sort().join());
    if (exact.length === 1) return exact;
    const last = (name) => (begun(asked, name.split(" / ").at(-1)) ? 0 : 1);
    return found.map((name, at) => [last(name), at, name]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map((one) => one[2]);
  };
  ask(`${path}/pilihan.json`).then((a) => (a.ok ? a.json() : [])).then((all) => { named = all; }, () => {});
  const found = (input) => {
    const opd = input.dataset.find === "opd", names = opd ? [...$("opd-names").options].map((one) => `${one.value} ${one.textContent}`) : named.map((one) => one[0]);
    const all = matches(input.value, names), at = Math.min(Number(input.dataset.at || 0), Math.max(0, all.length - 1));
    input.parentElement.querySelector("[data-found]").textContent = !input.value.trim() ? "" : all.length ? all.slice(at, at + 4).map((one, n) => (n ? one : `→ ${one}`)).join(" · ") : say("none");
    return all[at];
  };
  const accept = (input) => {
    const name = found(input);
    if (!name) return !input.value.trim();
    if (input.dataset.find === "opd") { chooseOpd(name.split(" ")[0]); input.value = ""; }
    else {
      const other = current.querySelector("[name=kategori][data-other]");
      input.value = name;
      other.dataset.opds = ((named.find((one) => one[0] === name) || [])[1] || []).join(" ");
      chooseCategory(other);
    }
    input.parentElement.querySelector("[data-found]").textContent = "";
    return true;
  };
  pane.addEventListener("input", (event) => { if (event.target.dataset.find) { event.target.dataset.at = 0; found(event.target); } });
  pane.addEventListener("change", (event) => {
    if (event.target.name === "kategori") chooseCategory(event.target);
    if (event.target.name === "opd") event.target.closest("[data-opd-list]").dataset.touched = "";
  });

  // --- Buttons and keys -----------------------------------------------------------------------------------------------
  const submitted = (form, button) => {
    const act = (button && button.dataset.act) || form.dataset.act;
    if (act === "buka") return openSecret(form);
    if (act === "kelola") return handle();
    if (act === "sunting" || act === "rilis") return publish(form, button);
    return form.matches("[data-decision]") ? decide() : send(current, form);
  };
  pane.addEventListener("submit", (event) => {
    if (!(event.target.dataset.act || (event.submitter && event.submitter.dataset.act)) || !current) return;
    event.preventDefault();
    submitted(event.target, event.submitter);
  });
  takeBack.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await ask(takeBack.action, new URLSearchParams(new FormData(takeBack))).catch(() => null);
    const told = answer ? await heard(answer).catch(() => null) : null, good = Boolean(answer && answer.ok && told);
    result("", told ? [told.kalimat, ...Object.values(told.salah || {})].join(" ") : say("away", { number: "" }), good);
    if (good) { takeBack.hidden = true; takeBack.reset(); if (current) current.focus(); }
  });
  pane.addEventListener("click", (event) => { if (event.detail && current && event.target.matches("[type=radio],[type=checkbox]")) current.focus({ preventScroll: true }); });
  const side = async () => {
    const box = current.querySelector("[data-side]"), link = current.querySelector("[data-likenesses] a");
    if (!link) return;
    box.hidden = !box.hidden;
    if (box.hidden || box.firstChild) return;
    const answer = await ask(`${link.href}?potongan=1`).catch(() => null);
    if (answer && answer.ok) { box.innerHTML = await answer.text(); box.tabIndex = -1; look(box); }
  };
  const open = (letter) => {
    const act = current.querySelector(`details.act[data-letter="${letter}"]`);
    if (act) { act.open = true; look(act.querySelector("textarea, input:not([type=hidden])")); }
  };
  const mark = () => {
    const one = number(), box = lines.has(one) && lines.get(one).querySelector("[type=checkbox]");
    if (!box || box.disabled || !current.querySelector("form[data-act=putuskan]") || !ready(current)) return;
    if (marked.delete(one)) box.checked = false; else { marked.add(one); box.checked = true; next(); }
    keepMarks();
    tell(say("marked", { count: marked.size }), true);
  };
  const sendMarked = () => {
    const articles = new Map([...marked].map((one) => [one, one === number() ? current : kept.get(one)]));
    for (const article of articles.values()) if (article) send(article, article.querySelector("form[data-act=putuskan]"));
    const unseen = [...articles.keys()].find((one) => !articles.get(one)); // marked before the page was opened: only what was shown is sent
    if (unseen) { keep(); show(unseen); tell(say("marked", { count: marked.size }), true); }
  };
  const cycle = () => { const all = [...current.querySelectorAll("[name=kelas]")]; if (all.length) all[(all.findIndex((one) => one.checked) + 1) % all.length].checked = true; };
  const KEYS = {
    Enter: decide, j: next, k: previous, x: mark, c: cycle, o: handle, d: side,
    t: () => { const title = field("judul"); if (title) { look(title); title.select(); } },
    p: () => { const box = field("pengawasan"); if (box) { box.checked = !box.checked; tick("pengawasan"); } },
    y: () => { const box = current.querySelector("[data-stops] input[type=checkbox]:not(:checked)"); if (box) box.checked = true; },
    f: () => { const link = current.querySelector("[data-files] a"); if (link) look(link); },
    b: () => { const form = current.querySelector("form[data-act=buka]"); if (form) openSecret(form); },
    "+": () => { const input = field("opd_lain"); if (input) look(input); },
    h: () => open("h"), a: () => open("a"), w: () => open("w"), m: () => open("m"),
  };
  const ANYWHERE = {
    "/": () => $("cari").focus(),
    "?": () => { $("keys").open = !$("keys").open; look($("keys").querySelector("summary")); },
    u: () => { if (!takeBack.hidden) look(takeBack.elements.alasan); },
  };
  const digit = (event) => { const one = /^(?:Digit|Numpad)([1-4])$/.exec(event.code); return one ? Number(one[1]) : 0; };
  const inField = (event, target) => {
    const control = event.ctrlKey || event.metaKey;
    if (event.key === "Escape" && current) { target.blur(); current.focus({ preventScroll: true }); return; }
    if (!current || !pane.contains(target)) return;
    if (event.key === "y" && keysOn && target.closest("[data-stops]")) { // Enter has led here: the key beside it acts
      event.preventDefault();
      KEYS.y();
      return current.focus({ preventScroll: true });
    }
    if (target.dataset.find && event.key === "ArrowDown") { target.dataset.at = Number(target.dataset.at || 0) + 1; found(target); event.preventDefault(); return; }
    if (event.key !== "Enter" || event.shiftKey || event.altKey || (!control && !target.matches("input"))) return;
    const form = target.form, own = target.closest("[data-own]"), button = own && own.querySelector("button");
    if (!form.dataset.act && !button) return;
    event.preventDefault();
    if (event.repeat) return;
    if (target.dataset.find && !accept(target)) return;
    if (control) submitted(form, button); else current.focus({ preventScroll: true });
  };
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const target = event.target;
    if (target.matches("input, textarea, select, [contenteditable]")) return inField(event, target);
    if (!keysOn || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Enter" && target.matches("a, button, summary")) return;
    const at = digit(event), act = KEYS[event.key], anywhere = ANYWHERE[event.key];
    if (!at && !act && !anywhere) return;
    event.preventDefault();
    if (event.repeat) return;
    if (anywhere) return anywhere();
    if (event.key === "Enter" && event.shiftKey) return sendMarked();
    if (!current) return; // nothing is shown: nothing is decided
    if (at && event.shiftKey) { const box = current.querySelectorAll("[name=opd]")[at - 1]; if (box) { box.checked = !box.checked; box.closest("[data-opd-list]").dataset.touched = ""; tick("tanpa_opd"); } }
    else if (at === 4) { const typed = field("kategori_lain"); if (typed) look(typed); }
    else if (at) chooseCategory(current.querySelectorAll("[name=kategori]:not([data-other])")[at - 1]);
    else act();
  });
  bringMarks();
  if (current) { current.focus({ preventScroll: true }); fetchAhead(); } else document.body.focus();
})();
