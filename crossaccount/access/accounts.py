"""Which account a stack's resources belong to.

A role's ARN says it, an account's alias has its id, the provider may be told, and this project's stacks
export it (`account`) and have it in their configuration. All that is said must agree.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from crossaccount.access.errors import UnknownAccountError
from crossaccount.access.records import PROVIDER_TYPE, STACK_TYPE, Record, StackRecords
from crossaccount.access.values import read_text

_ACCOUNT = re.compile(r"[0-9]{16}")
_ARN = re.compile(r"acs:ram:[^:]*:([0-9]{16}):")
_DEFAULT = "default"
_RAM = "alicloud:ram/"


def accounts_of(stack: StackRecords, given: str | None = None) -> Mapping[str, str]:
    """The account of each provider of a stack's RAM resources, by the provider's name; `default` if unnamed.

    Args:
        stack: the stack.
        given: the account's id, as the caller says; 16 digits.

    Raises:
        UnknownAccountError: it cannot be told for a provider whose resources matter, or is told two ways.
    """
    groups: dict[str, list[Record]] = {}
    for record in stack.records:
        if record.type.startswith(_RAM) and not record.resource.get("external"):
            groups.setdefault(provider_name(record.resource.get("provider")), []).append(record)
    if given is not None:
        return dict.fromkeys(groups or [_DEFAULT], check_account(given))
    found: dict[str, str] = {}
    for name, records in groups.items():
        said = dict(_of_provider(stack, name, records))
        if len(groups) == 1:
            said |= dict(_of_stack(stack))
        found[name] = _agreed(said, stack, name if len(groups) > 1 else "")
    return found


@lru_cache(maxsize=1024)
def provider_name(reference: object) -> str:
    """The logical name of a resource's provider; all default providers are one."""
    if not isinstance(reference, str) or not reference:
        return _DEFAULT
    name = reference.rpartition("::")[0].rpartition("::")[2]
    return _DEFAULT if name.startswith(_DEFAULT) else name


def check_account(text: str) -> str:
    """An account's id.

    Raises:
        UnknownAccountError: it is not 16 digits.
    """
    if _ACCOUNT.fullmatch(text) is None:
        raise UnknownAccountError(f"`{text}` is not an account id: write 16 digits")
    return text


def _agreed(said: Mapping[str, str], stack: StackRecords, provider: str) -> str:
    what = f"provider `{provider}` of stack `{stack.name}`" if provider else f"stack `{stack.name}`"
    accounts = dict.fromkeys(said.values())
    if not accounts:
        raise UnknownAccountError(
            f"`{stack.where}`: nothing says which account {what} is for: no role has an ARN yet and there is "
            f"no output `account`; say it with `--account {stack.stack or 'STACK'}=ID`"
        )
    if len(accounts) > 1:
        listed = ", ".join(f"`{account}` ({place})" for place, account in said.items())
        raise UnknownAccountError(
            f"`{stack.where}`: {what} is said to be for more than one account: {listed}"
        )
    return next(iter(accounts))


def _of_provider(stack: StackRecords, name: str, records: list[Record]) -> Iterator[tuple[str, str]]:
    arns: dict[str, str] = {}
    for record in records:
        if record.type == "alicloud:ram/role:Role":
            arn = read_text(record.outputs, "arn")
            match = _ARN.match(arn) if isinstance(arn, str) else None
            if match is not None:
                arns.setdefault(match[1], record.urn)
        elif record.type == "alicloud:ram/accountAlias:AccountAlias":
            yield from _plain("account alias", record.resource.get("id"))
    for account, urn in arns.items():
        yield f"role `{urn}`", account
    for record in stack.records:
        if record.type != PROVIDER_TYPE:
            continue
        own = record.urn.rpartition("::")[2]
        if (_DEFAULT if own.startswith(_DEFAULT) else own) == name:
            yield from _plain("provider's `accountId`", record.inputs.get("accountId"))
            yield from _of_assumed_role(record.inputs.get("assumeRole"))


def _of_assumed_role(setting: object) -> Iterator[tuple[str, str]]:
    if isinstance(setting, str) and setting.startswith("{"):
        try:
            setting = json.loads(setting)
        except ValueError:
            return
    arn = setting.get("roleArn") if isinstance(setting, Mapping) else None
    match = _ARN.match(arn) if isinstance(arn, str) else None
    if match is not None:
        yield "provider's `assumeRole`", match[1]


def _of_stack(stack: StackRecords) -> Iterator[tuple[str, str]]:
    for record in stack.records:
        if record.type == STACK_TYPE:
            yield from _plain("output `account`", record.outputs.get("account"))
    for key in (f"{stack.project}:account", "alicloud:accountId"):
        yield from _plain(f"configuration `{key}`", stack.config.get(key))


def _plain(place: str, value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401  JSON
    if isinstance(value, str) and _ACCOUNT.fullmatch(value):
        yield place, value
