"""The stories that cross packages; each file reads top to bottom."""
