"""The reconciler's round: what it owes nobody, and a worker that stops amid it."""

import asyncio
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, update
from temporalio.testing import ActivityEnvironment

from activities.alerts import alert_mail_of
from activities.reconcile import ReconcileActivities
from db.left_behind import undelivered
from db.session import engine
from db.tables import Enrollment
from services.reconcile import Reconciler
from services.temporal import Dispatcher
from tests.engine.conftest import Site
from tests.faults.locks import HOLD_ENROLLMENTS, Hold
from tests.world import EMAIL, PATIENCE, World


async def test_look_that_is_asked_of_an_enrollment_that_is_over_is_owed_to_nobody(
    world: World,
) -> None:
    enrollment = await world.enroll(
        await world.create_campaign(EMAIL), await world.create_contact()
    )
    await world.finished(enrollment)
    async with world.database.transaction(engine(world.tenant_id)) as session:
        asked = update(Enrollment).values(refresh_requested_at=func.now() - timedelta(hours=1))
        await session.execute(asked)

    async with world.database.gateway() as gateway:
        owed = await undelivered(gateway, 5000, timedelta())

    assert UUID(enrollment["id"]) not in {each.enrollment_id for each in owed}


async def test_worker_that_stops_does_not_wait_for_a_round_of_repairs(
    site: Site, quiet_world: World
) -> None:
    hold = Hold(site.settings.database_url)
    await hold.take(HOLD_ENROLLMENTS)
    dispatcher = Dispatcher(quiet_world.temporal, site.database)
    reconciler = Reconciler(site.database, quiet_world.temporal, dispatcher, site.settings.rates)
    async with alert_mail_of(site.settings, site.database) as mail:
        worker = ActivityEnvironment()
        round_ = asyncio.create_task(worker.run(ReconcileActivities(reconciler, mail).reconcile))
        await hold.awaited()

        worker.worker_shutdown()

        async with asyncio.timeout(PATIENCE):
            assert await round_ == "the worker stopped before it was through"
    await hold.release()
