"""The shared face: layout, errors, request facts; knows no package."""
