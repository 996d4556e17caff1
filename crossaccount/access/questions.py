"""What a person asks, read: a principal, an action, a resource, a context."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from crossaccount.access.errors import QuestionError
from crossaccount.access.nodes import Outsider, Root
from crossaccount.policy import Arn, ValueType, condition_key_type
from crossaccount.policy.values import read_address, read_boolean, read_date, read_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from crossaccount.access.graph import AccessGraph
    from crossaccount.access.nodes import Group, Node, Role, User

_ACTION = re.compile(r"[A-Za-z0-9_.-]+:[A-Za-z0-9_./-]+")
_SERVICE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.aliyuncs\.com")
_KINDS = ("user", "role", "group", "assumed-role")
_PROVIDERS = ("saml-provider", "oidc-provider")
_ACCOUNT_DIGITS = 16
_ACCOUNT = re.compile(r"[0-9]{16}")
_ROLE = re.compile(r"role/[^*?]+", re.IGNORECASE)
_READ: Mapping[ValueType, Callable[[str], object]] = {
    ValueType.IP: read_address,
    ValueType.BOOLEAN: read_boolean,
    ValueType.DATE: read_date,
    ValueType.NUMERIC: read_number,
}


def read_action(text: str) -> str:
    """An action that is asked for.

    Raises:
        QuestionError: it is not `<service>:<operation>`, or holds wildcards.
    """
    if _ACTION.fullmatch(text) is None:
        raise QuestionError(
            f"`{text}` is not one action: write `<service>:<operation>` without wildcards, "
            "such as `fc:ListFunctions`"
        )
    return text


def read_resource(text: str, action: str) -> str:
    """A resource that an action is asked for on.

    Raises:
        QuestionError: it is neither `*` nor an ARN, its account is none, or it is no role and one is assumed.
    """
    arn = None if text == "*" else _resource_arn(text)
    if action.lower() == "sts:assumerole" and not _is_role(arn):
        raise QuestionError(
            f"`{text}` is not one role: `{action}` is asked for on `acs:ram::<account id>:role/<name>`"
        )
    return text


def _is_role(arn: Arn | None) -> bool:
    if arn is None or arn.service != "ram" or _ACCOUNT.fullmatch(arn.account) is None:
        return False
    return _ROLE.fullmatch(arn.relative) is not None


def _resource_arn(text: str) -> Arn:
    try:
        arn = Arn.parse(text)
    except ValueError as error:
        raise QuestionError(f"{error}, or `*` for any") from None
    if arn.account not in ("", "*", "system") and _ACCOUNT.fullmatch(arn.account) is None:
        raise QuestionError(f"`{text}`: account id `{arn.account}` is not 16 digits; `*` stands for any")
    return arn


def read_context(pairs: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Condition keys and values from `key=value`; a key given again has several values.

    Raises:
        QuestionError: a pair has no `=`, or a key or value is none.
    """
    found: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise QuestionError(f"`{pair}` is not `key=value`, such as `acs:MFAPresent=true`")
        kind = condition_key_type(key)
        if kind is None:
            raise QuestionError(f"`{key}` is not a condition key, such as `acs:SourceIp`")
        try:
            _READ.get(kind, str)(value)
        except ValueError as error:
            raise QuestionError(f"`{key}`: {error}") from None
        found[key] = (*found.get(key, ()), value)
    return found


def find_principal(graph: AccessGraph, text: str) -> Node:
    """The principal that a text names: an ARN, a service, or `account/user/name`.

    The account of the short form is an id, an alias, or a stack's name; a session is its role; an identity
    provider stands for whoever it vouches for.

    Raises:
        QuestionError: it names nobody, or somebody of a given account whom no stack declares.
    """
    if _SERVICE.fullmatch(text):
        return Outsider("service", "", text)
    account, kind, name = _arn_parts(text) if text.startswith("acs:") else _short_parts(graph, text)
    if kind == "root":
        return Root(account)
    if kind in _PROVIDERS:
        return Outsider("provider", account, f"{kind}/{name}")
    arn = f"acs:ram::{account}:{kind}/{name.lower() if kind == 'role' else name}"
    by_kind: Mapping[str, Mapping[str, User | Role | Group]] = {
        "user": graph.users,
        "role": graph.roles,
        "group": graph.groups,
    }
    found = by_kind[kind].get(arn)
    if found is not None:
        return found
    if account in graph.accounts or kind == "group":
        known = [each for nodes in (graph.users, graph.roles, graph.groups) for each in nodes]
        raise QuestionError(f"no given stack declares `{arn}`{_nearest(arn, known)}")
    return Outsider("role" if kind == "role" else "user", account, name)


def _arn_parts(text: str) -> tuple[str, str, str]:
    try:
        arn = Arn.parse(text)
    except ValueError as error:
        raise QuestionError(str(error)) from None
    kind, slash, name = arn.relative.partition("/")
    is_root = arn.relative == "root"
    wrong = not is_root and (kind not in (*_KINDS, *_PROVIDERS) or not name)
    if arn.service != "ram" or len(arn.account) != _ACCOUNT_DIGITS or not arn.account.isdigit() or wrong:
        raise QuestionError(
            f"`{text}` is not a principal: write `acs:ram::<account id>:user/<name>`, `...:role/<name>`, "
            "`...:group/<name>` or `...:root`"
        )
    del slash
    return arn.account, *_kind_and_name(kind, name)


def _short_parts(graph: AccessGraph, text: str) -> tuple[str, str, str]:
    account, _, rest = text.partition("/")
    kind, _, name = rest.partition("/")
    if rest != "root" and (kind not in (*_KINDS, *_PROVIDERS) or not name):
        raise QuestionError(
            f"`{text}` is not a principal: write an ARN, or `<account>/user/<name>`, "
            "`<account>/role/<name>`, `<account>/group/<name>`, `<account>/root`"
        )
    return _account(graph, account), *_kind_and_name(kind, name)


def _kind_and_name(kind: str, name: str) -> tuple[str, str]:
    return ("role", name.partition("/")[0]) if kind == "assumed-role" else (kind, name)


def _account(graph: AccessGraph, text: str) -> str:
    if text.isdigit() and len(text) == _ACCOUNT_DIGITS:
        return text
    matches = {account for account, alias in graph.aliases.items() if alias == text}
    for account, places in graph.accounts.items():
        matches |= {account for place in places if text in (place, place.rpartition("/")[2])}
    if len(matches) == 1:
        return matches.pop()
    known = [*graph.aliases.values(), *(place for places in graph.accounts.values() for place in places)]
    wrong = "more than one account" if matches else "no account id, alias or stack that was given"
    raise QuestionError(f"`{text}` is {wrong}{_nearest(text, known)}")


def _nearest(text: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(text, list(known), n=1, cutoff=0.6)
    return f"; did you mean `{found[0]}`?" if found else ""
