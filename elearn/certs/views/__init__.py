"""The faces of certificates."""
