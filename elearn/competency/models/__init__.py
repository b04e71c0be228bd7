"""Tables of competency: reference.py and evidence.py."""
