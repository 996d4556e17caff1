"""One authenticated call, and the operation that answers it: the seam between the wire and the services.

The wire parses, verifies and resolves; a service declares `Operation`s, pure functions from a `Call` to an
answer on the account's state. Authorization happens between the two, from what the operation says about
itself, so no operation can forget it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from crossaccount.localcloud.account import Account
    from crossaccount.localcloud.caller import Caller
    from crossaccount.localcloud.cloud import Cloud


@dataclass(frozen=True, slots=True)
class Call:
    """A call whose signature, time, nonce and credentials have been accepted.

    Attributes:
        cloud: the cloud that answers.
        account: the account the call acts on: the caller's own (for a session, the role's).
        caller: who calls, resolved now (root, RAM user or role session).
        params: RPC parameters (query and form merged) or the query parameters of a REST call; values are the
            strings sent.
        path: named parts of a REST path, decoded, e.g. `{"functionName": "f"}`; empty for RPC.
        body: the raw body of a REST call; empty for RPC.
        headers: request headers, names in lower case.
        region: the region named by the host, else the cloud's default region.
        source_ip: the client's address.
        secure: whether the call came over TLS.
        request_id: upper-case UUID, in every answer.
    """

    cloud: Cloud
    account: Account
    caller: Caller
    params: Mapping[str, str]
    region: str
    source_ip: str
    request_id: str
    path: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    secure: bool = False


@dataclass(frozen=True, slots=True)
class RestAnswer:
    """An answer that is more than a JSON object with status 200.

    Attributes:
        status: HTTP status.
        body: a JSON value (dict or list), raw bytes, or None for no body.
        headers: further response headers.
        later: makes the answer in a thread of its own, away from the cloud's state, so that what it waits for
            may call the cloud; the fields above then count for nothing.
    """

    status: int = 200
    body: Mapping[str, Any] | bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    later: Callable[[], RestAnswer] | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One action of a product.

    Attributes:
        name: the API's name, e.g. `CreateRole`.
        answer: does the work on the account's state; raises `ApiError`. Runs only after authorization.
        permission: the RAM action to be allowed, e.g. `ram:CreateRole`; None where the API needs no
            permission (GetCallerIdentity) or decides for itself (AssumeRole, whose trust gate needs another
            account's role).
        resources: the resource ARNs that must *all* be allowed (section 3.6: Attach needs the role and the
            policy).
        context: further condition keys this call carries, e.g. `acs:Service` of a PassRole.
        further: more permission checks, as (action, resource, extra context), e.g. `ram:PassRole` of
            CreateFunction.
        source: where the rule was read: a section of the facts.
        identify: for an operation that nobody signs: who calls, found from a token among the parameters;
            raises `ApiError` when the token proves nothing. None where the caller signs.
    """

    name: str
    answer: Callable[[Call], Mapping[str, Any] | RestAnswer]
    permission: str | None
    resources: Callable[[Call], Sequence[str]] = lambda _call: ()
    context: Callable[[Call], Mapping[str, str]] = lambda _call: {}
    further: Callable[[Call], Sequence[tuple[str, str, Mapping[str, str]]]] = lambda _call: ()
    source: str = ""
    identify: Callable[[Cloud, Mapping[str, str]], Caller] | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """A REST operation's place: method, path template and operation.

    Attributes:
        method: HTTP method in upper case.
        template: path with named parts, without the version prefix, e.g.
            `/functions/{functionName}/invocations`.
        operation: what answers it.
    """

    method: str
    template: str
    operation: Operation
