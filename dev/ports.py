"""TCP ports on this machine."""

import socket
from collections.abc import Mapping

from dev.process import StackError

LOCALHOST = "127.0.0.1"


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((LOCALHOST, 0))
        port: int = probe.getsockname()[1]
        return port


def require_free(ports: Mapping[str, int]) -> None:
    """Check the ports that are going to be listened on.

    Args:
        ports: The ports by the environment variable that changes them.

    Raises:
        StackError: One of them is in use, or named twice.
    """
    taken: list[socket.socket] = []
    try:
        for variable, port in ports.items():
            probe = socket.socket()
            taken.append(probe)
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOCALHOST, port))
                probe.listen()
            except OSError:
                raise StackError(f"Port {port} is in use; set {variable} to another one.") from None
    finally:
        for probe in taken:
            probe.close()
