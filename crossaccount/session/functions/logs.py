"""The log of a function through a role: its log store is in Log Service, which the role must let read.

Log Service signs in a way of its own. Source: Log Service documentation, "Request signatures" and "GetLogs",
API version 0.6.0.
"""

from __future__ import annotations

import base64
import hmac
import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.utils import formatdate
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from crossaccount.session.errors import ErrorKind, SessionError
from crossaccount.session.functions.regions import functions_host
from crossaccount.session.sdk_call import trusted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.session.functions.access import Access
    from crossaccount.session.key import Key

_LONGEST = 15
_LARGEST = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class LogStore:
    """Where a function's log goes.

    Attributes:
        project: the Log Service project.
        name: the log store in it.
        region: the function's region.
    """

    project: str
    name: str
    region: str

    @property
    def host(self) -> str:
        """The project's host."""
        return f"{self.project}.{self.region}.log.aliyuncs.com"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a log.

    Attributes:
        moment: seconds since 1970.
        request_id: the call it belongs to; empty where it is not told.
        message: the text.
    """

    moment: int
    request_id: str
    message: str


def log_store(access: Access, region: str, function: str) -> LogStore:
    """Where a function logs to.

    Raises:
        SessionError: the function cannot be read, or keeps no log.
    """
    from alibabacloud_fc20230330.models import GetFunctionRequest  # noqa: PLC0415  slow to load

    client = access.functions(region)
    body = access.ask(
        functions_host(region), lambda: client.get_function(function, GetFunctionRequest()).body
    )
    config = body.log_config
    if config is None or not config.project or not config.logstore:
        raise SessionError(
            ErrorKind.MISSING,
            f"function `{function}` keeps no log",
            "its owner sets `logConfig`; `functions invoke --logs` shows the end of one call's log",
        )
    return LogStore(config.project, config.logstore, region)


def read_log(access: Access, store: LogStore, function: str, *, since: int, lines: int) -> list[Line]:
    """The newest lines of a function's log, oldest first.

    Args:
        access: Function Compute, inside a session.
        store: where the log is.
        function: whose lines.
        since: how many seconds back.
        lines: how many at most, 1 to 100.

    Raises:
        SessionError: the role may not read it, or there is no usable answer.
    """
    now = int(time.time())
    query = {
        "type": "log",
        "from": str(now - since),
        "to": str(now + 1),
        "query": f'functionName: "{function}"',
        "line": str(lines),
        "offset": "0",
        "reverse": "true",
    }
    found = _get(access, store, f"/logstores/{quote(store.name, safe='')}", query)
    if not isinstance(found, list):
        raise _unusable(store.host, "answers something that is no log")
    read = [
        Line(
            int(each.get("__time__", 0)),
            str(each.get("requestId", "")),
            str(each.get("message", "")).rstrip(),
        )
        for each in found
        if isinstance(each, dict)
    ]
    return read[::-1]


def signed_headers(key: Key, method: str, path: str, query: Mapping[str, str], date: str) -> dict[str, str]:
    """The headers of a signed request without a body.

    Args:
        key: what signs.
        method: the HTTP method.
        path: the resource.
        query: its parameters, as yet unencoded.
        date: the moment, in HTTP's form.
    """
    headers = {
        "x-log-apiversion": "0.6.0",
        "x-log-bodyrawsize": "0",
        "x-log-signaturemethod": "hmac-sha1",
        **({"x-acs-security-token": key.token} if key.token else {}),
    }
    canonical = "\n".join(f"{name}:{headers[name]}" for name in sorted(headers))
    resource = path + "?" + "&".join(f"{name}={query[name]}" for name in sorted(query))
    to_sign = f"{method}\n\n\n{date}\n{canonical}\n{resource}"
    signature = base64.b64encode(hmac.new(key.secret.encode(), to_sign.encode(), "sha1").digest()).decode()
    return {**headers, "Date": date, "Authorization": f"LOG {key.key_id}:{signature}"}


def _get(access: Access, store: LogStore, path: str, query: Mapping[str, str]) -> Any:  # noqa: ANN401  JSON
    headers = signed_headers(access.key, "GET", path, query, formatdate(usegmt=True))
    scheme = "http" if access.local else "https"
    request = urllib.request.Request(f"{scheme}://{store.host}{path}?{urlencode(query)}", headers=headers)  # noqa: S310  http or https
    proxy = urllib.request.ProxyHandler({"http": f"http://{access.local}"} if access.local else None)
    opener = urllib.request.build_opener(proxy, urllib.request.HTTPSHandler(context=trusted()))
    try:
        with opener.open(request, timeout=_LONGEST) as answer:
            return json.loads(answer.read(_LARGEST))
    except urllib.error.HTTPError as error:
        with error:
            raise _refused(access, store, error.code, error.read(65536)) from None
    except ValueError:
        raise _unusable(store.host, "answers something that is no JSON") from None
    except OSError as error:
        raise _unusable(store.host, f"does not answer ({type(error).__name__})") from None


def _refused(access: Access, store: LogStore, status: int, body: bytes) -> SessionError:
    try:
        told = json.loads(body)
        code, message = str(told.get("errorCode", "")), str(told.get("errorMessage", ""))
    except (ValueError, AttributeError):
        code, message = "", f"HTTP {status}"
    role_arn = access.session.role_arn
    if code == "Unauthorized" or status in (401, 403):
        account = role_arn.split(":")[3]
        statement = json.dumps(
            {
                "Effect": "Allow",
                "Action": "log:GetLogStoreLogs",
                "Resource": f"acs:log:{store.region}:{account}:project/{store.project}/logstore/{store.name}",
            }
        )
        return SessionError(
            ErrorKind.REFUSED,
            f"gate 3 of 3 is closed: role `{role_arn.partition('/')[2]}` may not read the function's log",
            f"account `{account}` has to allow the role: {statement}",
            code=code,
        )
    kind = ErrorKind.MISSING if code.endswith("NotExist") else ErrorKind.FAILED
    return SessionError(kind, f"Log Service refuses the call: {' '.join(message.split())[:300]}", code=code)


def _unusable(host: str, why: str) -> SessionError:
    return SessionError(
        ErrorKind.UNREACHABLE, f"`{host}` {why}", "look at the network, then try again", retryable=True
    )
