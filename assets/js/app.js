/** Small help for every page; each page also works without it. Exam and editor have modules of their own. */

/** A form or button with data-confirm asks before it goes on. */
function askFirst(event) {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
}

/** A form with data-busy is sent once: further clicks wait, and the button says what is going on. */
function sendOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || !("busy" in form.dataset)) return;
  if (form.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    return;
  }
  form.setAttribute("aria-busy", "true");
  const button = event.submitter;
  if (!button) return;
  button.setAttribute("aria-disabled", "true");
  if (form.dataset.busy) {
    button.dataset.label = button.textContent;
    button.textContent = form.dataset.busy;
  }
}

/** Coming back by the browser's button finds the form ready again. */
function release() {
  for (const form of document.querySelectorAll('form[aria-busy="true"]')) form.removeAttribute("aria-busy");
  for (const button of document.querySelectorAll('button[aria-disabled="true"]')) {
    button.removeAttribute("aria-disabled");
    if (button.dataset.label) button.textContent = button.dataset.label;
  }
}

/** data-copy holds the text to copy, data-copied what the button then says for two seconds. */
async function copy(event) {
  const button = event.target.closest("[data-copy]");
  if (!button || button.dataset.label) return;
  if (!(await toClipboard(button.dataset.copy)) || !button.dataset.copied) return;
  button.dataset.label = button.innerHTML;
  button.setAttribute("aria-live", "polite");
  button.textContent = button.dataset.copied;
  setTimeout(() => {
    button.innerHTML = button.dataset.label;
    delete button.dataset.label;
  }, 2000);
}

/** The clipboard is closed on plain http; an office network often has nothing else. */
async function toClipboard(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text).then(() => true, () => false);
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}

/** data-print prints the page; its button shows only where this script runs. */
function offerPrinting() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

/** data-check-all names the boxes that this one ticks or clears together; it shows only where this script runs. */
function offerCheckingAll() {
  for (const all of document.querySelectorAll("[data-check-all]")) {
    all.closest("[hidden]")?.removeAttribute("hidden");
    all.addEventListener("change", () => {
      for (const box of all.form.elements) if (box.name === all.dataset.checkAll) box.checked = all.checked;
    });
  }
}

/** What copies shows only where this script runs, if it began hidden. */
function offerCopying() {
  for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
}

offerPrinting();
offerCopying();
offerCheckingAll();
const ROOM = "elearn-room";

/** How many exam answers on this device are not sent yet; 0 where nothing is kept. */
async function unsentAnswers() {
  const known = (await indexedDB.databases?.()) ?? [{ name: ROOM }];
  if (!known.some((it) => it.name === ROOM)) return 0;
  return new Promise((done) => {
    const opening = indexedDB.open(ROOM);
    opening.onerror = () => done(0);
    opening.onsuccess = () => {
      const database = opening.result;
      const finish = (count) => {
        database.close();
        done(count);
      };
      if (!database.objectStoreNames.contains("answers")) {
        finish(0);
        return;
      }
      const all = database.transaction("answers").objectStore("answers").getAll();
      all.onsuccess = () => finish(all.result.filter((it) => it.pending).length);
      all.onerror = () => finish(0);
    };
  });
}

/** Signing out takes what the exam room keeps on this device along; unsent answers are asked about first. */
async function wipeFirst(event) {
  const form = event.target;
  if (!("wipes" in form.dataset) || form.dataset.wiped || !("indexedDB" in window)) return;
  event.preventDefault();
  const count = await unsentAnswers().catch(() => 0);
  if (count && !window.confirm(form.dataset.wipes)) return;
  await new Promise((done) => {
    const wiping = indexedDB.deleteDatabase(ROOM);
    wiping.onsuccess = wiping.onerror = wiping.onblocked = () => done();
  });
  form.dataset.wiped = "yes";
  form.requestSubmit();
}

document.addEventListener("submit", askFirst);
document.addEventListener("submit", wipeFirst);
document.addEventListener("submit", sendOnce);
document.addEventListener("click", copy);
window.addEventListener("pageshow", release);
