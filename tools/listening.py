"""The socket that elearn is reached at: found once, and kept while those who answer on it come and go."""

import socket
import sys


def listen(host: str, first_port: int) -> socket.socket:
    """A listening socket on the first free port; kept here, so a web server that dies refuses nobody meanwhile."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    if not 0 < first_port < 65_536:
        sys.exit(f"Cannot listen on port {first_port}: a port is a number from 1 to 65535")
    reason: OSError | None = None
    for port in range(first_port, min(first_port + 100, 65_536)):
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(512)
        except OSError as error:
            listener.close()
            reason = error
            continue
        return listener
    sys.exit(f"Cannot listen on {host}, port {first_port} or the next ones: {reason}")


def address_of(listener: socket.socket) -> tuple[str, int]:
    """Where this machine itself reaches the server."""
    host, port = listener.getsockname()[:2]
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port
