"""Measures the product beside a bare Flask floor on the same database in the same run: `python -m tools.bench`."""
