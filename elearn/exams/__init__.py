"""Ujian kompetensi: item banks, papers, attempts, answers and their marks."""
