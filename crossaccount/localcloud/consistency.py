"""Eventual consistency on order: what is new in RAM is seen only after some reads, or after some time.

A write is done at once and answered at once; what it made (a role, user, group or policy, an attachment, a
membership) stays out of sight of everything that reads: Get and List calls, AssumeRole, and the authorization
of any call. Deletions and changes are seen at once. Keys work at once.

While anything is out of sight, a reading call works on a copy of the account without it. Nothing is asked
while visibility is immediate.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from crossaccount.localcloud.ram.state import RamState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crossaccount.localcloud.account import Account
    from crossaccount.localcloud.clock import Clock

Item = tuple[str, ...]
_READS = ("Get", "List", "AssumeRole", "Query", "Decode")


def is_read(action: str) -> bool:
    """Whether an API only reads, as its name says."""
    return action.startswith(_READS)


class Consistency:
    """How late what is new is seen.

    Args:
        accounts: the cloud's accounts by id.
        clock: the cloud's clock, by which time is counted.

    Attributes:
        reads: the number of reads of the account that do not see it yet, or None.
        seconds: how long it is not seen, in the cloud's time, or None.
    """

    def __init__(self, accounts: dict[str, Account], clock: Clock) -> None:
        self._accounts = accounts
        self._clock = clock
        self.reads: int | None = None
        self.seconds: float | None = None
        self._known: dict[str, set[Item]] = {}
        self._hidden: dict[str, dict[Item, float]] = {}
        self._views: dict[str, RamState] = {}

    @property
    def delays(self) -> bool:
        """Whether anything is seen late."""
        return self.reads is not None or self.seconds is not None

    def delay(self, *, reads: int | None = None, seconds: float | None = None) -> None:
        """Sets how late what is made from now on is seen; without arguments, at once, and so is all else.

        Raises:
            ValueError: both at once, or less than nothing.
        """
        if reads is not None and seconds is not None:
            raise ValueError("visibility is delayed by reads or by seconds, not by both")
        if (reads or 0) < 0 or (seconds or 0) < 0:
            raise ValueError("visibility cannot be delayed by less than nothing")
        self.reads, self.seconds = reads or None, seconds or None
        self._hidden.clear()
        self._views.clear()
        self._known = {}
        if self.delays:
            self._known = {name: _items(account.ram.to_json()) for name, account in self._accounts.items()}

    def note_write(self) -> None:
        """Looks for what a write has made, in any account, and hides it."""
        for name, account in self._accounts.items():
            found = _items(account.ram.to_json())
            due = self.reads if self.reads is not None else self._clock.epoch() + (self.seconds or 0)
            hidden = self._hidden.setdefault(name, {})
            hidden.update(dict.fromkeys(found - self._known.get(name, set()), due))
            for gone in hidden.keys() - found:
                del hidden[gone]
            self._known[name] = found
        self._views.clear()

    @contextmanager
    def late(self, touched: Iterable[str], *, reading: bool) -> Iterator[None]:
        """A block in which RAM shows only what is old enough, in every account.

        Args:
            touched: the ids of the accounts that a read counts for.
            reading: whether this is a read; nothing is counted otherwise.
        """
        self._uncover(set(touched) if reading else set())
        swapped = {name: self._accounts[name].ram for name, hidden in self._hidden.items() if hidden}
        for name, state in swapped.items():
            self._accounts[name].ram = self._view(name, state)
        try:
            yield
        finally:
            for name, state in swapped.items():
                self._accounts[name].ram = state

    def _uncover(self, counted: set[str]) -> None:
        now = self._clock.epoch()
        for name, hidden in self._hidden.items():
            if self.reads is None:
                seen = [item for item, due in hidden.items() if due <= now]
            else:
                seen = [item for item, due in hidden.items() if due <= 0]
            for item in seen:
                del hidden[item]
            if seen:
                self._views.pop(name, None)
            if self.reads is not None and name in counted:
                for item in hidden:
                    hidden[item] -= 1

    def _view(self, name: str, state: RamState) -> RamState:
        view = self._views.get(name)
        if view is None:
            view = RamState.from_json(_without(state.to_json(), self._hidden[name].keys()))
            self._views[name] = view
        return view


_ENTITIES = (("roles", "roleId"), ("users", "userId"), ("groups", "groupId"), ("policies", "name"))


def _items(data: dict[str, Any]) -> set[Item]:
    found: set[Item] = set()
    for kind, identity in _ENTITIES:
        for entity in data[kind]:
            own = entity[identity]
            found.add((kind, own))
            found |= {_attachment(own, item) for item in entity.get("attachments", ())}
            found |= {("member", own, item["user"]) for item in entity.get("members", ())}
    return found


def _attachment(holder: str, item: dict[str, Any]) -> Item:
    return ("attachment", holder, item["policyType"], item["policyName"])


def _without(data: dict[str, Any], hidden: Iterable[Item]) -> dict[str, Any]:
    gone = set(hidden)
    policies = {name for kind, name, *_ in gone if kind == "policies"}
    users = {user["name"] for user in data["users"] if ("users", user["userId"]) in gone}
    for kind, identity in _ENTITIES:
        data[kind] = [entity for entity in data[kind] if (kind, entity[identity]) not in gone]
        for entity in data[kind]:
            own = entity[identity]
            entity["attachments"] = [
                item
                for item in entity.get("attachments", ())
                if _attachment(own, item) not in gone
                and not (item["policyType"] == "Custom" and item["policyName"] in policies)
            ]
            if "members" in entity:
                entity["members"] = [
                    item
                    for item in entity["members"]
                    if ("member", own, item["user"]) not in gone and item["user"] not in users
                ]
    data["mfaDevices"] = [device for device in data["mfaDevices"] if device["user"] not in users]
    return data
