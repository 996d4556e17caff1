"""A whole cloud as plain JSON, sorted and versioned, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from crossaccount.localcloud.account import Account
from crossaccount.localcloud.ids import Ids
from crossaccount.localcloud.session import Sessions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.localcloud.cloud import Cloud

VERSION = 1


def dump(cloud: Cloud) -> dict[str, Any]:
    """The state of a cloud; secrets are in it."""
    return {
        "version": VERSION,
        "region": cloud.region,
        "clockOffset": cloud.clock.offset,
        "ids": cloud.ids.to_json(),
        "accounts": [account.to_json() for _, account in sorted(cloud.accounts.items())],
        "sessions": cloud.sessions.to_json(),
    }


def check_version(data: Mapping[str, Any]) -> None:
    """Refuses what another version wrote.

    Raises:
        ValueError: it did.
    """
    if data.get("version") != VERSION:
        raise ValueError(
            f"the snapshot has version `{data.get('version')}`; this local cloud reads {VERSION}"
        )


def load(cloud: Cloud, data: Mapping[str, Any]) -> None:
    """Fills a new cloud with what `dump` wrote.

    Raises:
        KeyError, TypeError, ValueError: when `data` is no such state, or holds more than is read of it: what
            would be lost might have been what narrows a permission.
    """
    cloud.ids = Ids.from_json(data["ids"])
    for item in data["accounts"]:
        account = Account.from_json(cloud, item)
        cloud.accounts[account.id] = account
    cloud.begin_anew(Sessions.from_json(data["sessions"]))
    read = dump(cloud)
    for part in ("ids", "accounts", "sessions"):
        same = _text(read[part]) == _text(data[part]) or _unordered(read[part]) == _unordered(data[part])
        if not same:
            raise ValueError(f"something in `{part}` is not known here, or not as it would be written")


def _text(part: object) -> bytes:
    return orjson.dumps(part, option=orjson.OPT_SORT_KEYS)


def _unordered(part: object) -> bytes:
    """The text of a part of a state that somebody wrote in another order."""
    if isinstance(part, (list, tuple)):
        return b"[" + b",".join(sorted(map(_unordered, part))) + b"]"
    if isinstance(part, dict):
        return b"{" + b",".join(sorted(_text(key) + _unordered(value) for key, value in part.items())) + b"}"
    return _text(part)
