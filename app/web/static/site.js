// A new answer without a new page, where the browser can. Each answer has its own address, and
// without this script every link and form works just the same.
(() => {
  "use strict";
  const answer = () => document.getElementById("answer");
  const form = document.querySelector("form.ask[data-live]");
  const WAIT = 400;
  const READ = 4; // what stands above the list, and its first three firms
  let newest = 0;
  let timer;

  // What of the page changes with the question; all else stays, and so does the focus.
  const CHANGING = ["#answer", ".langs"];

  async function show(address, { asked = false } = {}) {
    const mine = ++newest;
    answer().setAttribute("aria-busy", "true");
    let response;
    let text;
    try {
      response = await fetch(address, { headers: { Accept: "text/html" } });
      text = await response.text();
    } catch {
      if (asked) location.assign(address);
      return;
    }
    if (mine !== newest) return;
    answer().removeAttribute("aria-busy");
    const page = new DOMParser().parseFromString(text, "text/html");
    if (!response.ok || !page.getElementById("answer")) {
      // Half an amount is no question yet; a finished question gets its own page.
      if (asked) location.assign(address);
      return;
    }
    put(page, response.url);
  }

  function put(page, address) {
    const open = new Set([...document.querySelectorAll("#answer details[open] > summary[id]")].map((one) => one.id));
    const kept = focusKey(document.activeElement);
    for (const part of CHANGING) document.querySelector(part).replaceWith(page.querySelector(part));
    const fresh = page.querySelector("form.ask");
    if (fresh) for (const name of ["first", "by"]) copyHidden(fresh, name);
    for (const id of open) document.getElementById(id)?.parentElement.setAttribute("open", "");
    document.title = page.title;
    if (address !== location.href) history.pushState(null, "", address);
    if (kept) document.querySelector(kept)?.focus({ preventScroll: true });
    announce(document.querySelector("#answer h1")?.textContent ?? "");
    document.dispatchEvent(new Event("answered"));
  }

  function copyHidden(from, name) {
    form.querySelectorAll(`input[type=hidden][name=${name}]`).forEach((one) => one.remove());
    from.querySelectorAll(`input[type=hidden][name=${name}]`).forEach((one) => form.prepend(one.cloneNode()));
  }

  function focusKey(element) {
    if (!element?.closest("#answer")) return "";
    if (element.name === "by") return `#answer input[value="${element.value}"]`;
    const href = element.getAttribute("class");
    return href && element.matches(".order a") ? `.order a.${href}` : "";
  }

  function announce(text) {
    let live = document.getElementById("live");
    if (!live) {
      live = document.createElement("p");
      live.id = "live";
      live.className = "hidden";
      live.setAttribute("role", "status");
      document.body.append(live);
    }
    live.textContent = text;
  }

  const addressOf = (asking) => {
    const filled = [...new FormData(asking)].filter(([, value]) => value);
    return `${asking.getAttribute("action")}?${new URLSearchParams(filled)}`;
  };

  if (form && answer()) {
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => show(addressOf(form)), WAIT);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(timer);
      show(addressOf(form), { asked: true });
    });
    document.addEventListener("click", (event) => {
      const link = event.target.closest("#answer a[data-live]");
      if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
      event.preventDefault();
      show(link.href, { asked: true });
    });
    for (const kind of ["change", "submit"]) {
      document.addEventListener(kind, (event) => {
        const filters = event.target.closest(".filters form");
        if (!filters) return;
        event.preventDefault();
        show(addressOf(filters), { asked: true });
      });
    }
    addEventListener("popstate", () => location.reload());
  }

  // Read aloud what is marked so, where the device has a voice for this language.
  const { speechSynthesis: speech } = window;
  const language = document.documentElement.lang;
  const label = document.querySelector("template#aloud");

  function offer() {
    const text = document.querySelector("[data-aloud]");
    if (!text || !label || text.nextElementSibling?.matches(".aloud")) return;
    if (!speech.getVoices().some((voice) => voice.lang.toLowerCase().split(/[-_]/)[0] === language)) return;
    const button = label.content.firstElementChild.cloneNode(true);
    button.addEventListener("click", () => {
      if (speech.speaking) return speech.cancel();
      const said = new SpeechSynthesisUtterance([...document.querySelectorAll("[data-aloud]")].slice(0, READ).map((one) => one.textContent).join(" "));
      said.lang = language;
      speech.speak(said);
    });
    text.after(button);
  }

  if (speech) {
    offer();
    speech.addEventListener?.("voiceschanged", offer);
    document.addEventListener("answered", offer);
  }

  // A menu that lies over the page closes when one goes on.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(".langs[open]")) if (!menu.contains(event.target)) menu.removeAttribute("open");
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.querySelectorAll(".langs[open]").forEach((menu) => menu.removeAttribute("open"));
  });
})();
