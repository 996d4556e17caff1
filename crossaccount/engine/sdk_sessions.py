"""The HTTP sessions that the Alibaba Cloud SDK keeps for one endpoint.

The SDK holds its keep-alive sessions in a process-wide table without a way to close them, and sends through
`HTTP_PROXY` even to this machine. A local endpoint gets a session of ours in that table: it goes there
directly, so no signed call leaves the machine, and it can be closed.

Source: darabonba-core 1.0, `DaraCore.do_action`.
"""

from __future__ import annotations

import importlib
from typing import Any

_POOL_SIZE = 40  # the SDK's own, and part of its table's keys


def open_direct_session(endpoint: str) -> None:
    """Make the SDK reach `endpoint` (`host:port`, plain HTTP) without a proxy; keeps a session it has."""
    sessions = _sessions()
    key = f"http://{endpoint}:80:pool={_POOL_SIZE}"
    if key in sessions:
        return
    requests = importlib.import_module("requests")
    session = requests.Session()
    session.trust_env = False
    session.mount("http://", _direct_adapter(pool_connections=1, pool_maxsize=_POOL_SIZE))
    sessions.setdefault(key, session)


def close_sessions(endpoint: str) -> None:
    """Close the SDK's connections to `endpoint`; the SDK opens new ones when it needs them."""
    sessions = _sessions()
    for key in [key for key in sessions if key.startswith(f"http://{endpoint}:")]:
        sessions.pop(key).close()


def _direct_adapter(**pool: int) -> Any:  # noqa: ANN401  requests has no types here
    base: Any = importlib.import_module("requests.adapters").HTTPAdapter

    class DirectAdapter(base):  # type: ignore[misc, unused-ignore]
        """An HTTP adapter that ignores proxies and closes what it opened."""

        def send(self, request: object, **options: Any) -> object:  # noqa: ANN401  passed on
            options["proxies"] = {}
            return super().send(request, **options)

        def close(self) -> None:
            # urllib3 leaves closing to the garbage collector, which an answer still held would keep waiting.
            for key in self.poolmanager.pools.keys():  # noqa: SIM118  it refuses to be iterated
                self.poolmanager.pools[key].close()
            super().close()

    return DirectAdapter(**pool)


def _sessions() -> dict[str, Any]:
    core = importlib.import_module("darabonba.core").DaraCore
    sessions: dict[str, Any] = core._sessions  # noqa: SLF001  the SDK has no other way to close a session
    return sessions
