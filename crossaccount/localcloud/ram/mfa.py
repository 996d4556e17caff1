"""Virtual MFA devices: create, delete, list; bind to a user by two codes in a row, unbind.

Codes go by the wall time, as signatures do: whoever makes them does not know that the cloud's clock was
moved. The QR code is an empty picture; a client reads the seed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.parameters import required
from crossaccount.localcloud.ram import authorized, faults, limits, lookup, names, totp, views
from crossaccount.localcloud.ram.authorized import operation
from crossaccount.localcloud.ram.entities import VirtualMfaDevice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crossaccount.localcloud.call import Call
    from crossaccount.localcloud.ram.entities import User

_CODE = re.compile(r"[0-9]{6}", re.ASCII)
_EMPTY_PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="


def create_virtual_mfa_device(call: Call) -> views.Wire:
    """CreateVirtualMFADevice: the only answer that shows the seed."""
    devices = lookup.ram(call).mfa_devices
    name = names.MFA_DEVICE.check("VirtualMFADeviceName", required(call.params, "VirtualMFADeviceName"))
    serial = f"acs:ram::{call.account.id}:mfa/{name}"
    if serial in devices:
        raise faults.exists_already("VirtualMFADevice")
    if len(devices) >= limits.MFA_DEVICES:
        raise faults.limit_exceeded("VirtualMFADevice")
    device = devices[serial] = VirtualMfaDevice(serial, call.cloud.ids.mfa_seed())
    made = {"SerialNumber": serial, "Base32StringSeed": device.seed, "QRCodePNG": _EMPTY_PNG}
    return {"VirtualMFADevice": made}


def _device(call: Call) -> VirtualMfaDevice:
    device = lookup.ram(call).mfa_devices.get(required(call.params, "SerialNumber"))
    if device is None:
        raise faults.no_such("VirtualMFADevice")
    return device


def delete_virtual_mfa_device(call: Call) -> views.Wire:
    """DeleteVirtualMFADevice: refused while it is bound."""
    device = _device(call)
    if device.user is not None:
        raise faults.still_in_use("VirtualMFADevice.User")
    del lookup.ram(call).mfa_devices[device.serial]
    return {}


def list_virtual_mfa_devices(call: Call) -> views.Wire:
    """ListVirtualMFADevices: not paged, in the order of serial numbers; without seeds."""
    devices = sorted(lookup.ram(call).mfa_devices.items())
    return views.wrapped("VirtualMFADevices", "VirtualMFADevice", (_listed(device) for _, device in devices))


def _listed(device: VirtualMfaDevice) -> views.Wire:
    shown: views.Wire = {"SerialNumber": device.serial}
    if device.user is not None:
        user = device.user
        shown["ActivateDate"] = device.activate_date
        shown["User"] = {
            "UserId": user.user_id,
            "UserName": user.name,
            "DisplayName": user.display_name,
        }
    return shown


def _codes(call: Call) -> tuple[str, str]:
    first, second = (required(call.params, f"AuthenticationCode{number}") for number in (1, 2))
    if not (_CODE.fullmatch(first) and _CODE.fullmatch(second)):
        message = 'The parameter - "AuthenticationCode" MUST be 6 numbers.'
        raise ApiError(400, "InvalidParameter.AuthenticationCode.Format", message)
    return first, second


def bind_mfa_device(call: Call) -> views.Wire:
    """BindMFADevice: the two codes are those of two steps of 30 seconds in a row, about now."""
    user, device = lookup.user(call), _device(call)
    codes = _codes(call)
    if user.mfa_device is not None:
        raise faults.exists_already("User.MFADevice")
    if device.user is not None:
        raise faults.exists_already("VirtualMFADevice.User")
    if not totp.are_consecutive(device.seed, *codes, call.cloud.clock.wall()):
        message = 'The parameter - "AuthenticationCode" is inccorrect.'
        raise ApiError(403, "CheckAuthenticationCodeFail", message)
    lookup.ram(call).bind(device, user, call.cloud.clock.iso())
    return {}


def _bound(user: User) -> VirtualMfaDevice:
    if user.mfa_device is None:
        raise faults.no_such("User.MFADevice")
    return user.mfa_device


def get_user_mfa_info(call: Call) -> views.Wire:
    """GetUserMFAInfo: the virtual device a user has bound."""
    return {"MFADevice": {"SerialNumber": _bound(lookup.user(call)).serial, "Type": "VMFA"}}


def unbind_mfa_device(call: Call) -> views.Wire:
    """UnbindMFADevice: the device stays and can be bound again."""
    device = _bound(lookup.user(call))
    lookup.ram(call).unbind(device)
    return {"MFADevice": {"SerialNumber": device.serial}}


def _by_serial(call: Call) -> Sequence[str]:
    return [call.params.get("SerialNumber") or f"acs:ram:*:{call.account.id}:mfa/"]


_SOURCE = "RAM: CreateVirtualMFADevice, BindMFADevice and their neighbours; facts 3.2, 3.4"
_ALL = authorized.every("mfa")

OPERATIONS = (
    operation("CreateVirtualMFADevice", create_virtual_mfa_device, _ALL, source=_SOURCE),
    operation("DeleteVirtualMFADevice", delete_virtual_mfa_device, _by_serial, source=_SOURCE),
    operation("ListVirtualMFADevices", list_virtual_mfa_devices, _ALL, source=_SOURCE),
    operation("BindMFADevice", bind_mfa_device, authorized.USER, source=_SOURCE),
    operation("GetUserMFAInfo", get_user_mfa_info, authorized.USER, source=_SOURCE),
    operation("UnbindMFADevice", unbind_mfa_device, authorized.USER, source=_SOURCE),
)
