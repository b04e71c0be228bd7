// The exam room: stores each answer as it is chosen and says truthfully what is stored. No answer leaves the queue
// before its receipt has come.
const main = document.querySelector("[data-attempt]");
const state = document.querySelector("[data-state]");
const timer = document.querySelector("[data-closes-in]");
const token = document.querySelector("meta[name=csrf-token]").content;
const queue = new Map();
let sending = false;
let pause = 1000;

const say = (name, extra = "") => {
  state.textContent = [state.dataset[name], extra].filter(Boolean).join(" ");
  state.dataset.now = name;
};

const chosen = (place) => [...place.querySelectorAll("input:checked")].map((box) => box.value).sort();

const send = async (slot, save) => {
  const reply = await fetch(`${main.dataset.attempt}/answers/${slot}`, {
    method: "PUT",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ ...save, lease: main.dataset.lease, client_at: new Date().toISOString() }),
    keepalive: true,
  });
  return { status: reply.status, body: await reply.json().catch(() => ({})) };
};

const settle = (slot, save, { status, body }) => {
  if (status === 200 && body.receipt) {
    if (queue.get(slot) === save) queue.delete(slot);
    const at = new Date(body.saved_at).toLocaleTimeString("id-ID", { timeZone: main.dataset.zone });
    say(body.late ? "late" : "saved", body.late ? "" : at);
    return true;
  }
  if (status === 409 && body.code === "moved") {
    document.querySelectorAll("fieldset").forEach((place) => { place.disabled = true; });
    document.querySelector("[data-takeover]").hidden = false;
    queue.clear();
    say("moved");
    return true;
  }
  if (status === 409 && body.code === "stale_seq") {
    const place = document.querySelector(`[data-slot="${slot}"]`);
    place.dataset.seq = Math.max(Number(place.dataset.seq), body.seq);
    if (queue.get(slot) === save) queue.set(slot, { seq: body.seq + 1, value: save.value });
    place.dataset.seq = body.seq + 1;
    return true;
  }
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
    queue.delete(slot);
    say("refused");
    return true;
  }
  return false;
};

const drain = async () => {
  if (sending) return;
  sending = true;
  while (queue.size) {
    const [slot, save] = queue.entries().next().value;
    say("saving");
    const reply = await send(slot, save).catch(() => ({ status: 0, body: {} }));
    if (settle(slot, save, reply)) {
      pause = 1000;
    } else {
      say("waiting", `(${queue.size})`);
      await new Promise((wake) => { setTimeout(wake, pause + Math.random() * 300); });
      pause = Math.min(pause * 2, 15000);
    }
  }
  sending = false;
};

const keep = (place) => {
  const seq = Number(place.dataset.seq) + 1;
  place.dataset.seq = seq;
  queue.set(place.dataset.slot, { seq, value: chosen(place) });
  drain();
};

main.addEventListener("change", (event) => keep(event.target.closest("[data-slot]")));
main.addEventListener("click", (event) => {
  if (!event.target.matches("[data-clear]")) return;
  const place = event.target.closest("[data-slot]");
  place.querySelectorAll("input:checked").forEach((box) => { box.checked = false; });
  keep(place);
});
document.querySelector("[data-review]").addEventListener("click", (event) => {
  if (queue.size) {
    event.preventDefault();
    say("waiting", `(${queue.size})`);
    drain();
  }
});
window.addEventListener("beforeunload", (event) => { if (queue.size) event.preventDefault(); });

const ends = performance.now() + Number(timer.dataset.closesIn) * 1000;
const label = timer.textContent;
setInterval(() => {
  const left = Math.max(0, Math.round((ends - performance.now()) / 1000));
  const clock = `${Math.floor(left / 60)}.${String(left % 60).padStart(2, "0")}`;
  timer.textContent = left ? `${clock} ${state.dataset.left} · ${label}` : state.dataset.up;
}, 1000);
