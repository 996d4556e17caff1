"""The SDK's clients of Function Compute, inside a session, in one region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from crossaccount.session.functions.refusals import refusal
from crossaccount.session.functions.regions import functions_host, services_host
from crossaccount.session.key import Key
from crossaccount.session.sdk_call import answered, connection

if TYPE_CHECKING:
    from collections.abc import Callable

    from crossaccount.session.role_session import RoleSession

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Access:
    """Function Compute as a role's session sees it.

    Args:
        session: the session.
        local: a local cloud's `host:port`, which then answers for every region; None for the real one.
    """

    session: RoleSession
    local: str | None = None

    @property
    def key(self) -> Key:
        """What signs."""
        session = self.session
        return Key(session.access_key_id, session.access_key_secret, session.security_token)

    def functions(self, region: str) -> Any:  # noqa: ANN401  the SDK has no types
        """A client of Function Compute 3.0."""
        from alibabacloud_fc20230330.client import Client  # noqa: PLC0415  slow to load

        return Client(connection(self.key, functions_host(region), region, self.local))

    def services(self, region: str) -> Any:  # noqa: ANN401  the SDK has no types
        """A client of Function Compute 2.0."""
        from alibabacloud_fc_open20210406.client import Client  # noqa: PLC0415  slow to load

        return Client(connection(self.key, services_host(region), region, self.local))

    def ask(self, host: str, call: Callable[[], _T], *, once: bool = False) -> _T:
        """What a call answers.

        Args:
            host: the region's host, for messages.
            call: the call.
            once: never sends it twice.

        Raises:
            SessionError: it is refused, naming the closed gate, or there is no usable answer.
        """
        return answered(
            host, call, lambda status, answer: refusal(self.session, status, answer), tries=1 if once else 3
        )
