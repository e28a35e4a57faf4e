import socket

import pytest

from dev.ports import free_port, require_free
from dev.process import StackError


def test_port_in_use_names_itself_and_its_variable() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with pytest.raises(StackError, match=rf"^Port {port} is in use; set CAMPAIGNS_PORT to"):
            require_free({"TEMPORAL_PORT": free_port(), "CAMPAIGNS_PORT": port})


def test_same_port_twice_is_refused() -> None:
    port = free_port()
    with pytest.raises(StackError, match="set TEMPORAL_UI_PORT"):
        require_free({"TEMPORAL_PORT": port, "TEMPORAL_UI_PORT": port})


def test_free_ports_stay_free() -> None:
    port = free_port()
    require_free({"CAMPAIGNS_PORT": port})
    require_free({"CAMPAIGNS_PORT": port})
