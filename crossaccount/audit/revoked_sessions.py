"""Until when sessions of a role that were opened before can last.

A session ends by itself, at most the role's longest session after it was opened; no call ends it. It ends at
once where its role is deleted, and may do nothing where the role has no policies. Source: RAM, "FAQ about RAM
roles and STS tokens" (facts 4.5).
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from crossaccount.access import Asking, Outcome
from crossaccount.access.asking import TIME
from crossaccount.access.gates import trust_gate
from crossaccount.access.trusted import trusted_names
from crossaccount.audit.assuming import Edges
from crossaccount.audit.revocation import Sessions
from crossaccount.audit.revoked_paths import WaysLeft, own_roles
from crossaccount.audit.telling import session_words
from crossaccount.audit.trust import trust_of
from crossaccount.policy.values import read_date
from crossaccount.review.rows import DEFAULT_SESSION

if TYPE_CHECKING:
    from crossaccount.access import AccessGraph, Role

LONGEST_SESSION = 43_200
"""The longest session that RAM lets a role give, in seconds. Source: RAM, "CreateRole" (facts 1.8)."""


class SessionsLeft:
    """The sessions of roles to which no path is left.

    Args:
        live: the accounts as they are.
        before: the states of before; None where none was given.
        read: the moment by which the accounts had been read.
    """

    def __init__(self, live: AccessGraph, before: AccessGraph | None, read: datetime) -> None:
        self._live, self._before = live, before
        self._read = read.astimezone(timezone.utc)
        self._edges = Edges(live, _text(self._read))

    def of(self, role: Role) -> Sessions:
        """How long sessions of a role that is still there can last.

        Args:
            role: the role as it is live.
        """
        until, words = self._until(role, frozenset({role.arn}))
        known = (
            ""
            if self._known(role)
            else f" (no state of before says how long; RAM allows {_span(LONGEST_SESSION)})"
        )
        powerless = not role.grants
        said = f"{words}; sessions lasted at most {_span(self._longest(role))}{known}"
        if powerless:
            said += "; the role has no policy any more, so a session may do nothing"
        return Sessions(_text(until), said, powerless)

    def _until(self, role: Role, seen: frozenset[str]) -> tuple[datetime, str]:
        closed, words = self._closed(role)
        longest = timedelta(seconds=self._longest(role))
        latest = closed + longest, words
        for caller, _ in own_roles(self._edges.to(role), role):
            if caller.arn not in seen and self._was_reached(caller):
                until, _ = self._until(caller, seen | {caller.arn})
                through = (
                    f"a session of {caller.label}, open until {_text(until)} at most, can still open one"
                )
                latest = max(latest, (until + longest, through))
        return latest

    def _closed(self, role: Role) -> tuple[datetime, str]:
        """When the last session can have been opened, and why then."""
        modified = "" if role.origin is None else role.origin.modified
        if modified and self._lets_nobody_in(role) and read_date(modified) <= self._read:
            moment = read_date(modified).astimezone(timezone.utc)
            return moment, f"its trust policy lets nobody in since {_text(moment)} at the latest"
        trust = trust_of(role, self._read)
        if modified and trust is not None and trust.expired and self._lets_nobody_in_now(role):
            moment = min(
                self._read, max(read_date(modified), read_date(trust.expires)).astimezone(timezone.utc)
            )
            return moment, f"trust ended at {_text(moment)} at the latest"
        words = "when the way was closed is not recorded: at the latest when the account was read"
        return self._read, f"{words}, {_text(self._read)}"

    def _lets_nobody_in(self, role: Role) -> bool:
        """Whether the trust policy by itself lets in nobody, whatever the time."""
        return self._closed_to_all(role, Asking(supposing=True))

    def _lets_nobody_in_now(self, role: Role) -> bool:
        """Whether the trust policy by itself lets in nobody any more."""
        now = _text(self._read)
        return self._closed_to_all(role, Asking({TIME: now}, supposing=True, now=now))

    def _closed_to_all(self, role: Role, asking: Asking) -> bool:
        return role.trust.policy is not None and all(
            trust_gate(self._live, name, role, asking).outcome is Outcome.CLOSED
            for name in trusted_names(role.trust)
        )

    def _was_reached(self, role: Role) -> bool:
        """Whether another account came to a role before; without a state of before, so it counts."""
        was = self._was(role)
        if self._before is None:
            return True
        return was is not None and bool(WaysLeft(self._before, "1970-01-01T00:00:00Z", "state").to(was))

    def _was(self, role: Role) -> Role | None:
        return None if self._before is None else self._before.role(role.arn)

    def _known(self, role: Role) -> bool:
        was = self._was(role)
        return was is not None

    def _longest(self, role: Role) -> int:
        was = self._was(role)
        if was is None:
            return LONGEST_SESSION
        return max(was.max_session or DEFAULT_SESSION, role.max_session or 0)


def _span(seconds: int) -> str:
    return session_words(seconds).removeprefix("sessions of at most ")


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
