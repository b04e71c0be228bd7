"""Competency dictionary, position standards, evidence and what it proves; exams and certificates live elsewhere."""
