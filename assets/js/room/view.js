/** Draws the room: one item a view, the navigator, the review, the save state; decides nothing. */

import { clock, element, sign, word } from "./words.js";

const KEYS = "ABCDEFGH";
const RULES = { multiple: "chooseMany", weighted: "chooseWeighted" };

export const stateOf = (answer) => {
  if (answer.pending) return "device";
  if (answer.value.length) return "saved";
  return answer.seen ? "seen" : "unseen";
};

const STATE_WORDS = { unseen: "unseen", seen: "seen", saved: "answeredSaved", device: "answeredDevice" };
const STATE_SIGNS = { unseen: "", seen: "○", saved: "✓", device: "↑" };
const STATE_CLASSES = { unseen: "", seen: "is-seen", saved: "is-saved", device: "is-unsent" };

/** The question with its options; `act` has choose, clear, doubt, go. */
export function drawItem(place, item, answer, { all, isOpen, act }) {
  const many = item.type === "multiple";
  const stem = element("div", { class: "prose room__stem" });
  stem.innerHTML = item.stem; // rendered and sanitised by the server, from the exam's own bank
  const options = item.options.map((option) => drawOption(item, option, answer, many, isOpen, act));
  const legend = element("legend", {}, element("span", { class: "question__number" }, word("item", { number: item.slot, all })), stem);
  const question = element("fieldset", { class: "question", "data-slot": item.slot, disabled: !isOpen }, legend,
    element("p", { class: "muted room__rule" }, word(RULES[item.type] ?? "chooseOne")), ...options);
  const doubt = element("button", { class: "btn btn-secondary", type: "button", "aria-pressed": String(answer.in_doubt), "data-doubt": true }, sign("flag"), " ", word("doubt"));
  const clear = element("button", { class: "btn btn-link", type: "button", disabled: !answer.value.length || !isOpen, "data-clear": true }, word("clear"));
  doubt.addEventListener("click", () => act.doubt(item.slot));
  clear.addEventListener("click", () => act.clear(item.slot));
  const previous = element("button", { class: "btn btn-secondary", type: "button", disabled: item.slot === 1, "data-previous": true }, sign("prev"), " ", word("previous"));
  const isLast = item.slot === all;
  const next = element("button", { class: "btn btn-primary", type: "button", "data-next": true }, word(isLast ? "toReview" : "next"), " ", sign("next"));
  previous.addEventListener("click", () => act.go(item.slot - 1));
  next.addEventListener("click", () => (isLast ? act.review() : act.go(item.slot + 1)));
  place.replaceChildren(question, element("div", { class: "between" }, doubt, clear), element("div", { class: "room__steps" }, previous, next));
}

function drawOption(item, option, answer, many, isOpen, act) {
  const input = element("input", {
    type: many ? "checkbox" : "radio", name: `slot-${item.slot}`, value: option.key, autocomplete: "off", id: `option-${item.slot}-${option.key}`,
  });
  input.checked = answer.value.includes(option.key);
  const text = element("span", { class: "option__text" });
  text.innerHTML = option.text;
  input.addEventListener("change", () => {
    const boxes = input.closest("fieldset").querySelectorAll("input:checked");
    act.choose(item.slot, [...boxes].map((it) => it.value));
  });
  return element("label", { class: "option", for: input.id }, input, element("span", { class: "option__letter" }, option.key), text);
}

/** Bring the shown item in line with its answer without drawing it anew: focus stays where it is. */
export function refreshItem(place, answer) {
  const question = place.querySelector("fieldset");
  if (!question || Number(question.dataset.slot) !== answer.slot) return;
  for (const input of question.querySelectorAll("input")) input.checked = answer.value.includes(input.value);
  place.querySelector("[data-doubt]").setAttribute("aria-pressed", String(answer.in_doubt));
  place.querySelector("[data-clear]").disabled = !answer.value.length || question.disabled;
}

const keeps = { all: () => true, blank: (it) => !it.value.length, doubt: (it) => it.in_doubt, unsent: (it) => it.pending };

/** The navigator: shape and word beside colour; cells are kept, so that focus stays. */
export function drawGrid(list, answers, current, filter, go) {
  for (const answer of answers) {
    let cell = list.querySelector(`[data-cell="${answer.slot}"]`);
    if (!cell) {
      const button = element("button", { class: "room-cell", type: "button", "data-cell": answer.slot });
      button.addEventListener("click", () => go(answer.slot));
      list.append(element("li", {}, button));
      cell = button;
    }
    const state = stateOf(answer);
    const said = [word(STATE_WORDS[state]), ...(answer.in_doubt ? [word("doubted")] : [])].join(", ");
    cell.className = `room-cell ${STATE_CLASSES[state]} ${answer.in_doubt ? "is-doubted" : ""}`;
    cell.setAttribute("aria-label", word("cell", { number: answer.slot, state: said }));
    if (answer.slot === current) cell.setAttribute("aria-current", "true");
    else cell.removeAttribute("aria-current");
    cell.replaceChildren(String(answer.slot), element("span", { "aria-hidden": "true" }, `${STATE_SIGNS[state]}${answer.in_doubt ? "⚑" : ""}`));
    cell.parentElement.hidden = !keeps[filter](answer);
  }
}

export function count(answers) {
  return {
    all: answers.length,
    done: answers.filter((it) => it.value.length).length,
    doubt: answers.filter((it) => it.in_doubt).length,
    blank: answers.filter((it) => !it.value.length).length,
    unsent: answers.filter((it) => it.pending).length,
  };
}

/** What is still open, with a way back to each item. */
export function drawReview(place, answers, go) {
  const counted = count(answers);
  const links = (chosen) => chosen.flatMap((it) => {
    const button = element("button", { class: "btn btn-secondary btn-sm", type: "button" }, String(it.slot));
    button.addEventListener("click", () => go(it.slot));
    return [button, " "];
  });
  const line = (name, chosen) => (chosen.length ? element("p", { class: "cluster" }, element("strong", {}, word(name)), ...links(chosen)) : null);
  const unsent = counted.unsent ? word("reviewUnsent", { count: counted.unsent }) : word("reviewAllSent");
  place.replaceChildren(...[
    element("p", { class: "room__done" }, word("reviewDone", counted)),
    line("reviewBlank", answers.filter((it) => !it.value.length)),
    line("reviewDoubt", answers.filter((it) => it.in_doubt)),
    element("p", { class: counted.unsent ? "note note--warn" : "note note--ok" }, unsent),
  ].filter(Boolean));
}

/** Which answers wait, and the receipts of the others. */
export function drawUnsent(place, answers, zone) {
  const waiting = answers.filter((it) => it.pending);
  const kept = answers.filter((it) => !it.pending && it.savedAt);
  const said = waiting.length ? word("unsentList") + waiting.map((it) => it.slot).join(", ") : word("unsentNone");
  const receipts = kept.map((it) => element("li", {}, word("receipt", {
    slot: it.slot, time: clock(it.savedAt, zone, { seconds: true }), receipt: it.receipt.slice(0, 12),
  })));
  place.replaceChildren(element("p", {}, said), ...(receipts.length ? [element("h2", {}, word("receiptsTitle")), element("ul", {}, ...receipts)] : []));
}

/** The save state in words, with its sign. */
export function drawState(button, name, text) {
  button.dataset.now = name;
  for (const it of button.querySelectorAll("[data-sign]")) it.hidden = it.dataset.sign !== name;
  const place = button.querySelector("[data-state-text]");
  if (place.textContent !== text) place.textContent = text;
}

/** The option that a pressed key stands for, if any. */
export const optionOfKey = (key) => {
  if (/^[1-8]$/.test(key)) return KEYS[Number(key) - 1];
  return /^[A-Ha-h]$/.test(key) ? key.toUpperCase() : null;
};
