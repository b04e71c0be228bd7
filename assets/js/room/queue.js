/** The answers of one attempt on this device, and their way to the server.
 *
 * An answer is kept on the device before anything is said of it; it counts as stored only when the server's receipt
 * for exactly this answer has come; until then it is sent again and again. Per item one answer is under way at a time
 * and only the newest is sent. What another device or tab has stored in the meantime is never overwritten in silence:
 * the server's word is shown, and `onConflict` is told.
 *
 * An answer: { attempt, slot, seq, value, base, pending, receipt, savedAt, late, in_doubt, seen }, where `base` is the
 * server's newest number when it was chosen. `send(slot, { seq, value, in_doubt })` resolves to { status, body }, status 0 for
 * no answer at all; it never rejects.
 */

export const LANES = 6;
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 15000;

export class AnswerQueue {
  constructor({ attempt, store, send, wait, random = Math.random, onChange = () => {}, onConflict = () => {} }) {
    Object.assign(this, { attempt, store, send, wait, random, onChange, onConflict });
    this.answers = new Map();
    this.underWay = new Set();
    this.pause = FIRST_PAUSE;
    this.failures = 0;
    this.writing = 0;
    this.halted = "";
    this.refused = new Set();
    this.retrying = false;
    this.isLoading = false;
    this.isDurable = store.isDurable;
    this.wake = () => {};
  }

  /** Join what the server holds with what this device kept; `paper` is [{ slot, seq, answer, in_doubt }].
   *
   * `isOurs` says that no other device took the attempt over since: then a higher number at the server is one that
   * this device sent itself, and the newer choice kept here goes on its way.
   */
  async load(paper, { isOurs }) {
    this.isLoading = true;
    const kept = new Map((await this.store.answers(this.attempt)).map((it) => [it.slot, it]));
    const joined = paper.map((it) => {
      const own = this.answers.get(it.slot) ?? kept.get(it.slot);
      return own ? this.#joined(own, it, isOurs) : fresh(this.attempt, it);
    });
    for (const it of joined) this.answers.set(it.slot, it);
    this.isLoading = false;
    this.onChange();
    await Promise.all(joined.filter((it) => kept.has(it.slot)).map((it) => this.#keep(it)));
  }

  /** While the server cannot be asked: what this device kept, as it kept it. */
  async loadKept(slots) {
    const kept = new Map((await this.store.answers(this.attempt)).map((it) => [it.slot, it]));
    for (const slot of slots) this.answers.set(slot, kept.get(slot) ?? fresh(this.attempt, { slot, seq: 0, answer: [], in_doubt: false }));
    this.onChange();
  }

  #joined(own, { seq, answer: value, in_doubt }, isOurs) {
    if (own.base > seq) return own; // the server has told more since it wrote that paper
    if (same(own.value, value) && own.seq <= seq) return { ...own, in_doubt, seq, base: seq, pending: false, receipt: own.receipt || "known" };
    if (own.pending && own.seq > seq && (isOurs || own.base === seq)) return { ...own, base: seq };
    if (own.pending && !same(own.value, value)) this.onConflict(own.slot);
    return { ...own, seq, value, in_doubt, base: seq, pending: false, receipt: seq ? "known" : "", savedAt: "", late: false };
  }

  /** Choose for one item ([] clears): kept on the device first, then sent. */
  async choose(slot, value) {
    await this.#change(slot, { value: [...value].sort() });
  }

  /** Mark an item as in doubt, or no more: stored as an answer is, so that another device shows it too. */
  async mark(slot, in_doubt) {
    await this.#change(slot, { in_doubt });
  }

  async #change(slot, changes) {
    const before = this.answers.get(slot);
    const next = {
      ...before, ...changes, seq: Math.max(before.seq, before.base) + 1, pending: true, receipt: "", savedAt: "", late: false, seen: true,
    };
    this.answers.set(slot, next);
    this.refused.delete(slot);
    this.onChange();
    await this.#keep(next);
    this.drain();
  }

  /** Write to this device's store; until that is done nothing is said to be kept. */
  async #keep(answer) {
    this.writing += 1;
    await this.store.keep(answer).catch(() => { this.isDurable = false; });
    this.writing -= 1;
    if (!this.writing) this.onChange();
  }

  /** Note what concerns this device alone: that the item was opened here. */
  async see(slot) {
    const next = { ...this.answers.get(slot), seen: true };
    this.answers.set(slot, next);
    this.onChange();
    await this.#keep(next);
  }

  /** Answers that the server has not acknowledged. */
  get unsent() {
    return [...this.answers.values()].filter((it) => it.pending && !this.refused.has(it.slot));
  }

  /** Stop sending for a reason ("moved", "signed-out", "closed"); what is kept stays kept. */
  halt(reason) {
    this.halted = reason;
    this.onChange();
  }

  /** Go on sending. */
  resume() {
    this.halted = "";
    this.pause = FIRST_PAUSE;
    this.drain();
  }

  /** Try at once: the network is said to be back, or the page is left. */
  hurry() {
    this.pause = FIRST_PAUSE;
    this.wake();
    this.drain();
  }

  /** Send what waits, several items side by side. */
  drain() {
    if (this.halted || this.retrying || this.isLoading) return;
    for (const answer of this.unsent) {
      if (this.underWay.size >= LANES) return;
      if (!this.underWay.has(answer.slot)) this.#carry(answer);
    }
  }

  async #carry(answer) {
    const { slot } = answer;
    this.underWay.add(slot);
    this.onChange();
    const reply = await this.send(slot, { seq: answer.seq, value: answer.value, in_doubt: answer.in_doubt });
    const isSettled = await this.#settle(answer, reply);
    this.underWay.delete(slot);
    this.onChange();
    if (isSettled) this.drain();
    else this.#retryLater();
  }

  async #retryLater() {
    this.failures += 1;
    if (this.retrying || this.halted) return;
    this.retrying = true;
    this.onChange();
    const woken = new Promise((done) => { this.wake = done; });
    await Promise.race([this.wait(this.pause * (1 + this.random() * 0.3)), woken]);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
    this.retrying = false;
    this.drain();
  }

  /** Take the server's word; whether it said anything that settles this answer. */
  async #settle(answer, { status, body }) {
    if (status === 200 && body?.receipt && body.seq === answer.seq) return this.#acknowledged(answer, body);
    if (status === 409 && body?.code === "stale_seq") return this.#overtaken(answer, body);
    if (status === 409 && body?.code === "moved") return this.#stopped("moved");
    if (status === 409 && body?.code === "attempt_closed") return this.#stopped("closed");
    if (status === 401) return this.#stopped("signed-out");
    if (status === 404 || status === 403) return this.#stopped("not-yours");
    if (status === 400) return this.#stopped("stale-page");
    if (status === 422) {
      this.refused.add(answer.slot);
      return true;
    }
    return false;
  }

  #stopped(reason) {
    this.halt(reason);
    return true;
  }

  async #acknowledged(answer, body) {
    this.pause = FIRST_PAUSE;
    this.failures = 0;
    const current = this.answers.get(answer.slot);
    const acknowledged = { pending: false, receipt: body.receipt, savedAt: body.saved_at, late: Boolean(body.late) };
    const next = { ...current, base: answer.seq, ...(current.seq === answer.seq ? acknowledged : {}) };
    this.answers.set(answer.slot, next);
    await this.#keep(next);
    return true;
  }

  async #overtaken(answer, { seq, value, in_doubt }) {
    const current = this.answers.get(answer.slot);
    const theirs = { ...current, seq, base: seq, value, in_doubt, pending: false, receipt: "known", savedAt: "", late: false };
    if (!same(current.value, value)) this.onConflict(answer.slot);
    this.answers.set(answer.slot, theirs);
    await this.#keep(theirs);
    return true;
  }
}

const fresh = (attempt, { slot, seq, answer, in_doubt }) => ({
  attempt, slot, seq, value: answer, base: seq, pending: false, receipt: seq ? "known" : "", savedAt: "", late: false, in_doubt, seen: seq > 0,
});

/** Whether two choices are the same keys. */
export function same(one, other) {
  return one.length === other.length && [...one].sort().join() === [...other].sort().join();
}
