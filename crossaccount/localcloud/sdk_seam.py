"""Points every Alibaba Cloud SDK client of this process at a local cloud, whatever endpoint it was made with.

All of Alibaba Cloud's Python SDKs send a request through one function, `do_action` of `TeaCore` or
`DaraCore`, which has an asynchronous and a streaming form. Each form is wrapped so that the request goes,
unchanged, to the cloud as its HTTP proxy: the client's own host, path, headers and signature arrive there,
and the host says which product and region it meant. An environment's own proxy is not asked. Nothing of the
client is touched, and a request is changed in a copy.
"""

from __future__ import annotations

import copy
import functools
import importlib
import importlib.util
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_mock import MockerFixture

_CORES = (("darabonba.core", "DaraCore"), ("Tea.core", "TeaCore"))
_FORMS = ("do_action", "async_do_action", "do_sse_action", "async_do_sse_action")


def redirect(proxy_url: str, mocker: MockerFixture) -> None:
    """Sends what the SDKs send to `proxy_url` until the test ends.

    Args:
        proxy_url: the cloud's `url`.
        mocker: pytest-mock's fixture; it takes the wrapping back.
    """
    for core in _cores():
        for form in _FORMS:
            if hasattr(core, form):
                wrapped = _through(proxy_url, getattr(core, form))
                mocker.patch.object(core, form, new=staticmethod(wrapped))


def close_connections() -> None:
    """Closes the connections that the SDKs keep open; a client opens another when it needs one."""
    for core in _cores():
        for session in core._sessions.values():  # noqa: SLF001  the SDK has no other way to its pool
            session.close()


def _cores() -> Iterator[Any]:
    for module, name in _CORES:
        if importlib.util.find_spec(module.partition(".")[0]) is not None:
            yield getattr(importlib.import_module(module), name)


def _through(proxy_url: str, action: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(action)
    def send(request: Any, runtime_option: dict[str, Any] | None = None) -> Any:  # noqa: ANN401  the SDK's types
        sent = copy.copy(request)
        sent.headers = {**request.headers}
        if request.protocol.upper() == "HTTPS":
            sent.headers["x-forwarded-proto"] = "https"
        sent.protocol = "HTTP"
        return action(sent, {**(runtime_option or {}), "httpProxy": proxy_url})

    return send
