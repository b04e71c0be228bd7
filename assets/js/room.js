/** The exam room: the paper comes once, each answer goes through the queue, and the page says only what is true. */

import { AnswerQueue } from "./room/queue.js";
import { openStore } from "./room/store.js";
import { Timer } from "./room/timer.js";
import * as view from "./room/view.js";
import { clock, word } from "./room/words.js";

const PATIENCE = 10000;
const LOOK_EVERY = 4000;
const LONG_OFFLINE = 120000;
const base = location.pathname.replace(/\/$/, "");
const attempt = base.split("/").at(-1);
const find = (name) => document.querySelector(`[data-${name}]`);
const main = find("room");
const wait = (ms) => new Promise((done) => { setTimeout(done, ms); });

class Room {
  current = 1;

  filter = "all";

  csrf = "";

  lostAt = 0;

  sentSinceLost = 0;

  isHandingIn = false;

  conflicts = new Set();

  saidAt = 0;

  tab = Math.random().toString(36).slice(2);

  /** One request; status 0 where nothing came back in time. */
  async ask(method, path, body) {
    if (find("cut").checked) return { status: 0, body: {} };
    const given = new AbortController();
    const patience = setTimeout(() => given.abort(), PATIENCE);
    const headers = { Accept: "application/json" };
    if (method !== "GET") headers["X-CSRFToken"] = this.csrf;
    if (body) headers["Content-Type"] = "application/json";
    try {
      const reply = await fetch(base + path, {
        method, headers, body: body && JSON.stringify(body), signal: given.signal, keepalive: method === "PUT", redirect: "manual", cache: "no-store",
      });
      return { status: reply.status, body: await reply.json().catch(() => ({})) };
    } catch {
      return { status: 0, body: {} };
    } finally {
      clearTimeout(patience);
    }
  }

  async open() {
    this.store = await openStore();
    const kept = await this.store.paper(attempt).catch(() => undefined);
    const reply = await this.ask("GET", "/paper");
    if (reply.status === 200) await this.begin(reply.body, kept);
    else if (reply.status === 0 || reply.status >= 500) await this.beginOffline(kept);
    else this.stop(reply.status === 401 ? "signed-out" : "not-yours", kept);
  }

  async begin(paper, kept) {
    if (paper.submitted_at) {
      await this.store.forget(attempt).catch(() => {});
      location.replace(`${base}/result`);
      return;
    }
    const isBegun = location.hash === "#started";
    const holds = isBegun || kept?.lease === paper.lease;
    if (isBegun) history.replaceState(null, "", base);
    this.furnish({ ...paper, lease: holds ? paper.lease : kept?.lease ?? "" });
    this.hasHeld = Boolean(kept);
    await this.adopt(paper, { holds });
    this.present();
    if (!holds) this.queue.halt("moved");
  }

  /** Take what the server says. Answers first, the lease last: whoever dies in between has not become its holder. */
  async adopt(paper, { holds }) {
    this.csrf = paper.csrf;
    await this.queue.load(paper.paper, { isOurs: holds && paper.lease === this.paper.lease });
    this.timer.heed({ closes_at: paper.closes_at, time_left_s: (new Date(paper.closes_at) - new Date(paper.server_now)) / 1000 });
    if (!holds) return;
    this.hasHeld = true;
    this.paper = { ...this.paper, ...paper };
    await this.store.keepPaper({ ...this.paper, attempt, csrf: undefined, keptAt: Date.now() }).catch(() => {});
  }

  /** Without a connection: the paper as this device keeps it, its clock going on from when it was kept. */
  async beginOffline(kept) {
    if (!kept) {
      this.message("noPaperTitle", "noPaperText", { again: true });
      wait(5000).then(() => this.open());
      return;
    }
    const gone = Math.max(0, Date.now() - kept.keptAt);
    const serverNow = new Date(new Date(kept.server_now).getTime() + gone).toISOString();
    this.furnish({ ...kept, server_now: serverNow });
    await this.queue.loadKept(kept.paper.map((it) => it.slot));
    for (const it of kept.paper) {
      const own = this.queue.answers.get(it.slot);
      if (!own.seq) this.queue.answers.set(it.slot, { ...own, value: it.answer, in_doubt: it.in_doubt, seq: it.seq, base: it.seq, receipt: it.seq ? "known" : "" });
    }
    this.lost();
    this.present();
    this.refetch();
  }

  /** The session's token is not kept on the device: fetch it anew, then let the queue go. */
  async refetch() {
    this.queue.halt("no-token");
    if (this.isRefetching) return;
    this.isRefetching = true;
    await this.fetchAgain();
    this.isRefetching = false;
  }

  async fetchAgain() {
    for (;;) {
      const reply = await this.ask("GET", "/paper");
      if (reply.status === 200) {
        if (reply.body.submitted_at) {
          this.stop("closed");
          return;
        }
        const holds = reply.body.lease === this.paper.lease;
        await this.adopt(reply.body, { holds });
        if (holds) {
          this.queue.resume();
          this.reached();
        } else this.stop("moved");
        return;
      }
      if (reply.status === 401 || reply.status === 404 || reply.status === 403) {
        this.stop(reply.status === 401 ? "signed-out" : "not-yours");
        return;
      }
      await wait(3000);
    }
  }

  furnish(paper) {
    this.paper = paper;
    this.items = new Map(paper.paper.map((it) => [it.slot, it]));
    document.title = paper.title;
    find("title").textContent = paper.title;
    this.queue = new AnswerQueue({
      attempt,
      store: this.store,
      wait,
      send: (slot, save) => this.send(slot, save),
      onChange: () => this.refresh(),
      onConflict: (slot) => this.conflicted(slot),
    });
    this.timer = new Timer({
      paper,
      say: (text) => this.say(text),
      blanks: () => view.count(this.answers()).blank,
      onUp: () => this.up(),
    });
    const place = Number(sessionStorage.getItem(`room-${attempt}`));
    this.current = this.items.has(place) ? place : 1;
    find("practice").hidden = !base.endsWith("/simulation");
    this.listen();
  }

  answers() {
    return [...this.queue.answers.values()].sort((one, other) => one.slot - other.slot);
  }

  async send(slot, save) {
    const reply = await this.ask("PUT", `/answers/${slot}`, { ...save, lease: this.paper.lease, client_at: new Date().toISOString() });
    if (reply.status === 0 || reply.status >= 500) this.lost();
    else this.reached(reply.status === 200);
    if (reply.status === 200) this.timer.heed(reply.body);
    if (reply.status === 400) this.refetch();
    return reply;
  }

  /** Another device's later answer took the place of one chosen here: said until it was read. */
  conflicted(slot) {
    this.conflicts.add(slot);
    const slots = [...this.conflicts].sort((one, other) => one - other).join(", ");
    find("conflict-text").textContent = word("conflict", { slots });
    find("conflicts").hidden = false;
  }

  /** The server did not answer: say at once what is safe. */
  lost() {
    if (!this.lostAt) {
      this.lostAt = performance.now();
      this.sentSinceLost = 0;
    }
    this.refresh();
  }

  reached(hasSent = false) {
    if (!this.lostAt) return;
    if (hasSent) this.sentSinceLost += 1;
    if (this.queue.unsent.length > (hasSent ? 1 : 0)) return;
    const count = this.sentSinceLost;
    const text = word(count ? "back" : "backNone", { count });
    this.lostAt = 0;
    this.say(text);
    this.banner("ok", text);
    setTimeout(() => { if (!this.lostAt) this.banner("", ""); }, 5000);
  }

  banner(kind, text) {
    const place = find("banner");
    place.hidden = !text;
    place.className = `note note--${kind || "warn"} room__banner`;
    if (place.textContent !== text) place.textContent = text;
  }

  /** Say something to screen readers, and show it where it is not on the page anyway. */
  say(text) {
    find("say").textContent = text;
    this.banner("info", text);
    clearTimeout(this.saying);
    this.saying = setTimeout(() => { if (find("banner").textContent === text) this.banner("", ""); }, 8000);
  }

  /** Everything that shows the state of answers. */
  refresh() {
    if (!this.queue || !this.queue.answers.size) return;
    const answers = this.answers();
    const counted = view.count(answers);
    find("done").textContent = counted.done;
    find("all").textContent = counted.all;
    find("counts").textContent = word("counts", counted);
    view.drawGrid(find("grid"), answers, this.current, this.filter, (slot) => this.go(slot));
    view.refreshItem(find("item"), this.queue.answers.get(this.current));
    if (!find("panel=review").hidden) view.drawReview(find("review"), answers, (slot) => this.go(slot));
    if (!find("panel=unsent").hidden) view.drawUnsent(find("unsent"), answers, this.paper.zone);
    this.showState(answers, counted);
    if (this.queue.halted && this.queue.halted !== "no-token") this.stop(this.queue.halted);
  }

  showState(answers, counted) {
    const isDurable = this.queue.isDurable;
    const button = find("state");
    if (this.queue.refused.size) {
      view.drawState(button, "stopped", word("refused", { slots: [...this.queue.refused].join(", ") }));
    } else if (!counted.unsent) {
      const last = answers.map((it) => it.savedAt).filter(Boolean).sort().at(-1);
      const known = answers.some((it) => it.receipt);
      const text = last ? word("saved", { time: clock(last, this.paper.zone, { seconds: true }) }) : word(known ? "allSaved" : "nothing");
      view.drawState(button, "saved", text);
    } else if (this.queue.halted && this.queue.halted !== "no-token") {
      view.drawState(button, "stopped", word("stopped", { count: counted.unsent }));
    } else if (this.queue.writing || (!this.lostAt && this.queue.failures === 0)) view.drawState(button, "sending", word("sending"));
    else view.drawState(button, this.lostAt ? "offline" : "device", word(isDurable ? "device" : "memory", { count: counted.unsent }));
    this.showLoss(counted, isDurable);
  }

  showLoss(counted, isDurable) {
    if (!this.lostAt) return;
    const gone = performance.now() - this.lostAt;
    const minutes = Math.floor(gone / 60000);
    const long = word("offlineLong", { minutes, count: counted.unsent });
    this.banner("warn", gone >= LONG_OFFLINE ? long : word(isDurable ? "offline" : "offlineMemory"));
    if (Date.now() - this.saidAt > 10000 && find("say").textContent !== find("banner").textContent) {
      this.saidAt = Date.now();
      find("say").textContent = find("banner").textContent;
    }
  }

  show(name) {
    for (const panel of document.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== name;
    find("body").hidden = name !== "items";
    const title = name === "items" ? null : document.querySelector(`[data-panel="${name}"] h2`);
    if (title) {
      window.scrollTo(0, 0);
      title.focus({ preventScroll: true });
    }
  }

  present() {
    this.show("items");
    this.go(this.current, { focus: false });
    if (this.timer.left() === 0) this.up();
    if (this.queue.unsent.length) this.queue.drain();
  }

  go(slot, { focus = true } = {}) {
    if (!this.items.has(slot)) return;
    this.isHandingIn = false;
    this.current = slot;
    sessionStorage.setItem(`room-${attempt}`, slot);
    this.show("items");
    const isOpen = !this.queue.halted || this.queue.halted === "no-token";
    view.drawItem(find("item"), this.items.get(slot), this.queue.answers.get(slot), {
      all: this.items.size, isOpen: isOpen && !this.timer.isUp, act: this,
    });
    if (!this.queue.answers.get(slot).seen) this.queue.see(slot);
    else this.refresh();
    window.scrollTo(0, 0);
    if (focus) main.focus({ preventScroll: true });
  }

  choose(slot, value) {
    if (this.timer.isUp) return;
    this.queue.choose(slot, value);
    this.look();
  }

  clear(slot) {
    this.choose(slot, []);
  }

  doubt(slot) {
    if (this.timer.isUp) return;
    this.queue.mark(slot, !this.queue.answers.get(slot).in_doubt);
  }

  review() {
    view.drawReview(find("review"), this.answers(), (slot) => this.go(slot));
    this.stopHandingIn();
    this.isSure = false;
    this.show("review");
  }

  /** Two steps where something is empty, in doubt or not sent; one where all is well. */
  async handIn({ sure = false } = {}) {
    const counted = view.count(this.answers());
    if ((counted.blank || counted.doubt) && !this.isSure && !sure) {
      this.isSure = true;
      find("alert").textContent = word("confirm", counted);
      find("review").prepend(Object.assign(document.createElement("p"), { className: "note note--warn", textContent: word("confirm", counted) }));
      find("hand-in").textContent = word("confirmYes");
      return;
    }
    if (this.isHandingIn) return;
    this.isHandingIn = true;
    while (this.isHandingIn && !this.queue.halted && !(await this.tryHandIn())) await wait(this.lostAt ? 2000 : 500);
    this.stopHandingIn();
  }

  /** One step on the way: the answers first, then the exam. True once there is nothing more to try. */
  async tryHandIn() {
    const count = this.queue.unsent.length;
    if (count) {
      this.queue.hurry();
      this.showHandingIn(word("handingIn", { count }));
      return false;
    }
    this.showHandingIn(word("handingInNow"));
    const reply = await this.ask("POST", "/submission");
    if (reply.status === 0 || reply.status >= 500 || reply.status === 429) {
      this.lost();
      this.showHandingIn(word("handingInNow"));
      return false;
    }
    if (reply.status === 200 || reply.status === 201) {
      await this.store.forget(attempt).catch(() => {});
      location.replace(reply.body.next ?? `${base}/result`);
      await wait(60000);
    }
    if (reply.status === 401) this.queue.halt("signed-out");
    else if (reply.status === 400) await this.refetch();
    else this.queue.halt(reply.status === 409 ? "closed" : "not-yours");
    return true;
  }

  /** What the button says, and where there is no connection that the exam is not handed in, for as long as it is not. */
  showHandingIn(text) {
    find("hand-in").textContent = text;
    const note = find("hand-in-note");
    note.hidden = !this.lostAt;
    if (this.lostAt && note.textContent !== word("handInWaits")) note.textContent = word("handInWaits");
  }

  stopHandingIn() {
    this.isHandingIn = false;
    find("hand-in").textContent = word("handIn");
    find("hand-in-note").hidden = true;
  }

  /** The deadline: nothing more is taken; what waits is still sent, and kept as late. */
  async up() {
    this.go(this.current, { focus: false });
    const count = this.queue.unsent.length;
    this.say(count ? word("upUnsent", { count }) : word("upSafe"));
    while (this.queue.unsent.length && !this.queue.halted) {
      this.queue.hurry();
      await wait(2000);
    }
    if (!this.queue.halted) this.message("up", "upSafe", { result: true });
  }

  message(title, text, { again = false, result = false } = {}) {
    find("message-title").textContent = word(title);
    find("message-text").textContent = word(text);
    find("again").hidden = !again && !result;
    find("again").textContent = result ? word("handIn") : find("again").textContent;
    find("again").onclick = () => (result ? this.handIn({ sure: true }) : location.reload());
    this.show("message");
  }

  stop(reason) {
    const shown = { moved: "moved", tab: "moved", "signed-out": "sign-in" }[reason];
    if (this.queue && this.queue.halted !== reason) this.queue.halted = reason;
    if (shown && !find(`panel=${shown}`).hidden) return;
    if (shown === "moved") {
      const count = this.queue.unsent.length;
      const held = count ? "movedDevice" : "movedDeviceAll";
      const text = this.hasHeld ? held : "movedAsk";
      find("moved-text").textContent = word(reason === "tab" ? "movedTab" : text, { count });
      find("take-over").textContent = word(reason === "tab" ? "useTab" : "useDevice");
    }
    if (shown) this.show(shown);
    else if (reason === "not-yours") this.message("notYoursTitle", "notYoursText");
    else if (reason === "closed") {
      this.message("closedTitle", "closedText", { again: true });
      find("again").onclick = () => location.replace(`${base}/result`);
    }
  }

  async takeOver() {
    if (this.queue.halted === "tab") {
      await this.takeTab();
      return;
    }
    const reply = await this.ask("POST", "/lease");
    if (reply.status === 200) {
      await this.adopt(reply.body, { holds: true });
      this.reached();
      this.claim();
      this.queue.resume();
      this.go(this.current);
    } else if (reply.status === 401) this.stop("signed-out");
    else if (reply.status === 409) this.stop("closed");
    else this.say(word("takeOverFailed"));
  }

  /** From one tab to another of this browser: both share what is kept, also without a connection. */
  async takeTab() {
    this.claim();
    const kept = await this.store.paper(attempt).catch(() => undefined);
    this.paper.lease = kept?.lease ?? this.paper.lease;
    await this.queue.loadKept([...this.items.keys()]);
    this.go(this.current);
    await this.refetch();
    if (!this.queue.halted) this.go(this.current);
  }

  /** Ask whether this device still holds the attempt, so that a superseded page turns read-only by itself. */
  async look() {
    if (document.hidden || this.isLooking || this.timer.isUp || !this.csrf) return;
    if (performance.now() - (this.lookedAt ?? 0) < LOOK_EVERY - 500) return;
    if (this.queue.halted && this.queue.halted !== "moved") return;
    this.isLooking = true;
    const reply = await this.ask("GET", `/state?lease=${this.paper.lease}`);
    this.isLooking = false;
    this.lookedAt = performance.now();
    if (reply.status === 0 || reply.status >= 500) this.lost();
    else if (reply.status === 401) this.queue.halt("signed-out");
    else if (reply.status === 204) this.held();
    else if (reply.status === 200) {
      this.held();
      if (reply.body.submitted) this.queue.halt("closed");
      else if (reply.body.lease !== this.paper.lease) this.queue.halt("moved");
      else this.timer.heed(reply.body);
    }
  }

  /** The server answers: what waits may go. */
  held() {
    this.reached();
    if (this.lostAt) this.queue.hurry();
  }

  async signIn(form) {
    const fields = new FormData(form);
    const problem = find("sign-in-error");
    const failed = (name) => {
      problem.hidden = false;
      problem.textContent = word(name);
    };
    const page = await fetch(main.dataset.signIn, { headers: { Accept: "application/json" }, cache: "no-store" }).catch(() => null);
    const token = page?.ok ? (await page.json().catch(() => ({}))).csrf : null;
    if (!token) return failed("signInAway");
    const reply = await fetch(main.dataset.signIn, {
      method: "POST", body: fields, headers: { Accept: "application/json", "X-CSRFToken": token }, redirect: "manual",
    }).catch(() => null);
    if (!reply) return failed("signInAway");
    if (!reply.ok) return failed((await reply.json().catch(() => ({}))).code === "second_factor" ? "secondFactor" : "signInFailed");
    const paper = await this.ask("GET", "/paper");
    if (paper.status === 404) return failed("signInOther");
    if (paper.status !== 200) return failed("signInAway");
    if (!this.queue) {
      location.reload();
      return undefined;
    }
    problem.hidden = true;
    form.reset();
    const holds = paper.body.lease === this.paper.lease;
    await this.adopt(paper.body, { holds });
    this.queue.halted = holds ? "" : "moved";
    if (holds) {
      this.go(this.current);
      this.queue.resume();
    } else this.stop("moved");
    return undefined;
  }

  /** Of two tabs of this browser the newer one writes. */
  claim() {
    this.channel?.postMessage({ tab: this.tab });
  }

  listen() {
    if (this.isListening) return;
    this.isListening = true;
    if ("BroadcastChannel" in window) {
      this.channel = new BroadcastChannel(`elearn-room-${attempt}`);
      this.channel.onmessage = (event) => { if (event.data.tab !== this.tab) this.queue.halt("tab"); };
      this.claim();
    }
    setInterval(() => this.look(), LOOK_EVERY);
    setInterval(() => { if (this.lostAt) this.refresh(); }, 15000);
    window.addEventListener("online", () => this.queue.hurry());
    window.addEventListener("offline", () => this.lost());
    document.addEventListener("visibilitychange", () => {
      this.queue.hurry();
      if (!document.hidden) this.look();
    });
    window.addEventListener("pagehide", () => this.queue.hurry());
    window.addEventListener("beforeunload", (event) => {
      if (this.queue.unsent.length && !this.queue.isDurable) event.preventDefault();
    });
    find("cut").addEventListener("change", (event) => (event.target.checked ? this.lost() : this.queue.hurry()));
    document.addEventListener("keydown", (event) => this.press(event));
  }

  press(event) {
    const typing = event.target.matches("input[type=text], input[type=password], input:not([type]), textarea, select");
    if (event.ctrlKey || event.metaKey || event.altKey || typing || !find("shortcuts").checked || find("body").hidden) return;
    const item = this.items.get(this.current);
    const answer = this.queue.answers.get(this.current);
    const option = view.optionOfKey(event.key);
    if (option && item.options.some((it) => it.key === option)) {
      const has = answer.value.includes(option);
      const others = answer.value.filter((key) => key !== option);
      this.choose(this.current, item.type === "multiple" ? (has ? others : [...others, option]) : [option]);
    } else if (event.key === "n" || event.key === "N") this.go(this.current + 1);
    else if (event.key === "p" || event.key === "P") this.go(this.current - 1);
    else if (event.key === "r" || event.key === "R") this.doubt(this.current);
    else if (event.key === "0") this.clear(this.current);
    else if (event.key === "g" || event.key === "G") document.querySelector(`[data-cell="${this.current}"]`).focus();
    else return;
    event.preventDefault();
  }
}

const room = new Room();

function resize(step) {
  const now = step ? Number(document.documentElement.dataset.size ?? 0) + step : 0;
  document.documentElement.dataset.size = Math.max(-1, Math.min(3, now));
  try { localStorage.setItem("room-size", document.documentElement.dataset.size); } catch { /* only a comfort */ }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.go === "review") room.review();
  else if (button.dataset.go === "items") room.go(room.current);
  else if ("handIn" in button.dataset) room.handIn();
  else if ("takeOver" in button.dataset) room.takeOver();
  else if ("conflictsRead" in button.dataset) {
    room.conflicts.clear();
    find("conflicts").hidden = true;
  }
  else if ("state" in button.dataset && room.queue) {
    view.drawUnsent(find("unsent"), room.answers(), room.paper.zone);
    room.show("unsent");
  } else if ("size" in button.dataset) resize(Number(button.dataset.size));
  else if ("filter" in button.dataset) {
    room.filter = button.dataset.filter;
    for (const it of document.querySelectorAll("[data-filter]")) it.setAttribute("aria-pressed", String(it === button));
    room.refresh();
  }
});
find("sign-in-form").addEventListener("submit", (event) => {
  event.preventDefault();
  room.signIn(event.target);
});
try { document.documentElement.dataset.size = localStorage.getItem("room-size") ?? 0; } catch { /* only a comfort */ }
if ("serviceWorker" in navigator) navigator.serviceWorker.register(main.dataset.worker, { scope: main.dataset.worker.replace(/[^/]+$/, "") }).catch(() => {});
room.open();
