/* Open the table again without a network. The view writes PAGE, ASSETS and LASTS before this; see views/table.py.

   One page is kept: PAGE, as the network last gave it to the person who is signed in, and only where the answer says
   for how long (LASTS). Whatever the network answers is what is shown; the kept page is for when it does not answer. */
'use strict';
const STORE = `table:${PAGE}`, KEPT_AT = 'Kept-At';

async function keep(reply) {
  if (reply.status >= 500) return;  // the service has a problem, which says nothing about the page
  if (reply.status !== 200 || !reply.headers.has(LASTS)) {
    await caches.delete(STORE);  // signed out, finished, or not theirs any more
    return;
  }
  const headers = new Headers(reply.headers);
  for (const name of ['Content-Encoding', 'Content-Length']) headers.delete(name);  // it is kept unpacked
  headers.set(KEPT_AT, Date.now());
  await (await caches.open(STORE)).put(PAGE, new Response(await reply.blob(), {headers}));
}

async function kept() {
  const found = await caches.match(PAGE, {cacheName: STORE});
  if (!found) return undefined;
  const age = Date.now() - Number(found.headers.get(KEPT_AT));
  if (age >= 0 && age < 1000 * Number(found.headers.get(LASTS))) return found;
  await caches.delete(STORE);
  return undefined;
}

async function page(event) {
  let reply;
  try {
    reply = await fetch(event.request);
  } catch (problem) {
    const found = await kept();
    if (found) return found;
    throw problem;
  }
  event.waitUntil(keep(reply.clone()).then(look));
  return reply;
}

async function look() {
  if (!await caches.has(STORE)) return;
  const store = await caches.open(STORE);
  const there = new Set((await store.keys()).map((one) => new URL(one.url).pathname));
  await store.addAll(ASSETS.filter((path) => !there.has(path)));
  for (const path of there) if (path !== PAGE && !ASSETS.includes(path)) await store.delete(path);
}

async function keepFirst() {
  if (!await kept()) await keep(await fetch(PAGE, {redirect: 'manual'}));
  await look();
}

addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('message', (event) => {
  if (event.data === 'keep') event.waitUntil(keepFirst().catch(() => undefined));
});
addEventListener('fetch', (event) => {
  const {request} = event, {origin, pathname, search} = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin || search) return;
  if (request.mode === 'navigate' && pathname === PAGE) event.respondWith(page(event));
  else if (ASSETS.includes(pathname)) {
    event.respondWith(caches.match(pathname, {cacheName: STORE}).then((found) => found || fetch(request)));
  }
});
