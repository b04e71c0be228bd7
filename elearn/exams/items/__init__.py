"""One file per item type: `mark(item, chosen) -> points`, at most FULL_POINTS, and which key `key_is_possible`."""
