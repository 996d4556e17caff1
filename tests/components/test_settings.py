"""A stack's configuration: the committed files are right, and every wrong one is refused by its keys."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from components import handover, permission_documents
from components.owner_settings import OwnerSettings
from components.partner_settings import PartnerSettings
from components.problems import RefusedError
from components.settings import read

ROOT = Path(__file__).parents[2]
A, B = "1234567890120000", "1345678901230000"
ROLE = f"acs:ram::{A}:role/fc-ops"


def as_pulumi_passes(config: dict[str, Any]) -> dict[str, str]:
    """Scalars as text, everything else as JSON."""
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}


def refused(config: dict[str, Any], secret: tuple[str, ...] = (), directory: Path = ROOT) -> dict[str, str]:
    with pytest.raises(RefusedError) as wrong:
        read(as_pulumi_passes(config), secret, directory)
    found: dict[str, str] = {}
    for each in wrong.value.problems:
        assert f"`{each.key}`: {each.message}" in str(wrong.value)
        assert each.key not in found, "every key is reported once"
        found[each.key] = each.message
    return found


def owner(**delegations: Any) -> dict[str, Any]:
    return {"crossaccount:side": "owner", "crossaccount:account": A, "crossaccount:delegations": delegations}


def partner(**keys: Any) -> dict[str, Any]:
    given = {f"crossaccount:{key}": value for key, value in keys.items()}
    return {"crossaccount:side": "partner", "crossaccount:account": B, **given}


def whole(**more: Any) -> dict[str, Any]:
    return {"trust": {"account": B, "wholeAccount": True}, **more}


@pytest.mark.parametrize(("stack", "kind"), [("account-a", OwnerSettings), ("account-b", PartnerSettings)])
def test_committed_stack_files_are_right(stack: str, kind: type) -> None:
    """Both committed stack files load, hold no secret, and need no passphrase."""
    content = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())
    assert set(content) == {"config"}
    assert "secure" not in json.dumps(content)
    assert isinstance(read(as_pulumi_passes(content["config"]), (), ROOT), kind)


def test_the_project_file_asks_for_python_with_pip_in_the_virtual_environment() -> None:
    """The real CLI starts the program from the project's own virtual environment."""
    project = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())
    assert project["name"] == "crossaccount"
    assert project["runtime"] == {"name": "python", "options": {"toolchain": "pip", "virtualenv": ".venv"}}


WRONG = [
    ("trust.account", {"trust": {"account": "12345", "wholeAccount": True}}, ["`12345`", "16 digits"]),
    ("trust.account", {"trust": {"account": "*", "wholeAccount": True}}, ["`*`", "everyone"]),
    ("trust.account", {"trust": {"account": A, "wholeAccount": True}}, [A, "own account"]),
    ("trust.account", {"trust": {"wholeAccount": True}}, ["is missing"]),
    ("trust", {}, ["is missing"]),
    ("trust", {"trust": None}, ["nothing is not a mapping"]),
    ("trust", {"trust": {"account": B}}, ["trusts nobody"]),
    ("trust.users", {"trust": {"account": B, "users": []}}, ["is empty", "name at least one"]),
    ("trust.users[0]", {"trust": {"account": B, "users": ["*"]}}, ["`*`", "everyone"]),
    ("trust.users[1]", {"trust": {"account": B, "users": ["a", "b@c"]}}, ["`b@c`", "without `@`"]),
    ("trust.roles[0]", {"trust": {"account": B, "roles": ["a_b"]}}, ["`a_b`", "1 to 64"]),
    ("trust", {"trust": {"account": B, "users": ["a"], "wholeAccount": True}}, ["exclude each other"]),
    ("trust.externalIds[0]", {"trust": {**whole()["trust"], "externalIds": ["x"]}}, ["`x`", "2 to 1224"]),
    ("trust.externalIds", {"trust": {**whole()["trust"], "externalIds": []}}, ["is empty"]),
    ("trust.mfa", {"trust": {**whole()["trust"], "mfa": "yes"}}, ["`yes`", "`true` nor `false`"]),
    ("trust.sourceIps[0]", {"trust": {**whole()["trust"], "sourceIps": ["10.0.0.1/8"]}}, ["`10.0.0.0/8`"]),
    ("trust.sourceIps[0]", {"trust": {**whole()["trust"], "sourceIps": ["1.2.3"]}}, ["`1.2.3`", "CIDR"]),
    ("trust.sourceIps[0]", {"trust": {**whole()["trust"], "sourceIps": ["0.0.0.0/0"]}}, ["every address"]),
    (
        "trust.sourceIps",
        {"trust": {**whole()["trust"], "sourceIps": ["0.0.0.0/1", "128.0.0.0/1"]}},
        ["every"],
    ),
    (
        "trust.sourceIps",
        {"trust": {**whole()["trust"], "sourceIps": ["203.0.113.7", "8000::/1", "::/2", "4000::/2"]}},
        ["together admit every address"],
    ),
    ("trust.mfa", {"trust": {"account": B, "roles": ["r"], "mfa": True}}, ["a role never signs in"]),
    ("trust.expires", {"trust": {**whole()["trust"], "expires": "0001-01-02T00:00:00Z"}}, ["year 1000"]),
    ("trust.expires", {"trust": {**whole()["trust"], "expires": "2027-03-31"}}, ["`2027-03-31`", "offset"]),
    ("trust.expires", {"trust": {**whole()["trust"], "expires": "2027-02-30T00:00:00Z"}}, ["calendar"]),
    (
        "trust.acount",
        {"trust": {**whole()["trust"], "acount": B}},
        ["unknown key", "did you mean `account`?"],
    ),
    ("maxSessionDuration", whole(maxSessionDuration=3599), ["`3599`", "3600", "43200"]),
    ("maxSessionDuration", whole(maxSessionDuration="1h"), ["`1h`", "seconds"]),
    ("maxSessionDuration", whole(maxSessionDuration=True), ["`true`", "seconds"]),
    ("maxSessionDurations", whole(maxSessionDurations=1), ["did you mean `maxSessionDuration`?"]),
    ("description", whole(description=""), ["1 to 1024"]),
    ("tags", whole(tags={f"k{n}": "v" for n in range(21)}), ["21 tags", "20"]),
    ("tags", whole(tags={"k" * 129: "v"}), ["128"]),
    ("tags.k", whole(tags={"k": "v" * 257}), ["256"]),
    ("tags", whole(tags=["k"]), ["not a mapping"]),
    ("suspended", whole(suspended="no"), ["`no`"]),
    ("roleName", whole(roleName="a b"), ["`a b`", "1 to 64"]),
    (
        "permissions.systemPolicies[0]",
        whole(permissions={"systemPolicies": ["AliyunFCReadonlyAcess"]}),
        ["`AliyunFCReadonlyAcess`", "did you mean `AliyunFCReadOnlyAccess`?", "`otherSystemPolicies`"],
    ),
    (
        "permissions",
        whole(permissions={"otherSystemPolicies": [f"P{n}" for n in range(21)]}),
        ["21 system policies", "20"],
    ),
    (
        "permissions",
        whole(
            permissions={
                "systemPolicies": ["AliyunFCFullAccess"],
                "otherSystemPolicies": ["AliyunFCFullAccess"],
            }
        ),
        ["`AliyunFCFullAccess` twice"],
    ),
    (
        "permissions.presets[0].preset",
        whole(permissions={"presets": [{"preset": "write"}]}),
        ["`write`", "`read`"],
    ),
    (
        "permissions.presets[0].functions",
        whole(permissions={"presets": [{"preset": "read", "functions": []}]}),
        ["is empty"],
    ),
    (
        "permissions.presets[0].region",
        whole(permissions={"presets": [{"preset": "read", "region": "cn-hangzhou"}]}),
        ["did you mean `regions`?"],
    ),
    (
        "permissions.presets[0].regions[0]",
        whole(permissions={"presets": [{"preset": "read", "regions": ["*"]}]}),
        ["`*`", "`cn-hangzhou`"],
    ),
    (
        "permissions.presets[0].passRoles",
        whole(permissions={"presets": [{"preset": "read", "passRoles": ["r"]}]}),
        ["only the preset `deploy`"],
    ),
    (
        "permissions.statements[0]",
        whole(
            permissions={
                "statements": [{"effect": "Allow", "actions": "fc:*", "notActions": "fc:*", "resources": "*"}]
            }
        ),
        ["either actions or not-actions"],
    ),
    (
        "permissions.statements[0].conditions.StringEqual",
        whole(
            permissions={
                "statements": [
                    {
                        "effect": "Allow",
                        "actions": ["fc:*"],
                        "resources": ["*"],
                        "conditions": {"StringEqual": {"acs:Service": "x"}},
                    }
                ]
            }
        ),
        ["did you mean `StringEquals`?"],
    ),
    (
        "permissions.statements[0].resources",
        whole(
            permissions={"statements": [{"effect": "Deny", "actions": "fc:*", "resources": "functions/x"}]}
        ),
        ["`functions/x`"],
    ),
    (
        "permissions",
        whole(
            permissions={"presets": [{"preset": "read", "functions": [f"function-{n}" for n in range(100)]}]}
        ),
        ["`fc-read`", "6144", "characters long"],
    ),
    (
        "trust",
        {"trust": {"account": B, "users": [f"somebody-{n}" for n in range(120)]}},
        ["trust policy", "4096"],
    ),
]


@pytest.mark.parametrize(("key", "delegation", "words"), WRONG)
def test_a_wrong_delegation_is_refused_by_its_key(key: str, delegation: Any, words: list[str]) -> None:
    """The one wrong setting is named as the stack file writes it, with the value and what is allowed."""
    found = refused(owner(fc=delegation))
    assert list(found) == [f"crossaccount:delegations.fc.{key}"]
    assert [word for word in words if word not in found[f"crossaccount:delegations.fc.{key}"]] == []


WRONG_PARTNER = [
    ("users.u.userName", {"users": {"u": {"userName": "a@b"}}}, ["`a@b`"]),
    ("users.a/b", {"users": {"a/b": {}}}, ["userName"]),
    ("users.u.displayName", {"users": {"u": {"adopt": True, "displayName": "x"}}}, ["stays as it is"]),
    ("users.u.acessKey", {"users": {"u": {"acessKey": True}}}, ["did you mean `accessKey`?"]),
    ("users.v", {"users": {"u": {"userName": "v"}, "v": {}}}, ["`v`", "declare it once"]),
    ("roles.r.arn", {"roles": {"r": {"arn": f"acs:ram::{A}:role/*"}}}, ["ARN of one role", "no `*`"]),
    ("roles.r.arn", {"roles": {"r": {"arn": f"acs:ram::{A}:user/x"}}}, ["ARN of one role"]),
    ("roles.r", {"roles": {"r": {}}}, ["exactly one of"]),
    ("roles.r", {"roles": {"r": {"arn": ROLE, "stack": "a/b/c"}}}, ["`arn` and `stack`", "exactly one of"]),
    ("roles.r.role", {"roles": {"r": {"arn": ROLE, "role": "x"}}}, ["leave this out"]),
    ("roles.r.handover", {"roles": {"r": {"handover": "none.json"}}}, ["`none.json`", "no such file"]),
    ("grants.g", {"grants": {"g": {"groups": ["x"]}}}, ["grants nothing"]),
    ("grants.g", {"grants": {"g": {"systemPolicy": "AliyunSTSAssumeRoleAccess"}}}, ["grants to nobody"]),
    (
        "grants.g.systemPolicy",
        {"grants": {"g": {"groups": ["x"], "systemPolicy": "AdministratorAccess"}}},
        ["`AdministratorAccess`", "AliyunSTSAssumeRoleAccess"],
    ),
    (
        "grants.g",
        {
            "roles": {"r": {"arn": ROLE}},
            "grants": {"g": {"groups": ["x"], "assume": ["r"], "systemPolicy": "AliyunSTSAssumeRoleAccess"}},
        },
        ["exclude each other"],
    ),
    (
        "grants.g.assume[0]",
        {"roles": {"fc-ops": {"arn": ROLE}}, "grants": {"g": {"groups": ["x"], "assume": ["fc-op"]}}},
        ["`fc-op`", "did you mean `fc-ops`?"],
    ),
    (
        "grants.g.users[0]",
        {"roles": {"r": {"arn": ROLE}}, "grants": {"g": {"users": ["nobody"], "assume": ["r"]}}},
        ["`nobody`", "crossaccount:users"],
    ),
    (
        "grants.g.h",
        {"roles": {"r": {"arn": ROLE}}, "grants": {"g.h": {"groups": ["x"], "assume": ["r"]}}},
        ["policyName"],
    ),
    (
        "grants.g.assume",
        {
            "roles": {f"r{n}": {"arn": f"{ROLE}-{'x' * 20}-{n}"} for n in range(100)},
            "grants": {"g": {"groups": ["x"], "assume": [f"r{n}" for n in range(100)]}},
        },
        ["6144", "characters long", "several grants"],
    ),
    (
        "grants.g9.users[0]",
        {
            "users": {"key": {"userName": "dev"}},
            "roles": {"r": {"arn": ROLE}},
            "grants": {
                **{f"g{n}": {"users": ["key"], "assume": ["r"]} for n in range(10)},
                "g10": {"users": ["key"], "assume": ["r"]},
                "system": {"users": ["key"], "systemPolicy": "AliyunSTSAssumeRoleAccess"},
            },
        },
        ["11 custom policies", "attaches 10"],
    ),
    (
        "grants.g5.groups[1]",
        {
            "roles": {"r": {"arn": ROLE}},
            "grants": {f"g{n}": {"groups": [f"x{n}", "ops"], "assume": ["r"]} for n in range(6)},
        },
        ["`ops`", "6 custom policies", "attaches 5"],
    ),
    (
        "grants.g5.roles[0]",
        {
            "roles": {"r": {"arn": ROLE}},
            "grants": {f"g{n}": {"roles": ["fn"], "assume": ["r"]} for n in range(6)},
        },
        ["`fn`", "attaches 5"],
    ),
    ("users", {"users": ["u"]}, ["not a mapping"]),
    ("delegations", {"delegations": {}}, ["belongs to the side `owner`"]),
    ("user", {"user": {}}, ["unknown key", "did you mean `users`?"]),
    ("alias", {"alias": "-b"}, ["`-b`", "3 to 32"]),
    ("alias", {"alias": "company-b.onaliyun.com"}, ["write `company-b`"]),
]


@pytest.mark.parametrize(("key", "keys", "words"), WRONG_PARTNER)
def test_a_wrong_partner_setting_is_refused_by_its_key(key: str, keys: Any, words: list[str]) -> None:
    """The one wrong setting is named as the stack file writes it, with the value and what is allowed."""
    found = refused(partner(**keys))
    (written,) = found
    assert written.replace('["', ".").replace('"]', "") == f"crossaccount:{key}"
    assert [word for word in words if word not in found[written]] == []


def test_everything_wrong_is_said_at_once() -> None:
    """Wrong scalars, keys, values and combinations of several delegations come in one error."""
    config = {
        "crossaccount:account": "1",
        "crossaccount:sides": "owner",
        "crossaccount:side": "owner",
        "crossaccount:delegations": {
            "a": {"trust": {"account": "2", "expires": "soon"}, "descripton": "x"},
            "b": {"trust": {"account": B, "users": ["*"], "wholeAccount": True}},
        },
        "alicloud:region": "anything",
    }
    assert set(refused(config)) == {
        "crossaccount:account",
        "crossaccount:sides",
        "crossaccount:delegations.a.trust",
        "crossaccount:delegations.a.trust.account",
        "crossaccount:delegations.a.trust.expires",
        "crossaccount:delegations.a.descripton",
        "crossaccount:delegations.b.trust.users[0]",
        "crossaccount:delegations.b.trust",
    }


def test_a_stack_without_side_and_account_is_refused() -> None:
    """An empty configuration says what every stack needs."""
    found = refused({})
    assert found == {
        "crossaccount:account": "is missing",
        "crossaccount:side": "is missing: write `owner` or `partner`",
    }


@pytest.mark.parametrize("names", [("ops", "OPS"), ("fc.ops", "fc-ops")])
def test_two_delegations_never_make_the_same_thing(names: tuple[str, str]) -> None:
    """Roles that differ by case only, and roles whose policies would have one name, are refused."""
    one = whole(permissions={"presets": [{"preset": "read"}]})
    found = refused(owner(**dict.fromkeys(names, one)))
    assert all("give it another `roleName`" in message for message in found.values())


def test_secret_values_stay_hidden() -> None:
    """A wrong value under an encrypted key, and a password anywhere, is shown as [secret]."""
    hidden = refused(
        owner(fc={"trust": {"account": B, "users": ["p w"]}}), secret=("crossaccount:delegations",)
    )
    assert "p w" not in str(hidden)
    assert "[secret]" in str(hidden)
    assert "hunter2" not in str(refused(partner(users={"u": {"console": {"password": ["hunter2"]}}})))


def test_a_password_in_the_open_is_refused() -> None:
    """A console password has to be encrypted in the stack file, and the error gives the command."""
    config = partner(users={"u": {"console": {"password": "hunter2"}}})
    found = refused(config)
    assert "pulumi config set --secret --path" in found["crossaccount:users.u.console.password"]
    assert "hunter2" not in str(found)
    settings = read(as_pulumi_passes(config), ("crossaccount:users",), ROOT)
    assert "hunter2" not in repr(settings)


def test_defaults_come_from_the_names() -> None:
    """Role, user and policy are called like their entry, an account id may be a bare number."""
    settings = read(
        as_pulumi_passes(owner(fc={"trust": {"account": int(B), "wholeAccount": True}})), (), ROOT
    )
    assert isinstance(settings, OwnerSettings)
    assert settings.delegations["fc"].role_name == "fc"
    assert settings.delegations["fc"].trust.account == B


def test_a_hand_over_file_gives_the_arn(tmp_path: Path) -> None:
    """A role from a hand-over file has its ARN before anything is declared."""
    written = handover.write(
        A, None, {"ops": {"arn": ROLE, "maxSessionDuration": 3600, "externalIdRequired": False}}
    )
    (tmp_path / "a.json").write_text(json.dumps(written))
    config = as_pulumi_passes(partner(roles={"fc": {"handover": "a.json", "role": "ops"}}))
    settings = read(config, (), tmp_path)
    assert isinstance(settings, PartnerSettings)
    assert settings.roles["fc"].arn == ROLE
    found = refused(partner(roles={"fc": {"handover": "a.json", "role": "op"}}), directory=tmp_path)
    assert "did you mean `ops`?" in found["crossaccount:roles.fc.handover"]


def test_a_role_never_gets_more_custom_policies_than_fit() -> None:
    """Every preset many times over and many statements make four custom policies; RAM takes five."""
    presets = [
        {"preset": name, "functions": [f"f{n}"]} for name in ("read", "invoke", "deploy") for n in range(3)
    ]
    statements = [{"effect": "Allow", "actions": f"fc:Get{n}", "resources": "*"} for n in range(9)]
    permissions = {"presets": presets, "statements": statements}
    settings = read(as_pulumi_passes(owner(fc=whole(permissions=permissions))), (), ROOT)
    assert isinstance(settings, OwnerSettings)
    kinds = permission_documents.kinds(settings.delegations["fc"].permissions)
    assert kinds == ["read", "invoke", "deploy", "custom"]
