"""The tables of courses and their verbs: catalogue.py, enrollments.py, progress.py; no queries."""
