"""A stand-in for Resend and Twilio: speaks what we use of their APIs and sends nothing."""

from dev.sandbox.app import create_sandbox
from dev.sandbox.store import Message, Store

__all__ = ["Message", "Store", "create_sandbox"]
