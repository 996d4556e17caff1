"""A partner's request for a role: what the file says, and what it may say.

It can only ask for Function Compute, by presets or by actions on named functions and services: what it names
are names, never resources or policies, so that nothing of another account or service can be asked for.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from crossaccount.handover.errors import refused
from crossaccount.sealed_file import SealedFileError, checksum, load
from crossaccount.session.handover_file import is_line, is_moment

if TYPE_CHECKING:
    from collections.abc import Callable

KIND, VERSION = "request", 1
PRESETS = ("read", "invoke", "deploy")
_MOST = 50
_SECONDS = (3600, 43200)
_ACTION = re.compile(r"fc:(\*|[A-Za-z]{1,60}\*?)")


def _like(pattern: str, what: str) -> Callable[[str], str]:
    form = re.compile(pattern)

    def check(value: str) -> str:
        if form.fullmatch(value) is None:
            raise ValueError(f"{ascii(value)[:60]} is no {what}")
        return value

    return check


def _action(value: str) -> str:
    if value == "*":
        raise ValueError(
            "`*` asks for everything: name actions of Function Compute, such as `fc:InvokeFunction`"
        )
    if _ACTION.fullmatch(value) is None:
        raise ValueError(f"{ascii(value)[:60]} is no action of Function Compute, such as `fc:InvokeFunction`")
    return value


def _moment(value: str) -> str:
    if not is_moment(value):
        raise ValueError(f"{ascii(value)[:60]} is no moment in UTC, such as `2027-03-31T14:59:59Z`")
    return value


def _line(value: str) -> str:
    if not is_line(value) or len(value) > 1024:  # noqa: PLR2004  RAM's longest description
        raise ValueError("is no line of at most 1024 characters")
    return value


def _address(value: str) -> str:
    try:
        wide = ipaddress.ip_network(value).prefixlen == 0
    except ValueError:
        raise ValueError(f"{ascii(value)[:60]} is no address and no CIDR block") from None
    if wide:
        raise ValueError(f"{value} is every address: leave it out")
    return value


_Account = Annotated[str, AfterValidator(_like(r"[0-9]{16}", "account id"))]
_Alias = Annotated[str, AfterValidator(_like(r"(?=.{3,32}\Z)[a-z0-9]+(-[a-z0-9]+)*", "account alias"))]
_User = Annotated[str, AfterValidator(_like(r"[A-Za-z0-9._-]{1,64}", "user or group name"))]
_Role = Annotated[str, AfterValidator(_like(r"[A-Za-z0-9.-]{1,64}", "role name"))]
_Region = Annotated[str, AfterValidator(_like(r"[a-z]{2}(-[a-z0-9]+)+", "region"))]
_Function = Annotated[
    str, AfterValidator(_like(r"[A-Za-z_*][A-Za-z0-9_*-]{0,127}", "function or service name"))
]


def _few(item: Any) -> Any:  # noqa: ANN401  a type
    return Annotated[list[item], Field(max_length=_MOST)]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class AskingWho(_Closed):
    """Who of the partner is to come: users and roles, or whoever its own policies let, such as groups."""

    wholeAccount: bool  # noqa: N815  the file's own key
    users: _few(_User)  # type: ignore[valid-type]
    roles: _few(_Role)  # type: ignore[valid-type]
    groups: _few(_User)  # type: ignore[valid-type]

    @model_validator(mode="after")
    def _somebody(self) -> AskingWho:
        if self.wholeAccount and (self.users or self.roles):
            raise ValueError("the whole account, or named users and roles, not both")
        if not self.wholeAccount and self.groups:
            raise ValueError("a trust policy cannot name groups: ask for the whole account with them")
        if not self.wholeAccount and not (self.users or self.roles):
            raise ValueError("nobody is to come")
        return self


class Places(_Closed):
    """Which functions (3.0) and services (2.0), and where; empty for all."""

    regions: _few(_Region)  # type: ignore[valid-type]
    services: _few(_Function)  # type: ignore[valid-type]
    functions: _few(_Function)  # type: ignore[valid-type]


class PresetWanted(Places):
    """A least-privilege preset."""

    preset: Literal["read", "invoke", "deploy"]


class ActionsWanted(Places):
    """Actions on named functions and services."""

    actions: Annotated[list[Annotated[str, AfterValidator(_action)]], Field(min_length=1, max_length=_MOST)]

    @model_validator(mode="after")
    def _on_something(self) -> ActionsWanted:
        if not (self.services or self.functions):
            raise ValueError("names no function and no service")
        return self


class Wants(_Closed):
    """What the role is to allow."""

    presets: Annotated[list[PresetWanted], Field(max_length=_MOST)]
    actions: Annotated[list[ActionsWanted], Field(max_length=_MOST)]

    @model_validator(mode="after")
    def _something(self) -> Wants:
        if not (self.presets or self.actions):
            raise ValueError("asks for nothing")
        return self


class Request(_Closed):
    """A request for a role."""

    kind: Literal["request"]
    version: Literal[1]
    account: _Account
    alias: _Alias | None
    owner: _Account
    name: _Role
    purpose: Annotated[str, AfterValidator(_line)] | None
    who: AskingWho
    wants: Wants
    maxSessionDuration: Annotated[int, Field(ge=_SECONDS[0], le=_SECONDS[1])]  # noqa: N815  the file's own key
    expires: Annotated[str, AfterValidator(_moment)] | None
    externalId: bool  # noqa: N815  the file's own key
    mfa: bool
    sourceIps: _few(Annotated[str, AfterValidator(_address)])  # type: ignore[valid-type]  # noqa: N815  the file's own key

    @model_validator(mode="after")
    def _of_another(self) -> Request:
        if self.account == self.owner:
            raise ValueError("asks the partner's own account")
        return self

    def content(self) -> dict[str, Any]:
        """The file's content, without its checksum."""
        return self.model_dump()

    def wildcards(self) -> list[str]:
        """What it asks for without naming it, in words."""
        found = [
            f"every action (`{each}`)"
            for wanted in self.wants.actions
            for each in wanted.actions
            if each == "fc:*"
        ]
        for wanted in (*self.wants.presets, *self.wants.actions):
            found += [f"every function (`{each}`)" for each in wanted.functions if set(each) == {"*"}]
            found += [f"every service (`{each}`)" for each in wanted.services if set(each) == {"*"}]
        return found


def read(path: str) -> Request:
    """The request in a file.

    Raises:
        SessionError: of kind USAGE: there is no such file, it is no request, or it was changed.
    """
    try:
        document = load(path)
    except SealedFileError as error:
        text = str(error).replace("no hand-over file", "no request")
        raise refused(f"`{path}` {text}", "name another file, or ask the partner for it again") from None
    if not isinstance(document, dict) or document.get("kind") != KIND:
        raise refused(f"`{path}` is no request", "a partner writes one with `crossaccount handover request`")
    content = {key: value for key, value in document.items() if key != "checksum"}
    request = of_content(content, f"`{path}` is no request")
    if document.get("checksum") != checksum(request.content()):
        raise refused(
            f"`{path}` was changed after it was written: its checksum does not fit",
            "ask the partner for it again",
        )
    return request


def of_content(content: dict[str, Any], what: str) -> Request:
    """The request that plain data is.

    Raises:
        SessionError: of kind USAGE: it is none; names the first place that is wrong.
    """
    try:
        return Request.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in first["loc"])
        raise refused(f"{what}: {_shown(place[1:])}: {_why(first)}") from None


def _why(error: Any) -> str:  # noqa: ANN401  pydantic's
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    if error["type"] == "extra_forbidden":
        return "an unknown key"
    return str(error["msg"]).lower()


def _shown(place: str) -> str:
    return f"wrong at {ascii(place)[1:-1][:100]}" if place else "wrong as a whole"
