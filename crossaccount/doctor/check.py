"""One thing that a call has to pass, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from crossaccount.doctor.diagnosis import Diagnosis

if TYPE_CHECKING:
    from collections.abc import Iterable


class Status(Enum):
    """How a check stands."""

    OK = "ok"
    FAILED = "failed"
    NOT_REACHED = "not reached"
    UNTOLD = "cannot tell"


@dataclass(frozen=True, slots=True)
class Check:
    """One check.

    Attributes:
        name: what is checked, in a few words.
        status: how it stands.
        text: the finding in one line.
        evidence: what it is concluded from: answers, times, statements; a line each, without secrets.
        mend: what to do: a command to run, or what to change; a line each.
        diagnosis: what is wrong; None unless it failed.
    """

    name: str
    status: Status
    text: str = ""
    evidence: tuple[str, ...] = ()
    mend: tuple[str, ...] = ()
    diagnosis: Diagnosis | None = None

    def to_json(self) -> dict[str, Any]:
        """The check for programs."""
        found = self.diagnosis
        return {
            "check": self.name,
            "status": self.status.value,
            "text": self.text,
            "evidence": list(self.evidence),
            "mend": list(self.mend),
            "diagnosis": None if found is None else found.name.lower().replace("_", " "),
            "exitCode": None if found is None else found.value,
        }


def ok(name: str, text: str, *evidence: str) -> Check:
    """A check that passed."""
    return Check(name, Status.OK, text, evidence)


def not_told(name: str, text: str, evidence: Iterable[str] = (), mend: Iterable[str] = ()) -> Check:
    """A check whose outcome nothing tells."""
    return Check(name, Status.UNTOLD, text, tuple(evidence), tuple(mend))


def failed(
    name: str, diagnosis: Diagnosis, text: str, evidence: Iterable[str] = (), mend: Iterable[str] = ()
) -> Check:
    """A check that failed."""
    return Check(name, Status.FAILED, text, tuple(evidence), tuple(mend), diagnosis)


def verdict(checks: Iterable[Check]) -> Diagnosis:
    """The first failure's diagnosis; `UNTOLD` where none failed and one could not be told."""
    listed = list(checks)
    first = next((each.diagnosis for each in listed if each.diagnosis is not None), None)
    if first is not None:
        return first
    untold = any(each.status is Status.UNTOLD for each in listed)
    return Diagnosis.UNTOLD if untold else Diagnosis.HEALTHY
