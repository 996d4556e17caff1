"""Live accounts as commands read them: whose key from which variables, and every call told."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from crossaccount.engine.ram_api import RamApi


def live_api(endpoint: str | None, prefix: str = "", *, live: bool = False) -> RamApi:
    """The RAM API of an account; to be closed.

    Args:
        endpoint: `host:port` of a local cloud; None is the real cloud.
        prefix: what the names of the variables with its key begin with.
        live: whether an endpoint that is not on this machine is allowed.

    Raises:
        EngineError: there is no key, or the endpoint is not allowed.
    """
    from crossaccount.engine.ram_api import RamApi  # noqa: PLC0415  loads the SDK
    from crossaccount.engine.target import Target  # noqa: PLC0415

    environ = {key.removeprefix(prefix): value for key, value in os.environ.items() if key.startswith(prefix)}
    return RamApi(Target.from_environment(endpoint, live=live, environ=environ))


class ToldCalls:
    """The RAM API of an account, with every call told before it is made.

    Args:
        api: the account.
        told: is called with the action and what it is about.
    """

    def __init__(self, api: RamApi, told: Callable[[str], None]) -> None:
        self._api = api
        self._told = told

    def account_id(self) -> str:
        """As the API's own."""
        return self._api.account_id()

    def call(self, action: str, **parameters: object) -> dict[str, Any]:
        """As the API's own."""
        self._tell(action, parameters)
        return self._api.call(action, **parameters)

    def pages(self, action: str, *path: str, **parameters: object) -> list[dict[str, Any]]:
        """As the API's own."""
        self._tell(action, parameters)
        return self._api.pages(action, *path, **parameters)

    def _tell(self, action: str, parameters: dict[str, object]) -> None:
        names = (str(value) for key, value in parameters.items() if key.endswith("_name"))
        self._told(" ".join((action, *names)))
