/** Slips as a file: made by script, so that the page can say what was made; without scripts the file alone comes. */

function tell(form, kind, text) {
  const note = form.querySelector("[data-saved]");
  note.className = `note note--${kind}`;
  note.textContent = text;
  note.hidden = false;
  note.scrollIntoView({ block: "nearest" });
}

function hand(file, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

/** What is no file is a page with a reason: it takes this one's place. */
async function show(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.title = page.title;
  document.querySelector("main").replaceWith(page.querySelector("main"));
  window.scrollTo(0, 0);
}

async function make(form) {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
  if (!answer.ok || answer.headers.get("Content-Type") !== "application/pdf") {
    await show(answer);
    return;
  }
  const count = answer.headers.get("Slip-Count");
  const name = /filename=([\w.-]+)/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? "lembar-masuk.pdf";
  hand(await answer.blob(), name);
  tell(form, "ok", form.dataset.saved.replace("{count}", count).replace("{file}", name));
  form.dataset.confirm = form.dataset.again;
  delete form.dataset.agreed;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || !("saved" in form.dataset)) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy") === "true") return;
  const button = event.submitter ?? form.querySelector("[type=submit]");
  const label = button.innerHTML;
  form.setAttribute("aria-busy", "true");
  button.setAttribute("aria-disabled", "true");
  button.textContent = form.dataset.making;
  await make(form).catch(() => tell(form, "bad", form.dataset.trouble));
  form.removeAttribute("aria-busy");
  button.removeAttribute("aria-disabled");
  button.innerHTML = label;
});
