"""A request of which not every condition key is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ALWAYS_SENT = frozenset(
    {"acs:CurrentTime", "acs:MFAPresent", "acs:PrincipalARN", "acs:SecureTransport", "acs:SourceIp"}
)
"""The keys that every request has: one that is not given is not told, rather than missing."""

TIME = "acs:CurrentTime"
EXTERNAL_ID = "sts:ExternalId"
SOURCE_IDENTITY = "sts:SourceIdentity"
PRINCIPAL_ARN = "acs:PrincipalARN"


@dataclass(frozen=True, slots=True)
class Asking:
    """What is known of a request's context.

    Attributes:
        given: condition keys and their values.
        supposing: whether any key that is not given may have any value ("who could?"); else only the keys
            that every request has may, and any other is missing ("may this request?").
        now: the time at which the question is asked, ISO 8601; an Allow that is over by then is silent. None
            leaves the time open.
    """

    given: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    supposing: bool = False
    now: str | None = None

    def is_open(self, key: str) -> bool:
        """Whether the request does not decide the key's value."""
        if key not in self.given:
            return self.supposing or key in ALWAYS_SENT
        return False

    def for_call(self, caller: str | None) -> Asking:
        """The context of a call that assumes no role: neither external id nor source identity (facts 1.4)."""
        return self.of_caller(caller, (EXTERNAL_ID, SOURCE_IDENTITY))

    def of_caller(self, caller: str | None, absent: Iterable[str]) -> Asking:
        """The context of somebody's request.

        Args:
            caller: the caller's ARN; None where it is not known.
            absent: keys that such a request never has.
        """
        missing = frozenset(absent)
        given = {key: value for key, value in self.given.items() if key not in missing}
        given.update(dict.fromkeys(missing, ()))
        if caller is not None:
            given.setdefault(PRINCIPAL_ARN, principal_key(caller))
        return Asking(given, self.supposing, self.now)


def principal_key(arn: str) -> str:
    """A caller's ARN as `acs:PrincipalARN` has it: the region is `*`, a session is its role (facts 1.4)."""
    return arn.replace("acs:ram::", "acs:ram:*:", 1)
