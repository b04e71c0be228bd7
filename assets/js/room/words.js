/** The sentences and signs that the server put into the page; the script only fills in the places. */

const templates = document.querySelector("[data-words]")?.content;
const words = new Map([...(templates?.children ?? [])].map((it) => [it.dataset.word, it.textContent]));

export const word = (name, places = {}) =>
  (words.get(name) ?? name).replace(/\{(\w+)\}/g, (_whole, place) => places[place] ?? "");

export const sign = (name) => document.querySelector(`[data-mark="${name}"]`).content.cloneNode(true);

/** Small builder: element("p", { class: "muted" }, "text", child). Text is always text. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((it) => it !== null && it !== undefined));
  return made;
}

const ZONES = { "Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT" };

/** A moment as people here write it: 10.42.07 or 10.42 WIB. */
export function clock(moment, zone, { seconds = false } = {}) {
  const parts = new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false, timeZone: zone,
  }).formatToParts(new Date(moment));
  const part = (type) => parts.find((it) => it.type === type).value;
  const time = [part("hour"), part("minute"), ...(seconds ? [part("second")] : [])].join(".");
  return seconds ? time : `${time} ${ZONES[zone] ?? ""}`.trim();
}

/** 4523 seconds as 1.15.23, 323 as 5.23. */
export function span(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours ? `${hours}.${two(minutes)}.${two(seconds % 60)}` : `${minutes}.${two(seconds % 60)}`;
}
