"""Whom a trust policy names."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from crossaccount.access.nodes import Outsider
from crossaccount.policy import Arn, Effect
from crossaccount.policy.principal import read_ram_principal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crossaccount.access.compiled import CompiledPolicy
    from crossaccount.access.documents import Document

NOBODY_CAN_TELL = Outsider("unknown", "")
_KEPT = 65536


def trusted_names(trust: Document) -> tuple[Outsider, ...]:
    """The principals that the policy's Allow statements name, each once.

    Of a policy that is not known, those it names at most; where that cannot be told, `NOBODY_CAN_TELL`.
    """
    if trust.compiled is None:
        if trust.at_most is None:
            return (NOBODY_CAN_TELL,)
        return tuple(dict.fromkeys(map(_read, trust.at_most)))
    return _of_policy(trust.compiled)


@lru_cache(maxsize=_KEPT)
def _of_policy(compiled: CompiledPolicy) -> tuple[Outsider, ...]:
    return tuple(dict.fromkeys(_of_statements(compiled)))


def _of_statements(compiled: CompiledPolicy) -> Iterator[Outsider]:
    for statement in compiled.policy.statements:
        if statement.effect is Effect.ALLOW and statement.principals is not None:
            for value in statement.principals.ram:
                yield _read(value)
            for value in statement.principals.service:
                yield Outsider("service", "", value)
            for value in statement.principals.federated:
                arn = Arn.parse(value)
                yield Outsider("provider", arn.account, arn.relative)


def _read(value: str) -> Outsider:
    if not value.startswith("acs:"):
        return Outsider("service", "", value)
    try:
        account, kind, name = read_ram_principal(value)
    except ValueError:
        return NOBODY_CAN_TELL
    if kind == "root":
        return Outsider("account", account)
    return Outsider("role", account, name.lower()) if kind == "role" else Outsider("user", account, name)
