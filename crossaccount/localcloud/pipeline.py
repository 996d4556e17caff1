"""The way of every call, as one list: in at the top, answered at the bottom, or refused on the way.

Each step reads what the steps before it found in the `Exchange`, adds what it finds itself, or raises
`ApiError`. There is no way around a step: authentication and authorization are always on. What a test may
switch on (`disturbance`) puts steps of its own into a list of its own; the list here asks for none of it.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from crossaccount.localcloud import keyring, request_time, signatures
from crossaccount.localcloud.authorize import first_refusal
from crossaccount.localcloud.call import Call
from crossaccount.localcloud.caller import Caller
from crossaccount.localcloud.conditions import client_address, is_secure
from crossaccount.localcloud.denial import refuse
from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.host import Host, HostError, parse_host
from crossaccount.localcloud.products import UNKNOWN, Product
from crossaccount.localcloud.render import Response, answer_response, error_response
from crossaccount.localcloud.routing import NotImplementedHereError, Target, find_target, product_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from crossaccount.localcloud.call import RestAnswer
    from crossaccount.localcloud.cloud import Cloud
    from crossaccount.localcloud.injection import Fault
    from crossaccount.localcloud.keyring import Key
    from crossaccount.localcloud.signatures import Claim
    from crossaccount.localcloud.wire import Wire


class Exchange:
    """One request on its way through the steps; each attribute is set by the step that finds it.

    Args:
        cloud: the cloud that answers.
        wire: the request.
    """

    host: Host
    target: Target
    claim: Claim
    key: Key
    call: Call
    answer: Mapping[str, Any] | RestAnswer

    def __init__(self, cloud: Cloud, wire: Wire) -> None:
        self.cloud = cloud
        self.wire = wire
        self.product: Product = UNKNOWN
        self.request_id = ""
        self.fault: Fault | None = None


def read_host(exchange: Exchange) -> None:
    """Which product, region and account the Host header names."""
    try:
        exchange.host = parse_host(exchange.wire.headers.get("host", ""))
    except HostError as error:
        if exchange.cloud.exposed:
            exchange.host = Host()
            return
        raise ApiError(400, "InvalidHost", str(error)) from None


def route(exchange: Exchange) -> None:
    """Which operation of which product is asked for."""
    wire, host = exchange.wire, exchange.host
    product = exchange.product = product_of(wire)
    if host.product is not None and host.product not in product.hosts:
        name = wire.headers["host"]
        raise ApiError(
            400, "InvalidVersion", f"The host `{name}` does not serve {product.name} {product.version}."
        )
    exchange.target = find_target(wire, product)


def read_signature(exchange: Exchange) -> None:
    """Who claims to have signed, and that the product takes that scheme."""
    claim = exchange.claim = signatures.read_claim(exchange.wire)
    if claim.scheme not in exchange.product.schemes:
        raise signatures.incomplete(f"{exchange.product.version} takes no request signed by {claim.scheme}.")


def verify_signature(exchange: Exchange) -> None:
    """The key exists and made the signature."""
    claim = exchange.claim
    key = exchange.cloud.keyring.find(claim.access_key_id)
    if key is None:
        raise signatures.unknown_key(claim)
    if not claim.holds(key.secret):
        raise signatures.mismatch(claim)
    exchange.key = key


def check_freshness(exchange: Exchange) -> None:
    """It was signed within 15 minutes of now and was not sent before."""
    claim, wall = exchange.claim, exchange.cloud.clock.wall()
    request_time.check_moment(claim.moment, wall)
    if claim.nonce is not None:
        exchange.cloud.nonces.use(claim.access_key_id, claim.nonce, wall)


def check_key(exchange: Exchange) -> None:
    """The key is active; a session's key comes with its token, and the session is not over."""
    cloud, key, token = exchange.cloud, exchange.key, exchange.claim.security_token
    keyring.check_status(key)
    keyring.check_token(key, token, cloud.clock.epoch(), cloud.sessions.knows_token)
    if key.access_key is not None:
        key.access_key.last_used = cloud.clock.now()


def check_owner(exchange: Exchange) -> None:
    """An account named by the host or by X-Fc-Account-Id is the caller's own (section 5.1 of the facts)."""
    mine = exchange.key.account.id
    named = (exchange.host.account_id, exchange.wire.headers.get("x-fc-account-id"))
    if exchange.product.shape != "rpc" and any(account_id and account_id != mine for account_id in named):
        raise ApiError(403, "AccessDenied", "The service or function doesn't belong to you.")


def build_call(exchange: Exchange) -> None:
    """Everything the operation may know."""
    wire, key, scheme, cloud = exchange.wire, exchange.key, exchange.claim.scheme, exchange.cloud
    rpc = exchange.product.shape == "rpc"
    role = key.account.ram.role(key.session.role_name) if key.session is not None else None
    exchange.call = Call(
        cloud=cloud,
        account=key.account,
        caller=Caller(key.kind, key.account, key.key_id, key.user, role, key.session),
        params=wire.params if rpc else wire.query,
        region=exchange.host.region or cloud.region,
        source_ip=client_address(wire, scheme),
        request_id=exchange.request_id,
        path=exchange.target.path,
        body=b"" if rpc else wire.body,
        headers=wire.headers,
        secure=is_secure(wire, scheme),
    )


def authorize(exchange: Exchange) -> None:
    """The caller's policies allow everything the operation says it needs."""
    refusal = first_refusal(exchange.call, exchange.target.operation)
    if refusal is not None:
        refuse(exchange.product, exchange.call, refusal)


def perform(exchange: Exchange) -> None:
    """The operation does its work."""
    exchange.answer = exchange.target.operation.answer(exchange.call)


def read_token(exchange: Exchange) -> None:
    """Who calls an operation that nobody signs: whom the token in it names (facts 4.6)."""
    wire, cloud, identify = exchange.wire, exchange.cloud, exchange.target.operation.identify
    if identify is None:
        raise signatures.incomplete("The operation is to be signed.")
    caller = identify(cloud, wire.params)
    exchange.call = Call(
        cloud=cloud,
        account=caller.account,
        caller=caller,
        params=wire.params,
        region=exchange.host.region or cloud.region,
        source_ip=wire.client,
        request_id=exchange.request_id,
        headers=wire.headers,
        secure=is_secure(wire, ""),
    )


Step = Callable[["Exchange"], None]
ARRIVAL: tuple[Step, ...] = (read_host, route)
STEPS: tuple[Step, ...] = (
    read_signature,
    verify_signature,
    check_freshness,
    check_key,
    check_owner,
    build_call,
    authorize,
    perform,
)
UNSIGNED: tuple[Step, ...] = (read_token, perform)


class Way(NamedTuple):
    """The steps of a call after it has arrived and its operation is known, and what is done at the end.

    Attributes:
        signed: for an operation whose caller signs.
        unsigned: for one whose caller shows a token.
        finish: looks at every response, refusals too, and may change it; None where nobody does.
    """

    signed: tuple[Step, ...] = STEPS
    unsigned: tuple[Step, ...] = UNSIGNED
    finish: Callable[[Exchange, Response], Response] | None = None


UNDISTURBED = Way()


def respond(cloud: Cloud, wire: Wire) -> Response:
    """Answers one request; whatever goes wrong is an error body in the product's shape."""
    exchange = Exchange(cloud, wire)
    rest = wire.path != "/"
    exchange.request_id = cloud.ids.fc_request_id() if rest else cloud.ids.request_id()
    way = cloud.way or _put_together(cloud)
    response = _answer(exchange, way)
    return response if way.finish is None else way.finish(exchange, response)


def _put_together(cloud: Cloud) -> Way:
    from crossaccount.localcloud.disturbance import way_of  # noqa: PLC0415  it builds on this module

    cloud.way = way_of(cloud)
    return cloud.way


def _answer(exchange: Exchange, way: Way) -> Response:
    cloud, wire = exchange.cloud, exchange.wire
    try:
        for step in ARRIVAL:
            step(exchange)
        for step in way.signed if exchange.target.operation.identify is None else way.unsigned:
            step(exchange)
        return answer_response(exchange.product, exchange.request_id, exchange.answer)
    except ApiError as error:
        if isinstance(error, NotImplementedHereError):
            cloud.note_unimplemented(error.product, error.what)
        refusal = error
    except Exception:  # noqa: BLE001  a fault is an answer too
        cloud.faults.append(traceback.format_exc())
        refusal = ApiError(500, "InternalError", "The local cloud failed to answer; its faults say why.")
    return error_response(exchange.product, exchange.request_id, refusal, wire.headers.get("host", ""))
