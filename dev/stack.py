"""The whole product on one machine: `python -m dev.stack`, or `make run`.

PostgreSQL, Temporal and the provider sandbox come first, each unless the environment names another,
then the migrations and the demo data, then the worker and the API. What dies is started again; on
Ctrl-C all stop in reverse order. Data lies in `CAMPAIGNS_DATA_DIR` and survives.
"""

import fcntl
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx

from dev.environment import StackSettings, children_environment, sandbox_environment
from dev.ports import require_free
from dev.postgres import EmbeddedPostgres
from dev.process import ProcessSpec, StackError, end_leftovers
from dev.seed import KEYS, OTHER_KEY, PASSWORD
from dev.supervisor import Supervisor, run_until_told
from dev.temporal import TemporalDevServer
from domain.enums import Role

REPOSITORY = Path(__file__).resolve().parent.parent


async def run_stack(settings: StackSettings, environment: Mapping[str, str]) -> None:
    """Start everything, say so, and keep it running until cancelled.

    Raises:
        StackError: Something did not start.
    """
    data = settings.data_dir
    async with Supervisor(data) as supervisor:
        database_url = temporal_address = None
        if not settings.own_database:
            postgres = EmbeddedPostgres(data / "postgres")
            await supervisor.start(postgres.spec)
            database_url = postgres.url
        if not settings.own_temporal:
            temporal = TemporalDevServer(
                data,
                database=data / "temporal.db",
                port=settings.temporal_port,
                ui_port=settings.temporal_ui_port,
                namespace=environment.get("TEMPORAL_NAMESPACE", "default"),
            )
            await supervisor.start(temporal.spec)
            temporal_address = temporal.address
        variables = children_environment(
            settings, environment, database_url=database_url, temporal_address=temporal_address
        )
        with _written_down(data / "stack.env", variables, environment):
            await _start_our_own(supervisor, settings, variables)
            print(_welcome(settings, variables), flush=True)
            await supervisor.forever()


async def _start_our_own(
    supervisor: Supervisor, settings: StackSettings, variables: Mapping[str, str]
) -> None:
    def python(name: str, *arguments: str, ready: str = "", patience: float = 10) -> ProcessSpec:
        return ProcessSpec(
            name=name,
            command=(sys.executable, *arguments),
            environment=variables,
            directory=REPOSITORY,
            is_ready=lambda: not ready or _answers(ready),
            stop_seconds=patience,
        )

    if settings.needs_sandbox:
        port, database = str(settings.sandbox_port), str(settings.data_dir / "sandbox.db")
        arguments = ["-m", "dev.sandbox", "--port", port, "--data", database]
        arguments += ["--product", f"http://127.0.0.1:{settings.api_port}"]
        spec = python("sandbox", *arguments, ready=f"http://127.0.0.1:{port}/healthz")
        environment = sandbox_environment(settings, variables)
        await supervisor.start(replace(spec, environment=environment))
    await supervisor.run(python("migrate", "-m", "db.migrate"))
    if _is_demo(variables):
        await supervisor.run(python("seed", "-m", "dev.seed"))
    await supervisor.start(python("worker", "worker.py", patience=30))
    ready = f"http://127.0.0.1:{settings.api_port}/readyz"
    await supervisor.start(python("api", "-m", "api", ready=ready))


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _is_demo(variables: Mapping[str, str]) -> bool:
    return variables["CAMPAIGNS_ENV"] == "development"


def _welcome(settings: StackSettings, variables: Mapping[str, str]) -> str:
    lines = [
        "",
        f"Campaign Builder  {settings.api_url}",
        f"API reference     {settings.api_url}/docs",
    ]
    if not settings.own_temporal:
        lines.append(f"Temporal          {settings.temporal_ui_url}")
    if settings.needs_sandbox:
        lines.append(f"Messages sent     {settings.sandbox_url}  (the sandbox: nothing leaves)")
    if _is_demo(variables):
        lines += ["", *_demo_sign_ins(settings)]
    lines += ["", f"Logs and data are in {settings.data_dir}. Ctrl-C stops everything."]
    return "\n".join(lines)


def _demo_sign_ins(settings: StackSettings) -> Iterator[str]:
    yield f"Sign in with the password {PASSWORD}, or call the API with the key:"
    for role, key in KEYS.items():
        yield f"  {f'{role}@demo.example':22} {key}"
    yield f"  {'another company':22} {OTHER_KEY}"
    yield ""
    yield f"  curl -H 'Authorization: Bearer {KEYS[Role.ADMIN]}' {settings.api_url}/api/campaigns"


@contextmanager
def _written_down(
    file: Path, variables: Mapping[str, str], known: Mapping[str, str]
) -> Iterator[None]:
    """What the stack added to the environment, while it runs, for `make demo` and for psql."""
    file.touch(mode=0o600)
    added = sorted(name for name in variables if name not in known)
    file.write_text("".join(f"{name}={variables[name]}\n" for name in added))
    try:
        yield
    finally:
        file.unlink()


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    """Keep a second stack off the same data; the lock goes with us, however we end."""
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (data_dir / "stack.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StackError(
                f"A stack is already running on {data_dir}; "
                "set CAMPAIGNS_DATA_DIR to run another beside it."
            ) from None
        yield


def main() -> None:
    """Run the stack of this environment until told to stop."""
    environment = {name: value for name, value in os.environ.items() if value}
    try:
        settings = StackSettings.read(environment)
        with _alone(settings.data_dir):
            end_leftovers(settings.data_dir)
            require_free(settings.ports)
            print("Starting; the first time takes a few seconds more.", flush=True)
            run_until_told(run_stack(settings, environment))
    except StackError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
