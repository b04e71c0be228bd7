/** Drives the room's own queue and store through a seeded schedule of faults, against a model of the server.
 *
 * One schedule: a person chooses, clears and marks; requests and replies are dropped, doubled, delayed, reordered or
 * answered with 500; the session ends; the tab is killed and opened again, with or without a connection; another
 * device takes over and writes. Returns what broke the promise: nothing acknowledged lost, nothing shown stored that
 * is not, nothing of another device overwritten in silence.
 */

import { AnswerQueue, same } from "/__room/queue.js";
import { openStore } from "/__room/store.js";

const SLOTS = [1, 2, 3, 4, 5];
// Each write waits for the disk in the product; five hundred schedules of them would take half an hour here.
const transaction = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function relaxed(stores, mode) {
  return transaction.call(this, stores, mode, { durability: "relaxed" });
};
const nap = (ms) => new Promise((done) => { setTimeout(done, ms); });

function dice(seed) {
  let state = seed * 2654435761 >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The protocol of saving, in a few lines. */
class Server {
  lease = 1;

  isSignedIn = true;

  places = new Map(SLOTS.map((slot) => [slot, { seq: 0, value: [], in_doubt: false }]));

  events = new Set();

  handle(slot, { seq, value, in_doubt }, lease) {
    if (!this.isSignedIn) return { status: 401, body: { code: "unauthorized" } };
    if (lease !== this.lease) return { status: 409, body: { code: "moved" } };
    const place = this.places.get(slot);
    if (seq < place.seq || (seq === place.seq && !(same(value, place.value) && in_doubt === place.in_doubt))) {
      return { status: 409, body: { code: "stale_seq", ...place } };
    }
    this.places.set(slot, { seq, value, in_doubt });
    this.events.add(`${slot} ${seq} ${value.join()} ${in_doubt}`);
    return { status: 200, body: { seq, receipt: `r${slot}-${seq}`, saved_at: "2026-11-25T03:00:00Z", late: false } };
  }

  paper() {
    return SLOTS.map((slot) => {
      const { seq, value, in_doubt } = this.places.get(slot);
      return { slot, seq, answer: value, in_doubt };
    });
  }
}

class Schedule {
  constructor(seed, store, broken) {
    Object.assign(this, { seed, broken, store, random: dice(seed), server: new Server(), problems: [], isOnline: true, isHealed: false, lease: 1 });
    this.attempt = `schedule-${broken}-${seed}`;
    this.wanted = new Map();
    this.theirs = new Map();
    this.conflicts = new Set();
  }

  chance(share) {
    return this.random() < share;
  }

  pick(list) {
    return list[Math.floor(this.random() * list.length)];
  }

  /** A network that does everything a network may do. */
  async carry(slot, save, lease) {
    const nothing = { status: 0, body: {} };
    if (this.isHealed) return this.server.handle(slot, save, lease);
    if (!this.isOnline) return nothing;
    await nap(this.random() * 3);
    const fate = this.random();
    if (fate < 0.12) return nothing;
    if (fate < 0.2) return { status: 500, body: {} };
    if (fate < 0.3) {
      nap(this.random() * 12).then(() => this.server.handle(slot, save, lease));
      return nothing;
    }
    const reply = this.server.handle(slot, save, lease);
    if (fate < 0.42) return nothing;
    if (fate < 0.5) nap(this.random() * 10).then(() => this.server.handle(slot, save, lease));
    await nap(this.random() * 3);
    return this.isOnline ? reply : nothing;
  }

  async openTab() {
    const life = { isDead: false };
    const dead = new Promise(() => {});
    const store = {
      isDurable: true,
      answers: (attempt) => this.store.answers(attempt),
      keep: (answer) => {
        if (life.isDead) return dead;
        return this.store.keep(this.broken === "clears early" ? { ...answer, pending: false } : answer);
      },
    };
    const { lease } = this;
    const queue = new AnswerQueue({
      attempt: this.attempt,
      store,
      random: () => 0,
      wait: (ms) => (life.isDead ? dead : nap(ms / 400)),
      send: async (slot, save) => {
        const reply = await this.carry(slot, save, queue.lease);
        return life.isDead ? dead : reply;
      },
      onChange: () => { if (!life.isDead) this.look(queue); },
      onConflict: (slot) => this.conflicts.add(slot),
    });
    queue.lease = lease;
    this.tab = { queue, life };
    if (this.isOnline && this.server.isSignedIn) await queue.load(this.server.paper(), { isOurs: lease === this.server.lease });
    else {
      await queue.loadKept(SLOTS);
      this.tab.isBlind = true;
    }
    queue.drain();
  }

  /** Nothing is shown as stored that the server did not store. */
  look(queue) {
    for (const it of queue.answers.values()) {
      const isShownStored = !it.pending && it.receipt && it.seq > 0;
      if (isShownStored && !this.server.events.has(`${it.slot} ${it.seq} ${it.value.join()} ${it.in_doubt}`)) {
        this.problems.push(`item ${it.slot}: shown as stored, ${it.seq} ${it.value} is not`);
      }
    }
  }

  async step() {
    const { queue } = this.tab;
    const what = this.random();
    if (what < 0.55) {
      if (queue.halted) return;
      const slot = this.pick(SLOTS);
      const value = this.chance(0.15) ? [] : [this.pick(["A", "B", "C", "D"])];
      const before = this.wanted.get(slot);
      this.wanted.set(slot, { value, orElse: before ? [before.value, ...before.orElse] : [[]] });
      this.theirs.delete(slot);
      this.conflicts.delete(slot);
      const kept = queue.choose(slot, value);
      if (this.chance(0.9)) {
        await kept;
        this.wanted.set(slot, { value, orElse: [] });
      }
    } else if (what < 0.6) {
      if (!queue.halted) await queue.mark(this.pick(SLOTS), this.chance(0.5));
    }
    else if (what < 0.7) {
      this.isOnline = !this.isOnline;
      if (this.isOnline) queue.hurry();
    } else if (what < 0.78) await this.killTab();
    else if (what < 0.82) this.server.isSignedIn = false;
    else if (what < 0.86) await this.takenOver();
    else await nap(this.random() * 8);
    if (this.tab.queue.halted && this.chance(0.5)) await this.carryOn();
  }

  async killTab() {
    this.tab.life.isDead = true;
    await nap(this.random() * 2);
    await this.openTab();
  }

  /** Another device takes the attempt and stores a few answers. */
  async takenOver() {
    if (!this.server.isSignedIn) return;
    this.server.lease += 1;
    for (const slot of SLOTS.filter(() => this.chance(0.4))) {
      const value = [this.pick(["A", "B", "C", "D"])];
      this.server.handle(slot, { seq: this.server.places.get(slot).seq + 1, value, in_doubt: this.chance(0.3) }, this.server.lease);
      this.theirs.set(slot, value);
    }
  }

  /** What the person does on this device about it: sign in again, take the attempt back. */
  async carryOn() {
    const { queue } = this.tab;
    this.server.isSignedIn = true;
    const isOurs = this.lease === this.server.lease;
    if (!isOurs) {
      this.server.lease += 1;
      this.lease = this.server.lease;
    }
    queue.lease = this.lease;
    this.tab.isBlind = false; // a room that opened without a connection fetches its paper once there is one
    await queue.load(this.server.paper(), { isOurs });
    queue.resume();
  }

  async run() {
    await this.openTab();
    for (let count = 0; count < 45; count += 1) await this.step();
    if (this.broken) await this.killTab();
    this.isOnline = true;
    this.isHealed = true;
    for (let count = 0; count < 60; count += 1) {
      if (this.tab.isBlind || this.tab.queue.halted || this.lease !== this.server.lease) await this.carryOn();
      this.tab.queue.hurry();
      await nap(4);
      if (!this.tab.queue.unsent.length && !this.tab.queue.underWay.size && !this.tab.queue.halted) break;
    }
    await nap(15);
    this.judge();
    await this.store.forget(this.attempt);
    return this.problems;
  }

  judge() {
    for (const slot of SLOTS) {
      const stored = this.server.places.get(slot).value;
      const own = this.wanted.get(slot);
      const theirs = this.theirs.get(slot);
      const accepted = [own?.value ?? [], ...(own?.orElse ?? [])];
      const isOwn = accepted.some((value) => same(value, stored));
      if (theirs && !same(theirs, stored) && !isOwn) this.problems.push(`item ${slot}: ${stored} is nobody's`);
      if (theirs && !same(theirs, stored)) this.problems.push(`item ${slot}: the other device's ${theirs} was overwritten by ${stored}`);
      if (!theirs && !isOwn && !this.conflicts.has(slot)) this.problems.push(`item ${slot}: chosen ${own?.value}, stored ${stored}`);
      const shown = this.tab.queue.answers.get(slot);
      if (shown.in_doubt !== this.server.places.get(slot).in_doubt) this.problems.push(`item ${slot}: the mark shown is not the one stored`);
      if (!same(shown.value, stored)) this.problems.push(`item ${slot}: shows ${shown.value}, stored ${stored}`);
    }
    if (this.tab.queue.unsent.length) this.problems.push(`${this.tab.queue.unsent.length} never sent`);
  }
}

/** Run schedules `from` … `to - 1`, some side by side; returns { seed, problems } of those that failed. */
export async function runSchedules(from, to, broken = "") {
  const store = await openStore();
  if (!store.isDurable) return [{ seed: from, problems: ["no IndexedDB here"] }];
  const failed = [];
  for (let first = from; first < to; first += 25) {
    const seeds = Array.from({ length: Math.min(25, to - first) }, (_it, at) => first + at);
    const done = await Promise.all(seeds.map((seed) => new Schedule(seed, store, broken).run()));
    done.forEach((problems, at) => { if (problems.length) failed.push({ seed: seeds[at], problems: [...new Set(problems)].slice(0, 5) }); });
  }
  return failed;
}

window.runSchedules = runSchedules;
