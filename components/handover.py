"""The hand-over file: what the partner has to know of the owner's roles, without secrets, with a checksum.

A stack's output `handover` is version 1; `crossaccount handover export` writes version 2, which also says to
whom, until when and what the roles may do. The partner names either in its stack. External ids go another
way: the file only says that one is asked for, and where to get it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Optional, Union

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    ValidationError,
    model_validator,
)

from components.limits import SessionSeconds
from components.names import AccountAlias, AccountId, RoleArn, RoleName, UserName, nearest
from crossaccount.sealed_file import SealedFileError, checksum, load, sealed

VERSION = 1
_LONGEST_LINE = 2000


def _line(value: object) -> str:
    if isinstance(value, str) and 0 < len(value) <= _LONGEST_LINE and value.isprintable():
        return value
    raise ValueError("is no line of text")


def _text(value: object) -> object:
    if isinstance(value, str):
        return value
    raise ValueError("is no text")


_Line = Annotated[str, BeforeValidator(_line)]
_Account = Annotated[AccountId, BeforeValidator(_text)]
_Moment = Annotated[
    str,
    Field(
        strict=True,
        pattern=r"\A[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3])(:[0-5][0-9]){2}Z\z",
    ),
]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HandedRole(_Closed):
    """A role that the owner lets the partner assume."""

    arn: RoleArn
    maxSessionDuration: SessionSeconds  # noqa: N815  the file's own key
    externalIdRequired: StrictBool  # noqa: N815  the file's own key


class Trusted(_Closed):
    """Whom of the partner the role trusts: the whole account, or the named ones."""

    wholeAccount: StrictBool  # noqa: N815  the file's own key
    users: list[UserName]
    roles: list[RoleName]

    @model_validator(mode="after")
    def _one_of_both(self) -> "Trusted":
        if self.wholeAccount is bool(self.users or self.roles):
            raise ValueError("trusts nobody, or a whole account and some of it")
        return self


class DescribedRole(HandedRole):
    """A role of version 2, with what the partner has to know of it."""

    externalIdFrom: Optional[_Line]  # noqa: N815  the file's own key
    trusts: Trusted
    conditions: list[_Line]
    expires: Optional[_Moment]
    permissions: list[_Line]
    classes: list[Literal["read", "write", "invoke", "permission-management"]]

    @model_validator(mode="after")
    def _reference_where_asked(self) -> "DescribedRole":
        if self.externalIdRequired is (self.externalIdFrom is None):
            raise ValueError("an external id's reference where none is asked for, or the reverse")
        return self


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _number(value: object) -> object:
    if type(value) is int:
        return value
    raise ValueError("is no version")


class Handover(_Closed):
    """The content of a hand-over file of version 1."""

    version: Annotated[Literal[1], BeforeValidator(_number), BeforeValidator(_whole)]
    account: _Account
    alias: AccountAlias | None
    roles: dict[_Line, HandedRole]
    checksum: str


class AddressedHandover(_Closed):
    """The content of a hand-over file of version 2, which names the partner."""

    kind: Literal["handover"]
    version: Annotated[Literal[2], BeforeValidator(_number), BeforeValidator(_whole)]
    account: _Account
    alias: AccountAlias | None
    partner: _Account
    roles: dict[_Line, DescribedRole]
    checksum: str

    @model_validator(mode="after")
    def _to_another(self) -> "AddressedHandover":
        if self.partner == self.account:
            raise ValueError("hands over to the owner's own account")
        return self


AnyHandover = Union[Handover, AddressedHandover]


def write(account: str, alias: str | None, roles: Mapping[str, Mapping[str, object]]) -> dict[str, object]:
    """The hand-over of the owner's roles.

    Args:
        account: the owner's account id.
        alias: its alias, if it has one.
        roles: by delegation; each has `arn`, `maxSessionDuration` in seconds, `externalIdRequired`.
    """
    named = {name: dict(roles[name]) for name in sorted(roles)}
    content: dict[str, object] = {"version": VERSION, "account": account, "alias": alias, "roles": named}
    return sealed(content)


def read(file: Path) -> AnyHandover:
    """The hand-over in a file.

    Raises:
        ValueError: there is no such file, it is no hand-over, or it was changed after it was written.
    """
    try:
        document = load(file)
        addressed = isinstance(document, dict) and "kind" in document
        model = AddressedHandover if addressed else Handover
        handover: AnyHandover = model.model_validate(document)
    except SealedFileError as wrong:
        hint = "paths start at the project's folder" if "cannot be read" in str(wrong) else _AGAIN
        raise ValueError(f"{wrong}; {hint}") from None
    except ValidationError as wrong:
        raise ValueError(f"is no hand-over file: wrong at {_places(wrong)}; {_AGAIN}") from None
    content = handover.model_dump(exclude={"checksum"})
    if handover.checksum != checksum(content):
        raise ValueError(
            "was changed after it was written: its checksum does not fit; ask the owner for it again"
        )
    strangers = [each.arn for each in handover.roles.values() if f"::{handover.account}:" not in each.arn]
    if strangers:
        raise ValueError(f"hands over `{strangers[0]}`, which is not in its own account `{handover.account}`")
    return handover


_AGAIN = "ask the owner to export it again"


def _places(wrong: ValidationError) -> str:
    found = {".".join(map(str, each["loc"])) or "the whole" for each in wrong.errors()}
    return ", ".join(sorted(found))


def role_arn(handover: AnyHandover, role: str) -> str:
    """The ARN of one role of the hand-over.

    Raises:
        ValueError: the hand-over does not hold it; the nearest name is offered.
    """
    if role in handover.roles:
        return handover.roles[role].arn
    raise ValueError(f"hands over no role `{role}`; {nearest(role, handover.roles)}")
