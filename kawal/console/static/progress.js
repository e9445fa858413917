"use strict";
// How far something is that goes on in the background shows by itself; at its end the page is read anew, with the result.
(() => {
  const EVERY = 2000, look = async () => {
    const shown = document.querySelector("[data-running]");
    if (!shown) return;
    const address = new URL(location.href);
    address.searchParams.set("bagian", "kemajuan");
    try {
      const answer = await fetch(address, { cache: "no-store" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-running] [role=status]");
      if (answer.ok && !fresh) return location.reload();
      if (fresh) shown.querySelector("[role=status]").replaceChildren(...fresh.childNodes);
    } catch { /* the network is away; asked again */ }
    setTimeout(look, EVERY);
  };
  setTimeout(look, EVERY);
})();
