"""Opening a session: from the cache if it is there, otherwise by one call however many ask at once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from crossaccount.session.cache import UnusableEntryError
from crossaccount.session.errors import SessionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from crossaccount.session.cache import SessionCache
    from crossaccount.session.key import Key
    from crossaccount.session.request import SessionRequest
    from crossaccount.session.role_session import RoleSession
    from crossaccount.session.source import Source


def open_session(
    request: SessionRequest,
    source: Source,
    cache: SessionCache | None,
    *,
    renew: bool = False,
    warn: Callable[[str], None] = lambda _text: None,
) -> RoleSession:
    """The session of a request: cached, or opened now and cached.

    Args:
        request: what is asked for.
        source: who assumes the role.
        cache: where sessions are kept; None keeps none.
        renew: opens a new one though a fresh one is cached.
        warn: told in one line what in the cache was not used.

    Raises:
        SessionError: the session cannot be opened; the text says what to do.
    """
    if cache is None:
        return _open(request, source, None)
    cache.prepare()
    key = None if source.identity else _key(source)
    name = request.cache_key(source.identity or f"key:{key.key_id if key else ''}")
    asked = time.time()
    before = _usable(cache, name, warn)
    if before is not None and not renew:
        return before
    from crossaccount.session.single_flight import single_flight  # noqa: PLC0415  not for a cached session

    with single_flight(f"{cache.path(name)}.lock") as flight:
        if flight.waited:
            failure = flight.failure_since(asked)
            if failure is not None:
                raise failure
        found = _usable(cache, name, lambda _text: None)
        if found is not None and not (renew and found == before):
            return found
        try:
            session = _open(request, source, key)
        except SessionError as error:
            flight.fail(error)
            raise
        flight.land()
        cache.write(name, session)
        cache.sweep(asked)
        return session


def _open(request: SessionRequest, source: Source, key: Key | None) -> RoleSession:
    from crossaccount.session.sts_call import assume_role  # noqa: PLC0415  not for a cached session

    return assume_role(key or _key(source), request)


def _key(source: Source) -> Key:
    if source.key is not None:
        return source.key
    from crossaccount.session.source_credentials import source_key  # noqa: PLC0415  loads the SDK

    return source_key(source)


def _usable(cache: SessionCache, name: str, warn: Callable[[str], None]) -> RoleSession | None:
    try:
        return cache.read(name, time.time())
    except UnusableEntryError as error:
        warn(f"{error}; a new one is opened in its place")
        return None
