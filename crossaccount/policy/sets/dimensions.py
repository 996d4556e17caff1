"""The dimensions of a request: its action, its resource, each condition key; and the values each can have.

A condition key's values are of a kind, decided by the operators that ask it. A key that holds texts can be
asked as a text, a number, a date...: then it has a dimension for each kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from crossaccount.policy.condition_keys import condition_key_type
from crossaccount.policy.operators import ValueType
from crossaccount.policy.sets.intervals import Intervals
from crossaccount.policy.sets.language import ANYTHING, Language

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MICROSECOND = timedelta(microseconds=1)
IPV4_END = 1 << 32
IPV6_END = IPV4_END + (1 << 128)
_MAPPED = IPV4_END + (0xFFFF << 32)


class Kind(Enum):
    """What a dimension's values are."""

    ACTION = "action"
    RESOURCE = "resource"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    IP = "IP address"
    OPAQUE = "opaque"


class Dimension(NamedTuple):
    """One thing that requests differ in.

    Attributes:
        kind: what its values are.
        step: of which request: empty for the call itself, else the step of an earlier one.
        key: the condition key; for an opaque dimension what it stands for.
        note: for an opaque dimension why it is opaque.
    """

    kind: Kind
    step: str = ""
    key: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Values:
    """A set of values of one dimension.

    Attributes:
        inside: the values that can be read.
        unreadable: whether texts that cannot be read as the dimension's kind belong to the set.
        missing: whether a request without a value belongs to the set.
    """

    inside: Language | Intervals
    unreadable: bool = False
    missing: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in the set."""
        return self.inside.is_empty and not self.unreadable and not self.missing

    def meets(self, other: Values) -> bool:
        """Whether something is in both."""
        if (self.missing and other.missing) or (self.unreadable and other.unreadable):
            return True
        return self.inside.meets(other.inside)  # type: ignore[arg-type]

    def __and__(self, other: Values) -> Values:
        inside = self.inside & other.inside  # type: ignore[operator]
        return Values(inside, self.unreadable and other.unreadable, self.missing and other.missing)

    def __or__(self, other: Values) -> Values:
        inside = self.inside | other.inside  # type: ignore[operator]
        return Values(inside, self.unreadable or other.unreadable, self.missing or other.missing)

    def __sub__(self, other: Values) -> Values:
        inside = self.inside - other.inside  # type: ignore[operator]
        unreadable = self.unreadable and not other.unreadable
        return Values(inside, unreadable, self.missing and not other.missing)

    def __le__(self, other: Values) -> bool:
        return (self - other).is_empty


ACTION = Dimension(Kind.ACTION)
RESOURCE = Dimension(Kind.RESOURCE)

# Every call is made at a time, and over HTTPS or not: no request is without these.
ALWAYS_PRESENT = frozenset({"acs:CurrentTime", "acs:SecureTransport"})

KIND_OF = {
    ValueType.STRING: Kind.TEXT,
    ValueType.NUMERIC: Kind.NUMBER,
    ValueType.DATE: Kind.DATE,
    ValueType.BOOLEAN: Kind.BOOLEAN,
    ValueType.IP: Kind.IP,
}


def microseconds(moment: datetime) -> int:
    """A moment as microseconds since 1970."""
    return (moment - EPOCH) // MICROSECOND


_FIRST = microseconds(datetime(1, 1, 1, tzinfo=timezone.utc))
_LAST = microseconds(datetime.max.replace(tzinfo=timezone.utc))
_ALL: dict[Kind, Language | Intervals] = {
    Kind.ACTION: ANYTHING,
    Kind.RESOURCE: ANYTHING,
    Kind.TEXT: ANYTHING,
    Kind.NUMBER: Intervals((((Decimal("-Infinity"), 0), (Decimal("Infinity"), 0)),)),
    Kind.DATE: Intervals(((_FIRST, _LAST + 1),)),
    Kind.BOOLEAN: Intervals(((0, 2),)),
    Kind.OPAQUE: Intervals(((0, 2),)),
    # IPv6 addresses follow after the IPv4 ones; those that clothe an IPv4 address are read as that one.
    Kind.IP: Intervals(((0, _MAPPED), (_MAPPED + (1 << 32), IPV6_END))),
}


@lru_cache(maxsize=4096)
def every_value(dimension: Dimension) -> Values:
    """All values a request can have in a dimension.

    A key whose values are typed (`acs:CurrentTime`) is set by Alibaba Cloud and can be read; a text that is
    asked as a number, such as a tag, may be any text.
    """
    kind = dimension.kind
    if kind in (Kind.ACTION, Kind.RESOURCE, Kind.OPAQUE):
        return Values(_ALL[kind])
    any_text = condition_key_type(dimension.key) is ValueType.STRING and kind is not Kind.TEXT
    return Values(_ALL[kind], unreadable=any_text, missing=dimension.key not in ALWAYS_PRESENT)
