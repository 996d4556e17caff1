"""Registering identity providers, for the API, for a seed and for the side door alike."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.identity_providers import OidcProvider, SamlProvider
from crossaccount.localcloud.parameters import invalid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crossaccount.localcloud.account import Account

MOST_CLIENT_IDS = 50
_NAME = re.compile(r"[A-Za-z0-9._-]{1,128}")
_LOCAL = {"localhost", "127.0.0.1", "::1"}


def arn(account: Account, kind: str, name: str) -> str:
    """A provider's ARN; `kind` is `oidc` or `saml`."""
    return f"acs:ram::{account.id}:{kind}-provider/{name}"


def missing(kind: str) -> ApiError:
    """404 `EntityNotExist.OIDCProvider` or `.SAMLProvider`, to be raised by the caller."""
    return ApiError(404, f"EntityNotExist.{kind}Provider", f"The {kind} provider does not exist.")


def taken(kind: str) -> ApiError:
    """409 `EntityAlreadyExists.OIDCProvider` or `.SAMLProvider`, to be raised by the caller."""
    return ApiError(409, f"EntityAlreadyExists.{kind}Provider", f"The {kind} provider does already EXIST.")


def check_jwks(jwks: object) -> dict[str, Any]:
    """A set of public signing keys, found to be one.

    Raises:
        ApiError: 400 `InvalidParameter.Jwks`; a private key is refused, because whoever holds it is the
            provider.
    """
    from joserfc.errors import JoseError  # noqa: PLC0415  slow, and only providers need it
    from joserfc.jwk import KeySet  # noqa: PLC0415

    keys = jwks.get("keys") if isinstance(jwks, dict) else None
    if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
        raise invalid("Jwks", 'The key set is no object of the form {"keys": [...]}.')
    if any({"d", "k"} & key.keys() for key in keys):
        raise invalid("Jwks", "The key set holds a private or a shared key; register public keys only.")
    try:
        KeySet.import_key_set({"keys": keys})
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise invalid("Jwks", f"The key set is none: {error}.") from None
    return {"keys": keys}


def check_client_ids(client_ids: Sequence[str]) -> list[str]:
    """Client ids, found to be at most 50 different ones of at most 128 characters.

    Raises:
        ApiError: 400 `InvalidParameter.ClientIds`.
    """
    if len(client_ids) > MOST_CLIENT_IDS or len(set(client_ids)) != len(client_ids):
        raise invalid("ClientIds", f"There are at most {MOST_CLIENT_IDS} client ids, each once.")
    if any(not 0 < len(each) <= 128 or "," in each for each in client_ids):  # noqa: PLR2004  the documented length
        raise invalid("ClientIds", "A client id has 1 to 128 characters.")
    return list(client_ids)


def add_oidc_provider(
    account: Account,
    name: str,
    issuer_url: str,
    client_ids: Sequence[str],
    now: str,
    *,
    jwks: object = None,
    fingerprints: Sequence[str] = (),
    description: str = "",
    issuance_limit_hours: int = 12,
) -> OidcProvider:
    """Registers an OpenID Connect provider.

    Args:
        account: who trusts it.
        name: 1 to 128 letters, digits, `.`, `-`, `_`.
        issuer_url: the `iss` of its tokens, an https address; http only on this machine.
        client_ids: the values of `aud` it issues tokens for.
        now: the date of registration.
        jwks: its public keys; None leaves them to be registered later.
        fingerprints: of its host's certificates; kept, not checked.
        description: free text.
        issuance_limit_hours: how old a token may be.

    Raises:
        ApiError: `EntityAlreadyExists.OIDCProvider`, or `InvalidParameter.*`.
    """
    _check_name("OIDCProviderName", name)
    url = urlsplit(issuer_url)
    if url.scheme != "https" and not (url.scheme == "http" and url.hostname in _LOCAL):
        raise invalid("IssuerUrl", f"The issuer `{issuer_url[:200]}` is no https address.")
    if name in account.providers.oidc:
        raise taken("OIDC")
    provider = OidcProvider(
        name,
        issuer_url,
        check_client_ids(client_ids),
        list(fingerprints),
        issuance_limit_hours,
        None if jwks is None else check_jwks(jwks),
        description,
        now,
        now,
    )
    account.providers.oidc[name] = provider
    return provider


def add_saml_provider(
    account: Account, name: str, metadata: str, now: str, *, description: str = ""
) -> SamlProvider:
    """Registers a SAML provider.

    Args:
        account: who trusts it.
        name: 1 to 128 letters, digits, `.`, `-`, `_`.
        metadata: its metadata document, as XML text.
        now: the date of registration.
        description: free text.

    Raises:
        ApiError: `EntityAlreadyExists.SAMLProvider`, or `InvalidParameter.*`.
    """
    _check_name("SAMLProviderName", name)
    check_metadata(metadata)
    if name in account.providers.saml:
        raise taken("SAML")
    provider = SamlProvider(name, metadata, description, now, now)
    account.providers.saml[name] = provider
    return provider


def check_metadata(metadata: str) -> None:
    """Refuses a document that is no metadata of an identity provider.

    Raises:
        ApiError: 400 `InvalidParameter.SAMLMetadataDocument`.
    """
    from crossaccount.localcloud.sts.saml_document import read_metadata  # noqa: PLC0415  slow, and only SAML needs it

    try:
        read_metadata(metadata)
    except ValueError as error:
        raise invalid("SAMLMetadataDocument", f"The metadata document is invalid. {error}") from None


def _check_name(parameter: str, name: str) -> None:
    if not _NAME.fullmatch(name):
        raise invalid(f"{parameter}.InvalidChars", f"The parameter {parameter} is wrongly formed.")
