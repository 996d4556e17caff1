"""A credentials provider for the Alibaba Cloud SDKs: a session of a role, renewed before it ends.

    credential = Client(provider=RoleSessionProvider("acs:ram::1234567890120000:role/fc-partner-b"))
    functions = FunctionComputeClient(Config(credential=credential, region_id="cn-hangzhou"))

Source: documentation of the Alibaba Cloud Credentials tool for Python, `ICredentialsProvider`.
"""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING, Any

from alibabacloud_credentials.provider.refreshable import Credentials
from alibabacloud_credentials_api import ICredentialsProvider

from crossaccount.session.key import Key
from crossaccount.session.opening import open_session
from crossaccount.session.request import CENTRAL, DEFAULT, SessionRequest
from crossaccount.session.source import Source, SourceKind, find_source

if TYPE_CHECKING:
    from crossaccount.session.cache import SessionCache
    from crossaccount.session.role_session import RoleSession


class RoleSessionProvider(ICredentialsProvider):  # type: ignore[misc]  # the SDK has no types
    """Gives the SDKs the key of a role's session; threads share one session, and one call renews it.

    Args:
        role_arn: the role to assume.
        duration: seconds, 900 to 43200; the role's maximum at most.
        session_name: 2 to 64 characters; None for the caller's own name.
        external_id: as the role's trust asks for it.
        policy: a session policy as JSON text that narrows what the session may do.
        source_identity: 2 to 64 characters.
        source: whose credentials assume the role: a `Key`, or any object with `access_key_id`,
            `access_key_secret` and `security_token`, such as `context.credentials` of a function; None for
            the standard chain, which is asked again at each renewal.
        cache: keeps sessions on disk, shared with `crossaccount assume`; None keeps this one in memory.
        endpoint: the STS host; a local cloud's `host:port`.

    Raises:
        SessionError: of kind USAGE: a parameter is wrong.
    """

    def __init__(
        self,
        role_arn: str,
        *,
        duration: int = DEFAULT,
        session_name: str | None = None,
        external_id: str | None = None,
        policy: str | None = None,
        source_identity: str | None = None,
        source: Any = None,  # noqa: ANN401  runtimes have no common type
        cache: SessionCache | None = None,
        endpoint: str = CENTRAL,
    ) -> None:
        self._request = SessionRequest(
            role_arn=role_arn,
            duration=duration,
            session_name=session_name,
            external_id=external_id,
            policy=policy,
            source_identity=source_identity,
            endpoint=endpoint,
        )
        self._given = source
        self._cache = cache
        self._lock = threading.Lock()
        self._session: RoleSession | None = None

    def get_credentials(self) -> Credentials:
        """The session's key, from a session that is renewed before it ends.

        Raises:
            SessionError: the session cannot be opened or renewed.
        """
        session = self.session()
        return Credentials(
            access_key_id=session.access_key_id,
            access_key_secret=session.access_key_secret,
            security_token=session.security_token,
            expiration=session.expires,
            provider_name=self.get_provider_name(),
        )

    async def get_credentials_async(self) -> Credentials:
        """The same, without holding the event loop up."""
        return await asyncio.get_running_loop().run_in_executor(None, self.get_credentials)

    def get_provider_name(self) -> str:
        """What the SDK calls it in its `User-Agent`."""
        return "crossaccount_role_session"

    def session(self) -> RoleSession:
        """The session itself: who assumed which role, and until when.

        Raises:
            SessionError: as `get_credentials`.
        """
        session = self._session
        if session is not None and session.is_fresh(time.time()):
            return session
        with self._lock:
            session = self._session
            if session is None or not session.is_fresh(time.time()):
                self._session = session = open_session(self._request, self._source(), self._cache)
            return session

    def _source(self) -> Source:
        given = self._given
        if given is None:
            return find_source()
        if not isinstance(given, Key):
            given = Key(
                given.access_key_id, given.access_key_secret, getattr(given, "security_token", None) or None
            )
        return Source(SourceKind.GIVEN, f"the access key `{given.key_id}`", f"key:{given.key_id}", given)
