"""An external id for the owner's stack file: encrypted, never in the clear."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crossaccount.engine.secrets import PassphraseSecrets, SecretsError, passphrase_from_environment
from crossaccount.handover.errors import refused

if TYPE_CHECKING:
    from crossaccount.handover.stack_settings import StackSettings

_FORM = re.compile(r"[\w+=,.@:/-]{2,1224}", re.ASCII)
LATER = "or give `--external-id-later` and set it with `pulumi config set --secret --path`"


def sealed_external_id(value: str, settings: StackSettings) -> dict[str, str]:
    """An external id as the stack file keeps it; a stack without encryption yet gets its salt.

    Args:
        value: the external id.
        settings: the stack's settings, whose file is edited where it needs a salt.

    Raises:
        SessionError: of kind USAGE: it is none, the stack is not encrypted by a passphrase, or there is no
            passphrase, or a wrong one.
    """
    if _FORM.fullmatch(value) is None:
        raise refused("this is no external id", "give 2 to 1224 letters, digits and `_+=,.@:/-`")
    document = settings.file.document
    if document.get("secretsprovider", "passphrase") != "passphrase" or "encryptedkey" in document:
        raise refused(f"stack `{settings.stack}` is not encrypted by a passphrase", LATER[3:])
    salt = document.get("encryptionsalt")
    try:
        passphrase = passphrase_from_environment()
        secrets = PassphraseSecrets(salt, passphrase) if salt else PassphraseSecrets.new(passphrase)
        text = secrets.encrypt(value)
    except SecretsError as error:
        raise refused(f"the external id cannot be encrypted: {error}", LATER) from None
    if not salt:
        settings.file = settings.file.with_entry(("encryptionsalt",), secrets.salt)
    return {"secure": text}
