"""Alibaba Cloud resource names: `acs:<service>:<region>:<account>:<relative>`.

Source: RAM, "Policy elements" (facts 1.2 and 1.6).
"""

from __future__ import annotations

from dataclasses import dataclass

from crossaccount.policy.problems import shown

_SEGMENTS = 5
_GLOBAL = ("acs:ram:", "acs:sts:")
_FOLD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True, slots=True)
class Arn:
    """The name of one resource, or of many where a segment holds wildcards.

    Attributes:
        service: the RAM code, e.g. `fc`.
        region: a region id, `*`, or empty: RAM prints its own names with an empty region.
        account: 16 digits, `*`, `system`, or empty.
        relative: the service's own name of the resource; may contain colons.
    """

    service: str
    region: str
    account: str
    relative: str

    @classmethod
    def parse(cls, text: str) -> Arn:
        """Reads an ARN, splitting on the first four colons only.

        Raises:
            ValueError: not five segments, not `acs`, or no service or relative part.
        """
        segments = text.split(":", _SEGMENTS - 1)
        if len(segments) != _SEGMENTS or segments[0] != "acs" or not segments[1] or not segments[4]:
            raise ValueError(
                f"{shown(text)} is not an ARN: write `acs:<service>:<region>:<account id>:<resource>`"
            )
        return cls(*segments[1:])

    def format(self) -> str:
        """The ARN as text; `Arn.parse` reads it back."""
        return f"acs:{self.service}:{self.region}:{self.account}:{self.relative}"

    def __str__(self) -> str:
        return self.format()


def folded(text: str) -> str:
    """`text` with the letters A to Z in lower case and nothing else changed, so that its length stays."""
    return text.lower() if text.isascii() else text.translate(_FOLD)


def folded_global(resource: str) -> str | None:
    """The one spelling of a RAM or STS resource: lower case, region empty; None for any other resource.

    RAM prints its names with an empty region and policies write `*` there: both mean the same (facts 1.2).
    Letter case does not count in RAM names (facts 1.6) and does everywhere else.
    """
    head = folded(resource[:8])
    if head not in _GLOBAL:
        return None
    rest = folded(resource[8:])
    return head + (rest[1:] if rest.startswith("*:") else rest)
