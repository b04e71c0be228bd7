/** The device check before an exam: storage, clock, and one real save there and back; says what it found in words. */

import { openStore } from "./room/store.js";

const card = document.querySelector("[data-check]");
const word = (name, places = {}) =>
  card.querySelector(`[data-words] [data-word="${name}"]`).textContent.replace(/\{(\w+)\}/g, (_all, place) => places[place] ?? "");

function tell(name, kind, text) {
  const line = card.querySelector(`[data-line="${name}"]`);
  line.dataset.kind = kind;
  line.querySelector("[data-result]").textContent = text;
  for (const it of line.querySelectorAll("[data-sign]")) it.hidden = it.dataset.sign !== kind;
}

async function checkStorage() {
  const store = await openStore();
  if (!store.isDurable) return tell("storage", "warn", word("storageNo"));
  const nonce = crypto.getRandomValues(new Uint32Array(1))[0];
  await store.keep({ attempt: "check", slot: 1, nonce });
  const [kept] = await store.answers("check");
  await store.forget("check");
  return tell("storage", kept?.nonce === nonce ? "ok" : "warn", word(kept?.nonce === nonce ? "storageYes" : "storageNo"));
}

async function checkSaving() {
  const nonce = String(crypto.getRandomValues(new Uint32Array(1))[0]);
  const began = performance.now();
  const reply = await fetch(card.dataset.check, {
    method: "PUT",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content },
    body: JSON.stringify({ nonce }),
  }).then((it) => it.json()).catch(() => null);
  const took = Math.round(performance.now() - began);
  if (reply?.nonce !== nonce) {
    tell("saving", "bad", word("savingNo"));
    return tell("clock", "warn", word("clockUnknown"));
  }
  tell("saving", took > 3000 ? "warn" : "ok", word(took > 3000 ? "savingSlow" : "savingYes", { seconds: (took / 1000).toFixed(1).replace(".", ",") }));
  const difference = Math.round(Math.abs(new Date(reply.server_now) - Date.now()) / 1000);
  return tell("clock", "ok", difference > 60 ? word("clockOff", { minutes: Math.round(difference / 60) }) : word("clockYes"));
}

async function checkBattery() {
  if (!navigator.getBattery) return tell("battery", "ok", word("batteryUnknown"));
  const battery = await navigator.getBattery();
  const percent = Math.round(battery.level * 100);
  const isLow = percent < 30 && !battery.charging;
  return tell("battery", isLow ? "warn" : "ok", word(isLow ? "batteryLow" : "batteryYes", { percent }));
}

async function check(event) {
  const button = event.currentTarget;
  button.setAttribute("aria-disabled", "true");
  card.querySelector("[data-lines]").hidden = false;
  await Promise.all([checkStorage().catch(() => tell("storage", "warn", word("storageNo"))), checkSaving(), checkBattery().catch(() => tell("battery", "ok", word("batteryUnknown")))]);
  button.removeAttribute("aria-disabled");
}

// Without this script nothing can be stored, so nothing starts: the server asks for the word.
for (const field of document.querySelectorAll("[data-ready]")) field.value = "yes";
card.querySelector("[data-start-check]").hidden = false;
card.querySelector("[data-start-check]").addEventListener("click", check);
