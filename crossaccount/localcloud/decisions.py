"""The cloud's log of what it decided and why: the last thousand questions, without secrets."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crossaccount.localcloud.clock import iso

if TYPE_CHECKING:
    from crossaccount.localcloud.authorize import Ruling
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
    """

    moment: float
    request_id: str
    account_id: str
    principal: str
    ruling: Ruling

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
            "reason": decision.explain()
            if decision is not None
            else "the account's root passes every identity check",
        }


class Decisions:
    """The last thousand decisions, oldest first."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=KEPT)

    def note(self, call: Call, ruling: Ruling) -> None:
        """Adds a decision, dropping the oldest when there are too many."""
        caller = call.caller
        self._entries.append(
            Entry(call.cloud.clock.epoch(), call.request_id, caller.account.id, caller.arn, ruling)
        )

    def to_json(self) -> list[dict[str, Any]]:
        """All of them, oldest first."""
        return [entry.to_json() for entry in tuple(self._entries)]
