"""OIDC providers: create, get, list, update, delete, and their client ids and fingerprints one by one.

Source: IMS 2019-08-15, CreateOIDCProvider and its neighbours; the permissions are inferred from the API names
and the providers' ARNs. Signing keys have no parameter there: register them at the side door.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crossaccount.localcloud.ims.providers import add_oidc_provider, arn, check_client_ids, missing
from crossaccount.localcloud.ims.requests import listing, operation, split_list
from crossaccount.localcloud.parameters import integer, invalid, required

if TYPE_CHECKING:
    from crossaccount.localcloud.account import Account
    from crossaccount.localcloud.call import Call
    from crossaccount.localcloud.identity_providers import OidcProvider

_LONGEST_LIMIT = 168


def _view(account: Account, provider: OidcProvider) -> dict[str, Any]:
    return {
        "OIDCProviderName": provider.name,
        "Arn": arn(account, "oidc", provider.name),
        "IssuerUrl": provider.issuer_url,
        "ClientIds": ",".join(provider.client_ids),
        "Fingerprints": ",".join(provider.fingerprints),
        "Description": provider.description,
        "IssuanceLimitTime": provider.issuance_limit_hours,
        "CreateDate": provider.create_date,
        "UpdateDate": provider.update_date,
    }


def _answer(call: Call, provider: OidcProvider) -> dict[str, Any]:
    return {"OIDCProvider": _view(call.account, provider)}


def _named(call: Call) -> OidcProvider:
    provider = call.account.providers.oidc.get(required(call.params, "OIDCProviderName"))
    if provider is None:
        raise missing("OIDC")
    return provider


def create_oidc_provider(call: Call) -> dict[str, Any]:
    """CreateOIDCProvider."""
    params = call.params
    provider = add_oidc_provider(
        call.account,
        required(params, "OIDCProviderName"),
        required(params, "IssuerUrl"),
        split_list(params.get("ClientIds", "")),
        call.cloud.clock.iso(),
        fingerprints=split_list(params.get("Fingerprints", "")),
        description=params.get("Description", ""),
        issuance_limit_hours=integer(params, "IssuanceLimitTime", 12, low=1, high=_LONGEST_LIMIT),
    )
    return _answer(call, provider)


def get_oidc_provider(call: Call) -> dict[str, Any]:
    """GetOIDCProvider."""
    return _answer(call, _named(call))


def list_oidc_providers(call: Call) -> dict[str, Any]:
    """ListOIDCProviders."""
    providers = call.account.providers.oidc.values()
    return listing(call.params, "OIDCProvider", [_view(call.account, each) for each in providers])


def update_oidc_provider(call: Call) -> dict[str, Any]:
    """UpdateOIDCProvider: client ids, description, how old a token may be."""
    provider, params = _named(call), call.params
    limit = integer(params, "IssuanceLimitTime", None, low=1, high=_LONGEST_LIMIT)
    if "ClientIds" in params:
        provider.client_ids = check_client_ids(split_list(params["ClientIds"]))
    if limit is not None:
        provider.issuance_limit_hours = limit
    provider.description = params.get("NewDescription", provider.description)
    provider.update_date = call.cloud.clock.iso()
    return _answer(call, provider)


def delete_oidc_provider(call: Call) -> dict[str, Any]:
    """DeleteOIDCProvider."""
    del call.account.providers.oidc[_named(call).name]
    return {}


def _add(values: list[str], parameter: str, value: str) -> list[str]:
    if value in values:
        raise invalid(parameter, f"The {parameter} `{value[:128]}` is there already.")
    return [*values, value]


def _remove(values: list[str], parameter: str, value: str) -> list[str]:
    if value not in values:
        raise invalid(parameter, f"The {parameter} `{value[:128]}` is not there.")
    return [each for each in values if each != value]


def add_client_id(call: Call) -> dict[str, Any]:
    """AddClientIdToOIDCProvider."""
    provider = _named(call)
    added = _add(provider.client_ids, "ClientId", required(call.params, "ClientId"))
    provider.client_ids = check_client_ids(added)
    return _answer(call, provider)


def remove_client_id(call: Call) -> dict[str, Any]:
    """RemoveClientIdFromOIDCProvider."""
    provider = _named(call)
    provider.client_ids = _remove(provider.client_ids, "ClientId", required(call.params, "ClientId"))
    return _answer(call, provider)


def add_fingerprint(call: Call) -> dict[str, Any]:
    """AddFingerprintToOIDCProvider."""
    provider = _named(call)
    provider.fingerprints = _add(provider.fingerprints, "Fingerprint", required(call.params, "Fingerprint"))
    return _answer(call, provider)


def remove_fingerprint(call: Call) -> dict[str, Any]:
    """RemoveFingerprintFromOIDCProvider."""
    provider = _named(call)
    provider.fingerprints = _remove(
        provider.fingerprints, "Fingerprint", required(call.params, "Fingerprint")
    )
    return _answer(call, provider)


OPERATIONS = (
    operation("CreateOIDCProvider", create_oidc_provider, "oidc-provider"),
    operation("GetOIDCProvider", get_oidc_provider, "oidc-provider", "OIDCProviderName"),
    operation("ListOIDCProviders", list_oidc_providers, "oidc-provider"),
    operation("UpdateOIDCProvider", update_oidc_provider, "oidc-provider", "OIDCProviderName"),
    operation("DeleteOIDCProvider", delete_oidc_provider, "oidc-provider", "OIDCProviderName"),
    operation("AddClientIdToOIDCProvider", add_client_id, "oidc-provider", "OIDCProviderName"),
    operation("RemoveClientIdFromOIDCProvider", remove_client_id, "oidc-provider", "OIDCProviderName"),
    operation("AddFingerprintToOIDCProvider", add_fingerprint, "oidc-provider", "OIDCProviderName"),
    operation("RemoveFingerprintFromOIDCProvider", remove_fingerprint, "oidc-provider", "OIDCProviderName"),
)
