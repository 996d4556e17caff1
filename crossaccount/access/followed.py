"""Which of many ways are followed: of two that come to the same place, the one that depends on less.

Roles that trust each other give more ways than anybody could look at, nearly all of which open no more than a
shorter one does.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from crossaccount.access.nodes import Outsider
from crossaccount.access.ruling import Outcome

if TYPE_CHECKING:
    from collections.abc import Hashable

    from crossaccount.access.gates import Gate
    from crossaccount.access.nodes import Node

MOST_WAYS = 64
"""How many ways to one place are followed that each depend on something else."""

Steps = frozenset[tuple[str, str]]
"""The assumptions on a way that are not simply open, each by the keys of caller and role."""


class Followed:
    """The ways that were followed so far; offer them in order of length.

    A way is spared where one that was followed to the same place depends on nothing more: whatever the longer
    one lets somebody do, and wherever it leads on, the shorter one does.

    Attributes:
        cut: the places to which more than `MOST_WAYS` ways lead, so that not all were followed.
    """

    def __init__(self) -> None:
        self.cut: set[Hashable] = set()
        self._kept: dict[Hashable, list[Steps]] = defaultdict(list)

    def spares(self, place: Hashable, depends: Steps) -> bool:
        """Whether a way is left out; else it counts as followed."""
        kept = self._kept[place]
        if any(each <= depends for each in kept):
            return True
        if len(kept) == MOST_WAYS:
            self.cut.add(place)
            return True
        kept.append(depends)
        return False


def opens_for_all(caller: Node, identity: Gate, trust: Gate) -> bool:
    """Whether an assumption depends on nothing that another one of the same caller does not depend on.

    What lets an outsider ask is the same for every role: its account decides that, or nobody.
    """
    asks = isinstance(caller, Outsider) or identity.outcome is Outcome.OPEN
    return asks and trust.outcome is Outcome.OPEN
