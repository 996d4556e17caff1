"""The proof that a role is revoked: no path in state, none in the accounts, and when the last session ends.

Pure: graphs in, `Proof` out. What could not be read is never taken for revoked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from crossaccount.access import QuestionError
from crossaccount.audit.revocation import PathLeft, Proof, Sessions, Verdict
from crossaccount.audit.revoked_paths import WaysLeft
from crossaccount.audit.revoked_sessions import SessionsLeft
from crossaccount.policy import Arn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crossaccount.access import AccessGraph, Role
    from crossaccount.audit.model import LeftOut, Source

_ALWAYS = "1970-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a proof is made from.

    Attributes:
        states: the graph of the states alone.
        live: the graph of what holds today; None where no account was read.
        live_accounts: the accounts that were read.
        unread: of which accounts something could not be read.
        before: the graph of the states of before; None where none was given.
        read: the moment by which everything had been read, with a time zone.
        sources: the states and accounts that were read.
        sources_before: the states of before.
        left_out: what could not be read.
    """

    states: AccessGraph
    live: AccessGraph | None
    live_accounts: frozenset[str]
    unread: frozenset[str]
    before: AccessGraph | None
    read: datetime
    sources: tuple[Source, ...] = ()
    sources_before: tuple[Source, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def graphs(self) -> tuple[AccessGraph, ...]:
        """All graphs there are."""
        return tuple(each for each in (self.before, self.states, self.live) if each is not None)


def proof_of(asked: str, evidence: Evidence) -> Proof:
    """What is left of a role.

    Args:
        asked: the role: its ARN, `<account>/role/<name>`, or its name where only one role is called so.
        evidence: what was read.

    Raises:
        QuestionError: it is no role, several are called so, or the state of before does not declare it.
    """
    arn = role_arn(asked, evidence)
    account, name = arn.split(":")[3], arn.rpartition("/")[2]
    now = evidence.read.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    was = _declared(evidence.before, arn)
    if evidence.before is not None and was is None:
        raise QuestionError(
            f"the state of `--before` does not declare `{arn}`: give one from before it was revoked"
        )
    state, live = _declared(evidence.states, arn), _declared(evidence.live, arn)
    paths: list[PathLeft] = []
    if state is not None:
        paths += WaysLeft(evidence.states, now, "state").to(state)
    if live is not None and evidence.live is not None:
        paths += WaysLeft(evidence.live, now, "live").to(live)
    doubts = tuple(_doubts(evidence, account, name, known=any((was, state, live))))
    verdict = _verdict(paths, doubts)
    return Proof(
        arn,
        now,
        verdict,
        (
            ("state", _there(state, was)),
            ("live", _there(live, was) if account in evidence.live_accounts else "not read"),
        ),
        tuple(paths),
        doubts,
        () if was is None or evidence.before is None else tuple(_had(evidence.before, was)),
        _sessions(evidence, live) if verdict is Verdict.REVOKED else None,
        evidence.sources,
        evidence.sources_before,
        evidence.left_out,
    )


def role_arn(asked: str, evidence: Evidence) -> str:
    """The ARN of the role that is asked for, in lower case.

    Raises:
        QuestionError: it is none, or nobody can tell which.
    """
    if asked.startswith("acs:"):
        return _checked(asked, asked)
    account, slash, name = asked.partition("/role/")
    if slash:
        return _checked(f"acs:ram::{account}:role/{name}", asked)
    found = sorted(
        {
            role.arn
            for graph in evidence.graphs
            for role in graph.roles.values()
            if role.name is not None and role.name.lower() == asked.lower()
        }
    )
    if len(found) == 1:
        return found[0]
    if found:
        raise QuestionError(f"several roles are called `{asked}`: give the ARN, one of {', '.join(found)}")
    raise QuestionError(
        f"no role is called `{asked}` in what was given: give its ARN, `acs:ram::<account id>:role/{asked}`, "
        "and with `--before` a state that still declares it"
    )


def _checked(text: str, asked: str) -> str:
    try:
        arn = Arn.parse(text)
    except ValueError as error:
        raise QuestionError(str(error)) from None
    name = arn.relative.removeprefix("role/")
    is_role = arn.service == "ram" and arn.account.isdigit() and arn.relative == f"role/{name}"
    if not is_role or not name or set(name) & set("*?/"):
        raise QuestionError(f"`{asked}` is not one role: write `acs:ram::<account id>:role/<name>`")
    return f"acs:ram::{arn.account}:role/{name.lower()}"


def _declared(graph: AccessGraph | None, arn: str) -> Role | None:
    """The role of an ARN; None where nothing declares it, even if something is still attached to it."""
    role = None if graph is None else graph.role(arn)
    return None if role is None or role.origin is None else role


def _doubts(evidence: Evidence, account: str, name: str, *, known: bool) -> Iterator[str]:
    if not known:
        yield (
            "nothing that was given ever declared the role: check its spelling, and give a state of before "
            "that declares it (`--before`)"
        )
    if account not in evidence.states.accounts:
        yield (
            f"no state of account `{account}` is given, which owns the role; an empty one, as `pulumi "
            f"destroy` leaves it, does not say whose it is: `--account FILE={account}`"
        )
    if account not in evidence.live_accounts:
        yield f"account `{account}`, which owns the role, was not read live (`--live`)"
    if account in evidence.unread:
        yield f"not all of account `{account}` could be read live"
    for each in evidence.left_out:
        if not each.where.startswith("live account "):
            yield f"`{each.where}` could not be read"
    yield from (each for each in evidence.states.conflicts if f"`{name}`" in each.lower())


def _verdict(paths: list[PathLeft], doubts: tuple[str, ...]) -> Verdict:
    if any(each.certainty != "cannot tell" for each in paths):
        return Verdict.PATH_LEFT
    return Verdict.CANNOT_TELL if paths or doubts else Verdict.REVOKED


def _there(role: Role | None, was: Role | None) -> str:
    if role is None or role.origin is None:
        return "the role is not there"
    again = (
        was is not None
        and was.origin is not None
        and was.origin.created
        and role.origin.created
        and role.origin.created[:19] > was.origin.created[:19]
    )
    made = f", made {role.origin.created}" if role.origin.created else ""
    words = "the role is there again under the same name" if again else "the role is still there"
    return f"{words}{made}"


def _had(before: AccessGraph, was: Role) -> Iterator[str]:
    for each in WaysLeft(before, _ALWAYS, "state").to(was):
        through = f", through {', '.join(each.steps[1:-1])}" if each.steps[1:-1] else ""
        yield f"{each.steps[0]}{through}"


def _sessions(evidence: Evidence, live: Role | None) -> Sessions:
    if live is None or evidence.live is None:
        return Sessions("", "none: the role is deleted, and with it every session of it has ended")
    return SessionsLeft(evidence.live, evidence.before, evidence.read).of(live)
