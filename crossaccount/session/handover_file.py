"""The hand-over file of a role's owner: 1 is a stack's output, 2 from `crossaccount handover export`.

The program's components read the same file; this reader loads nothing but JSON (YAML for a YAML file),
because a cached session is served in the time a Python starts. A test holds the two readers together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crossaccount.sealed_file import SealedFileError, checksum, load
from crossaccount.session.errors import ErrorKind, SessionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

VERSIONS = (1, 2)
KIND = "handover"
CLASSES = ("read", "write", "invoke", "permission-management")
LONGEST_LINE = 2000
_SHORTEST_ROLE, _LONGEST_ROLE = 3600, 43200
_ACCOUNT = re.compile(r"[0-9]{16}")
_ALIAS = re.compile(r"(?=.{3,32}\Z)[a-z0-9]+(-[a-z0-9]+)*")
_ARN = re.compile(r"acs:ram:\*?:([0-9]{16}):role/([A-Za-z0-9.-]{1,64})")
_USER, _ROLE_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}"), re.compile(r"[A-Za-z0-9.-]{1,64}")
_MOMENT = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3])(:[0-5][0-9]){2}Z")
_TOP = {
    1: {"version", "account", "alias", "roles", "checksum"},
    2: {"kind", "version", "account", "alias", "partner", "roles", "checksum"},
}
_FIRST_ROLE = {"arn", "maxSessionDuration", "externalIdRequired"}


@dataclass(frozen=True, slots=True)
class HandedRole:
    """A role that its owner handed over.

    Attributes:
        arn: the role.
        longest: the longest session, in seconds.
        external_id_required: whether its trust asks for an external id.
        external_id_from: where to get that, in the owner's words; None where none is asked for, or in
            version 1.
        whole_account: whether it trusts the partner's whole account; None where the file does not say.
        users: the partner's users that it trusts.
        roles: the partner's roles that it trusts.
        conditions: what else the trust asks for, in words.
        expires: until when, in UTC; None for no end, or in version 1.
        permissions: what the role may do, in words.
        classes: the same by class, from `CLASSES`.
    """

    arn: str
    longest: int
    external_id_required: bool
    external_id_from: str | None = None
    whole_account: bool | None = None
    users: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    expires: str | None = None
    permissions: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HandoverFile:
    """The content of a hand-over file.

    Attributes:
        account: the owner's account id.
        alias: its alias; None for none.
        roles: by the name the owner gave the delegation.
        version: of the file.
        partner: the account it is handed to; None in version 1.
        checksum: of the file, as it says and as it is.
    """

    account: str
    alias: str | None
    roles: Mapping[str, HandedRole]
    version: int = 1
    partner: str | None = None
    checksum: str = ""


def read(path: str) -> HandoverFile:
    """The hand-over in a file.

    Raises:
        SessionError: of kind USAGE: there is no such file, it is no hand-over, or it was changed.
    """
    try:
        document = load(path)
    except SealedFileError as error:
        advice = "name another file" if "cannot be read" in str(error) else "ask the owner to export it again"
        raise _wrong(path, str(error), advice) from None
    return check(document, path)


def check(document: Any, path: str) -> HandoverFile:  # noqa: ANN401  plain data
    """The hand-over that plain data is; `path` names it in messages.

    Raises:
        SessionError: of kind USAGE: it is none, or it was changed.
    """
    version = _version(path, document)
    content = _content(path, document, version)
    if document["checksum"] != checksum(content):
        raise _wrong(
            path, "was changed after it was written: its checksum does not fit", "ask the owner for it again"
        )
    account = content["account"]
    strangers = [each["arn"] for each in content["roles"].values() if f"::{account}:" not in each["arn"]]
    if strangers:
        raise _wrong(
            path, f"hands over `{strangers[0]}`, which is not in its own account", "ask the owner again"
        )
    if content.get("partner") == account:
        raise _wrong(path, "hands over to the owner's own account", "ask the owner again")
    roles = {name: _handed(each) for name, each in content["roles"].items()}
    return HandoverFile(
        account, content["alias"], roles, version, content.get("partner"), document["checksum"]
    )


def is_moment(value: object) -> bool:
    """Whether a value is a moment as the file writes it: `2027-03-31T14:59:59Z`."""
    return isinstance(value, str) and _MOMENT.fullmatch(value) is not None


def is_line(value: object) -> bool:
    """Whether a value is text for people to read: one line, nothing in it that a terminal would obey."""
    return isinstance(value, str) and 0 < len(value) <= LONGEST_LINE and value.isprintable()


def _version(path: str, document: Any) -> int:  # noqa: ANN401  plain data
    if isinstance(document, dict) and document.get("kind", KIND) != KIND:
        raise _no_handover(path, f"its kind is {ascii(document['kind'])[:40]}")
    version = _whole(document.get("version")) if isinstance(document, dict) else None
    if not isinstance(document, dict) or type(version) is not int or "checksum" not in document:
        raise _no_handover(path, "its keys are others")
    if version not in VERSIONS:
        raise _no_handover(path, f"its version is {ascii(version)[:20]}, this reads 1 and 2")
    if set(document) != _TOP[version]:
        raise _no_handover(path, "its keys are others")
    return version


def _content(path: str, document: Mapping[str, Any], version: int) -> dict[str, Any]:
    roles = document["roles"]
    account, alias = document["account"], document["alias"]
    if not isinstance(roles, dict) or not all(map(is_line, roles)):
        raise _no_handover(path, "wrong at roles")
    if not _matches(_ACCOUNT, account) or not (alias is None or _matches(_ALIAS, alias)):
        raise _no_handover(path, "wrong at account or alias")
    content = {"version": version, "account": account, "alias": alias}
    role = _first
    if version == 2:  # noqa: PLR2004  the second version
        if not _matches(_ACCOUNT, document["partner"]):
            raise _no_handover(path, "wrong at partner")
        content |= {"kind": KIND, "partner": document["partner"]}
        role = _second
    return {**content, "roles": {name: role(path, name, each) for name, each in roles.items()}}


def _first(path: str, name: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict) or set(value) != _FIRST_ROLE:
        raise _no_handover(path, f"wrong at roles.{name}")
    found = _ARN.fullmatch(value["arn"]) if isinstance(value["arn"], str) else None
    longest, external = _whole(value["maxSessionDuration"]), value["externalIdRequired"]
    in_bounds = type(longest) is int and _SHORTEST_ROLE <= longest <= _LONGEST_ROLE
    if found is None or not in_bounds or type(external) is not bool:
        raise _no_handover(path, f"wrong at roles.{name}")
    arn = f"acs:ram::{found[1]}:role/{found[2]}"
    return {"arn": arn, "maxSessionDuration": longest, "externalIdRequired": external}


def _second(path: str, name: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict) or set(value) != _FIRST_ROLE | set(_RULES):
        raise _no_handover(path, f"wrong at roles.{name}")
    first = _first(path, name, {key: value[key] for key in _FIRST_ROLE})
    wrong = [key for key, rule in _RULES.items() if not rule(value[key])]
    told = value["externalIdFrom"] is not None
    if not wrong and told is not value["externalIdRequired"]:
        wrong = ["externalIdFrom"]
    if wrong:
        raise _no_handover(path, f"wrong at roles.{name}.{wrong[0]}")
    return first | {key: value[key] for key in _RULES}


def _trusts(value: object) -> bool:
    if not isinstance(value, dict) or set(value) != {"wholeAccount", "users", "roles"}:
        return False
    if not _listed(value["users"], lambda each: _matches(_USER, each)):
        return False
    if not _listed(value["roles"], lambda each: _matches(_ROLE_NAME, each)):
        return False
    named = bool(value["users"] or value["roles"])
    return type(value["wholeAccount"]) is bool and value["wholeAccount"] is not named


def _listed(value: object, rule: Callable[[object], bool]) -> bool:
    return isinstance(value, list) and all(map(rule, value))


def _matches(form: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and form.fullmatch(value) is not None


_RULES: dict[str, Callable[[object], bool]] = {
    "externalIdFrom": lambda value: value is None or is_line(value),
    "trusts": _trusts,
    "conditions": lambda value: _listed(value, is_line),
    "expires": lambda value: value is None or is_moment(value),
    "permissions": lambda value: _listed(value, is_line),
    "classes": lambda value: _listed(value, lambda each: each in CLASSES),
}


def _handed(content: Mapping[str, Any]) -> HandedRole:
    first = (content["arn"], content["maxSessionDuration"], content["externalIdRequired"])
    if "trusts" not in content:
        return HandedRole(*first)
    return HandedRole(
        *first,
        external_id_from=content["externalIdFrom"],
        whole_account=content["trusts"]["wholeAccount"],
        users=tuple(content["trusts"]["users"]),
        roles=tuple(content["trusts"]["roles"]),
        conditions=tuple(content["conditions"]),
        expires=content["expires"],
        permissions=tuple(content["permissions"]),
        classes=tuple(content["classes"]),
    )


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _no_handover(path: str, why: str) -> SessionError:
    return _wrong(path, f"is no hand-over file: {why}", "ask the owner to export it again")


def _wrong(path: str, text: str, advice: str) -> SessionError:
    return SessionError(ErrorKind.USAGE, f"`{path}` {text}", advice)
