"""Answers and refusals as each product writes them (sections 3.3, 4.3 and 5.4 of the facts)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson

from crossaccount.localcloud.call import RestAnswer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crossaccount.localcloud.errors import ApiError
    from crossaccount.localcloud.products import Product

Header = tuple[bytes, bytes]
_JSON: Header = (b"content-type", b"application/json;charset=utf-8")


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP response.

    Attributes:
        status: HTTP status.
        headers: without Content-Length, which the server adds.
        body: the whole body.
        close: whether the connection must not be used again.
        later: makes the response that is sent instead, in a thread of its own, or None.
        delay: how long it is held back, in seconds.
        cut: whether only half of the body is sent before the connection is closed.
    """

    status: int
    headers: tuple[Header, ...]
    body: bytes
    close: bool = False
    later: Callable[[], Response] | None = None
    delay: float = 0.0
    cut: bool = False


def json_response(status: int, body: Mapping[str, Any], *headers: Header, close: bool = False) -> Response:
    """A response with a JSON body."""
    return Response(status, (_JSON, *headers), orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS), close)


def answer_response(product: Product, request_id: str, answer: Mapping[str, Any] | RestAnswer) -> Response:
    """What an operation answered.

    An RPC answer is always a JSON object with RequestId: the provider's client crashes on anything else
        (section 7.6).
    """
    if product.shape == "rpc":
        body = answer.body if isinstance(answer, RestAnswer) else answer
        fields = body if isinstance(body, dict) else {}
        return json_response(
            200, {"RequestId": request_id, **fields}, (b"x-acs-request-id", request_id.encode())
        )
    rest = answer if isinstance(answer, RestAnswer) else RestAnswer(body=answer)
    if rest.later is not None:
        return Response(200, (), b"", later=partial(_made_later, product, request_id, rest.later))
    extra = [(name.lower().encode(), value.encode()) for name, value in rest.headers.items()]
    headers: tuple[Header, ...] = ((b"x-fc-request-id", request_id.encode()), *extra)
    if rest.body is None:
        return Response(rest.status, headers, b"")
    if isinstance(rest.body, bytes):
        if all(name != b"content-type" for name, _ in headers):
            headers = ((b"content-type", b"application/octet-stream"), *headers)
        return Response(rest.status, headers, rest.body)
    return json_response(rest.status, rest.body, *headers)


def _made_later(product: Product, request_id: str, make: Callable[[], RestAnswer]) -> Response:
    return answer_response(product, request_id, make())


def error_response(
    product: Product, request_id: str, error: ApiError, host: str = "", *, close: bool = False
) -> Response:
    """What a refusal looks like on the wire.

    Args:
        product: decides the shape.
        request_id: the request's id.
        error: the refusal.
        host: the Host header, for a product that has no central host.
        close: whether the connection must not be used again.
    """
    if product.shape == "native":
        body: dict[str, Any] = {"ErrorCode": error.code, "ErrorMessage": error.message}
        return json_response(error.status, body, (b"x-fc-request-id", request_id.encode()), close=close)
    body = {"RequestId": request_id, "Code": error.code, "Message": error.message}
    if product.shape == "pop":
        header: Header = (b"x-fc-request-id", request_id.encode())
    else:
        header = (b"x-acs-request-id", request_id.encode())
        body["HostId"] = product.host_id or host
        body["Recommend"] = (
            f"https://api.aliyun.com/troubleshoot?q={error.code}&product={product.name}&requestId={request_id}"
        )
    return json_response(error.status, {**body, **error.details}, header, close=close)
