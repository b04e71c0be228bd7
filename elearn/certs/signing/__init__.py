"""Electronic signatures on certificates: the port, the local signer and the keyring; checking is in inspection.py."""
