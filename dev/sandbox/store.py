"""What the sandbox has got, in SQLite: a file that survives `kill -9`, or memory."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

Channel = Literal["email", "sms", "hook", "received_email", "received_text"]

# Write-ahead log with NORMAL: a commit is in the kernel's hands, which outlives the process; only a
# crash of the machine can lose the last ones, and the database stays whole.
_SETUP = """
pragma journal_mode = wal;
pragma synchronous = normal;
pragma busy_timeout = 5000;
create table if not exists messages (
    number integer primary key autoincrement,
    id text not null unique,
    channel text not null,
    received_at text not null,
    recipient text not null,
    idempotency_key text,
    fingerprint text,
    repeat integer not null default 0,
    content text not null
);
create index if not exists messages_by_recipient on messages (recipient, number);
create index if not exists messages_by_key on messages (idempotency_key)
    where idempotency_key is not null;
create table if not exists callbacks (
    number integer primary key autoincrement,
    message_id text not null,
    at text not null,
    what text not null,
    answer text not null,
    location text
);
create index if not exists callbacks_by_message on callbacks (message_id, number);
"""

_SELECT = """
select number, id, channel, received_at, recipient, idempotency_key, fingerprint, repeat, content,
    (select json_group_array(json_object(
        'what', what, 'answer', answer, 'location', location, 'at', at
    )) from (select * from callbacks where message_id = messages.id order by number))
from messages
"""


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Message:
    """One e-mail, text or hook; received ones are the homeowner's.

    `repeat`: how often the same key brought it again. `callbacks`: what was done about it
    afterwards, by whom it reached or by their provider, and what the product answered.
    """

    number: int
    id: str
    channel: Channel
    received_at: datetime
    recipient: str
    idempotency_key: str | None
    fingerprint: str | None
    repeat: int
    content: dict[str, Any]
    callbacks: list[dict[str, str | None]]

    def as_json(self) -> dict[str, Any]:
        """The message as `GET /messages` shows it, its content on the same level."""
        return {
            "number": self.number,
            "id": self.id,
            "channel": self.channel,
            "at": self.received_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "to": self.recipient,
            "idempotency_key": self.idempotency_key,
            "repeat": self.repeat,
            **self.content,
            "callbacks": self.callbacks,
        }


class Store:
    """The messages, newest first. For one thread; close it with `close`."""

    def __init__(
        self, path: Path | None = None, *, clock: Callable[[], datetime] = utc_now
    ) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._clock = clock
        self._db = sqlite3.connect(path or ":memory:", isolation_level=None)
        self._db.executescript(_SETUP)

    def now(self) -> datetime:
        """The store's clock, in UTC."""
        return self._clock()

    def add(
        self,
        channel: Channel,
        message_id: str,
        recipient: str,
        content: dict[str, Any],
        *,
        idempotency_key: str | None = None,
        fingerprint: str | None = None,
    ) -> Message:
        """Keep a message and answer it as kept."""
        row = (
            message_id,
            channel,
            self._clock().isoformat(timespec="microseconds"),
            recipient,
            idempotency_key,
            fingerprint,
            json.dumps(content),
        )
        self._db.execute(
            "insert into messages (id, channel, received_at, recipient, idempotency_key,"
            " fingerprint, content) values (?, ?, ?, ?, ?, ?, ?)",
            row,
        )
        return next(self._read("where id = ?", message_id))

    def get(self, message_id: str) -> Message | None:
        """One message by its id."""
        return next(self._read("where id = ?", message_id), None)

    def get_by_key(self, idempotency_key: str, since: datetime) -> Message | None:
        """The newest message with this key that came at `since` or later."""
        query = "where idempotency_key = ? and received_at >= ? order by number desc limit 1"
        earliest = since.isoformat(timespec="microseconds")
        return next(self._read(query, idempotency_key, earliest), None)

    def newest(
        self, *, channel: Channel | None = None, recipient: str | None = None, limit: int = 50
    ) -> list[Message]:
        """The newest messages, of a channel or to a recipient where given."""
        query = (
            "where (?1 is null or recipient = ?1) and (?2 is null or channel = ?2)"
            " order by number desc limit ?3"
        )
        return list(self._read(query, recipient, channel, limit))

    def count(self) -> int:
        """How many messages there are."""
        (count,) = self._db.execute("select count(*) from messages").fetchone()
        return int(count)

    def count_repeat(self, message_id: str) -> None:
        """Note that the message was asked for once more."""
        self._db.execute("update messages set repeat = repeat + 1 where id = ?", (message_id,))

    def change(self, message_id: str, **content: object) -> None:
        """Replace parts of a message's content. Nothing happens if it is gone."""
        self._db.execute(
            "update messages set content = json_patch(content, ?) where id = ?",
            (json.dumps(content), message_id),
        )

    def note(self, message_id: str, what: str, answer: str, location: str | None = None) -> None:
        """Add what was done about a message to its `callbacks`, and what the product answered."""
        at = self._clock().isoformat(timespec="milliseconds")
        self._db.execute(
            "insert into callbacks (message_id, at, what, answer, location) values (?, ?, ?, ?, ?)",
            (message_id, at, what, answer, location),
        )

    def clear(self) -> None:
        """Forget all messages; numbers go on from where they were."""
        self._db.execute("delete from messages")
        self._db.execute("delete from callbacks")

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def _read(self, where: str, *parameters: object) -> Iterator[Message]:
        for row in self._db.execute(_SELECT + where, parameters).fetchall():
            number, message_id, channel, at, recipient, key, sha256, repeat, content, notes = row
            yield Message(
                number,
                message_id,
                channel,
                datetime.fromisoformat(at),
                recipient,
                key,
                sha256,
                repeat,
                json.loads(content),
                json.loads(notes),
            )
