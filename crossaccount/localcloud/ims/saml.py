"""SAML providers: create, get, list, update, delete.

Source: IMS 2019-08-15, CreateSAMLProvider and its neighbours; the permissions are inferred from the API names
and the providers' ARNs.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from crossaccount.localcloud.ims.providers import add_saml_provider, arn, check_metadata, missing
from crossaccount.localcloud.ims.requests import listing, operation
from crossaccount.localcloud.parameters import invalid, required

if TYPE_CHECKING:
    from crossaccount.localcloud.account import Account
    from crossaccount.localcloud.call import Call
    from crossaccount.localcloud.identity_providers import SamlProvider


def _view(account: Account, provider: SamlProvider) -> dict[str, Any]:
    return {
        "SAMLProviderName": provider.name,
        "Arn": arn(account, "saml", provider.name),
        "Description": provider.description,
        "CreateDate": provider.create_date,
        "UpdateDate": provider.update_date,
    }


def _answer(call: Call, provider: SamlProvider) -> dict[str, Any]:
    encoded = base64.b64encode(provider.metadata.encode()).decode()
    return {"SAMLProvider": {**_view(call.account, provider), "EncodedSAMLMetadataDocument": encoded}}


def _named(call: Call) -> SamlProvider:
    provider = call.account.providers.saml.get(required(call.params, "SAMLProviderName"))
    if provider is None:
        raise missing("SAML")
    return provider


def _document(name: str, text: str) -> str:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise invalid(name, f"The parameter {name} is not the base64 of a text.") from None


def create_saml_provider(call: Call) -> dict[str, Any]:
    """CreateSAMLProvider."""
    params, name = call.params, "EncodedSAMLMetadataDocument"
    provider = add_saml_provider(
        call.account,
        required(params, "SAMLProviderName"),
        _document(name, required(params, name)),
        call.cloud.clock.iso(),
        description=params.get("Description", ""),
    )
    return _answer(call, provider)


def get_saml_provider(call: Call) -> dict[str, Any]:
    """GetSAMLProvider."""
    return _answer(call, _named(call))


def list_saml_providers(call: Call) -> dict[str, Any]:
    """ListSAMLProviders: without the metadata documents."""
    providers = call.account.providers.saml.values()
    return listing(call.params, "SAMLProvider", [_view(call.account, each) for each in providers])


def update_saml_provider(call: Call) -> dict[str, Any]:
    """UpdateSAMLProvider: the metadata document, the description."""
    provider, params, name = _named(call), call.params, "NewEncodedSAMLMetadataDocument"
    if params.get(name):
        metadata = _document(name, params[name])
        check_metadata(metadata)
        provider.metadata = metadata
    provider.description = params.get("NewDescription", provider.description)
    provider.update_date = call.cloud.clock.iso()
    return _answer(call, provider)


def delete_saml_provider(call: Call) -> dict[str, Any]:
    """DeleteSAMLProvider."""
    del call.account.providers.saml[_named(call).name]
    return {}


OPERATIONS = (
    operation("CreateSAMLProvider", create_saml_provider, "saml-provider"),
    operation("GetSAMLProvider", get_saml_provider, "saml-provider", "SAMLProviderName"),
    operation("ListSAMLProviders", list_saml_providers, "saml-provider"),
    operation("UpdateSAMLProvider", update_saml_provider, "saml-provider", "SAMLProviderName"),
    operation("DeleteSAMLProvider", delete_saml_provider, "saml-provider", "SAMLProviderName"),
)
