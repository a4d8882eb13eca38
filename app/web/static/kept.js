// Lists the copies that this device keeps, newest first, on the page that is shown without a connection.
(async () => {
  "use strict";
  const list = document.getElementById("kept");
  const pages = await caches.open("pages-1");
  for (const one of (await pages.keys()).reverse()) {
    if (new URL(one.url).pathname.endsWith("/offline")) continue;
    const answer = await pages.match(one, { ignoreVary: true });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const link = document.createElement("a");
    link.href = one.url;
    link.textContent = page.querySelector("h1")?.textContent.trim() || page.title;
    link.lang = page.documentElement.lang;
    link.dir = page.documentElement.dir;
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
})();
