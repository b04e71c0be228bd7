/** The time left: the server's, counted on by a clock that no setting of the device can move. */

import { clock, span, word } from "./words.js";

const MILESTONES = [600, 300, 60];

export class Timer {
  constructor({ paper, onUp, say, blanks }) {
    Object.assign(this, { onUp, say, blanks, isUp: false, isHidden: false });
    this.zone = paper.zone;
    this.length = (new Date(paper.closes_at) - new Date(paper.opened_at)) / 1000;
    this.closesAt = paper.closes_at;
    this.set((new Date(paper.closes_at) - new Date(paper.server_now)) / 1000);
    this.told = new Set(MILESTONES.concat(this.length / 2).filter((it) => it >= this.left()));
    this.time = document.querySelector("[data-time]");
    this.bar = document.querySelector("[data-time-bar]");
    this.button = document.querySelector("[data-hide-time]");
    this.button.addEventListener("click", () => this.hide(!this.isHidden));
    this.show();
    this.ticking = setInterval(() => this.tick(), 1000);
  }

  /** Seconds left now, as the server says. */
  set(seconds) {
    this.endsAt = performance.now() + seconds * 1000;
  }

  left() {
    return Math.max(0, Math.ceil((this.endsAt - performance.now()) / 1000));
  }

  /** The server's newest word: another deadline is told, the same one only sets the clock right. */
  heed({ closes_at: closesAt, time_left_s: left }) {
    if (closesAt && closesAt !== this.closesAt) {
      const minutes = Math.round((new Date(closesAt) - new Date(this.closesAt)) / 60000);
      this.closesAt = closesAt;
      if (minutes > 0) this.say(word("added", { minutes, time: clock(closesAt, this.zone) }));
    }
    if (typeof left === "number" && Math.abs(left - this.left()) > 1) this.set(left);
    this.show();
  }

  tick() {
    this.show();
    const left = this.left();
    if (left === 0 && !this.isUp) {
      this.isUp = true;
      clearInterval(this.ticking);
      this.show();
      this.onUp();
      return;
    }
    for (const milestone of [...MILESTONES, this.length / 2]) {
      if (left <= milestone && !this.told.has(milestone)) {
        this.told.add(milestone);
        if (left <= 300) this.hide(false);
        if (left > 0) this.say(this.milestone(milestone));
      }
    }
  }

  milestone(seconds) {
    if (!MILESTONES.includes(seconds)) return word("half");
    return word("minutesLeft", { minutes: Math.round(seconds / 60), blank: this.blanks() });
  }

  hide(isHidden) {
    this.isHidden = isHidden;
    this.button.setAttribute("aria-pressed", String(isHidden));
    this.button.textContent = word(isHidden ? "showTime" : "hideTime");
    this.show();
  }

  show() {
    const left = this.left();
    const text = this.isHidden ? word("timeHidden") : word("left", { time: span(left) });
    this.time.textContent = this.isUp ? word("up") : text;
    document.querySelector("[data-ends]").textContent = word("ends", { time: clock(this.closesAt, this.zone) });
    this.bar.max = this.length;
    this.bar.value = left;
    document.querySelector("[data-room-bar]").classList.toggle("is-short", left <= 300);
  }
}
