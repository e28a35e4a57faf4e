import os
import signal
from pathlib import Path

import asyncpg
import pytest

from dev.ports import free_port
from dev.postgres import EmbeddedPostgres
from dev.process import Process


async def query(server: EmbeddedPostgres, statement: str) -> object:
    connection = await asyncpg.connect(server.url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_server_started_again_keeps_its_rows_and_its_password(tmp_path: Path) -> None:
    port = free_port()
    with EmbeddedPostgres(tmp_path / "postgres", port=port, durable=False) as server:
        url = server.url
        await query(server, "create table lead as select 'Ada' as name")

    with EmbeddedPostgres(tmp_path / "postgres", port=port, durable=False) as server:
        assert server.url == url
        assert await query(server, "select name from lead") == "Ada"


async def test_killed_server_comes_back_with_what_was_committed(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "postgres")
    process = Process(server.spec, tmp_path)
    process.start()
    process.wait_until_ready()
    await query(server, "create table lead as select 'Ada' as name")
    postmaster = int((tmp_path / "postgres/data/postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    process.wait()

    process.start()
    try:
        process.wait_until_ready()
        assert await query(server, "select name from lead") == "Ada"
    finally:
        process.stop()


async def test_pid_file_that_names_another_program_does_not_keep_the_server_down(
    tmp_path: Path,
) -> None:
    with EmbeddedPostgres(tmp_path / "postgres", durable=False):
        pass
    stale = tmp_path / "postgres/data/postmaster.pid"
    stale.write_text(f"{os.getppid()}\n{stale.parent}\n1700000000\n5432\n\n127.0.0.1\n")

    with EmbeddedPostgres(tmp_path / "postgres", durable=False) as server:
        assert await query(server, "select 1") == 1


async def test_wrong_password_is_refused(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "postgres", durable=False)
    with server, pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(server.url, password="guess")


async def test_server_speaks_utc_and_folds_every_alphabet(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "postgres", durable=False) as server:
        assert await query(server, "show timezone") == "UTC"
        assert await query(server, "select lower('ÉCOLE')") == "école"


def test_interrupted_first_start_does_not_spoil_the_next(tmp_path: Path) -> None:
    half = tmp_path / "postgres.new/data"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")

    with EmbeddedPostgres(tmp_path / "postgres", durable=False) as server:
        assert server.url.startswith("postgresql://postgres:")
