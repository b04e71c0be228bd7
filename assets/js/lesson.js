/** Remembers where a lesson was left, for any device. The page works without it; then it starts at its top. */

const lesson = document.querySelector("[data-lesson]");
const token = document.querySelector("meta[name=csrf-token]").content;
const headers = { "X-CSRFToken": token, Accept: "application/json" };
let kept = Number(lesson.dataset.place);

/** The number of the block at the top of the screen; blocks are numbered b-1, b-2, … */
function place() {
  const blocks = [...lesson.querySelectorAll("[id^='b-']")];
  const above = blocks.filter((block) => block.getBoundingClientRect().top < window.innerHeight / 3);
  return Number((above.at(-1) ?? blocks[0])?.id.slice(2) ?? 0);
}

/** Sends the place if it moved; a failing network loses nothing but the place itself. */
function keep() {
  const here = place();
  if (!here || here === kept) return;
  kept = here;
  fetch(lesson.dataset.placeUrl, {
    method: "PUT",
    headers: { ...headers, "Content-Type": "application/json" },
    body: JSON.stringify({ place: here }),
    keepalive: true,
  }).catch(() => { kept = 0; });
}

fetch(lesson.dataset.openingUrl, { method: "POST", headers }).catch(() => {});
if (kept > 1 && !location.hash) document.getElementById(`b-${kept}`)?.scrollIntoView();
let waiting;
window.addEventListener("scroll", () => { clearTimeout(waiting); waiting = setTimeout(keep, 1500); }, { passive: true });
document.addEventListener("visibilitychange", keep);
