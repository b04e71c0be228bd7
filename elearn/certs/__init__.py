"""Sertifikat: the frozen snapshot, its number and code, its signed file, its verification and its revocation."""
