"""`crossaccount handover request` and `answer`: what B asks for becomes A's settings, shown before it is."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from crossaccount.engine.secrets import PassphraseSecrets
from crossaccount.handover.answer import delegation_of
from crossaccount.handover.request_file import PRESETS, Request, of_content, read
from crossaccount.sealed_file import sealed, to_text
from crossaccount.session import SessionError
from tests.handover.conftest import A, B, answer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    Run = Callable[..., Result]

PRESET = {"preset": "invoke", "regions": [], "services": [], "functions": ["orders"]}
EVERY = {**PRESET, "functions": ["*"]}
ACTIONS = {"actions": ["fc:InvokeFunction"], "regions": [], "services": [], "functions": ["orders"]}
CONTENT: dict[str, Any] = {
    "kind": "request",
    "version": 1,
    "account": B,
    "alias": "company-b",
    "owner": A,
    "name": "fc-orders",
    "purpose": "Run the orders",
    "who": {"wholeAccount": False, "users": ["dev"], "roles": [], "groups": []},
    "wants": {"presets": [PRESET], "actions": []},
    "maxSessionDuration": 7200,
    "expires": "2027-03-31T14:59:59Z",
    "externalId": False,
    "mfa": False,
    "sourceIps": [],
}


def asked(path: Path, **changes: Any) -> Path:
    """A request file, rightly sealed."""
    path.write_text(to_text(sealed({**CONTENT, **changes}), yaml=path.suffix != ".json"))
    return path


def delegations(project: Path) -> dict[str, Any]:
    """What A's stack file declares."""
    document = yaml.safe_load((project / "Pulumi.account-a.yaml").read_text())
    found: dict[str, Any] = document["config"]["crossaccount:delegations"]
    return found


@pytest.fixture
def uncompared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program is not run on the settings before and after, which takes a second; other tests do that."""
    monkeypatch.setattr("crossaccount.commands.handover_answer.change_of", lambda *_, **__: {})


def test_a_request_becomes_the_owners_settings(run: Run, project: Path) -> None:
    """B asks, A sees words, diff and who would gain what; after a yes the program takes the settings."""
    options = [
        "--function",
        "orders",
        "--in",
        "cn-hangzhou",
        "--duration",
        "2h",
        "--until",
        "2027-03-31T23:59:59+09:00",
    ]
    made = run(
        "request", "--stack", "account-b", "--owner", A, "--user", "dev", "--mfa", "--preset", "read",
        "--action", "fc:InvokeFunction", *options, "--out", "request.yaml",
    )  # fmt: skip
    assert made.exit_code == 0, made.output

    result = run("answer", "request.yaml", "--stack", "account-a", "--markdown", "a.md", input="y\n")
    assert result.exit_code == 0, result.output
    for words in (
        "to: fc:InvokeFunction on function `orders` in cn-hangzhou",
        "+    fc-company-b:",
        "Permission change: 1 principal gains;",
        "user `dev` of 1345678901230000, through role/fc-company-b (1234567890120000)",
    ):
        assert words in result.output
    assert "fc-partner-b (" not in result.output  # through that role `dev` could come before
    assert "Permission change: 1 principal gains;" in (project / "a.md").read_text()
    assert delegations(project)["fc-company-b"] == {
        "trust": {"account": B, "users": ["dev"], "mfa": True, "expires": "2027-03-31T14:59:59Z"},
        "permissions": {
            "presets": [{"preset": "read", "regions": ["cn-hangzhou"], "functions": ["orders"]}],
            "statements": [
                {
                    "effect": "Allow",
                    "actions": ["fc:InvokeFunction"],
                    "resources": [
                        f"acs:fc:cn-hangzhou:{A}:functions/orders{form}" for form in ("", ".*", "/*")
                    ],
                }
            ],
        },
        "maxSessionDuration": 7200,
    }


def test_json_holds_the_diff_and_writes_nothing_without_yes(run: Run, project: Path) -> None:
    """`--json` answers with the permission diff and what to look at twice; the file is as it was."""
    before = (project / "Pulumi.account-a.yaml").read_text()
    who = {"wholeAccount": True, "users": [], "roles": [], "groups": ["ops"]}
    asked(project / "r.json", who=who, expires=None)

    told = answer(run("answer", "r.json", "--stack", "account-a", "--json"))
    assert (told["changed"], told["written"]) == (True, False)
    assert {row["change"] for row in told["permissions"]["rows"]} == {"gained"}
    assert "a whole account gains access without a condition" in told["attention"]
    assert (project / "Pulumi.account-a.yaml").read_text() == before


@pytest.mark.usefixtures("uncompared")
def test_a_second_answer_changes_nothing_and_another_needs_replace(run: Run, project: Path) -> None:
    """The same request again is no change; one that says something else is replaced only when told."""
    asked(project / "r.json")
    assert run("answer", "r.json", "--stack", "account-a", "--yes").exit_code == 0
    text = (project / "Pulumi.account-a.yaml").read_text()
    assert "nothing to change" in run("answer", "r.json", "--stack", "account-a", "--yes").output
    assert (project / "Pulumi.account-a.yaml").read_text() == text

    asked(project / "r.json", maxSessionDuration=3600, purpose=None)
    refused = run("answer", "r.json", "--stack", "account-a", "--yes")
    assert (refused.exit_code, "says otherwise" in refused.stderr) == (2, True)
    assert run("answer", "r.json", "--stack", "account-a", "--yes", "--replace").exit_code == 0
    assert delegations(project)["fc-orders"]["maxSessionDuration"] == 3600
    assert delegations(project)["fc-orders"]["description"] == "Run the orders"


@pytest.mark.usefixtures("uncompared")
def test_an_external_id_is_encrypted_or_comes_later(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is asked for; with a passphrase it is encrypted; else the role is suspended until it is set.

    A request that asks for none takes the owner's away from no delegation.
    """
    asked(project / "r.json", externalId=True)
    command = ("answer", "r.json", "--stack", "account-a", "--yes")
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE", raising=False)

    assert "wants an external id to be asked for" in run(*command).stderr
    unready = run(*command, "--external-id", "Zq7-external-id")
    assert (unready.exit_code, "PULUMI_CONFIG_PASSPHRASE" in unready.stderr) == (2, True)
    later = run(*command, "--external-id-later", "--as", "fc.later")
    assert "--path 'crossaccount:delegations[\"fc.later\"].trust.externalIds[0]'" in later.stderr
    assert delegations(project)["fc.later"]["suspended"] is True

    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "of a test")
    (project / "id.txt").write_text("Zq7-external-id\n")
    assert run(*command, "--external-id", "@id.txt").exit_code == 0
    text = (project / "Pulumi.account-a.yaml").read_text()
    kept = delegations(project)["fc-orders"]["trust"]["externalIds"]
    assert "Zq7-external-id" not in text
    secrets = PassphraseSecrets(yaml.safe_load(text)["encryptionsalt"], "of a test")
    assert secrets.decrypt(kept[0]["secure"]) == "Zq7-external-id"
    assert "nothing to change" in run(*command).output

    asked(project / "r.json", externalId=False, maxSessionDuration=3600)
    assert run(*command, "--replace").exit_code == 0
    assert delegations(project)["fc-orders"]["maxSessionDuration"] == 3600
    assert delegations(project)["fc-orders"]["trust"]["externalIds"] == kept


@pytest.mark.usefixtures("uncompared")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"wants": {"presets": [], "actions": [{**ACTIONS, "actions": ["*"]}]}}, "`\\*` asks for everything"),
        ({"wants": {"presets": [{**PRESET, "preset": "all"}], "actions": []}}, "wrong at wants.presets"),
        ({"wants": {"presets": [EVERY], "actions": []}}, "every function .*--allow-wildcard"),
        ({"wants": {"presets": [], "actions": []}}, "wrong at wants: asks for nothing"),
        ({"owner": B, "account": A}, "is account `1234567890120000`"),
        ({"owner": B}, "asks the partner's own account"),
        ({"expires": "2026-01-01T00:00:00Z"}, "ended on 2026-01-01T00:00:00Z"),
        ({"expires": "tomorrow"}, "wrong at expires: 'tomorrow' is no moment"),
        ({"maxSessionDuration": 99999}, "wrong at maxSessionDuration"),
        ({"name": "x\x1b[2J"}, r"wrong at name: 'x\\x1b\[2J' is no role name"),
        ({"purpose": "a\nb"}, "wrong at purpose"),
        ({"sourceIps": ["0.0.0.0/0"]}, "is every address"),
        ({"who": {"wholeAccount": False, "users": [], "roles": [], "groups": ["g"]}}, "name groups"),
        ({"who": {"wholeAccount": False, "users": ["*"], "roles": [], "groups": []}}, "no user or group"),
        ({"version": 2}, "wrong at version"),
        ({"kind": "handover"}, "is no request"),
        ({"more": 1}, "wrong at more: an unknown key"),
    ],
)  # fmt: skip
def test_a_wrong_request_is_one_line(run: Run, project: Path, changes: dict[str, Any], words: str) -> None:
    """Whatever is wrong with a rightly sealed request is told by its place, and nothing is written."""
    before = (project / "Pulumi.account-a.yaml").read_text()
    file = asked(project / "r.json", **changes)
    result = run("answer", file, "--stack", "account-a", "--yes")

    assert result.exit_code == 2, result.output
    assert re.search(words, result.stderr)
    assert result.stderr.count("\n") == 1
    assert "\x1b" not in result.output
    assert (project / "Pulumi.account-a.yaml").read_text() == before


@pytest.mark.usefixtures("uncompared")
def test_wildcards_are_taken_up_when_allowed(run: Run, project: Path) -> None:
    """`fc:*` on `*` needs A's word; with it, it stands in the settings as it was asked."""
    wide = {"actions": ["fc:*"], "regions": [], "services": [], "functions": ["*"]}
    asked(project / "r.json", wants={"presets": [], "actions": [wide]})

    assert (
        "every action (`fc:*`), every function (`*`)"
        in run("answer", "r.json", "--stack", "account-a", "--yes").stderr
    )
    assert run("answer", "r.json", "--stack", "account-a", "--yes", "--allow-wildcard").exit_code == 0
    assert delegations(project)["fc-orders"]["permissions"]["statements"][0]["actions"] == ["fc:*"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--preset", "read"), "wrong at who: nobody is to come"),
        (("--user", "dev"), "wrong at wants: asks for nothing"),
        (("--user", "dev", "--action", "fc:InvokeFunction"), "names no function and no service"),
        (("--user", "dev", "--action", "ram:*", "--function", "f"), "'ram:*' is no action"),
        (("--group", "ops", "--preset", "read"), "cannot name groups"),
        (("--user", "dev", "--preset", "read", "--duration", "13h"), "wrong at maxSessionDuration"),
        (("--user", "dev", "--preset", "read", "--until", "2027-03-31"), "is no moment"),
        (("--user", "dev", "--preset", "read", "--purpose", "k LTAI5tAbcdefghij0123"), "an access key's id"),
        (("--user", "dev", "--preset", "read", "--account", B), "your account is not said, or twice"),
    ],
)  # fmt: skip
def test_a_wrong_option_of_a_request_is_one_line(
    run: Run, project: Path, options: tuple[str, ...], words: str
) -> None:
    """What a request must not say is refused before there is a file."""
    result = run("request", "--stack", "account-b", "--owner", A, *options, "--out", "r.json")

    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert words in result.stderr
    assert not (project / "r.json").exists()


def test_a_file_of_another_kind_is_not_overwritten(run: Run, project: Path) -> None:
    """`--out` replaces an older request, and nothing else."""
    command = ("request", "--account", B, "--owner", A, "--user", "dev", "--preset", "read", "--out")

    assert run(*command, "r.json").exit_code == run(*command, "r.json").exit_code == 0
    assert read(str(project / "r.json")).name == f"fc-{B}"
    refused = run(*command, "Pulumi.yaml")
    assert (refused.exit_code, "holds something else" in refused.stderr) == (2, True)
    assert json.loads(run(*command[:-1]).stdout)["kind"] == "request"


NAMES = st.lists(st.sampled_from(["orders", "bills-*", "_x"]), max_size=2)
PLACES = {"regions": st.lists(st.just("cn-hangzhou"), max_size=1), "services": NAMES}


@given(
    st.fixed_dictionaries({**PLACES, "functions": NAMES, "preset": st.sampled_from(PRESETS)}),
    st.booleans(), st.booleans(),
)  # fmt: skip
def test_no_request_reaches_beyond_the_owners_functions(
    preset: dict[str, Any], mfa: bool, external: bool
) -> None:
    """Whatever is asked for, every resource is a function or service of the owner, and the trust B's."""
    wanted = {
        **{key: preset[key] for key in ("regions", "services")},
        "functions": ["f"],
        "actions": ["fc:Get*"],
    }
    content = {
        **CONTENT,
        "mfa": mfa,
        "externalId": external,
        "wants": {"presets": [preset], "actions": [wanted]},
    }
    request: Request = of_content(content, "it")
    delegation = delegation_of(request, "id-x" if external else None)

    assert request.content() == content
    assert delegation["trust"]["account"] == B
    assert delegation["trust"].get("mfa", False) is mfa
    assert ("externalIds" in delegation["trust"]) is external
    resources = [one for each in delegation["permissions"]["statements"] for one in each["resources"]]
    assert all(f":{A}:functions/" in one or f":{A}:services/" in one for one in resources)


def test_a_changed_request_is_told(tmp_path: Path) -> None:
    """A byte that was changed on the way: the checksum does not fit."""
    path = asked(tmp_path / "r.json")
    path.write_text(path.read_text().replace("7200", "3600"))

    with pytest.raises(SessionError, match="was changed after it was written: its checksum does not fit"):
        read(str(path))
