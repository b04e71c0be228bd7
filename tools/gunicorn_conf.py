"""How gunicorn serves elearn under ./run; what starts and stops it is supervise.py."""

import logging
import os
import signal
import sys
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT))  # behind: the application of whoever starts this comes first

from elearn.kernel import logs  # noqa: E402 - a script beside the package

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


class HouseLogger(Logger):  # type: ignore[misc]
    """Says what gunicorn says as elearn says it: one line a fact, and nothing of what a request held."""

    def setup(self, cfg: Any) -> None:
        """Replace gunicorn's own way of writing."""
        super().setup(cfg)
        self.error_log.handlers = [logs.handler()]
        self.error_log.setLevel(logging.INFO)


logger_class = HouseLogger


def empty_metrics() -> None:
    """What an earlier server counted is over: its processes' numbers may come again."""
    if os.environ.get("ELEARN_METRICS"):
        var = Path(os.environ.get("ELEARN_VAR") or ROOT / "var")
        for file in Path(os.environ.get("PROMETHEUS_MULTIPROC_DIR") or var / "metrics").glob("*.db"):
            file.unlink(missing_ok=True)


empty_metrics()


def when_ready(_server: Any) -> None:
    """Ctrl-C reaches the whole process group; the supervisor turns it into an orderly SIGTERM."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def post_worker_init(_worker: Any) -> None:
    """As above, for a worker: a request under way is finished."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
