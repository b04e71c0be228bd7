/** Keeps the exam room's shell and its files, so that a reload without a connection opens the room again.
 *
 * The shell says nothing of any person; papers and answers are in the page's own store, never here. Every other page
 * and request passes by untouched. ROOM_SHELL and ROOM_FILES are put in front by the server.
 */

const CACHE = `room-${ROOM_FILES.join("|").length}-${ROOM_FILES.map((it) => it.slice(-20)).join("")}`;
const ROOM = /\/exams\/(attempts\/[0-9a-f-]{36}|simulation)\/?$/;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([...ROOM_FILES, ROOM_SHELL])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const stale = (names) => names.filter((name) => name.startsWith("room-") && name !== CACHE);
  event.waitUntil(caches.keys().then((names) => Promise.all(stale(names).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

/** The network first, for the server decides where an attempt leads; the kept shell where there is no answer. */
async function shell(request) {
  const patience = new Promise((_done, failed) => { setTimeout(() => failed(new Error("slow")), 8000); });
  try {
    return await Promise.race([fetch(request), patience]);
  } catch {
    return (await caches.match(ROOM_SHELL)) ?? Response.error();
  }
}

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (origin !== self.location.origin || event.request.method !== "GET") return;
  if (event.request.mode === "navigate" && ROOM.test(pathname)) event.respondWith(shell(event.request));
  else if (ROOM_FILES.includes(pathname)) event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request)));
});
