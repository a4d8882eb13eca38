// The last comparisons, for when there is no connection. The network is always asked first: a copy
// is shown only when it does not answer, and says of itself that it is one. Copies are on this
// device alone.
"use strict";

const PAGES = "pages-1";
const FILES = "files-1";
const MOST_PAGES = 10; // lists and prices; of each language its home page and /xx/offline are kept beside them
const MOST_FILES = 30;
const PATIENCE = 10_000; // milliseconds

const HOME = /^\/[a-z]{2}\/$/;
const SEEN = /^\/[a-z]{2}\/(send|price)\/./;
const OURS = /^\/[a-z]{2}\//;
const FILE = /^\/static\/[0-9a-f]{10}\//;

addEventListener("install", () => skipWaiting());

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name !== PAGES && name !== FILES) await caches.delete(name);
    await clients.claim();
  })());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (FILE.test(url.pathname)) event.respondWith(file(request));
  else if (request.mode === "navigate" && (url.pathname === "/" || OURS.test(url.pathname))) event.respondWith(page(event));
  // What a script on a page asks for is shown without a word of its age, so that is never a copy.
  else if (isPage(url)) event.respondWith(fetch(request).then((answer) => kept(event, request, answer)));
});

// A page that was open before this worker was there says what to keep of it.
addEventListener("message", (event) => {
  const addresses = (event.data?.keep ?? []).map((one) => new URL(one, location)).filter((one) => one.origin === location.origin);
  event.waitUntil(Promise.allSettled(addresses.map(async (url) => {
    if (FILE.test(url.pathname)) return file(new Request(url));
    if (isPage(url)) return keep(new Request(url), await fetch(url));
  })));
});

const isPage = (url) => HOME.test(url.pathname) || SEEN.test(url.pathname);

async function file(request) {
  const files = await caches.open(FILES);
  const found = await files.match(request, { ignoreVary: true });
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) {
    await files.put(request, answer.clone());
    await trim(files, MOST_FILES, () => true);
  }
  return answer;
}

async function page(event) {
  const { request } = event;
  // Even a page that the browser has of a minute ago, or goes back to, is asked for anew.
  const asked = fetch(request, { cache: "no-cache" });
  const late = new Promise((done) => setTimeout(done, PATIENCE));
  try {
    const answer = await Promise.race([asked, late]);
    if (answer) return kept(event, request, answer);
  } catch {
    return (await copyOf(request)) ?? (await whatThereIs(request)) ?? Response.error();
  }
  return (await copyOf(request)) ?? asked.then((answer) => kept(event, request, answer));
}

function kept(event, request, answer) {
  if (isPage(new URL(request.url))) event.waitUntil(keep(request, answer.clone()));
  return answer;
}

async function keep(request, answer) {
  const html = answer.headers.get("Content-Type")?.startsWith("text/html");
  const may = !/no-store|private/.test(answer.headers.get("Cache-Control") ?? "");
  const same = answer.url === "" || withoutHash(answer.url) === withoutHash(request.url);
  if (answer.status !== 200 || answer.redirected || !html || !may || !same) return;
  // Read whole before the copy of before goes: a network that breaks off costs no good copy.
  const whole = new Response(await answer.blob(), { headers: answer.headers });
  const pages = await caches.open(PAGES);
  const address = withoutHash(request.url);
  await pages.delete(address, { ignoreVary: true });
  await pages.put(address, whole);
  await keepOffline(pages, new URL(address).pathname.slice(0, 3));
  await trim(pages, MOST_PAGES, (one) => SEEN.test(new URL(one.url).pathname));
}

const withoutHash = (address) => address.split("#")[0];

// What was put first goes first.
async function trim(store, most, counts) {
  const all = (await store.keys()).filter(counts);
  for (const one of all.slice(0, Math.max(0, all.length - most))) await store.delete(one, { ignoreVary: true });
}

// A copy of a page, with a mark on its body: the stylesheet then shows the words that say so.
async function copyOf(request) {
  const pages = await caches.open(PAGES);
  const found = await pages.match(withoutHash(request.url), { ignoreVary: true });
  if (!found) return undefined;
  const text = await found.text();
  const marked = text.replace("<body", "<body data-offline");
  if (marked === text) return undefined;
  const headers = new Headers(found.headers);
  for (const name of ["Content-Encoding", "Content-Length", "ETag"]) headers.delete(name);
  return new Response(marked, { headers });
}

// The page that says what there is, in the language of what was read.
async function keepOffline(pages, language) {
  const address = new URL(`${language}/offline`, location).href;
  if (await pages.match(address, { ignoreVary: true })) return;
  const answer = await fetch(address);
  if (!answer.ok) return;
  const script = /src="([^"]+kept\.js)"/.exec(await answer.clone().text());
  await pages.put(address, answer);
  if (script) await file(new Request(new URL(script[1], location)));
}

// Without a copy of what was asked for: the page that says what there is.
async function whatThereIs(request) {
  const pages = await caches.open(PAGES);
  const all = (await pages.keys()).filter((one) => new URL(one.url).pathname.endsWith("/offline"));
  const language = new URL(request.url).pathname.slice(0, 4);
  const found = all.find((one) => new URL(one.url).pathname.startsWith(language)) ?? all.at(-1);
  return found && pages.match(found, { ignoreVary: true });
}
