"""The elements of a statement other than its conditions: actions, resources, principals.

Source: RAM, "Policy elements" and "Edit the trust policy of a RAM role" (facts 1.1, 1.2, 1.7).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from crossaccount.policy.arn import folded
from crossaccount.policy.principal import (
    check_federated_principal,
    check_service_principal,
    read_ram_principal,
)
from crossaccount.policy.problems import Problems, nearest, shown
from crossaccount.policy.statement import PolicyKind, Principals
from crossaccount.policy.wildcard import Wildcards

Entry = Mapping[str, object]

_ACTION = re.compile(r"[A-Za-z0-9_.*?-]+:[A-Za-z0-9_.*?/-]+")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_ARN_COLONS = 4
_PRINCIPAL_TYPES = ("Federated", "RAM", "Service")

TRUST_ACTIONS = (
    "sts:AssumeRole",
    "sts:AssumeRoleWithOIDC",
    "sts:AssumeRoleWithSAML",
    "sts:SetSourceIdentity",
)


def read_texts(value: object, place: str, problems: Problems) -> tuple[str, ...]:
    """One string or a list of at least one, as a tuple; anything else is a problem."""
    if isinstance(value, str):
        values: tuple[object, ...] = (value,)
    elif isinstance(value, (list, tuple)):
        values = tuple(value)
    else:
        problems.add(
            place, f"is {shown(value)}, not a string or a list of strings: every value is a JSON string"
        )
        return ()
    if not values:
        problems.add(place, "is empty: name at least one value, or leave the element out")
    texts = []
    for each in values:
        if not isinstance(each, str):
            problems.add(place, f"holds {shown(each)}: every value is a JSON string, write it in quotes")
        elif _UNPRINTABLE.search(each) is not None:
            problems.add(place, "holds a control character or half a character, which no name has")
        else:
            texts.append(each)
    return tuple(texts)


def read_actions(
    entry: Entry, kind: PolicyKind, place: str, problems: Problems
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The patterns of `Action` and of `NotAction`, exactly one of which a statement has."""
    if ("Action" in entry) is ("NotAction" in entry):
        both = "Action" in entry
        problems.add(f"{place}, Action", "stands beside `NotAction`: keep one" if both else "is missing")
    found: dict[str, tuple[str, ...]] = {"Action": (), "NotAction": ()}
    check = _check_trust_action if kind is PolicyKind.TRUST else _check_action
    for name in found:
        if name in entry:
            found[name] = _checked(entry[name], check, f"{place}, {name}", problems)
    return found["Action"], found["NotAction"]


def read_resources(entry: Entry, kind: PolicyKind, place: str, problems: Problems) -> tuple[str, ...]:
    """The patterns of `Resource`: required, except in a trust policy, which must not have it."""
    here = f"{place}, Resource"
    if kind is PolicyKind.TRUST:
        if "Resource" in entry:
            problems.add(
                here, "does not belong in a trust policy: the resource is the role itself, leave it out"
            )
        return ()
    if "Resource" not in entry:
        problems.add(here, 'is missing: name ARNs, or write `"*"` for every resource')
        return ()
    return _checked(entry["Resource"], _check_resource, here, problems)


def read_principals(entry: Entry, kind: PolicyKind, place: str, problems: Problems) -> Principals | None:
    """Whom the statement names: required in a trust policy, elsewhere not allowed.

    A kind may have an empty list beside one that names somebody: the alicloud provider's `services` and
    `ram_users` write `{"RAM": [], "Service": [...]}`.
    """
    here = f"{place}, Principal"
    if kind is not PolicyKind.TRUST:
        if "Principal" in entry:
            problems.add(here, "belongs in trust policies only: leave it out")
        return None
    value = entry.get("Principal")
    if not isinstance(value, Mapping):
        wrong = "is missing" if "Principal" not in entry else f"is {shown(value)}"
        problems.add(here, f'{wrong}: write an object such as `{{"RAM": ["acs:ram::<account id>:root"]}}`')
        return None
    if not value:
        problems.add(here, "is empty: name at least one of `RAM`, `Service`, `Federated`")
    for name in value:
        if name not in _PRINCIPAL_TYPES:
            problems.add(
                f"{here}.{name}", f"is not a kind of principal{nearest(str(name), _PRINCIPAL_TYPES)}"
            )
    checks: dict[str, Callable[[str], object]] = {
        "RAM": read_ram_principal,
        "Service": check_service_principal,
        "Federated": check_federated_principal,
    }
    empty = {name for name in value if value[name] in ([], ())}
    if empty == value.keys():
        empty.clear()
    read = {
        name: _checked(value[name], check, f"{here}.{name}", problems) if name in value.keys() - empty else ()
        for name, check in checks.items()
    }
    return Principals(read["RAM"], read["Service"], read["Federated"])


def _checked(
    value: object, check: Callable[[str], object], place: str, problems: Problems
) -> tuple[str, ...]:
    texts = read_texts(value, place, problems)
    for text in texts:
        try:
            check(text)
        except ValueError as error:  # noqa: PERF203  every value has its own message
            problems.add(place, str(error))
    return texts


@lru_cache(maxsize=4096)
def _check_action(text: str) -> None:
    if text != "*" and _ACTION.fullmatch(text) is None:
        raise ValueError(
            f"{shown(text)} is not an action: write `<service>:<operation>`, such as `fc:GetFunction`"
        )


@lru_cache(maxsize=4096)
def _check_trust_action(text: str) -> None:
    _check_action(text)
    pattern = Wildcards([folded(text)])
    if not folded(text).startswith("sts:") or not any(pattern.match(folded(each)) for each in TRUST_ACTIONS):
        raise ValueError(f"{shown(text)} is not an action of a trust policy: write `sts:AssumeRole`")


@lru_cache(maxsize=4096)
def _check_resource(text: str) -> None:
    if text == "*":
        return
    wrong = f"{shown(text)} is not a resource: write `*` or `acs:<service>:<region>:<account id>:<resource>`"
    whole = text.count(":") >= _ARN_COLONS and not text.endswith(":")
    if not text.startswith("acs:") or text != text.strip() or not (whole or text.endswith("*")):
        raise ValueError(wrong)
