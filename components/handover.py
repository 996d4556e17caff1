"""The hand-over file: what the partner has to know of the owner's roles, without secrets, with a checksum.

The owner writes it with `pulumi stack output handover --json > company-a.json`; the partner names the file in
its stack. External ids go another way: the file only says that one is asked for.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, StrictBool, ValidationError

from components.limits import SessionSeconds
from components.names import AccountAlias, AccountId, RoleArn, nearest

VERSION = 1


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HandedRole(_Closed):
    """A role that the owner lets the partner assume."""

    arn: RoleArn
    maxSessionDuration: SessionSeconds  # noqa: N815  the file's own key
    externalIdRequired: StrictBool  # noqa: N815  the file's own key


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


class Handover(_Closed):
    """The content of a hand-over file."""

    version: Annotated[Literal[1], BeforeValidator(_whole)]
    account: AccountId
    alias: AccountAlias | None
    roles: dict[str, HandedRole]
    checksum: str


def write(account: str, alias: str | None, roles: Mapping[str, Mapping[str, object]]) -> dict[str, object]:
    """The hand-over of the owner's roles.

    Args:
        account: the owner's account id.
        alias: its alias, if it has one.
        roles: by delegation; each has `arn`, `maxSessionDuration` in seconds, `externalIdRequired`.
    """
    named = {name: dict(roles[name]) for name in sorted(roles)}
    content: dict[str, object] = {"version": VERSION, "account": account, "alias": alias, "roles": named}
    return {**content, "checksum": _checksum(content)}


def read(file: Path) -> Handover:
    """The hand-over in a file.

    Raises:
        ValueError: there is no such file, it is no hand-over, or it was changed after it was written.
    """
    try:
        handover = Handover.model_validate(json.loads(file.read_bytes()))
    except OSError as wrong:
        reason = (wrong.strerror or "an error").lower()
        raise ValueError(f"cannot be read: {reason}; paths start at the project's folder") from wrong
    except ValidationError as wrong:
        places = ", ".join(
            sorted({".".join(map(str, each["loc"])) or "the whole" for each in wrong.errors()})
        )
        raise ValueError(
            f"is no hand-over file: wrong at {places}; ask the owner to export it again"
        ) from None
    except ValueError as wrong:
        raise ValueError("is no hand-over file: not JSON; ask the owner to export it again") from wrong
    content = handover.model_dump(exclude={"checksum"})
    if handover.checksum != _checksum(content):
        raise ValueError(
            "was changed after it was written: its checksum does not fit; ask the owner for it again"
        )
    strangers = [each.arn for each in handover.roles.values() if f"::{handover.account}:" not in each.arn]
    if strangers:
        raise ValueError(f"hands over `{strangers[0]}`, which is not in its own account `{handover.account}`")
    return handover


def role_arn(handover: Handover, role: str) -> str:
    """The ARN of one role of the hand-over.

    Raises:
        ValueError: the hand-over does not hold it; the nearest name is offered.
    """
    if role in handover.roles:
        return handover.roles[role].arn
    raise ValueError(f"hands over no role `{role}`; {nearest(role, handover.roles)}")


def _checksum(content: Mapping[str, object]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
