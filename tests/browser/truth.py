"""What the exam room says about saving, held against the receipts that really came; runs inside the page."""

from playwright.sync_api import Page

RECORDER = """
(() => {
  const unsent = new Map();
  const told = (window.__told = []);
  const values = (place) => JSON.stringify([...place.querySelectorAll("input:checked")].map((it) => it.value).sort());
  document.addEventListener("change", ({ target }) => {
    const place = target.closest("[data-slot]");
    if (place) unsent.set(place.dataset.slot, values(place));
  }, true);
  const fetchForReal = window.fetch;
  window.fetch = async (address, options) => {
    const reply = await fetchForReal(address, options);
    const slot = /answers\\/([0-9]+)$/.exec(address)?.[1];
    if (slot && reply.status === 200) {
      const body = await reply.clone().json();
      if (body.receipt && unsent.get(slot) === JSON.stringify(JSON.parse(options.body).value)) unsent.delete(slot);
      told.push({ what: "receipt", unsent: unsent.size });
    }
    return reply;
  };
  document.addEventListener("DOMContentLoaded", () => {
    const state = document.querySelector("[data-state-text]");
    if (!state) return;
    const look = () => told.push({ what: state.textContent.trim(), unsent: unsent.size });
    new MutationObserver(look).observe(state, { childList: true, characterData: true, subtree: true });
  });
})();
"""


class Witness:
    """Writes down each receipt and each word of the room, with how much was unsent at that moment."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.add_init_script(RECORDER)

    def told(self) -> list[tuple[str, int]]:
        """Receipts and words since the page was opened, in their order."""
        return [(it["what"], it["unsent"]) for it in self.page.evaluate("window.__told")]

    def lies(self, word: str = "Tersimpan pukul") -> list[tuple[str, int]]:
        """Every "stored" that was said while something was unsent, or before any receipt had come."""
        found, receipts = [], 0
        for what, unsent in self.told():
            receipts += what == "receipt"
            if what.startswith(word) and (unsent or not receipts):
                found.append((what, unsent))
        return found
