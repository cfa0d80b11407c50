"""Webhooks: who is told that a calendar has changed, and how what is said gets there."""

from scheduling.webhooks.deliveries import disable, replay, send_test
from scheduling.webhooks.recording import Touched, record

__all__ = ["Touched", "disable", "record", "replay", "send_test"]
