"""Where a server finds the application; what it writes is its own user's alone."""

import os
import sys

from elearn.app import create_app
from elearn.config import ConfigError
from elearn.kernel.db import UnsafeServer

os.umask(0o077)
try:
    app = create_app()
except (ConfigError, UnsafeServer) as error:
    sys.exit(str(error))
