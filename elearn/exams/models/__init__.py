"""The tables of exams and their verbs: bank.py, attempts.py, simulation.py; no queries."""
