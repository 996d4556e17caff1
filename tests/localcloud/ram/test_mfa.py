"""Virtual MFA devices: made, bound by codes, unbound, deleted."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct

import pytest

from crossaccount.localcloud.clock import Clock
from crossaccount.localcloud.cloud import Cloud
from crossaccount.localcloud.consistency import Consistency
from crossaccount.localcloud.ram import totp
from crossaccount.localcloud.ram.state import RamState

A = "1234567890120000"
SERIAL = f"acs:ram::{A}:mfa/phone"
NOW = 1_790_000_000.0


@pytest.fixture
def unserved():
    """A cloud whose wall clock stands still."""
    return Cloud([A, "1345678901230000"], seed=7, clock=Clock(lambda: NOW))


@pytest.fixture
def dev(root):
    """A user, and a device that is not bound."""
    root("CreateUser", UserName="dev")
    return root("CreateVirtualMFADevice", VirtualMFADeviceName="phone")["VirtualMFADevice"]


def codes(seed, offset=0):
    """Two codes in a row as an authenticator shows them, written from RFC 6238 alone."""
    shown = []
    for step in (int(NOW) // 30 + offset, int(NOW) // 30 + offset + 1):
        digest = hmac.new(base64.b32decode(seed), struct.pack(">Q", step), hashlib.sha1).digest()
        (number,) = struct.unpack(">I", digest[digest[19] & 15 :][:4])
        shown.append(f"{(number & 0x7FFFFFFF) % 1000000:06}")
    return {"AuthenticationCode1": shown[0], "AuthenticationCode2": shown[1]}


def bind(seed, offset=0):
    """The parameters that bind the device to the user."""
    return {"UserName": "dev", "SerialNumber": SERIAL} | codes(seed, offset)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_standard(moment, expected):
    """The codes agree with the test values of RFC 6238, cut to six digits."""
    seed = base64.b32encode(b"12345678901234567890").decode()

    assert expected == totp.code(seed, moment // 30)


def test_a_device_has_a_serial_number_and_a_seed(root, dev):
    """The answer names the device, and shows its seed and a picture; the list shows no seed."""
    assert dev["SerialNumber"] == SERIAL
    assert len(base64.b32decode(dev["Base32StringSeed"])) == 40
    assert base64.b64decode(dev["QRCodePNG"]).startswith(b"\x89PNG")
    assert root("ListVirtualMFADevices") == {
        "VirtualMFADevices": {"VirtualMFADevice": [{"SerialNumber": SERIAL}]}
    }


def test_binding_and_unbinding(root, dev):
    """Two codes in a row bind; the user then has the device, and it has the user, until it is unbound."""
    assert root("BindMFADevice", **bind(dev["Base32StringSeed"])) == {}
    assert root("GetUserMFAInfo", UserName="dev") == {"MFADevice": {"SerialNumber": SERIAL, "Type": "VMFA"}}
    (listed,) = root("ListVirtualMFADevices")["VirtualMFADevices"]["VirtualMFADevice"]
    assert listed["User"]["UserName"] == "dev"
    assert listed["ActivateDate"].endswith("Z")
    assert root.refused("DeleteUser", UserName="dev") == (409, "DeleteConflict.User.MFADevice")
    assert root.refused("DeleteVirtualMFADevice", SerialNumber=SERIAL) == (
        409,
        "DeleteConflict.VirtualMFADevice.User",
    )

    assert root("UnbindMFADevice", UserName="dev") == {"MFADevice": {"SerialNumber": SERIAL}}
    missing = (404, "EntityNotExist.User.MFADevice")
    assert root.refused("GetUserMFAInfo", UserName="dev") == missing
    assert root.refused("UnbindMFADevice", UserName="dev") == missing
    assert root("DeleteVirtualMFADevice", SerialNumber=SERIAL) == {}
    assert root("DeleteUser", UserName="dev") == {}


@pytest.mark.parametrize("offset", [-2, -1, 0, 1])
def test_codes_of_about_now_bind(root, dev, offset):
    """A pair that begins up to a minute ago or with the next step is accepted."""
    assert root("BindMFADevice", **bind(dev["Base32StringSeed"], offset)) == {}


@pytest.mark.parametrize("offset", [-3, 2, 100])
def test_codes_of_another_time_do_not(root, dev, offset):
    """An older or a later pair is refused."""
    refused = root.refused("BindMFADevice", **bind(dev["Base32StringSeed"], offset))

    assert refused == (403, "CheckAuthenticationCodeFail")


def test_the_codes_come_in_order(root, dev):
    """The second code before the first, or the first one twice, is refused."""
    pair = codes(dev["Base32StringSeed"])
    first, second = pair.values()
    named = {"UserName": "dev", "SerialNumber": SERIAL}
    for wrong in ((second, first), (first, first)):
        sent = named | dict(zip(pair, wrong, strict=True))
        assert root.refused("BindMFADevice", **sent) == (403, "CheckAuthenticationCodeFail")
    sent = named | pair | {"AuthenticationCode2": "12345"}
    assert root.refused("BindMFADevice", **sent) == (400, "InvalidParameter.AuthenticationCode.Format")


def test_the_clients_time_counts_not_the_clouds(root, dev):
    """A client does not know that the cloud's clock was moved; its codes still bind."""
    root.cloud.clock.advance(7200)

    assert root("BindMFADevice", **bind(dev["Base32StringSeed"])) == {}


def test_one_device_one_user(root, dev):
    """Neither a second device for the user nor a second user for the device."""
    seed = dev["Base32StringSeed"]
    root("BindMFADevice", **bind(seed))
    other = root("CreateVirtualMFADevice", VirtualMFADeviceName="tablet")["VirtualMFADevice"]
    root("CreateUser", UserName="second")

    twice = bind(other["Base32StringSeed"]) | {"SerialNumber": other["SerialNumber"]}
    assert root.refused("BindMFADevice", **twice) == (409, "EntityAlreadyExists.User.MFADevice")
    taken = bind(seed) | {"UserName": "second"}
    assert root.refused("BindMFADevice", **taken) == (409, "EntityAlreadyExists.VirtualMFADevice.User")


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("phone", (409, "EntityAlreadyExists.VirtualMFADevice")),
        ("", (400, "MissingVirtualMFADeviceName")),
        ("a b", (400, "InvalidParameter.VirtualMFADeviceName.InvalidChars")),
        ("x" * 65, (400, "InvalidParameter.VirtualMFADeviceName.Length")),
    ],
)
def test_names_of_devices(root, dev, name, refusal):
    """A device's name is free, 1 to 64 letters, digits, periods and hyphens."""
    assert root.refused("CreateVirtualMFADevice", VirtualMFADeviceName=name) == refusal


def test_what_is_missing(root, dev, mocker):
    """An unknown device or user is a 404; a full account a 409."""
    nothing = (404, "EntityNotExist.VirtualMFADevice")
    assert root.refused("DeleteVirtualMFADevice", SerialNumber=SERIAL + "2") == nothing
    wrong = bind(dev["Base32StringSeed"])
    assert root.refused("BindMFADevice", **wrong | {"SerialNumber": "x"}) == nothing
    assert root.refused("BindMFADevice", **wrong | {"UserName": "x"}) == (404, "EntityNotExist.User")
    mocker.patch("crossaccount.localcloud.ram.limits.MFA_DEVICES", 1)
    full = root.refused("CreateVirtualMFADevice", VirtualMFADeviceName="x")
    assert full == (409, "LimitExceeded.VirtualMFADevice")


def test_a_user_may_manage_its_own_device(root, as_user, dev, allow):
    """The permissions are on the user and on the device's serial number (RAM: Authorize MFA devices)."""
    own = allow("ram:BindMFADevice", "ram:GetUserMFAInfo", resource=f"acs:ram:*:{A}:user/dev")
    root("CreatePolicy", PolicyName="own-mfa", PolicyDocument=own)
    root("AttachPolicyToUser", UserName="dev", PolicyType="Custom", PolicyName="own-mfa")
    as_dev = as_user("dev")

    assert as_dev("BindMFADevice", **bind(dev["Base32StringSeed"])) == {}
    assert as_dev("GetUserMFAInfo", UserName="dev")["MFADevice"]["SerialNumber"] == SERIAL
    assert as_dev.refused("DeleteVirtualMFADevice", SerialNumber=SERIAL) == (403, "NoPermission")
    assert as_dev.refused("DeleteVirtualMFADevice") == (403, "NoPermission")
    assert as_dev.refused("ListVirtualMFADevices") == (403, "NoPermission")


def test_no_seed_is_shown(root, dev):
    """Neither a repr nor a later answer shows a device's seed."""
    device = root.state.mfa_devices[SERIAL]

    assert dev["Base32StringSeed"] not in repr(device)
    assert dev["Base32StringSeed"] not in str(root("ListVirtualMFADevices"))


def test_a_snapshot_keeps_bindings_and_settings(root, dev):
    """Device, seed and binding, the account's settings and former passwords survive a restore."""
    root("BindMFADevice", **bind(dev["Base32StringSeed"]))
    root("SetPasswordPolicy", PasswordReusePrevention=3)
    root("SetSecurityPreference", EnableSaveMFATicket=True)
    for password in ("Recorded-Passw0rd!", "Another-Passw0rd!"):
        action = "UpdateLoginProfile" if root.state.users["dev"].login_profile else "CreateLoginProfile"
        root(action, UserName="dev", Password=password)
    root("CreateServiceLinkedRole", ServiceName="fc.aliyuncs.com")
    snapshot = root.state.to_json()
    restored = RamState.from_json(snapshot)

    assert restored.to_json() == snapshot
    assert restored.users["dev"].mfa_device.seed == dev["Base32StringSeed"]
    assert len(restored.users["dev"].login_profile.former_hashes) == 1
    assert restored.roles["aliyunserviceroleforfc"].linked_service == "fc.aliyuncs.com"


def test_a_bound_device_waits_for_its_user(root):
    """While a new user is out of sight, so is the device it has bound."""
    late = Consistency(root.cloud.accounts, root.cloud.clock)
    late.delay(reads=5)
    root("CreateUser", UserName="dev")
    made = root("CreateVirtualMFADevice", VirtualMFADeviceName="phone")["VirtualMFADevice"]
    root("BindMFADevice", **bind(made["Base32StringSeed"]))
    late.note_write()
    with late.late([A], reading=True):
        seen = root.account.ram

    assert (dict(seen.users), dict(seen.mfa_devices)) == ({}, {})
    assert root.account.ram.users["dev"].mfa_device is not None
