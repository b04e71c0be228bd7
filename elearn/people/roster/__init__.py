"""A staff file, from its bytes to what it would change; taking it in is services/rostering.py's."""
