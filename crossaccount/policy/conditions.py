"""The `Condition` element of a statement.

Source: RAM, "Condition operators" and "Policy elements" (facts 1.3 and 1.4).
"""

from __future__ import annotations

from collections.abc import Mapping

from crossaccount.policy.condition_keys import CONDITION_KEYS, condition_key_type
from crossaccount.policy.elements import read_texts
from crossaccount.policy.operators import OPERATORS, Operator, ValueType
from crossaccount.policy.problems import Problems, nearest, shown
from crossaccount.policy.statement import Condition

_AGREED = "sts:externalid"
"""The key whose value is between two companies: no message tells it."""


def read_conditions(entry: Mapping[str, object], place: str, problems: Problems) -> tuple[Condition, ...]:
    """The conditions of a statement, none where it has no `Condition`.

    An empty condition, operator or value list is a problem: it would read like a guard and be none.
    """
    if "Condition" not in entry:
        return ()
    here = f"{place}, Condition"
    blocks = _filled(entry["Condition"], here, "operator", problems)
    found: list[Condition] = []
    for name, block in blocks.items():
        operator = OPERATORS.get(name)
        if operator is None:
            problems.add(f"{here}.{name}", f"is not a condition operator{nearest(str(name), OPERATORS)}")
            continue
        for key, value in _filled(block, f"{here}.{name}", "condition key", problems).items():
            found.append(_read_condition(operator, key, value, f"{here}.{name}.{key}", problems))
    return tuple(found)


def _filled(value: object, place: str, wanted: str, problems: Problems) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        problems.add(place, f"is {shown(value)}, not an object")
        return {}
    if not value:
        problems.add(place, f"is empty: name at least one {wanted}, or leave it out")
    for name in value:
        if not isinstance(name, str):
            problems.add(place, f"has {shown(name)} as a name: write the {wanted} as a string")
    return {name: each for name, each in value.items() if isinstance(name, str)}


def _read_condition(operator: Operator, key: str, value: object, place: str, problems: Problems) -> Condition:
    kind = condition_key_type(key)
    if kind is None:
        problems.add(place, f"{shown(key)} is not a condition key{nearest(key, CONDITION_KEYS)}")
    elif kind is not ValueType.STRING and kind is not operator.type:
        fitting = ", ".join(f"`{each.name}`" for each in OPERATORS.values() if each.type is kind)
        problems.add(
            place,
            f"`{operator.name}` does not fit a key whose values are of type {kind.value}: use {fitting}",
        )
        return Condition(operator.name, key, ())
    values = read_texts(value, place, problems)
    for each in values:
        try:
            operator.compile((each,))
        except ValueError as error:  # noqa: PERF203  every value has its own message
            told = key.lower() != _AGREED
            problems.add(place, str(error) if told else f"its value does not fit `{operator.name}`")
    return Condition(operator.name, key, values)
