"""One file per item type, each with `mark(options, chosen) -> points`; every item is worth FULL_POINTS at most."""
