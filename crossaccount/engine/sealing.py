"""The secrets of one stack's state: encrypted under the stack's salt, which is made only when needed."""

from __future__ import annotations

import json
import threading
from typing import Any

from crossaccount.engine import values
from crossaccount.engine.secrets import PassphraseSecrets, passphrase_from_environment


class Sealing:
    """Encrypts and decrypts properties for one stack.

    Args:
        salt: the stack's salt; None until the first secret is written.
        passphrase: the passphrase; None reads it from the environment when a secret needs it.
    """

    def __init__(self, salt: str | None, passphrase: str | None) -> None:
        self.salt = salt
        self._passphrase = passphrase
        self._secrets: PassphraseSecrets | None = None
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"Sealing(salt={self.salt!r})"

    def seal(self, properties: values.Properties) -> values.Properties:
        """Return properties as the state file holds them.

        Raises:
            SecretsError: there is a secret and no passphrase, or a wrong one.
        """
        sealed: values.Properties = values.sealed(properties, self._encrypt)
        return sealed

    def unseal(self, properties: values.Properties) -> values.Properties:
        """Return a state file's properties as they are in memory.

        Raises:
            SecretsError: there is a secret and no passphrase, or a wrong one.
        """
        unsealed: values.Properties = values.unsealed(properties, self._decrypt)
        return unsealed

    def decrypt(self, ciphertext: str) -> str:
        """Decrypt a `secure:` text of the stack file.

        Raises:
            SecretsError: there is no passphrase, or a wrong one.
        """
        return self._unlock().decrypt(ciphertext)

    def _encrypt(self, value: Any) -> str:  # noqa: ANN401  JSON
        return self._unlock().encrypt(json.dumps(value, separators=(",", ":"), ensure_ascii=False))

    def _decrypt(self, ciphertext: str) -> Any:  # noqa: ANN401  JSON
        return json.loads(self._unlock().decrypt(ciphertext))

    def unlock(self) -> None:
        """Make sure that secrets can be written, before there is one to write.

        Raises:
            SecretsError: there is no passphrase, or a wrong one.
        """
        secrets = self._unlock()
        secrets.decrypt(secrets.encrypt(""))

    def _unlock(self) -> PassphraseSecrets:
        with self._lock:
            if self._secrets is None:
                passphrase = self._passphrase
                if passphrase is None:
                    passphrase = passphrase_from_environment()
                if self.salt is None:
                    self._secrets = PassphraseSecrets.new(passphrase)
                    self.salt = self._secrets.salt
                else:
                    self._secrets = PassphraseSecrets(self.salt, passphrase)
            return self._secrets
