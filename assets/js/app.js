/** Small help for every page; each page also works without it. Exam and editor have modules of their own. */

/** A form or button with data-confirm asks before it goes on. */
async function askFirst(event) {
  const form = event.target;
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (!question || event.defaultPrevented || "agreed" in form.dataset) return;
  event.preventDefault();
  if (!(await agrees(question, event.submitter))) return;
  form.dataset.agreed = "yes";
  form.requestSubmit(event.submitter);
}

/** The page's dialog with a question; its button says what the pressed one said. */
function agrees(question, button) {
  const dialog = document.querySelector("[data-ask]");
  if (!dialog?.showModal) return Promise.resolve(window.confirm(question));
  const yes = dialog.querySelector("[data-ask-yes]");
  dialog.querySelector("[data-ask-text]").textContent = question;
  yes.textContent = button?.textContent.trim() || yes.textContent;
  yes.classList.toggle("btn-danger", button?.classList.contains("btn-danger") ?? false);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true });
  });
}

const DOUBLE_CLICK = 700;
let sentAt = -Infinity;

/** The second half of a double click that sent a form would hit whatever lies below: a link, and another page. */
function dropSecondClick(event) {
  if (event.timeStamp - sentAt > DOUBLE_CLICK) return;
  event.preventDefault();
  event.stopPropagation();
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
  sentAt = event.timeStamp;
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
  for (const form of document.querySelectorAll("form[data-agreed]")) delete form.dataset.agreed;
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

/** data-choose names the boxes of a form of which at least one must be ticked; what is missing is said before anything else. */
function wantAChoice(event) {
  const form = event.target;
  if (!("choose" in form.dataset)) return;
  const boxes = [...form.elements].filter((it) => it.name === form.dataset.choose);
  const note = form.querySelector("[data-choose-note]");
  const isChosen = boxes.some((it) => it.checked);
  note.hidden = isChosen;
  if (isChosen) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  note.scrollIntoView({ block: "center" });
  boxes[0]?.focus({ preventScroll: true });
}

/** A press beside an open menu, or Escape, closes it; Escape also closes the drawer of pages. */
function closeMenus(event) {
  const isEscape = event.key === "Escape";
  if (event.type === "keydown" && !isEscape) return;
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    if (!isEscape && menu.contains(event.target)) continue;
    menu.open = false;
    if (isEscape) menu.querySelector("summary").focus();
  }
  if (isEscape && location.hash === "#rail") location.hash = "content";
}

/** A field that takes a dropped file says which one it holds, and shows that it would take one. */
function offerDropping() {
  for (const drop of document.querySelectorAll("[data-drop]")) {
    const field = drop.querySelector("input");
    const name = drop.querySelector("[data-drop-name]");
    for (const type of ["dragenter", "dragover"]) drop.addEventListener(type, () => drop.classList.add("is-over"));
    for (const type of ["dragleave", "drop"]) drop.addEventListener(type, () => drop.classList.remove("is-over"));
    field.addEventListener("change", () => {
      name.textContent = field.files[0]?.name ?? "";
    });
    field.form?.addEventListener("submit", sendWithProgress);
  }
}

/** Sends a form with a file by script to show how much of it has gone, then shows the answer as this page. */
function sendWithProgress(event) {
  const form = event.target;
  const bar = form.querySelector("[data-drop-progress]");
  if (!bar || event.defaultPrevented) return;
  event.preventDefault();
  const sending = new XMLHttpRequest();
  sending.upload.onprogress = ({ loaded, total }) => {
    bar.hidden = false;
    bar.value = total ? (100 * loaded) / total : 0;
  };
  sending.onload = () => show(sending);
  sending.onerror = () => form.submit();
  sending.open("POST", form.action);
  sending.send(new FormData(form, event.submitter));
}

/** A page that came by script takes the place of this one. */
function show({ responseText, responseURL }) {
  const page = new DOMParser().parseFromString(responseText, "text/html");
  history.pushState(null, "", responseURL);
  document.title = page.title;
  document.body.replaceWith(page.body);
  offer();
  document.querySelector("[autofocus]")?.focus();
  scrollTo(0, 0);
}

/** What copies shows only where this script runs, if it began hidden. */
function offerCopying() {
  for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
}

/** What shows only where this script runs. */
function offer() {
  offerPrinting();
  offerCopying();
  offerCheckingAll();
  offerDropping();
}

offer();
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
  if (count && !(await agrees(form.dataset.wipes, event.submitter))) return;
  await new Promise((done) => {
    const wiping = indexedDB.deleteDatabase(ROOM);
    wiping.onsuccess = wiping.onerror = wiping.onblocked = () => done();
  });
  form.dataset.wiped = "yes";
  form.requestSubmit();
}

document.addEventListener("submit", wantAChoice);
document.addEventListener("submit", askFirst);
document.addEventListener("submit", wipeFirst);
document.addEventListener("submit", sendOnce);
document.addEventListener("click", dropSecondClick, true);
document.addEventListener("click", copy);
document.addEventListener("click", closeMenus);
document.addEventListener("keydown", closeMenus);
window.addEventListener("pageshow", release);
