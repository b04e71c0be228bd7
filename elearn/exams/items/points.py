"""What an item is worth, so that items of all types weigh the same in one exam."""

FULL_POINTS = 5
