"""The condition operators: the documented ones and no other.

Source: RAM, "Condition operators" (facts 1.3). `...IfExists`, `Null`, `ForAnyValue:`, `ForAllValues:` and
`Arn...` are not documented, hence not part of the language.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import TypeVar

from crossaccount.policy.values import (
    Address,
    Network,
    read_address,
    read_boolean,
    read_date,
    read_network,
    read_number,
)
from crossaccount.policy.wildcard import Wildcards

P = TypeVar("P")
R = TypeVar("R")
T = TypeVar("T", Decimal, datetime)

Match = Callable[[str], bool]
Compile = Callable[[tuple[str, ...]], Match]


class ValueType(Enum):
    """What the values of an operator or a condition key are."""

    STRING = "string"
    NUMERIC = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    IP = "IP address"


@dataclass(frozen=True, slots=True)
class Operator:
    """One condition operator.

    Attributes:
        name: as documents write it.
        type: what its values are.
        negative: whether it holds where its positive twin does not (`...Not...`).
        compile: from the values of a policy to the positive twin's test of one request value; both raise
            ValueError for a value they cannot read.
    """

    name: str
    type: ValueType
    negative: bool
    compile: Compile


def _reading(
    policy: Callable[[str], P], request: Callable[[str], R], test: Callable[[R, P], bool]
) -> Compile:
    def compile_values(values: tuple[str, ...]) -> Match:
        wanted = tuple(policy(value) for value in values)

        def match(given: str) -> bool:
            value = request(given)
            return any(test(value, each) for each in wanted)

        return match

    return compile_values


def _equals(values: tuple[str, ...]) -> Match:
    return frozenset(values).__contains__


def _like(values: tuple[str, ...]) -> Match:
    return Wildcards(values).match


def _in_network(address: Address, network: Network) -> bool:
    return address in network


def _ordered(family: str, kind: ValueType, read: Callable[[str], T]) -> list[Operator]:
    tests: dict[str, Callable[[T, T], bool]] = {
        "Equals": operator.eq,
        "NotEquals": operator.eq,
        "LessThan": operator.lt,
        "LessThanEquals": operator.le,
        "GreaterThan": operator.gt,
        "GreaterThanEquals": operator.ge,
    }
    return [
        Operator(f"{family}{name}", kind, negative=name == "NotEquals", compile=_reading(read, read, test))
        for name, test in tests.items()
    ]


def _all() -> list[Operator]:
    string, ip = ValueType.STRING, ValueType.IP
    ignore_case = _reading(str.casefold, str.casefold, operator.eq)
    in_network = _reading(read_network, read_address, _in_network)
    return [
        Operator("StringEquals", string, negative=False, compile=_equals),
        Operator("StringNotEquals", string, negative=True, compile=_equals),
        Operator("StringEqualsIgnoreCase", string, negative=False, compile=ignore_case),
        Operator("StringNotEqualsIgnoreCase", string, negative=True, compile=ignore_case),
        Operator("StringLike", string, negative=False, compile=_like),
        Operator("StringNotLike", string, negative=True, compile=_like),
        *_ordered("Numeric", ValueType.NUMERIC, read_number),
        *_ordered("Date", ValueType.DATE, read_date),
        Operator(
            "Bool",
            ValueType.BOOLEAN,
            negative=False,
            compile=_reading(read_boolean, read_boolean, operator.eq),
        ),
        Operator("IpAddress", ip, negative=False, compile=in_network),
        Operator("NotIpAddress", ip, negative=True, compile=in_network),
    ]


OPERATORS: Mapping[str, Operator] = MappingProxyType({each.name: each for each in _all()})
