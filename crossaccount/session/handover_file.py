"""The hand-over file of a role's owner, as far as a session needs it.

The components write and read the same file; this reader loads nothing but JSON, because a cached session is
served in the time a Python starts. A test holds the two readers together.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from crossaccount.session.errors import ErrorKind, SessionError

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = 1
_LARGEST = 1024 * 1024
_SHORTEST_ROLE, _LONGEST_ROLE = 3600, 43200
_ARN = re.compile(r"acs:ram:\*?:([0-9]{16}):role/([A-Za-z0-9.-]{1,64})")
_TOP = {"version", "account", "alias", "roles", "checksum"}
_ROLE = {"arn", "maxSessionDuration", "externalIdRequired"}


@dataclass(frozen=True, slots=True)
class HandedRole:
    """A role that its owner handed over.

    Attributes:
        arn: the role.
        longest: the longest session, in seconds.
        external_id_required: whether its trust asks for an external id.
    """

    arn: str
    longest: int
    external_id_required: bool


@dataclass(frozen=True, slots=True)
class HandoverFile:
    """The content of a hand-over file.

    Attributes:
        account: the owner's account id.
        alias: its alias; None for none.
        roles: by the name the owner gave the delegation.
    """

    account: str
    alias: str | None
    roles: Mapping[str, HandedRole]


def read(path: str) -> HandoverFile:
    """The hand-over in a file.

    Raises:
        SessionError: of kind USAGE: there is no such file, it is no hand-over, or it was changed.
    """
    try:
        with open(path, "rb") as file:
            document = json.loads(file.read(_LARGEST))
    except OSError as error:
        raise _wrong(
            path, f"cannot be read: {(error.strerror or 'an error').lower()}", "name another file"
        ) from None
    except ValueError:
        raise _no_handover(path, "not JSON") from None
    if not isinstance(document, dict) or set(document) != _TOP:
        raise _no_handover(path, "its keys are others")
    content = _content(path, document)
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    if document["checksum"] != "sha256:" + sha256(text.encode()).hexdigest():
        raise _wrong(
            path, "was changed after it was written: its checksum does not fit", "ask the owner for it again"
        )
    roles = {
        name: HandedRole(each["arn"], each["maxSessionDuration"], each["externalIdRequired"])
        for name, each in content["roles"].items()
    }
    stranger = next((each.arn for each in roles.values() if f"::{content['account']}:" not in each.arn), None)
    if stranger:
        raise _wrong(path, f"hands over `{stranger}`, which is not in its own account", "ask the owner again")
    return HandoverFile(content["account"], content["alias"], roles)


def _content(path: str, document: Mapping[str, Any]) -> dict[str, Any]:
    version, roles = _whole(document["version"]), document["roles"]
    account, alias = document["account"], document["alias"]
    if version != VERSION:
        raise _no_handover(path, f"its version is `{version}`, this reads {VERSION}")
    if (
        not isinstance(account, str)
        or not isinstance(alias, (str, type(None)))
        or not isinstance(roles, dict)
    ):
        raise _no_handover(path, "wrong at account, alias or roles")
    return {
        "version": version,
        "account": account,
        "alias": alias,
        "roles": {name: _role(path, name, each) for name, each in roles.items()},
    }


def _role(path: str, name: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict) or set(value) != _ROLE:
        raise _no_handover(path, f"wrong at roles.{name}")
    found = _ARN.fullmatch(value["arn"]) if isinstance(value["arn"], str) else None
    longest, external = _whole(value["maxSessionDuration"]), value["externalIdRequired"]
    in_bounds = type(longest) is int and _SHORTEST_ROLE <= longest <= _LONGEST_ROLE
    if found is None or not in_bounds or type(external) is not bool:
        raise _no_handover(path, f"wrong at roles.{name}")
    arn = f"acs:ram::{found[1]}:role/{found[2]}"
    return {"arn": arn, "maxSessionDuration": longest, "externalIdRequired": external}


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _no_handover(path: str, why: str) -> SessionError:
    return _wrong(path, f"is no hand-over file: {why}", "ask the owner to export it again")


def _wrong(path: str, text: str, advice: str) -> SessionError:
    return SessionError(ErrorKind.USAGE, f"`{path}` {text}", advice)
