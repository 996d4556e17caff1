"""Sessions of a role in another account: opened, cached, renewed, and handed to other tools.

`RoleSessionProvider` is the library's door; it plugs into `alibabacloud-credentials`:

    from alibabacloud_credentials.client import Client
    from crossaccount.session import RoleSessionProvider

    credential = Client(provider=RoleSessionProvider("acs:ram::1234567890120000:role/fc-partner-b"))

Names are imported when they are asked for: a cached session must be served before any SDK could be loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crossaccount.session.cache import SessionCache
    from crossaccount.session.errors import ErrorKind, SessionError
    from crossaccount.session.key import Key
    from crossaccount.session.opening import open_session
    from crossaccount.session.provider import RoleSessionProvider
    from crossaccount.session.request import SessionRequest
    from crossaccount.session.role_session import RoleSession

__all__ = [
    "ErrorKind",
    "Key",
    "RoleSession",
    "RoleSessionProvider",
    "SessionCache",
    "SessionError",
    "SessionRequest",
    "open_session",
]

_HOMES = {
    "ErrorKind": "errors",
    "Key": "key",
    "RoleSession": "role_session",
    "RoleSessionProvider": "provider",
    "SessionCache": "cache",
    "SessionError": "errors",
    "SessionRequest": "request",
    "open_session": "opening",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module `{__name__}` has no `{name}`")
    from importlib import import_module  # noqa: PLC0415  not for a session that is served from the cache

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
