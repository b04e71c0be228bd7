"""Reads that join packages: what to learn next; rules of one package and whatever writes live elsewhere."""
