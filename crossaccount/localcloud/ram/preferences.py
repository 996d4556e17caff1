"""The account's security preferences: get and set. They are kept and answered; no console is here to obey."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from crossaccount.localcloud.parameters import boolean
from crossaccount.localcloud.ram import authorized, faults, lookup, settings, views
from crossaccount.localcloud.ram.authorized import operation
from crossaccount.localcloud.ram.fields import bounded, text
from crossaccount.localcloud.ram.settings import SecurityPreference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.localcloud.call import Call

_SWITCHES: Mapping[str, str] = {
    "AllowUserToChangePassword": "change_password",
    "AllowUserToManageAccessKeys": "manage_access_keys",
    "AllowUserToManageMFADevices": "manage_mfa_devices",
    "AllowUserToManagePublicKeys": "manage_public_keys",
    "EnableSaveMFATicket": "save_mfa_ticket",
}


def _view(preference: SecurityPreference) -> views.Wire:
    return {
        "SecurityPreference": {
            "LoginProfilePreference": {
                "EnableSaveMFATicket": preference.save_mfa_ticket,
                "AllowUserToChangePassword": preference.change_password,
                "LoginSessionDuration": preference.login_session_hours,
                "LoginNetworkMasks": preference.login_network_masks,
            },
            "AccessKeyPreference": {"AllowUserToManageAccessKeys": preference.manage_access_keys},
            "PublicKeyPreference": {"AllowUserToManagePublicKeys": preference.manage_public_keys},
            "MFAPreference": {"AllowUserToManageMFADevices": preference.manage_mfa_devices},
        }
    }


def _masks(call: Call, default: str) -> str:
    masks = text(call, "LoginNetworkMasks", settings.NETWORK_MASK_CHARS)
    if masks is None:
        return default
    parts = masks.split(";") if masks else []
    if len(parts) > settings.NETWORK_MASKS:
        raise faults.too_long("LoginNetworkMasks")
    try:
        for mask in parts:
            ipaddress.ip_network(mask.strip(), strict=False)
    except ValueError:
        raise faults.bad_format("LoginNetworkMasks") from None
    return masks


def get_security_preference(call: Call) -> views.Wire:
    """GetSecurityPreference."""
    return _view(lookup.ram(call).security_preference)


def set_security_preference(call: Call) -> views.Wire:
    """SetSecurityPreference: sets all of it; what is not sent takes its default."""
    default = SecurityPreference()
    switches = {
        field: bool(boolean(call.params, name, getattr(default, field))) for name, field in _SWITCHES.items()
    }
    hours = bounded(call, "LoginSessionDuration", default.login_session_hours, *settings.SESSION_HOURS)
    preference = SecurityPreference(
        **switches,
        login_network_masks=_masks(call, default.login_network_masks),
        login_session_hours=hours,
    )
    lookup.ram(call).security_preference = preference
    return _view(preference)


_SOURCE = "RAM: SetSecurityPreference, GetSecurityPreference; facts 3.2"

OPERATIONS = (
    operation("GetSecurityPreference", get_security_preference, authorized.every(""), source=_SOURCE),
    operation("SetSecurityPreference", set_security_preference, authorized.every(""), source=_SOURCE),
)
