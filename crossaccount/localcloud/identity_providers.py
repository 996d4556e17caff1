"""The identity providers an account trusts: who may vouch for callers that have no key of Alibaba Cloud's.

An OIDC provider's signing keys are registered with the local cloud, because nothing here asks a network for
them; a SAML provider's certificates are in its metadata document. Plain records; tokens are verified in
`sts`. Source: IMS 2019-08-15, CreateOIDCProvider and CreateSAMLProvider.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(slots=True, eq=False)
class OidcProvider:
    """An OpenID Connect provider.

    Attributes:
        name: 1 to 128 letters, digits, `.`, `-`, `_`.
        issuer_url: the `iss` of its tokens.
        client_ids: the values of `aud` it issues tokens for.
        fingerprints: of the certificates its host shows; kept and answered, never checked here.
        issuance_limit_hours: how old a token may be, 1 to 168.
        jwks: its public signing keys as a JSON Web Key Set, or None while none were registered.
        description: free text.
        create_date: when it was registered.
        update_date: when it was last changed.
    """

    name: str
    issuer_url: str
    client_ids: list[str]
    fingerprints: list[str] = field(default_factory=list)
    issuance_limit_hours: int = 12
    jwks: dict[str, Any] | None = None
    description: str = ""
    create_date: str = ""
    update_date: str = ""


@dataclass(slots=True, eq=False)
class SamlProvider:
    """A SAML 2.0 identity provider.

    Attributes:
        name: 1 to 128 letters, digits, `.`, `-`, `_`.
        metadata: its metadata document, as XML text.
        description: free text.
        create_date: when it was registered.
        update_date: when it was last changed.
    """

    name: str
    metadata: str
    description: str = ""
    create_date: str = ""
    update_date: str = ""


class IdentityProviders:
    """The providers of one account.

    Attributes:
        oidc: by name.
        saml: by name.
    """

    def __init__(self) -> None:
        self.oidc: dict[str, OidcProvider] = {}
        self.saml: dict[str, SamlProvider] = {}

    def to_json(self) -> dict[str, Any]:
        """All of them as plain JSON, sorted by name."""
        return {
            "oidc": [asdict(provider) for _, provider in sorted(self.oidc.items())],
            "saml": [asdict(provider) for _, provider in sorted(self.saml.items())],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> IdentityProviders:
        """What `to_json` wrote.

        Raises:
            KeyError, TypeError: when `data` is no such thing.
        """
        providers = cls()
        providers.oidc = {item["name"]: OidcProvider(**item) for item in data["oidc"]}
        providers.saml = {item["name"]: SamlProvider(**item) for item in data["saml"]}
        return providers
