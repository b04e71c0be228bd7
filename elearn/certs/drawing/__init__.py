"""How a certificate is drawn: words, fitting, ornament, page, metadata; that one is drawn is said in rendering.py."""
