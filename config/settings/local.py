"""For one's own machine: `make run` and the shell."""

from config.settings.base import *

DEBUG = env.bool("DEBUG", default=True)
SECRET_KEY = env.str("SECRET_KEY", default="only-for-this-machine")
OUTBOUND_LOOPBACK = env.bool("OUTBOUND_LOOPBACK", default=True)
