"""A stand-in for Resend and Twilio: speaks what we use of their APIs and sends nothing.

It plays whoever gets the messages, too.
"""

from dev.sandbox.app import create_sandbox
from dev.sandbox.homeowner import Homeowner
from dev.sandbox.product import Answer, Call, Product
from dev.sandbox.store import Message, Store

__all__ = ["Answer", "Call", "Homeowner", "Message", "Product", "Store", "create_sandbox"]
