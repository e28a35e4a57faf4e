"""What can be told of a request from the way in which its connection failed."""

import httpx

NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.LocalProtocolError,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
"""Raised before the first byte of a request has left: it was certainly not accepted."""
