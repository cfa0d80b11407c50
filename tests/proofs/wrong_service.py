"""The service, wrong in the way that the environment names."""

from config.wsgi import application
from tests.proofs.wrong import be_wrong

be_wrong()

__all__ = ["application"]
