"""What keeps campaigns within bounds, and who is told when they leave them."""

import datetime as dt
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base, generated


class DailySends(Base):
    """How many messages of campaigns went out on a day of the tenant, towards its `daily_send_cap`."""

    __tablename__ = "daily_sends"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    sent: Mapped[int] = generated()


class Alert(Base):
    """What the admins of a tenant were told; each kind once a day for a campaign."""

    __tablename__ = "alerts"

    id: Mapped[UUID] = generated(primary_key=True)
    tenant_id: Mapped[UUID]
    kind: Mapped[str]
    campaign_id: Mapped[UUID | None]
    day: Mapped[dt.date]
    title: Mapped[str]
    message: Mapped[str]
    created_at: Mapped[datetime] = generated()
    emailed_at: Mapped[datetime | None]
