"""The actions of IMS on identity providers, which federated users enter by; they act on resources of RAM.

Source: IMS, API reference of version 2019-08-15.
"""

from __future__ import annotations

from crossaccount.policy.catalogue.action import AccessClass, Action

_VERBS = {
    "Create": AccessClass.PERMISSION_MANAGEMENT,
    "Delete": AccessClass.PERMISSION_MANAGEMENT,
    "Get": AccessClass.READ,
    "Update": AccessClass.PERMISSION_MANAGEMENT,
}
_PARTS = (
    "AddClientIdToOIDCProvider",
    "AddFingerprintToOIDCProvider",
    "RemoveClientIdFromOIDCProvider",
    "RemoveFingerprintFromOIDCProvider",
)


def _action(
    name: str, access: AccessClass, kind: str, *, listed: bool = False, narrowest: bool = False
) -> Action:
    every = f"acs:ram:*:<account>:{kind.lower()}-provider/*"
    one = f"acs:ram:*:<account>:{kind.lower()}-provider/<provider>"
    forms = (every,) if narrowest else (one, every) if listed else (one,)
    return Action(f"ims:{name}", access, forms, narrowest, source=f"IMS 2019-08-15: {name}")


ACTIONS = (
    *(
        _action(f"{verb}{kind}Provider", access, kind, listed=verb == "Create")
        for kind in ("OIDC", "SAML")
        for verb, access in _VERBS.items()
    ),
    *(_action(f"List{kind}Providers", AccessClass.READ, kind, narrowest=True) for kind in ("OIDC", "SAML")),
    *(_action(name, AccessClass.PERMISSION_MANAGEMENT, "OIDC") for name in _PARTS),
)
