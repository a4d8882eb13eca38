// A new answer without a new page, where the browser can. Each answer has its own address, and
// without this script every link and form works just the same.
(() => {
  "use strict";
  const answer = () => document.getElementById("answer");
  const here = () => location.pathname + location.search;
  const form = document.querySelector("form.ask[data-live]");
  const WAIT = 400;
  const READ = 4; // what stands above the list, and its first three firms
  let newest = 0;
  let timer;
  let unanswered = false; // the list is not yet of what the form says
  let typed = false; // what is shown was typed: what is typed next takes its place in the history
  let shown = here();

  // What of the page changes with the question; all else stays, and so does the focus.
  const CHANGING = ["#answer", ".unit--pay", ".unit--receive", "link[rel=canonical]"];
  const KEPT = ["first", "by", "currency"]; // chosen outside the form, and asked for with it

  async function show(address, { asked = false, lead = false } = {}) {
    const mine = ++newest;
    clearTimeout(timer);
    answer().setAttribute("aria-busy", "true");
    let response;
    let text = "";
    try {
      response = await fetch(address, { headers: { Accept: "text/html" } });
      text = await response.text();
    } catch {
      // No connection: whoever asked for an answer hears so from the browser.
    }
    if (mine !== newest) return;
    answer().removeAttribute("aria-busy");
    unanswered = false;
    const page = new DOMParser().parseFromString(text, "text/html");
    if (page.getElementById("answer")) put(page, response.url, asked, lead);
    // Half an amount is no question yet; a finished question gets its own page.
    else if (asked) location.assign(address);
  }

  function put(page, address, asked, lead) {
    const open = new Set([...document.querySelectorAll("#answer details[open] > summary[id]")].map((one) => one.id));
    const focused = lead ? "#answer h1" : focusKey(document.activeElement);
    for (const part of CHANGING) document.querySelector(part).replaceWith(page.querySelector(part));
    for (const link of page.querySelectorAll(".langs a")) document.querySelector(`.langs a[hreflang="${link.hreflang}"]`).href = link.getAttribute("href");
    keep(new FormData(page.querySelector("form.ask")));
    for (const id of open) document.getElementById(id)?.parentElement.setAttribute("open", "");
    document.title = page.title;
    document.body.removeAttribute("data-offline");
    if (address !== location.href) history[typed && !asked ? "replaceState" : "pushState"](null, "", address);
    typed = !asked;
    shown = here();
    const heading = document.querySelector("#answer h1");
    heading.tabIndex = -1;
    if (focused) (document.querySelector(focused) ?? heading).focus({ preventScroll: true });
    announce(heading.textContent);
    document.dispatchEvent(new Event("answered"));
  }

  function keep(chosen) {
    for (const name of KEPT) {
      form.querySelectorAll(`input[type=hidden][name=${name}]`).forEach((one) => one.remove());
      for (const value of chosen.getAll(name)) {
        const field = document.createElement("input");
        Object.assign(field, { type: "hidden", name, value });
        form.append(field);
      }
    }
  }

  // Where the focus goes in a new answer; nowhere if it is not in the answer.
  function focusKey(element) {
    if (!answer().contains(element)) return "";
    if (element.name === "by") return `#answer input[value="${element.value}"]`;
    if (element.matches(".order a")) return `.order .${element.className}`;
    return element.matches(".filters .button") ? ".filters .button" : "#answer h1";
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

  // A choice beside the question goes together with what was typed just before it.
  function choose(address) {
    keep(new URL(address, location.href).searchParams);
    show(unanswered ? addressOf(form) : address, { asked: true });
  }

  if (form && answer()) {
    announce("");
    form.addEventListener("input", () => {
      unanswered = true;
      clearTimeout(timer);
      timer = setTimeout(() => show(addressOf(form)), WAIT);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      show(addressOf(form), { asked: true, lead: true });
    });
    document.addEventListener("click", (event) => {
      const link = event.target.closest("#answer a[data-live]");
      if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
      event.preventDefault();
      choose(link.href);
    });
    for (const kind of ["change", "submit"]) {
      document.addEventListener(kind, (event) => {
        const filters = event.target.closest(".filters form");
        if (!filters) return;
        event.preventDefault();
        choose(addressOf(filters));
      });
    }
    addEventListener("popstate", () => {
      if (here() !== shown) location.reload();
    });
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

  // The month of the last visit, and nothing else, so that devices are counted once a month and a
  // year. Who does not want to be counted has no such mark and sends nothing.
  function count() {
    const unwilling = navigator.globalPrivacyControl || navigator.doNotTrack === "1" || /(^|; )count=no(;|$)/.test(document.cookie);
    if (unwilling) return localStorage.removeItem("month");
    const month = new Date().toISOString().slice(0, 7);
    const last = localStorage.getItem("month") ?? "";
    if (last === month || !navigator.onLine || document.body.hasAttribute("data-offline")) return;
    if (navigator.sendBeacon("/count", last.slice(0, 4) === month.slice(0, 4) ? "month" : "year")) localStorage.setItem("month", month);
  }

  try {
    count();
  } catch {
    // A browser that keeps nothing is not counted by month.
  }

  // A menu that lies over the page closes when one goes on.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(".langs[open]")) if (!menu.contains(event.target)) menu.removeAttribute("open");
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector(".langs[open]");
    if (!menu) return;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.removeAttribute("open");
  });
})();
