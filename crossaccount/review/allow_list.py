"""The reviewed allow-list: what may be gained without stopping the change, who answers for it, until when.

A YAML file:

    allow:
      - principal: acs:ram::1345678901230000:user/fc-operator   # `*` and `?` as in policies
        role: acs:ram::1234567890120000:role/fc-partner-b       # the principal itself: leave it out
        actions: [fc:Get*, fc:List*]
        resources: ["acs:fc:*:1234567890120000:*"]
        owner: platform team
        reason: operators read functions
        expires: 2027-03-31

An entry covers a row only if every request of the row is one of the entry's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from crossaccount import plain_yaml
from crossaccount.access import AccessError
from crossaccount.policy.sets import PermissionSet
from crossaccount.policy.sets.bounds import TooLargeError
from crossaccount.policy.sets.expression import region_of
from crossaccount.policy.sets.universe import possible_call
from crossaccount.policy.wildcard import Wildcards

if TYPE_CHECKING:
    from pathlib import Path

    from crossaccount.review.model import DiffRow

_NEEDED = ("principal", "actions", "resources", "owner", "reason", "expires")
_KEYS = (*_NEEDED, "role")


class AllowListError(AccessError):
    """The allow-list cannot be read; names file and entry."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """An entry: as the module says.

    Attributes:
        requests: what `actions` and `resources` allow.
        expires: the last day on which the entry counts.
    """

    principal: str
    role: str
    requests: PermissionSet
    owner: str
    reason: str
    expires: date

    def covers(self, row: DiffRow, today: date) -> bool:
        """Whether the entry covers every request of a row on a day."""
        if today > self.expires or row.region is None:
            return False
        if not Wildcards([self.principal]).match(row.principal_arn):
            return False
        role = row.role if row.path else ""
        if not Wildcards([self.role]).match(role):
            return False
        try:
            left = row.region - region_of(self.requests.expression)
            return all(possible_call(each) is None for each in left.boxes)
        except TooLargeError:
            return False


@dataclass(frozen=True, slots=True)
class AllowList:
    """The entries of a file; without a file, none."""

    entries: tuple[Allowed, ...] = ()

    def covers(self, row: DiffRow, today: date) -> bool:
        """Whether some entry covers a row on a day."""
        return any(each.covers(row, today) for each in self.entries)

    def expired(self, today: date) -> tuple[Allowed, ...]:
        """The entries that no longer count."""
        return tuple(each for each in self.entries if today > each.expires)


def read_allow_list(path: Path) -> AllowList:
    """The allow-list of a file.

    Raises:
        AllowListError: it is missing or malformed, or an entry has no owner, reason or expiry.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AllowListError(f"`{path}` cannot be read: {error}") from None
    try:
        document = plain_yaml.parse(text)
    except ValueError as error:
        raise AllowListError(f"`{path}` is no plain YAML: {error}") from None
    entries = document.get("allow") if isinstance(document, dict) else None
    if not isinstance(entries, list) or not isinstance(document, dict) or set(document) != {"allow"}:
        raise AllowListError(f"`{path}` has to be one list under `allow`, and nothing else")
    return AllowList(
        tuple(_entry(each, f"`{path}`, entry {number}") for number, each in enumerate(entries, 1))
    )


def _entry(entry: Any, where: str) -> Allowed:  # noqa: ANN401  YAML
    if not isinstance(entry, dict):
        raise AllowListError(f"{where} is no mapping")
    unknown = sorted(str(key) for key in entry if key not in _KEYS)
    if unknown:
        raise AllowListError(f"{where}: `{unknown[0]}` is not known; known are {', '.join(_KEYS)}")
    missing = [key for key in _NEEDED if not entry.get(key)]
    if missing:
        raise AllowListError(f"{where} has no `{missing[0]}`: every entry needs {', '.join(_NEEDED)}")
    for key in ("principal", "role", "owner", "reason"):
        if not isinstance(entry.get(key, ""), str):
            raise AllowListError(f"{where}: `{key}` has to be a text")
    actions, resources = (_texts(entry[key], f"{where}: `{key}`") for key in ("actions", "resources"))
    try:
        requests = PermissionSet.of(actions, resources)
        region_of(requests.expression)
    except ValueError as error:
        raise AllowListError(f"{where}: {error}") from None
    return Allowed(
        entry["principal"],
        entry.get("role", ""),
        requests,
        entry["owner"],
        entry["reason"],
        _day(entry["expires"], where),
    )


def _texts(value: object, where: str) -> list[str]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not texts or not all(isinstance(each, str) for each in texts):
        raise AllowListError(f"{where} has to be a text or a list of texts")
    return texts


def _day(value: object, where: str) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise AllowListError(f"{where}: `expires` is `{value}`; give a day such as 2027-03-31") from None
