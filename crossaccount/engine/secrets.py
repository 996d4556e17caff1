"""Pulumi's passphrase secrets provider: the encryption of secrets in stack states and stack files.

A salt text `v1:<salt>:v1:<nonce>:<ciphertext>` carries eight random bytes and the word `pulumi` encrypted,
which tells a wrong passphrase; a secret is `v1:<nonce>:<ciphertext>`. All parts are base64; the cipher is
AES-256-GCM under PBKDF2-HMAC-SHA256 of the passphrase, 1,000,000 rounds (about half a second).

Source: Pulumi's documentation, "Secrets", and `pkg/secrets/passphrase/manager.go` in pulumi/pulumi.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import threading
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crossaccount.engine.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Mapping

PASSPHRASE = "PULUMI_CONFIG_PASSPHRASE"  # noqa: S105  the variable's name, not its value
PASSPHRASE_FILE = "PULUMI_CONFIG_PASSPHRASE_FILE"  # noqa: S105  likewise

_ITERATIONS = 1_000_000
_SALT_BYTES = 8
_NONCE_BYTES = 12
_WITNESS = "pulumi"
_derivation = threading.Lock()


class SecretsError(EngineError):
    """A secret cannot be encrypted or decrypted: no passphrase, a wrong one, or a malformed text."""


class PassphraseSecrets:
    """Encrypts and decrypts the secrets of one stack.

    The key is derived at first use, once per process for each passphrase and salt. Neither the passphrase
    nor a plaintext ever shows in a repr or an error.

    Args:
        salt: the stack's salt text, from `encryptionsalt` in its stack file or `salt` in its state.
        passphrase: the user's passphrase; may be empty, as Pulumi allows.

    Raises:
        SecretsError: `salt` is malformed. A wrong passphrase shows at the first use.
    """

    __slots__ = ("_cipher", "_passphrase", "_salt", "salt")

    def __init__(self, salt: str, passphrase: str) -> None:
        version, _, rest = salt.partition(":")
        encoded, _, witness = rest.partition(":")
        if version != "v1" or not witness:
            raise SecretsError(
                f"encryption salt `{salt}` is not of the form `v1:<salt>:v1:<nonce>:<ciphertext>`"
            )
        self.salt = salt
        self._salt = _unbase64(encoded)
        self._passphrase = passphrase
        self._cipher: AESGCM | None = None

    def __repr__(self) -> str:
        return f"PassphraseSecrets(salt={self.salt!r})"

    @classmethod
    def new(cls, passphrase: str) -> PassphraseSecrets:
        """Make a fresh salt for a stack that has none, and derive its key."""
        salt = os.urandom(_SALT_BYTES)
        cipher = _derive(passphrase, salt)
        return cls(f"v1:{_base64(salt)}:{_seal(cipher, _WITNESS)}", passphrase)

    def encrypt(self, plaintext: str) -> str:
        """Encrypt a text: a stack file's `secure:` value as it is, a state's secret as JSON.

        Raises:
            SecretsError: the passphrase is not the stack's.
        """
        return _seal(self._unlocked(), plaintext)

    def decrypt(self, ciphertext: str) -> str:
        """Decrypt a text of the form `v1:<nonce>:<ciphertext>`.

        Raises:
            SecretsError: the passphrase is not the stack's, or the text is malformed or was changed.
        """
        try:
            return _open(self._unlocked(), ciphertext)
        except InvalidTag:
            raise SecretsError(
                "a secret of this stack was changed, or belongs to another stack: it does not decrypt"
            ) from None

    def _unlocked(self) -> AESGCM:
        if self._cipher is None:
            cipher = _derive(self._passphrase, self._salt)
            witness = self.salt.split(":", 2)[2]
            try:
                known = _open(cipher, witness) == _WITNESS
            except InvalidTag:
                known = False
            if not known:
                raise SecretsError(
                    f"wrong passphrase: set `{PASSPHRASE}` or `{PASSPHRASE_FILE}` to the one this stack was "
                    "encrypted with"
                )
            self._cipher = cipher
        return self._cipher


def passphrase_from_environment(environ: Mapping[str, str] | None = None) -> str:
    """Read the passphrase as Pulumi does: the variable (it may be empty), else the file it names.

    Args:
        environ: the variables; default, the process's environment.

    Raises:
        SecretsError: neither is set, or the file cannot be read.
    """
    environ = os.environ if environ is None else environ
    if PASSPHRASE in environ:
        return environ[PASSPHRASE]
    if PASSPHRASE_FILE not in environ:
        raise SecretsError(
            f"this stack has secrets: set `{PASSPHRASE}` to its passphrase, or `{PASSPHRASE_FILE}` to a "
            "file that holds it"
        )
    path = Path(environ[PASSPHRASE_FILE])
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SecretsError(f"cannot read `{PASSPHRASE_FILE}` `{path}`: {reason}") from None


def _derive(passphrase: str, salt: bytes) -> AESGCM:
    with _derivation:  # two threads asking at once must not both pay for it
        return _derived(passphrase, salt)


@lru_cache(maxsize=32)
def _derived(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salt, _ITERATIONS, 32))


def _seal(cipher: AESGCM, plaintext: str) -> str:
    nonce = os.urandom(_NONCE_BYTES)
    return f"v1:{_base64(nonce)}:{_base64(cipher.encrypt(nonce, plaintext.encode(), None))}"


def _open(cipher: AESGCM, ciphertext: str) -> str:
    parts = ciphertext.split(":")
    if len(parts) != 3 or parts[0] != "v1":  # noqa: PLR2004  version, nonce, ciphertext
        raise SecretsError("a secret of this stack is not of the form `v1:<nonce>:<ciphertext>`")
    nonce = _unbase64(parts[1])
    if len(nonce) != _NONCE_BYTES:
        raise SecretsError(f"a secret of this stack has a nonce of {len(nonce)} bytes, not {_NONCE_BYTES}")
    return cipher.decrypt(nonce, _unbase64(parts[2]), None).decode()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _unbase64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise SecretsError("a secret of this stack, or its salt, is not base64") from None
