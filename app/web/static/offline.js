// Asks the browser to keep the last comparisons, for when there is no connection (see sw.js).
if ("serviceWorker" in navigator) {
  const before = navigator.serviceWorker.controller;
  addEventListener("load", async () => {
    try {
      await navigator.serviceWorker.register("/sw.js");
      if (before) return;
      const { active } = await navigator.serviceWorker.ready;
      const files = document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]");
      active.postMessage({ keep: [location.href, ...[...files].map((one) => one.href ?? one.src)] });
    } catch {
      // Without it all else works.
    }
  });
}
