"""A request as it came over the wire, taken apart but not yet believed.

Pure: bytes in, a `Wire` out, or an `ApiError` that says what is malformed. Header names are in lower case;
parameters are decoded; the path is kept as it was sent, because signatures cover it in that form (section 6
of the facts).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import unquote

from crossaccount.localcloud.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FORM = "application/x-www-form-urlencoded"
MAX_PARAMETERS = 1000


@dataclass(frozen=True)
class Wire:
    """One request.

    Attributes:
        method: HTTP method in upper case.
        path: the path as sent, still percent-encoded.
        query: parameters of the query string, decoded.
        headers: by name in lower case.
        body: the whole body, already un-chunked.
        client: the client's address.
        secure: whether it came over TLS.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    client: str
    secure: bool = False

    @cached_property
    def form(self) -> Mapping[str, str]:
        """Parameters of a form body, decoded; empty for any other body.

        Raises:
            ApiError: 400 when the form is malformed.
        """
        if not self.body or not self.headers.get("content-type", "").lower().startswith(FORM):
            return {}
        return parse_parameters(self.body)

    @cached_property
    def params(self) -> Mapping[str, str]:
        """Query and form merged (section 3.1 of the facts).

        Raises:
            ApiError: 400 when a parameter is in both with different values.
        """
        if not self.form:
            return self.query
        for name, value in self.form.items():
            if self.query.get(name, value) != value:
                raise _malformed(
                    f"The parameter {name} is in the query and in the form with different values."
                )
        return {**self.query, **self.form}


def _malformed(message: str) -> ApiError:
    return ApiError(400, "InvalidParameter.Format", message)


def parse_parameters(text: bytes) -> dict[str, str]:
    """The decoded parameters of a query string or form body.

    Raises:
        ApiError: 400 when one is not UTF-8, is there twice, or there are more than 1000.
    """
    params: dict[str, str] = {}
    if not text:
        return params
    try:
        pairs = text.decode("utf-8").replace("+", " ").split("&")
        if len(pairs) > MAX_PARAMETERS:
            raise _malformed(f"The request has more than {MAX_PARAMETERS} parameters.")
        for pair in pairs:
            name, _, value = pair.partition("=")
            if "%" in pair:
                name, value = unquote(name, errors="strict"), unquote(value, errors="strict")
            if name in params:
                raise _malformed(f"The parameter {name} is there twice.")
            if name:
                params[name] = value
    except UnicodeDecodeError:
        raise _malformed("The request's parameters are not UTF-8.") from None
    return params


def parse_headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Header values by name in lower case; a name that is there twice has its values joined by commas.

    Raises:
        ApiError: 400 when `Host` or `Authorization` is there twice.
    """
    headers: dict[str, str] = {}
    for raw_name, raw_value in raw:
        name = raw_name.decode("latin-1").lower()
        try:
            value = raw_value.decode("utf-8").strip()
        except UnicodeDecodeError:
            value = raw_value.decode("latin-1").strip()
        if name in headers:
            if name in {"host", "authorization"}:
                raise _malformed(f"The header {name} is there twice.")
            value = f"{headers[name]},{value}"
        headers[name] = value
    return headers


def decode_segment(segment: str) -> str:
    """One decoded segment of a path.

    Raises:
        ApiError: 400 when it is not UTF-8.
    """
    try:
        return unquote(segment, errors="strict") if "%" in segment else segment
    except UnicodeDecodeError:
        raise _malformed("The request's path is not UTF-8.") from None
