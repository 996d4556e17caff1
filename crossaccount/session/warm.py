"""`crossaccount assume` with a warm cache: answered from disk, in about the time that a Python starts.

It only ever does what the whole command would do. Whatever is not a plain hit is left to that command: a cold
cache, a form for people, an option that is not understood, anything wrong.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from crossaccount.session.assume_options import parse
from crossaccount.session.cache import SessionCache
from crossaccount.session.delivery import is_for_eyes, printed, run_inside
from crossaccount.session.errors import SessionError
from crossaccount.session.role_reference import find_role
from crossaccount.session.source import find_source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crossaccount.session.assume_options import AssumeOptions
    from crossaccount.session.role_session import RoleSession


def serve(arguments: Sequence[str]) -> int | None:
    """Answer from the cache.

    Args:
        arguments: what follows `assume`.

    Returns:
        The exit code; None where the whole command has to run.
    """
    options = parse(arguments, os.environ)
    if options is None or options.renew or options.no_cache:
        return None
    if not options.command and is_for_eyes(options.format):
        return None
    session = _cached(options)
    if session is None:
        return None
    if options.command:
        return run_inside(session, options.command, os.environ)
    sys.stdout.write(printed(session, options.format, os.environ) + "\n")
    sys.stdout.flush()
    return 0


def _cached(options: AssumeOptions) -> RoleSession | None:
    named = not options.role.startswith("acs:") and ".json" not in options.role and not options.handover
    if named:
        return None  # a stack's outputs take an engine to read
    try:
        request = options.request(find_role(options.role, options.places))
        source = find_source(options.profile)
        if source.identity is None:
            return None
        return SessionCache().read(request.cache_key(source.identity), time.time())
    except SessionError:
        return None
