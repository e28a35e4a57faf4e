import pytest

from domain.automatic_replies import automatic_by


@pytest.mark.parametrize(
    ("headers", "rule"),
    [
        ({"Auto-Submitted": "auto-replied"}, "auto_submitted"),
        ({"auto-submitted": "auto-generated; type=vacation"}, "auto_submitted"),
        ({"Auto-Submitted": "AUTO-REPLIED"}, "auto_submitted"),
        ({"return-path": "<>"}, "null_sender"),
        ({"content-type": 'multipart/report; report-type="delivery-status"'}, "delivery_report"),
        ({"Precedence": "auto_reply"}, "precedence"),
        ({"X-Precedence": "bulk"}, "precedence"),
        ({"X-Autoreply": "yes"}, "marked"),
        ({"X-Autorespond": "Re: Your roof"}, "marked"),
    ],
)
def test_header_of_an_answering_machine_names_its_rule(headers: dict[str, str], rule: str) -> None:
    assert automatic_by(headers, "Re: Your roof") == rule


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Auto-Submitted": "no"},
        {"Auto-Submitted": "No; by=hand"},
        {"Return-Path": "<ann@home.example>"},
        {"Precedence": "first-class"},
        {"X-Auto-Response-Suppress": "All"},
        {"X-Autoreply": "no"},
        {"Content-Type": "multipart/alternative"},
    ],
)
def test_headers_of_a_persons_mail_are_no_sign(headers: dict[str, str]) -> None:
    assert automatic_by(headers, "Re: Your roof") is None


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Your roof",
        "Auto-Reply: Your roof",
        "AUTOREPLY",
        "Auto Response",
        "Auto: Your roof",
        "Automated response to your message",
        "Out of Office AutoReply: Your roof",
        "Out of the office until Monday Re: Your roof",
        "OOO: back on Monday",
        "On vacation until 3 May",
        "Away from my desk",
        "Respuesta automática: Su techo",
        "Undeliverable: Your roof",
        "Delivery Status Notification (Failure)",
        "Mail delivery failure",
    ],
)
def test_subject_of_an_answering_machine_is_known_where_no_header_tells(subject: str) -> None:
    assert automatic_by({}, subject) == "subject"


@pytest.mark.parametrize(
    "subject",
    [
        "Re: Your roof",
        "Re: Automatic gate and roof",
        "Automatic garage door",
        "Auto insurance claim for the roof",
        "My office roof",
        "Vacation home roof",
        "RE: Out of office hours visit?",
        "",
    ],
)
def test_subject_that_a_person_writes_is_no_sign(subject: str) -> None:
    assert automatic_by({}, subject) is None
