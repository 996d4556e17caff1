"""`crossaccount explain`: the chain of reasons, from states, previews, trial states or live accounts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from crossaccount.cli import main
from crossaccount.engine import Target
from crossaccount.engine.ram_api import RamApi
from crossaccount.localcloud import Cloud
from tests.access.states import (
    FUNCTIONS,
    OWNER,
    PARTNER,
    RAM,
    UNKNOWN,
    allow,
    delegation,
    document,
    root,
    trust,
)

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

WHO = "partner/user/dev"


def explain(*arguments: object, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(main, ["explain", *map(str, arguments)], env=env)


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Options that give both stacks' states."""
    return [part for state in delegation() for part in ("--state", str(state.write(tmp_path)))]


def test_an_allowed_call_shows_each_gate_statement_and_line(files: list[str]) -> None:
    """Exit 0, the verdict, the three gates, what matched, and where it is attached and written."""
    done = explain(WHO, "fc:ListFunctions", FUNCTIONS, *files)

    assert done.exit_code == 0
    assert f"ALLOWED through role `fc-reader` of {OWNER}" in done.output
    for gate in (
        "gate 1, identity policy (user `dev`): open",
        "gate 2, trust policy (role `fc-reader`): open",
    ):
        assert gate in done.output
    assert "system policy `AliyunFCReadOnlyAccess`, statement 1 allows" in done.output
    assert "Action `fc:List*` matches `fc:ListFunctions`" in done.output
    assert "written by Policy `assume` at __main__.py:12" in done.output
    assert "attached by UserPolicyAttachment `user-dev-assume` at __main__.py:13" in done.output


def test_a_denied_call_says_which_gate_is_closed_and_why(files: list[str]) -> None:
    """Exit 1, and the statement that stays silent with the element that failed."""
    done = explain(WHO, "fc:InvokeFunction", FUNCTIONS, *files)

    assert done.exit_code == 1
    assert "DENIED on every path" in done.output
    assert "gate 3, role policies (role `fc-reader`): closed" in done.output
    assert "Action: `fc:Get*`, `fc:List*` does not match `fc:InvokeFunction`" in done.output


def test_what_depends_on_the_address_is_not_allowed_until_it_is_given(tmp_path: Path) -> None:
    """Exit 1 with the condition; exit 0 once `--context` says it."""
    owner, partner = delegation()
    owner.resources.pop(1)
    owner.role("fc-reader", trust(root(PARTNER), IpAddress={"acs:SourceIp": "203.0.113.0/24"}))
    states = [part for state in (owner, partner) for part in ("--state", state.write(tmp_path))]

    without = explain(WHO, "fc:ListFunctions", FUNCTIONS, *states)
    given = explain(WHO, "fc:ListFunctions", FUNCTIONS, *states, "--context", "acs:SourceIp=203.0.113.9")

    assert (without.exit_code, given.exit_code) == (1, 0)
    assert "ALLOWED ONLY IF" in without.output
    assert "if `acs:SourceIp` is in `203.0.113.0/24`" in without.output


def test_json_has_all_evidence(files: list[str]) -> None:
    """Outcome, paths, gates, statements, resources, lines and the context."""
    done = explain(WHO, "fc:ListFunctions", FUNCTIONS, *files, "--context", "sts:ExternalId=x", "--json")
    answer = json.loads(done.stdout)

    (path,) = answer["paths"]
    assert (answer["outcome"], answer["context"]) == ("open", {"sts:ExternalId": ["x"]})
    assert [gate["outcome"] for gate in path["gates"]] == ["open"] * 3
    assert path["gates"][0]["statements"][0]["attached"]["urn"].endswith("::user-dev-assume")
    assert path["gates"][0]["statements"][0]["attached"]["position"] == "__main__.py:13"
    assert answer["notAnalysed"] == []


def test_a_preview_is_asked_what_will_be(tmp_path: Path, files: list[str]) -> None:
    """With the plan beside the states the answer is that of after `up`; what it cannot tell is said."""
    owner, partner = delegation()
    gone, unsure = tmp_path / "gone.json", tmp_path / "unsure.json"
    gone.write_text(json.dumps(owner.preview(owner.step("delete", owner.resources[-1]["urn"]))))
    policy = partner.urn(f"{RAM}policy:Policy", "assume")
    unsure.write_text(json.dumps(partner.preview(partner.step("update", policy, policyDocument=UNKNOWN))))

    denied = explain(WHO, "fc:ListFunctions", FUNCTIONS, *files, "--preview", gone)
    unknown = explain(WHO, "fc:ListFunctions", FUNCTIONS, *files, "--preview", unsure)

    assert (denied.exit_code, unknown.exit_code) == (1, 1)
    assert "no policy is attached" in denied.output
    assert "CANNOT TELL" in unknown.output
    assert "custom policy `assume`: known only after `up`; at most every action" in unknown.output


def test_the_embedded_engines_states_are_read_without_a_passphrase(tmp_path: Path) -> None:
    """By name, or all of the project where nothing else is named."""
    (tmp_path / "Pulumi.yaml").write_text("name: trial\nruntime: python\n")
    folder = tmp_path / ".crossaccount" / "state" / "trial"
    folder.mkdir(parents=True)
    for state in delegation():
        state.write(folder)
    here = ("--project", tmp_path)

    everything = explain(WHO, "fc:ListFunctions", FUNCTIONS, *here)
    named = explain(WHO, "fc:ListFunctions", FUNCTIONS, *here, "--stack", "owner", "--stack", "partner")
    missing = explain(WHO, "fc:ListFunctions", FUNCTIONS, *here, "--stack", "prod")
    (folder / "owner.journal.jsonl").write_text("")
    under_way = explain(WHO, "fc:ListFunctions", FUNCTIONS, *here)

    assert [done.exit_code for done in (everything, named, missing, under_way)] == [0, 0, 2, 2]
    assert "prod.json` cannot be read: no such file" in missing.output
    assert "a run of stack `owner` is under way or was cut off" in under_way.output


def test_live_accounts_are_read_with_a_key_for_each() -> None:
    """Two prefixes of variables give two accounts of one local cloud; nothing else needs to be named."""
    with Cloud([OWNER, PARTNER]) as cloud:
        environment = {}
        for prefix, account in (("A_", OWNER), ("B_", PARTNER)):
            key = cloud.accounts[account].root_key
            environment[f"{prefix}ALIBABA_CLOUD_ACCESS_KEY_ID"] = key.key_id
            environment[f"{prefix}ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = key.secret
            with RamApi(Target(cloud.endpoint, key.key_id, key.secret)) as api:
                _fill(api, account)
        both = ("--credentials", "A_", "--credentials", "B_")
        who = f"{PARTNER}/user/dev"

        done = explain(
            who, "fc:ListFunctions", FUNCTIONS, "--endpoint", cloud.endpoint, *both, env=environment
        )
        keyless = explain(
            who, "fc:ListFunctions", FUNCTIONS, "--endpoint", cloud.endpoint, "--credentials", "C_"
        )

    assert (done.exit_code, keyless.exit_code) == (0, 2)
    assert f"written by live account {OWNER}" in done.output
    assert "no credentials" in keyless.output
    assert cloud.accounts[OWNER].root_key.secret not in done.output


def _fill(api: RamApi, account: str) -> None:
    if account == OWNER:
        api.call("CreateRole", role_name="r", assume_role_policy_document=document(trust(root(PARTNER))))
        names = {"policy_name": "AliyunFCReadOnlyAccess", "policy_type": "System"}
        api.call("AttachPolicyToRole", role_name="r", **names)
        return
    api.call("CreateUser", user_name="dev")
    api.call("CreatePolicy", policy_name="p", policy_document=document(allow("sts:AssumeRole")))
    api.call("AttachPolicyToUser", user_name="dev", policy_name="p", policy_type="Custom")


def test_an_endpoint_elsewhere_is_refused_without_live() -> None:
    """Nothing but this machine is called unless `--live` says so."""
    key = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "k", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "hush-hush"}

    done = explain(WHO, "fc:ListFunctions", "*", "--endpoint", "ram.aliyuncs.com:443", env=key)

    assert done.exit_code == 2
    assert "refusing to call `ram.aliyuncs.com:443`" in done.output
    assert "hush-hush" not in done.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((WHO, "fc:*", FUNCTIONS), "`fc:*` is not one action"),
        ((WHO, "fc:ListFunctions", "functions"), "`functions` is not an ARN"),
        ((WHO, "fc:ListFunctions", "acs:fc:cn-hangzhou:12:functions/*"), "account id `12` is not 16 digits"),
        (
            (WHO, "fc:ListFunctions", "acs:fc:cn-hangzhou:abc:functions/*"),
            "account id `abc` is not 16 digits",
        ),
        ((WHO, "sts:AssumeRole", "*"), "`*` is not one role"),
        ((WHO, "sts:AssumeRole", FUNCTIONS), "is not one role"),
        ((WHO, "STS:assumerole", f"acs:ram::{OWNER}:role/*"), "is not one role"),
        (("partner/user/deb", "fc:ListFunctions", FUNCTIONS), "did you mean"),
        ((WHO, "fc:ListFunctions", FUNCTIONS, "--context", "x=y"), "`x` is not a condition key"),
        ((WHO, "fc:ListFunctions", FUNCTIONS, "--account", "owner"), "`owner` is not `STACK=ID`"),
        ((WHO, "fc:ListFunctions", FUNCTIONS, "--account", "owner=12"), "an id of 16 digits"),
        (
            (WHO, "fc:ListFunctions", FUNCTIONS, "--account", f"ownr={OWNER}"),
            "stack `ownr`, which is not given",
        ),
        (
            (WHO, "fc:ListFunctions", FUNCTIONS, "--account", f"o={OWNER}", "--account", f"o={PARTNER}"),
            "gives stack `o` two accounts",
        ),
        ((WHO, "fc:ListFunctions", FUNCTIONS, "--only-project", "mine"), "project `mine` was asked for"),
    ],
)
def test_what_cannot_be_read_ends_with_2(files: list[str], arguments: tuple[str, ...], message: str) -> None:
    """One clear error on standard error, and nothing on standard output."""
    done = explain(*arguments, *files)

    assert done.exit_code == 2
    assert done.stderr.startswith("error: ")
    assert message in done.stderr
    assert done.stdout == ""


def test_nothing_to_read_says_what_can_be_given(tmp_path: Path) -> None:
    """Outside a project and without a source the options are named."""
    done = explain(WHO, "fc:ListFunctions", FUNCTIONS, "--project", tmp_path)

    assert done.exit_code == 2
    assert "give `--state FILE`" in done.stderr
