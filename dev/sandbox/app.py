"""The sandbox as an application: two providers, the homeowner, and a look inside."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from dev.sandbox.callbacks import Callbacks
from dev.sandbox.deeds import deeds_router
from dev.sandbox.faults import CuttableApp, Switchboard
from dev.sandbox.homeowner import Homeowner
from dev.sandbox.hooks import hooks_router
from dev.sandbox.inspection import control_router, messages_router, pages_router
from dev.sandbox.outbound import Outbound
from dev.sandbox.product import Product
from dev.sandbox.resend import resend_router
from dev.sandbox.store import Store
from dev.sandbox.twilio import twilio_router


def create_sandbox(store: Store, product: Product | None = None) -> FastAPI:
    """Build the application around a store, which stays the caller's to close.

    Set `RESEND_API_URL` to `<its address>/resend` and `TWILIO_API_URL` to `<its address>/twilio`.
    Without a product nobody opens, clicks or replies, and Resend has no webhooks.
    """
    switchboard = Switchboard()
    outbound = Outbound()
    homeowner = Homeowner(product, store, outbound.send) if product else None
    callbacks = Callbacks(store, outbound.send, homeowner)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with outbound, callbacks:
            yield

    app = CuttableApp(title="Provider sandbox", lifespan=lifespan)
    app.include_router(resend_router(store, switchboard, callbacks), prefix="/resend")
    app.include_router(twilio_router(store, switchboard, callbacks), prefix="/twilio")
    app.include_router(hooks_router(store))
    app.include_router(messages_router(store))
    app.include_router(deeds_router(store, homeowner))
    app.include_router(control_router(switchboard))
    app.include_router(pages_router(store, switchboard, homeowner))
    return app
