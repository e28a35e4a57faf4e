from pathlib import Path

import pytest
from standardwebhooks import Webhook

from dev.environment import StackSettings, children_environment, sandbox_environment
from dev.process import StackError


def environment(data_dir: Path, **own: str) -> dict[str, str]:
    own["CAMPAIGNS_DATA_DIR"] = str(data_dir)
    settings = StackSettings.read(own)
    return children_environment(
        settings, own, database_url="postgresql://ours", temporal_address="127.0.0.1:7233"
    )


def test_bare_environment_points_everything_at_the_stack(tmp_path: Path) -> None:
    found = environment(tmp_path)
    assert found["CAMPAIGNS_ENV"] == "development"
    assert found["DATABASE_URL"] == "postgresql://ours"
    assert found["TEMPORAL_ADDRESS"] == "127.0.0.1:7233"
    assert found["TEMPORAL_UI_URL"] == "http://localhost:8233"
    assert found["PUBLIC_URL"] == "http://localhost:8000"
    assert found["RESEND_API_URL"] == "http://localhost:8025/resend"
    assert found["TWILIO_API_URL"] == "http://localhost:8025/twilio"
    assert found["RESEND_RATE_PER_SECOND"] == "100"
    assert found["WEBHOOK_ALLOW_HOSTS"] == "localhost:8025,127.0.0.1:8025"


def test_own_variables_win(tmp_path: Path) -> None:
    found = environment(
        tmp_path, PUBLIC_URL="https://example.com", SECRET_KEY="mine", RESEND_WEBHOOK_SECRET="whsec"
    )
    assert found["PUBLIC_URL"] == "https://example.com"
    assert found["SECRET_KEY"] == "mine"
    assert found["RESEND_WEBHOOK_SECRET"] == "whsec"


def test_own_resend_account_gets_nothing_of_the_sandbox(tmp_path: Path) -> None:
    found = environment(tmp_path, RESEND_API_KEY="re_mine")
    assert {name for name in found if name.startswith("RESEND_")} == {"RESEND_API_KEY"}
    assert found["TWILIO_API_URL"] == "http://localhost:8025/twilio"


def test_sandbox_knows_the_webhooks_of_the_providers_that_it_plays(tmp_path: Path) -> None:
    own = {"TWILIO_ACCOUNT_SID": "ACmine", "TWILIO_AUTH_TOKEN": "mine"}
    found = sandbox_environment(StackSettings.read(own), environment(tmp_path, **own))
    Webhook(found["RESEND_WEBHOOK_SECRET"])
    assert found["PUBLIC_URL"] == "http://localhost:8000"
    assert "mine" not in found.values()


def test_own_address_of_a_provider_keeps_the_pace_of_an_account(tmp_path: Path) -> None:
    found = environment(tmp_path, TWILIO_API_URL="http://localhost:9999")
    assert found["TWILIO_API_URL"] == "http://localhost:9999"
    assert "TWILIO_RATE_PER_SECOND" not in found


def test_secret_key_outlives_the_stack_and_is_private(tmp_path: Path) -> None:
    first, second = environment(tmp_path), environment(tmp_path)
    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert len(first["SECRET_KEY"]) >= 43
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_ports_move_with_their_variables(tmp_path: Path) -> None:
    found = environment(tmp_path, CAMPAIGNS_PORT="8100", SANDBOX_PORT="8125")
    assert found["PUBLIC_URL"] == "http://localhost:8100"
    assert found["RESEND_API_URL"] == "http://localhost:8125/resend"


@pytest.mark.parametrize("port", ["eight", "-1", "0", "65536", "80.5"])
def test_port_that_is_none_is_refused_by_name(port: str) -> None:
    with pytest.raises(StackError, match="TEMPORAL_PORT"):
        StackSettings.read({"TEMPORAL_PORT": port})


def test_only_the_ports_of_started_servers_are_claimed() -> None:
    own = {
        "TEMPORAL_ADDRESS": "temporal:7233",
        "RESEND_API_KEY": "re_mine",
        "TWILIO_ACCOUNT_SID": "ACmine",
    }
    assert StackSettings.read(own).ports == {"CAMPAIGNS_PORT": 8000}
