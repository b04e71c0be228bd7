/** Remembers where a lesson was left, for any device, and how one likes to read. The page works without it. */

const lesson = document.querySelector("[data-lesson]");
const token = document.querySelector("meta[name=csrf-token]").content;
const headers = { "X-CSRFToken": token, Accept: "application/json" };
const root = document.documentElement;
let kept = Number(lesson.dataset.place);

/** The number of the block at the top of the screen; blocks are numbered b-1, b-2, … */
function place() {
  const blocks = [...lesson.querySelectorAll("[id^='b-']")];
  const above = blocks.filter((block) => block.getBoundingClientRect().top < window.innerHeight / 3);
  return Number((above.at(-1) ?? blocks[0])?.id.slice(2) ?? 0);
}

/** Sends the place if it moved; a failing network loses nothing but the place itself, and the next move sends again. */
function keep() {
  const here = place();
  if (!here || here === kept) return;
  const before = kept;
  kept = here;
  fetch(lesson.dataset.placeUrl, {
    method: "PUT",
    headers: { ...headers, "Content-Type": "application/json" },
    body: JSON.stringify({ place: here }),
    keepalive: true,
  }).catch(() => { kept = before; });
}

/** Goes to the block at which any device stopped, and marks it, unless the address names a place itself. */
function resume() {
  const block = kept > 1 ? document.getElementById(`b-${kept}`) : null;
  if (!block) return;
  block.classList.add("is-resumed");
  if (!location.hash) block.scrollIntoView();
}

/** What one chose is kept on this device; a browser that keeps nothing still shows it until the page is left. */
function remember(name, value) {
  try {
    if (value) localStorage.setItem(`elearn-reading-${name}`, value);
    else localStorage.removeItem(`elearn-reading-${name}`);
  } catch { /* private windows keep nothing */ }
}

/** Text size in five steps around the middle one, and a dark page whatever the device says. */
function offerComfort() {
  const bar = document.querySelector("[data-comfort]");
  const dark = bar.querySelector("[data-dark]");
  const isDark = () => (root.dataset.bsTheme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const show = () => dark.setAttribute("aria-pressed", String(isDark()));
  bar.hidden = false;
  show();
  bar.addEventListener("click", (event) => {
    const size = event.target.closest("[data-text]");
    if (size) {
      const step = Number(size.dataset.text);
      const now = step ? Math.max(-1, Math.min(3, Number(root.dataset.readingText ?? 0) + step)) : 0;
      root.dataset.readingText = String(now);
      remember("text", now ? String(now) : "");
    } else if (event.target.closest("[data-dark]")) {
      root.dataset.bsTheme = isDark() ? "light" : "dark";
      remember("theme", root.dataset.bsTheme);
      show();
    }
  });
}

/** Counts the words of a task while it is written. */
function countWords() {
  for (const line of document.querySelectorAll("[data-words-of]")) {
    const field = document.getElementById(line.dataset.wordsOf);
    const show = () => {
      const count = field.value.split(/\s+/).filter((run) => /[\p{L}\p{N}]/u.test(run)).length;
      line.textContent = line.dataset.words.replace("{n}", String(count));
    };
    line.hidden = false;
    field.addEventListener("input", show);
    show();
  }
}

/** On a wide screen the contents stand open beside the text; on a phone they stay folded above it. */
function openContents() {
  const fold = document.querySelector("[data-outline]");
  if (fold && matchMedia("(min-width: 1024px)").matches) fold.open = true;
}

openContents();
offerComfort();
countWords();
fetch(lesson.dataset.openingUrl, { method: "POST", headers }).catch(() => {});
resume();
let waiting;
window.addEventListener("scroll", () => { clearTimeout(waiting); waiting = setTimeout(keep, 1500); }, { passive: true });
document.addEventListener("visibilitychange", keep);
