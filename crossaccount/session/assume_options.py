"""The options of `crossaccount assume`, read without a command-line library where that is enough.

The command itself declares the same options with click. This small reader serves a cached session in the time
a Python starts; whatever it does not understand it leaves to the command. A test holds the two together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crossaccount.session.errors import ErrorKind, SessionError
from crossaccount.session.request import CENTRAL, DEFAULT, SessionRequest
from crossaccount.session.role_reference import Places, RoleReference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ENVIRONMENT = {
    "external_id": "CROSSACCOUNT_EXTERNAL_ID",
    "handover": "CROSSACCOUNT_HANDOVER",
    "stack": "CROSSACCOUNT_STACK",
    "project": "CROSSACCOUNT_PROJECT",
    "endpoint": "CROSSACCOUNT_ENDPOINT",
}
FORMATS = ("sh", "fish", "powershell", "json", "process")
VALUED = (
    "duration",
    "session_name",
    "external_id",
    "session_policy",
    "source_identity",
    "profile",
    "handover",
    "stack",
    "project",
    "state_dir",
    "endpoint",
    "region",
    "format",
)
FLAGS = ("renew", "no_cache", "json", "process")
_LARGEST = 64 * 1024
_DURATION = re.compile(r"([0-9]{1,6})([smh]?)")
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600}
_REGION = re.compile(r"[a-z]{2}(-[a-z0-9]+)+")


@dataclass(frozen=True, slots=True)
class AssumeOptions:
    """What was asked for on the command line or in `CROSSACCOUNT_...` variables.

    Attributes:
        role: ROLE, in any of its forms.
        duration: seconds, or with `m` or `h`.
        session_name: None for the caller's own name.
        external_id: as given: the id itself or `@FILE`; not shown.
        session_policy: as given: a JSON text or a file.
        source_identity: None for none.
        profile: the source profile; None for the chain.
        handover: a hand-over file.
        stack: a stack's name.
        project: the folder of `Pulumi.yaml`.
        state_dir: where trial states are.
        endpoint: the STS host, None for the central one or the region's.
        region: whose STS is called.
        renew: a new session though one is cached.
        no_cache: neither read nor write the cache.
        format: one of `FORMATS`; None to choose by what reads it.
        command: what runs inside the session.
    """

    role: str
    duration: str = str(DEFAULT)
    session_name: str | None = None
    external_id: str | None = field(default=None, repr=False)
    session_policy: str | None = None
    source_identity: str | None = None
    profile: str | None = None
    handover: str | None = None
    stack: str | None = None
    project: str = "."
    state_dir: str | None = None
    endpoint: str | None = None
    region: str | None = None
    renew: bool = False
    no_cache: bool = False
    format: str | None = None
    command: tuple[str, ...] = ()

    @property
    def places(self) -> Places:
        """Where ROLE is looked up."""
        return Places(self.handover, self.stack, self.project, self.state_dir)

    def request(self, role: RoleReference) -> SessionRequest:
        """The session that is asked for.

        Raises:
            SessionError: of kind USAGE: an option is wrong, or does not fit what the role's owner told.
        """
        duration = seconds(self.duration)
        if role.longest is not None and duration > role.longest:
            raise SessionError(
                ErrorKind.USAGE,
                f"the hand-over allows sessions of at most {role.longest} seconds, not {duration}",
                "give a shorter `--duration`, or ask the role's owner for a longer maximum",
            )
        external_id = None if self.external_id is None else external_id_of(self.external_id)
        if role.external_id_required and external_id is None:
            raise SessionError(
                ErrorKind.USAGE,
                f"`{role.arn}` asks for an external id, and none is given",
                f"set `{ENVIRONMENT['external_id']}` or pass `--external-id @FILE`; its owner sent it to you",
            )
        policy = self.session_policy
        return SessionRequest(
            role_arn=role.arn,
            duration=duration,
            session_name=self.session_name,
            external_id=external_id,
            policy=None if policy is None else _policy(policy),
            source_identity=self.source_identity,
            endpoint=self.endpoint or _regional(self.region),
        )


def parse(arguments: Sequence[str], environ: Mapping[str, str]) -> AssumeOptions | None:
    """The options, or None where they need the whole command to be understood.

    Args:
        arguments: what follows `assume`.
        environ: the process's environment.
    """
    given: dict[str, Any] = {name: environ[key] for name, key in ENVIRONMENT.items() if environ.get(key)}
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if word == "--":
            given["command"] = tuple(rest)
            break
        if not _take(word, rest, given):
            return None
    form = given.get("format")
    if "role" not in given or (form is not None and form not in FORMATS) or (form and given.get("command")):
        return None
    return AssumeOptions(**given)


def seconds(text: str) -> int:
    """A duration in seconds, given as such or with `m` (minutes) or `h` (hours).

    Raises:
        SessionError: of kind USAGE: it is no duration.
    """
    found = _DURATION.fullmatch(text)
    if found is None:
        raise SessionError(
            ErrorKind.USAGE, f"`{text}` is no duration", "give seconds, or for example `45m` or `2h`"
        )
    return int(found[1]) * _SECONDS[found[2]]


def _take(word: str, rest: list[str], given: dict[str, Any]) -> bool:
    """Take one word of the command line; whether it was understood."""
    if not word.startswith("-"):
        return given.setdefault("role", word) is word
    option, joined, value = word.partition("=")
    if not option.startswith("--"):
        return False
    name = option[2:].replace("-", "_")
    if name in VALUED:
        return _take_value(name, value if joined else None, rest, given)
    if joined or name not in FLAGS:
        return False
    if name in FORMATS:
        return bool(given.setdefault("format", name) == name)
    given[name] = True
    return True


def _take_value(name: str, value: str | None, rest: list[str], given: dict[str, Any]) -> bool:
    if value is None:
        if not rest:
            return False
        value = rest.pop(0)
    given[name] = value
    return not (name == "external_id" and value == "-")


def external_id_of(given: str) -> str:
    """The external id that an option gives: itself, or what `@FILE` holds.

    Raises:
        SessionError: of kind USAGE: the file cannot be read.
    """
    return _content(given[1:], "external id").strip() if given.startswith("@") else given


def _policy(given: str) -> str:
    if given.lstrip().startswith("{"):
        return given
    return _content(given.removeprefix("@"), "session policy")


def _content(path: str, what: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read(_LARGEST)
    except (OSError, UnicodeDecodeError) as error:
        reason = (getattr(error, "strerror", None) or "is no text").lower()
        raise SessionError(
            ErrorKind.USAGE, f"the file of the {what}, `{path}`, cannot be read: {reason}", "name another one"
        ) from None


def _regional(region: str | None) -> str:
    if region is None:
        return CENTRAL
    if not _REGION.fullmatch(region):
        raise SessionError(ErrorKind.USAGE, f"`{region}` is no region", "give its id, such as `cn-hangzhou`")
    return f"sts.{region}.aliyuncs.com"
