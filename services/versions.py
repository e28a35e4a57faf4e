"""Which version of the code a worker runs, and how it becomes the current one.

Without a build id workers are unversioned: whoever polls gets the work. With one, Temporal gives work to the current
version, and to the one that is ramped up. Enrollments sleep for weeks and jump to the current version when they
wake: a change of a workflow belongs behind `workflow.patched` all the same (docs/operating.md).
"""

import asyncio

import structlog
from temporalio.api.workflowservice.v1 import SetWorkerDeploymentCurrentVersionRequest
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import WorkerDeploymentConfig

from services.settings import Settings

_log = structlog.get_logger(__name__)

_PATIENCE = 60.0
"""Seconds until Temporal has heard of all task queues of a version."""

_AGAIN = 0.5
_NOT_YET = (
    RPCStatusCode.NOT_FOUND,
    RPCStatusCode.FAILED_PRECONDITION,
    RPCStatusCode.ABORTED,
    RPCStatusCode.UNAVAILABLE,
    # Of a call that was under way as the server closed its connection, which it does every few minutes.
    RPCStatusCode.CANCELLED,
)


def deployment_of(settings: Settings) -> WorkerDeploymentConfig | None:
    """What a worker says of its version, None if it is to have none."""
    if settings.temporal_worker_build_id is None:
        return None
    version = WorkerDeploymentVersion(
        settings.temporal_deployment_name, settings.temporal_worker_build_id
    )
    return WorkerDeploymentConfig(
        version,
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE,
    )


async def become_current(client: Client, version: WorkerDeploymentVersion) -> None:
    """Have all work come to this version, whose workers poll already; nothing comes to the others any more.

    Raises:
        RPCError: Temporal does not make it the current one, as when it lacks a task queue of the
            version before.
    """
    request = SetWorkerDeploymentCurrentVersionRequest(
        namespace=client.namespace,
        deployment_name=version.deployment_name,
        build_id=version.build_id,
        identity=client.identity,
    )
    deadline = asyncio.get_running_loop().time() + _PATIENCE
    while True:
        try:
            await client.workflow_service.set_worker_deployment_current_version(request)
        except RPCError as error:
            too_late = asyncio.get_running_loop().time() > deadline
            if error.status not in _NOT_YET or too_late:
                raise
            await asyncio.sleep(_AGAIN)
        else:
            _log.info("current version", version=version.to_canonical_string())
            return
