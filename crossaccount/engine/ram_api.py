"""RAM and STS as the engine calls them: through the Alibaba Cloud SDK, with one error and one retry rule.

Rejected calls (throttling, 503) are sent again; so are calls whose answer was lost (5xx, a connection reset
before the answer), unless doing the action twice would leave something behind. Any other 4xx is final: above
all a 404 is never taken for "gone" unless RAM itself says `EntityNotExist` (facts 7.5 and 7.6).

Source: RAM API 2015-05-01 and STS API 2015-04-01, as the SDK's models describe them.
"""

from __future__ import annotations

import importlib
import re
import threading
import time
from typing import TYPE_CHECKING, Any

from crossaccount.engine.api_errors import ApiCallError, LostAnswerError, classified
from crossaccount.engine.sdk_sessions import close_sessions, open_direct_session

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from typing_extensions import Self

    from crossaccount.engine.target import Target

_ATTEMPTS = 6
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 8.0
_SHORTEST_SECRET = 4  # replacing shorter texts would tear messages apart
_STS_ACTIONS = frozenset({"GetCallerIdentity"})
# A second key or policy version is not what a repeated call may leave behind.
_NOT_REPEATABLE = frozenset({"CreateAccessKey", "CreatePolicyVersion"})
_TAGGED = "tag"


class RamApi:
    """The RAM and STS APIs of one account, for any number of threads.

    The SDK's clients are made at the first call and keep their connections alive; `close` closes them.

    Args:
        target: whom to call as, and where: its endpoint over HTTP, or the real cloud over HTTPS.
        pause: waits that many seconds between two attempts.
    """

    def __init__(self, target: Target, *, pause: Callable[[float], None] = time.sleep) -> None:
        self._target = target
        self.pause = pause
        self._services: dict[str, tuple[Any, ModuleType]] = {}
        self._lock = threading.Lock()
        self._account_id: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; a later call opens new ones."""
        with self._lock:
            if self._services and self._target.endpoint is not None:
                close_sessions(self._target.endpoint)
            self._services.clear()

    def account_id(self) -> str:
        """Return the id of the account the credentials belong to, asked once.

        Raises:
            ApiCallError: STS refused or did not answer.
        """
        if self._account_id is None:
            self._account_id = str(self.call("GetCallerIdentity")["AccountId"])
        return self._account_id

    def call(self, action: str, **parameters: object) -> dict[str, Any]:
        """Call one action and return the body of its answer.

        Args:
            action: the API's name for it, e.g. `CreateRole`.
            parameters: the SDK's names for its parameters, e.g. `role_name`; None is not sent.

        Raises:
            ApiCallError: it was refused, or was not answered in six attempts.
        """
        attempt, lost = 0, False
        while True:
            answer = self._attempt(action, parameters)
            if not isinstance(answer, ApiCallError):
                return answer
            attempt += 1
            answer.repeated = lost
            lost = lost or isinstance(answer, LostAnswerError)
            if not answer.passing or attempt == _ATTEMPTS or (lost and action in _NOT_REPEATABLE):
                raise answer
            self.pause(min(_LONGEST_PAUSE, max(_FIRST_PAUSE * 2 ** (attempt - 1), answer.retry_after)))

    def pages(self, action: str, *path: str, **parameters: object) -> list[dict[str, Any]]:
        """Collect a list that the API returns in pages.

        Args:
            action: an action whose answer carries `IsTruncated` and `Marker`.
            path: where the list lies in an answer, e.g. `"Users", "User"`.
            parameters: as for `call`.

        Raises:
            ApiCallError: as `call`.
        """
        found: list[dict[str, Any]] = []
        marker: str | None = None
        while True:
            body = self.call(action, **parameters, marker=marker)
            found.extend(listed(body, *path))
            marker = body.get("Marker")
            if not body.get("IsTruncated") or not marker:
                return found

    def _attempt(self, action: str, parameters: dict[str, object]) -> dict[str, Any] | ApiCallError:
        client, models = self._service("sts" if action in _STS_ACTIONS else "ram")
        method = getattr(client, f"{_snake(action)}_with_options")
        runtime = importlib.import_module("darabonba.runtime").RuntimeOptions()
        request = _request(models, action, parameters)
        try:
            response = method(runtime) if request is None else method(request, runtime)
        except importlib.import_module("Tea.exceptions").TeaException as error:
            return classified(action, error, self._hidden(parameters))
        if response.body is None:
            return ApiCallError(action, "", response.status_code, "the answer is not a JSON object")
        body: dict[str, Any] = response.body.to_map()
        return body

    def _hidden(self, parameters: dict[str, object]) -> tuple[str, ...]:
        password = parameters.get("password")
        texts = (self._target.access_key_secret, self._target.security_token, password)
        return tuple(text for text in texts if isinstance(text, str) and len(text) >= _SHORTEST_SECRET)

    def _service(self, name: str) -> tuple[Any, ModuleType]:
        service = self._services.get(name)
        if service is None:
            with self._lock:
                service = self._services.get(name) or self._open(name)
                self._services[name] = service
        return service

    def _open(self, name: str) -> tuple[Any, ModuleType]:
        package = {"ram": "alibabacloud_ram20150501", "sts": "alibabacloud_sts20150401"}[name]
        endpoint = self._target.endpoint
        config = importlib.import_module("alibabacloud_tea_openapi.utils_models").Config(
            access_key_id=self._target.access_key_id,
            access_key_secret=self._target.access_key_secret,
            security_token=self._target.security_token,
            endpoint=endpoint or f"{name}.aliyuncs.com",
            protocol="HTTP" if endpoint else "HTTPS",
        )
        if endpoint is not None:
            open_direct_session(endpoint)
        client = importlib.import_module(f"{package}.client").Client(config)
        return client, importlib.import_module(f"{package}.models")


def listed(body: dict[str, Any], *path: str) -> list[dict[str, Any]]:
    """Return the list at `path` of an answer, empty when the answer has none."""
    found: Any = body
    for name in path:
        found = (found or {}).get(name)
    return found or []


def _snake(action: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", action).lower()


def _request(models: ModuleType, action: str, parameters: dict[str, object]) -> object | None:
    if not hasattr(models, f"{action}Request"):
        return None
    given = {name: value for name, value in parameters.items() if value is not None}
    tags = given.get(_TAGGED)
    if isinstance(tags, dict):
        tag = getattr(models, f"{action}RequestTag")
        given[_TAGGED] = [tag(key=key, value=value) for key, value in sorted(tags.items())]
    request: object = getattr(models, f"{action}Request")(**given)
    return request
