"""How gunicorn serves elearn under ./run; what starts and stops it is supervise.py."""

import os
import signal
from typing import Any

worker_class = "gthread"
workers = 2
preload_app = True  # imported once, and a worker that died is there again at once; no connection is open before the fork
threads = 8
timeout = 60
graceful_timeout = 15
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
control_socket_disable = True
forwarded_allow_ips = ""  # X-Forwarded-* is believed only as ELEARN_TRUSTED_PROXIES says, by the application
errorlog = "-"


def when_ready(_server: Any) -> None:
    """Ctrl-C reaches the whole process group; the supervisor turns it into an orderly SIGTERM."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def post_worker_init(_worker: Any) -> None:
    """As above, for a worker: a request under way is finished."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
