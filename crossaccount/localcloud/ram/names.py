"""What RAM accepts as a name (facts 1.6); the same rule guards every action that takes one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crossaccount.localcloud.ram import faults


@dataclass(frozen=True, slots=True)
class NameRule:
    """A kind of name.

    Attributes:
        chars: the characters allowed, as a pattern of one.
        longest: the greatest number of characters; the least is 1.
    """

    chars: re.Pattern[str]
    longest: int

    def check(self, parameter: str, value: str) -> str:
        """The name, found valid.

        Args:
            parameter: the API parameter it came in, for the error's code.
            value: the name.

        Raises:
            ApiError: `InvalidParameter.<parameter>.Length` or `.InvalidChars`.
        """
        if len(value) > self.longest:
            raise faults.too_long(parameter)
        if not self.chars.fullmatch(value):
            raise faults.bad_chars(parameter)
        return value


ROLE = NameRule(re.compile(r"[A-Za-z0-9.-]+"), 64)
USER = NameRule(re.compile(r"[A-Za-z0-9._-]+"), 64)
GROUP = NameRule(re.compile(r"[A-Za-z0-9._-]+"), 64)
POLICY = NameRule(re.compile(r"[A-Za-z0-9-]+"), 128)
MFA_DEVICE = NameRule(re.compile(r"[A-Za-z0-9.-]+"), 64)

_ALIAS = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ALIAS_CHARS = range(3, 33)


def check_alias(value: str) -> str:
    """The account alias, found valid: 3 to 32 lower-case letters, digits and single inner hyphens.

    Raises:
        ApiError: `InvalidParameter.AccountAlias.Length` or `.Format`.
    """
    if len(value) not in _ALIAS_CHARS:
        raise faults.too_long("AccountAlias")
    if not _ALIAS.fullmatch(value):
        raise faults.bad_format("AccountAlias")
    return value
