/** The public check of a file: its fingerprint is asked for first; the file itself goes up only when somebody says so. */

const known = (form) => ({
  input: form.querySelector('input[type="file"]'),
  state: form.querySelector(".file-check__state"),
  ask: form.querySelector(".file-check__ask"),
});

/** SHA-256 in hex; null where this browser or an unsafe address (plain http) has no crypto.subtle. */
async function fingerprint(file) {
  if (!window.crypto?.subtle) return null;
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function say(form, text) {
  const { state, ask } = known(form);
  ask.hidden = true;
  state.textContent = text;
}

/** The page that was answered takes this one's place, as if it had been opened. */
function show(page, address) {
  document.title = page.title;
  document.querySelector("main").replaceWith(page.querySelector("main"));
  history.pushState(null, "", address);
  window.scrollTo(0, 0);
  document.getElementById("verdict").focus({ preventScroll: true });
}

async function check(form, file) {
  const hash = await fingerprint(file).catch(() => null);
  if (!hash) return send(form);
  const answer = await fetch(form.dataset.hashes + hash, { headers: { Accept: "text/html" }, credentials: "omit" });
  if (answer.status === 429) return say(form, form.dataset.wait);
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (page.querySelector('[data-reason="unknown_hash"]')) {
    say(form, "");
    const { ask } = known(form);
    ask.hidden = false;
    ask.querySelector("[data-upload]").focus();
    return undefined;
  }
  return show(page, answer.url);
}

/** The plain way: the browser uploads the form and opens the answer. */
function send(form) {
  say(form, form.dataset.sending);
  form.submit();
}

function begin(form) {
  const file = known(form).input.files[0];
  if (!file) return;
  if (file.size === 0) {
    say(form, form.dataset.empty);
    return;
  }
  if (file.size > Number(form.dataset.most)) {
    say(form, form.dataset.tooLarge);
    return;
  }
  say(form, form.dataset.checking);
  check(form, file).catch(() => say(form, form.dataset.trouble));
}

function dress(form) {
  const { input, ask } = known(form);
  form.querySelector(".file-check__drop").hidden = !window.crypto?.subtle;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    begin(form);
  });
  input.addEventListener("change", () => say(form, ""));
  ask.querySelector("[data-upload]").addEventListener("click", () => send(form));
  ask.querySelector("[data-cancel]").addEventListener("click", () => {
    say(form, "");
    input.value = "";
    input.focus();
  });
  const over = (is) => (event) => {
    event.preventDefault();
    form.classList.toggle("is-over", is);
  };
  form.addEventListener("dragover", over(true));
  form.addEventListener("dragleave", over(false));
  form.addEventListener("drop", (event) => {
    over(false)(event);
    if (!event.dataTransfer?.files.length) return;
    input.files = event.dataTransfer.files;
    begin(form);
  });
}

document.querySelectorAll("form.file-check").forEach(dress);
window.addEventListener("popstate", () => window.location.reload());
// Beside the form a dropped file would replace the page.
for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault());
