/** What this device keeps of an exam: its paper and every answer, until the server has acknowledged it and after.
 *
 * IndexedDB works on plain http and without a service worker. Where a browser refuses it (private mode, full
 * storage), answers are kept in memory alone and `isDurable` says so, so that the page can say so too.
 */

const NAME = "elearn-room";

const asked = (request) => new Promise((done, failed) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => failed(request.error);
});

const finished = (transaction) => new Promise((done, failed) => {
  transaction.oncomplete = () => done();
  transaction.onabort = () => failed(transaction.error);
  transaction.onerror = () => failed(transaction.error);
});

function open() {
  return new Promise((done, failed) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("papers", { keyPath: "attempt" });
      request.result.createObjectStore("answers", { keyPath: ["attempt", "slot"] });
    };
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
    request.onblocked = () => failed(new Error("blocked"));
  });
}

/** The durable store; every promise resolves only when the transaction has completed. */
class DurableStore {
  isDurable = true;

  constructor(database) {
    this.database = database;
    database.onversionchange = () => database.close();
  }

  async answers(attempt) {
    const range = IDBKeyRange.bound([attempt, 0], [attempt, Infinity]);
    return asked(this.database.transaction("answers").objectStore("answers").getAll(range));
  }

  async keep(answer) {
    const transaction = this.database.transaction("answers", "readwrite", { durability: "strict" });
    transaction.objectStore("answers").put(answer);
    await finished(transaction);
  }

  async paper(attempt) {
    return asked(this.database.transaction("papers").objectStore("papers").get(attempt));
  }

  async keepPaper(paper) {
    const transaction = this.database.transaction("papers", "readwrite");
    transaction.objectStore("papers").put(paper);
    await finished(transaction);
  }

  async forget(attempt) {
    const transaction = this.database.transaction(["papers", "answers"], "readwrite");
    transaction.objectStore("papers").delete(attempt);
    transaction.objectStore("answers").delete(IDBKeyRange.bound([attempt, 0], [attempt, Infinity]));
    await finished(transaction);
  }
}

/** The same for one page's life only. */
export class MemoryStore {
  isDurable = false;

  kept = new Map();

  papers = new Map();

  async answers(attempt) {
    return [...this.kept.values()].filter((it) => it.attempt === attempt).map((it) => structuredClone(it));
  }

  async keep(answer) {
    this.kept.set(`${answer.attempt} ${answer.slot}`, structuredClone(answer));
  }

  async paper(attempt) {
    return this.papers.get(attempt);
  }

  async keepPaper(paper) {
    this.papers.set(paper.attempt, paper);
  }

  async forget(attempt) {
    this.papers.delete(attempt);
    for (const [key, it] of this.kept) if (it.attempt === attempt) this.kept.delete(key);
  }
}

/** The best store this browser has. */
export async function openStore() {
  try {
    const store = new DurableStore(await open());
    await store.paper("-");
    return store;
  } catch {
    return new MemoryStore();
  }
}
