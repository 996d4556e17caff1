"""The cloud's log of what it decided and why: the last thousand questions, without secrets."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crossaccount.localcloud.clock import iso

if TYPE_CHECKING:
    from crossaccount.localcloud.authorize import Gate, Ruling
    from crossaccount.localcloud.call import Call

KEPT = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision.

    Attributes:
        moment: the cloud's time, in seconds since 1970.
        request_id: the request it belongs to.
        account_id: the caller's account.
        principal: the caller's ARN.
        ruling: what was decided; the reasons are worked out only when they are read.
        passed: whether the call went on although it was denied, because the cloud only observed.
    """

    moment: float
    request_id: str
    account_id: str
    principal: str
    ruling: Ruling
    passed: bool = False

    def to_json(self) -> dict[str, Any]:
        """The decision with its reasons."""
        decision = self.ruling.decision
        return {
            "time": iso(self.moment),
            "requestId": self.request_id,
            "accountId": self.account_id,
            "principal": self.principal,
            "action": self.ruling.action,
            "resource": self.ruling.resource,
            "gate": self.ruling.gate,
            "verdict": decision.verdict.name if decision is not None else "ROOT",
            "passed": self.passed,
            "reason": decision.explain()
            if decision is not None
            else "the account's root passes every identity check",
        }


class Decisions:
    """The last thousand decisions, oldest first; and how often each action was ever allowed and denied."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._seen: dict[tuple[str, Gate], list[int]] = {}

    def note(self, call: Call, ruling: Ruling) -> None:
        """Adds a decision, dropping the oldest when there are too many."""
        caller, cloud = call.caller, call.cloud
        allowed = ruling.allowed
        self._entries.append(
            Entry(
                cloud.clock.epoch(),
                call.request_id,
                caller.account.id,
                caller.arn,
                ruling,
                cloud.observe and not allowed,
            )
        )
        if ruling.decision is not None:
            seen = self._seen.get((ruling.action, ruling.gate))
            if seen is None:
                seen = self._seen[ruling.action, ruling.gate] = [0, 0]
            seen[0 if allowed else 1] += 1

    def to_json(self) -> list[dict[str, Any]]:
        """All of them, oldest first."""
        return [entry.to_json() for entry in tuple(self._entries)]

    def coverage(self) -> list[dict[str, Any]]:
        """How often each action was allowed and denied at each gate, since the beginning, sorted.

        The root's calls are not counted: nothing was decided about them.
        """
        return [
            {"action": action, "gate": gate, "allowed": allowed, "denied": denied}
            for (action, gate), (allowed, denied) in sorted(self._seen.items())
        ]
