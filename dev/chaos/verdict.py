"""Whether what there is in the end is what was promised.

| promise | looked for |
| --- | --- |
| every enrollment ends as it should | its status, its reason, and the steps that it came through |
| a message goes out once | what the providers accepted, against the steps that say that they sent |
| what nobody can tell is `unknown` | texts whose answer was lost, and what was under way at an early end; \
whether it arrived is counted, not judged |
| nothing after a stop | what arrived while an enrollment was paused, over, or the contact had opted out |
| numbers are those of the rows | counters of enrollments, campaigns and steps |
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from dev.chaos.lives import Life
from dev.chaos.mix import COMPLETED, REMOVED, UNSUBSCRIBED
from dev.chaos.record import CHANNELS, Arrival, Record, Row
from domain.enums import EnrollmentStatus, ExecutionStatus, ExitReason, StepType

BAD_CLOSES = ("Running", "Failed", "Terminated", "TimedOut", "Canceled")

Ending = tuple[EnrollmentStatus, ExitReason]


@dataclass(slots=True)
class Verdict:
    """What is counted, and what is wrong. `lost_unknown` are `unknown` and never arrived."""

    endings: Counter[str] = field(default_factory=Counter)
    messages: int = 0
    duplicates: int = 0
    losses: int = 0
    unknown: int = 0
    lost_unknown: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether everything is as promised."""
        return not self.problems


def judge(record: Record, lives: Sequence[Life], step_names: Mapping[UUID, str]) -> Verdict:
    """Compare what there is with what was promised to each life."""
    verdict = Verdict()
    expected = {life.enrollment_id for life in lives}
    if strangers := record.enrollments.keys() - expected:
        verdict.problems.append(f"{len(strangers)} enrollments that nobody knows of")
    for life in lives:
        _Trial(record, life, step_names, verdict).hold()
    verdict.problems += _totals(record)
    for status in BAD_CLOSES:
        if count := record.workflows.get(status):
            verdict.problems.append(f"{count} workflows are {status}")
    return verdict


class _Trial:
    """Of one life."""

    def __init__(
        self, record: Record, life: Life, step_names: Mapping[UUID, str], verdict: Verdict
    ) -> None:
        self._record = record
        self._life = life
        self._names = step_names
        self._verdict = verdict

    def hold(self) -> None:
        """Look at everything that this life should have been."""
        life, verdict = self._life, self._verdict
        for trouble in life.troubles:
            self._blame(trouble)
        row = self._record.enrollments.get(life.enrollment_id) if life.enrollment_id else None
        if row is None:
            self._blame("is not enrolled")
            return
        ending = EnrollmentStatus(row["status"]), row["exit_reason"]
        verdict.endings[f"{ending[0]}: {ending[1]}"] += 1
        wanted = self._ending(row)
        if ending != wanted:
            self._blame(f"ended as {ending[0]} ({ending[1]}), not as {wanted[0]} ({wanted[1]})")
        executions = self._record.executions.get(row["id"], [])
        self._judge_way(executions, whole=ending == life.line.end)
        self._judge_messages(executions)
        self._judge_counters(row, executions)

    def _ending(self, row: Row) -> Ending:
        """How it should have ended, given what was done and when."""
        life = self._life
        if life.removed:
            return REMOVED
        ended_at = row["completed_at"] or row["exited_at"]
        if life.stopped_at and (ended_at is None or ended_at > life.stopped_at):
            return UNSUBSCRIBED
        if life.stopped_at and row["exit_reason"] == ExitReason.UNSUBSCRIBED:
            return UNSUBSCRIBED  # the STOP was heard before its answer came back
        return life.line.end

    def _judge_way(self, executions: Sequence[Row], *, whole: bool) -> None:
        """The steps in their order; where the end came early, the first of them."""
        way = self._life.line.way(self._life.stage)
        names = tuple(self._names[each["step_id"]] for each in executions)
        if names != (way if whole else way[: len(names)]):
            self._blame(f"came through {', '.join(names)}, not {', '.join(way)}")
            self._verdict.losses += len(set(way) - set(names)) if whole else 0
        for name, each in zip(names, executions, strict=True):
            is_cut_short = not whole and each is executions[-1]
            is_text = each["step_type"] == StepType.SEND_SMS
            allowed = (ExecutionStatus.COMPLETED, *[ExecutionStatus.UNKNOWN] * is_text)
            if each["status"] not in allowed and not is_cut_short:
                self._blame(f"{name} is {each['status']}: {each['error_message']}")

    def _judge_messages(self, executions: Sequence[Row]) -> None:
        """What arrived, against what was sent."""
        sent = {self._names[each["step_id"]]: each for each in executions}
        for name, step in self._life.line.steps.items():
            if step["step_type"] not in CHANNELS.values():
                continue
            address = self._life.address(step["step_type"])
            arrivals = self._record.arrivals.get((address, name), [])
            self._count(name, sent.get(name), arrivals)
            for arrival in arrivals:
                for silence in self._life.silences:
                    if silence.begins < arrival.at < silence.ends:
                        late = (arrival.at - silence.begins).total_seconds()
                        self._blame(f"{name} came {late:.2f} s after {silence.why}")

    def _count(self, name: str, sent: Row | None, arrivals: Sequence[Arrival]) -> None:
        verdict, status = self._verdict, sent and sent["status"]
        count = len({arrival.key for arrival in arrivals})
        verdict.messages += count
        if count > 1:
            verdict.duplicates += count - 1
            self._blame(f"{name} arrived {count} times")
        if status == ExecutionStatus.UNKNOWN:
            verdict.unknown += 1
            verdict.lost_unknown += not count
        elif status == ExecutionStatus.COMPLETED and not count:
            verdict.losses += 1
            self._blame(f"{name} was sent and did not arrive")
        elif status != ExecutionStatus.COMPLETED and count:
            self._blame(f"{name} arrived, and is {status or 'not in the timeline'}")
        if sent and count == 1 and sent["provider_id"] not in (None, arrivals[0].id):
            self._blame(f"{name} is {arrivals[0].id}, not {sent['provider_id']}")

    def _judge_counters(self, row: Row, executions: Sequence[Row]) -> None:
        done = [each for each in executions if each["status"] == ExecutionStatus.COMPLETED]
        kinds = Counter(each["step_type"] for each in done)
        counted = {
            "steps_completed": len(done),
            "emails_sent": kinds[StepType.SEND_EMAIL],
            "sms_sent": kinds[StepType.SEND_SMS],
            "tasks_created": kinds[StepType.CREATE_TASK],
        }
        for name, count in counted.items():
            if row[name] != count:
                self._blame(f"{name} is {row[name]}, the rows say {count}")
        tasks = sum(each["tasks"] for each in executions)
        if tasks != kinds[StepType.CREATE_TASK]:
            self._blame(f"{tasks} tasks were made, the rows say {kinds[StepType.CREATE_TASK]}")
        told = self._record.told.get(row["id"], 0)
        if told != kinds[StepType.NOTIFY]:
            self._blame(f"{told} notifications were made, the rows say {kinds[StepType.NOTIFY]}")

    def _blame(self, what: str) -> None:
        self._verdict.problems.append(f"{self._life}: {what}")


def _totals(record: Record) -> Iterator[str]:
    """What campaigns and steps show, against their rows."""
    for campaign in record.campaigns:
        endings = Counter(
            (row["status"], row["exit_reason"])
            for row in record.enrollments.values()
            if str(row["campaign_id"]) == campaign["id"]
        )
        counted = {"total_enrolled": endings.total(), "total_completed": endings[COMPLETED]}
        yield from _differences(campaign["name"], campaign, counted)
    for step in record.steps:
        statuses = Counter(
            each["status"]
            for executions in record.executions.values()
            for each in executions
            if str(each["step_id"]) == step["id"]
        )
        not_executed = statuses[ExecutionStatus.PENDING] + statuses[ExecutionStatus.SKIPPED]
        counted = {
            "total_executed": statuses.total() - not_executed,
            "total_succeeded": statuses[ExecutionStatus.COMPLETED],
            "total_failed": statuses[ExecutionStatus.FAILED],
        }
        yield from _differences(f"a {step['step_type']}", step, counted)


def _differences(
    what: str, shown: Mapping[str, object], counted: Mapping[str, int]
) -> Iterator[str]:
    for name, count in counted.items():
        if shown[name] != count:
            yield f"{what} shows {shown[name]} {name}, the rows say {count}"
