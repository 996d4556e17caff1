"""What was observed, as plain values: the network, the answers of the services, what policies say."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.doctor.gates import GateView, RoleView
    from crossaccount.session.errors import SessionError
    from crossaccount.session.request import SessionRequest
    from crossaccount.session.sts_call import Caller

_LONGEST = 300


class Trouble(Enum):
    """Why there was no usable answer."""

    NAME = "its name is unknown"
    REFUSED = "nothing listens there"
    TLS = "there is no trusted TLS connection to it"
    PROXY = "the proxy of the environment does not reach it"
    HANGS = "it did not answer in time"
    RESET = "the connection was reset or closed before an answer"
    PAGE = "it answered something that is not the service's, such as a proxy's page"
    OTHER = "there was no answer"


_SIGNS = {
    "nothing listens": Trouble.REFUSED,
    "in time": Trouble.HANGS,
    "was reset": Trouble.RESET,
    "no JSON": Trouble.PAGE,
    "not as STS": Trouble.PAGE,
    "name is unknown": Trouble.NAME,
    "TLS": Trouble.TLS,
    "the proxy": Trouble.PROXY,
}


@dataclass(frozen=True, slots=True)
class Reach:
    """What an unsigned request to a host found.

    Attributes:
        host: the host that was asked, with its port.
        trouble: why there is no usable answer; None where the service answered.
        evidence: what was seen, a line each.
        server_time: the answer's `Date`, in seconds since 1970; None without one.
        local_time: this machine's clock at the answer.
        proxy: the proxy the call went through, without a password; empty for none.
    """

    host: str
    trouble: Trouble | None = None
    evidence: tuple[str, ...] = ()
    server_time: float | None = None
    local_time: float = 0.0
    proxy: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a signed call was answered.

    Attributes:
        action: the API's name.
        where: the host.
        status: the HTTP status; 0 where there was no answer.
        code: the API's error code; empty where it answered well.
        message: the API's own words.
        request_id: the API's id of the call.
        failure: the same in the user's words; None where it answered well.
        detail: `AccessDeniedDetail`.
        decoded: what its `EncodedDiagnosticMessage` says; None where it was not decoded.
        undecoded: why it was not decoded; empty where it was, or there was none.
        value: what a good answer says, without secrets.
    """

    action: str
    where: str
    status: int = 0
    code: str = ""
    message: str = ""
    request_id: str = ""
    failure: SessionError | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    decoded: Mapping[str, Any] | None = None
    undecoded: str = ""
    value: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Whether the call succeeded."""
        return self.failure is None

    @property
    def trouble(self) -> Trouble | None:
        """Why there was no usable answer; None where there was one, a refusal too."""
        if self.status or self.failure is None:
            return None
        return next((each for sign, each in _SIGNS.items() if sign in self.failure.text), Trouble.OTHER)

    @property
    def policy_type(self) -> str:
        """Which kind of policy refused, as the service says; empty where it does not."""
        decoded = self.decoded or {}
        return str(self.detail.get("PolicyType") or decoded.get("NoPermissionPolicyType") or "")

    @property
    def is_explicit(self) -> bool:
        """Whether a statement denies, rather than none allows."""
        return str(self.detail.get("NoPermissionType") or "") == "ExplicitDeny"

    @property
    def line(self) -> str:
        """The answer as one line of evidence."""
        if not self.status:
            return f"{self.action} at {self.where}: no answer"
        told = " ".join(part for part in (self.code, plain(self.message)) if part)
        ending = f", request id {plain(self.request_id)}" if self.request_id else ""
        return f"{self.action} at {self.where}: HTTP {self.status}{f' {told}' if told else ''}{ending}"


@dataclass(frozen=True, slots=True)
class Handed:
    """What the owner's hand-over file says of the role.

    Attributes:
        partner: the account it is meant for; None where the file does not say.
        external_id_required: whether the trust asks for an external id.
        external_id_from: where to get it, in the owner's words; empty where it does not say.
        users: the users that are trusted; empty for others, or where the file does not say.
        roles: the roles that are trusted.
        expires: until when; None for no end.
        conditions: what else the trust asks for, in words.
    """

    partner: str | None = None
    external_id_required: bool = False
    external_id_from: str = ""
    users: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    expires: str | None = None
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Observations:
    """Everything that was observed; what is None was not asked.

    Attributes:
        request: the session that is asked for.
        now: this machine's time, ISO 8601.
        source: whose credentials were used, in words.
        no_key: why there are none.
        is_session: whether the key is a session's.
        reach: the STS endpoint.
        central: the central STS, asked where the name of a region's is unknown.
        identity: GetCallerIdentity.
        caller: who it says calls.
        for_principal: on whose behalf the owner asks; None for the caller itself.
        assume: AssumeRole.
        asked_regions: the regions that were named; empty where none was.
        regions: ListFunctions, by region; the value's `functions` counts the first page.
        handed: the hand-over file.
        role: the role, as states or live accounts declare it.
        identity_gate: gate 1 as they have it; None where no account was given.
        trust_gate: gate 2.
        call_gates: gate 3, by region.
        notes: what could not be read, in words.
    """

    request: SessionRequest
    now: str
    source: str = ""
    no_key: SessionError | None = None
    is_session: bool = False
    reach: Reach | None = None
    central: Reach | None = None
    identity: Answer | None = None
    caller: Caller | None = None
    for_principal: str | None = None
    assume: Answer | None = None
    asked_regions: tuple[str, ...] = ()
    regions: Mapping[str, Answer] = field(default_factory=dict)
    handed: Handed | None = None
    role: RoleView | None = None
    identity_gate: GateView | None = None
    trust_gate: GateView | None = None
    call_gates: Mapping[str, GateView] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def principal(self) -> str:
        """The ARN of who needs the role; empty where nobody could tell."""
        return self.for_principal or (self.caller.arn if self.caller else "")


def plain(text: object, most: int = _LONGEST) -> str:
    """A text of somebody else's as one line that a terminal does not obey."""
    line = " ".join(str(text).split())
    kept = "".join(each if each.isprintable() else "?" for each in line)
    return kept if len(kept) <= most else kept[: most - 3] + "..."
