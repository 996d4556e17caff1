"""A delegation while it is looked at: what the findings are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from crossaccount.access import AccessGraph, Role
    from crossaccount.audit.assuming import Edge
    from crossaccount.audit.model import Assumer, Right
    from crossaccount.audit.trust import Trust


@dataclass(frozen=True, slots=True)
class Inspected:
    """A role that trusts another account.

    Attributes:
        graph: the graph it is in.
        role: the role.
        trust: whom it trusts, and until when.
        edges: who may assume it now.
        over: who comes to it over other roles.
        rights: what a session of it may do.
        now: the moment the audit answers for.
    """

    graph: AccessGraph
    role: Role
    trust: Trust
    edges: Sequence[Edge]
    rights: tuple[Right, ...]
    now: datetime
    over: Sequence[Assumer] = ()

    @property
    def place(self) -> str:
        """Where to change it: the source line, else the resource, else the account."""
        return f"role `{self.role.name or '?'}`" if self.role.origin is None else f"`{self.role.origin}`"
