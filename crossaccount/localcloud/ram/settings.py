"""What an account demands of all its users' passwords, and what it lets its users do themselves.

Defaults and bounds are those of the API reference (RAM: SetPasswordPolicy, SetSecurityPreference; IMS:
SetPasswordPolicy for the bounds that RAM's page leaves out).
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_PASSWORD = 32


@dataclass(frozen=True, slots=True)
class PasswordPolicy:
    """What the passwords of an account's users must be.

    Attributes:
        minimum_length: 8 to 32 characters.
        lowercase: whether a lower-case letter is needed.
        uppercase: whether an upper-case letter is needed.
        numbers: whether a digit is needed.
        symbols: whether another ASCII character is needed.
        hard_expiry: whether an expired password can be changed only by an administrator.
        max_login_attempts: failed logins within an hour before the login is locked, 0 to 32; 0 for no limit.
        reuse_prevention: how many former passwords may not come back, 0 to 24.
        max_age: days until a password expires, 0 to 1095; 0 for never.
    """

    minimum_length: int = 8
    lowercase: bool = False
    uppercase: bool = False
    numbers: bool = False
    symbols: bool = False
    hard_expiry: bool = False
    max_login_attempts: int = 0
    reuse_prevention: int = 0
    max_age: int = 0

    def accepts(self, password: str) -> bool:
        """Whether a password is long enough, not too long, and has every kind of character that is needed."""
        needed = (
            (self.lowercase, string.ascii_lowercase),
            (self.uppercase, string.ascii_uppercase),
            (self.numbers, string.digits),
            (self.symbols, string.punctuation),
        )
        if not self.minimum_length <= len(password) <= LONGEST_PASSWORD:
            return False
        return all(any(char in members for char in password) for wanted, members in needed if wanted)


@dataclass(frozen=True, slots=True)
class SecurityPreference:
    """What the users of an account may do themselves in the console.

    Attributes:
        change_password: whether users may change their passwords.
        manage_access_keys: whether users may manage their access keys.
        manage_mfa_devices: whether users may manage their MFA devices.
        manage_public_keys: whether users may manage their public keys; the Japan site only.
        save_mfa_ticket: whether a login remembers an MFA code for seven days.
        login_network_masks: from where the console may be entered, at most 40 masks joined by `;`.
        login_session_hours: how long a login lasts, 1 to 24 hours.
    """

    change_password: bool = True
    manage_access_keys: bool = False
    manage_mfa_devices: bool = True
    manage_public_keys: bool = False
    save_mfa_ticket: bool = False
    login_network_masks: str = ""
    login_session_hours: int = 6


PASSWORD_BOUNDS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "minimum_length": (8, LONGEST_PASSWORD),
        "max_login_attempts": (0, 32),
        "reuse_prevention": (0, 24),
        "max_age": (0, 1095),
    }
)
"""The least and the greatest value of each number in a `PasswordPolicy`."""

SESSION_HOURS = (1, 24)
NETWORK_MASKS = 40
NETWORK_MASK_CHARS = 512
