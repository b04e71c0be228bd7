"""Frozen values that people tells the packages above; no queries."""
