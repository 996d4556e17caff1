"""`crossaccount adopt` as its users run it, on an account of the local cloud."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from crossaccount.cli import main
from crossaccount.engine import Target
from crossaccount.engine.ram_api import RamApi
from crossaccount.localcloud import Cloud
from tests.adopt.by_hand import OWNER, PARTNER, THIRD, content, make_by_hand, policy, role, root, trust

ROOT = Path(__file__).parents[2]
IMPORTING = """
import json, pathlib, pulumi
FILE = pathlib.Path(__file__).with_name("import-account-a.json")
FOUND = json.loads(FILE.read_text())["resources"]
IDS = {(each["type"], each["logicalName"]): each.get("id") for each in FOUND}


def take_over(args):
    id_ = IDS.get((args.type_, args.name))
    opts = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(import_=id_)) if id_ else args.opts
    return pulumi.ResourceTransformResult(args.props, opts)


pulumi.runtime.register_resource_transform(take_over)
"""


class Adopting:
    """A project whose owner's stack holds no delegation, and an account with roles made by hand."""

    def __init__(self, folder, cloud):
        key = cloud.accounts[OWNER].root_key
        self.cloud, self.folder, self.stack_file = cloud, folder, folder / "Pulumi.account-a.yaml"
        self.api = RamApi(Target(cloud.endpoint, key.key_id, key.secret))
        self.import_file = folder / "import-account-a.json"
        self.stack_file.write_text(
            "# Ours.\nconfig:\n  alicloud:region: cn-hangzhou\n  crossaccount:side: owner\n"
            f'  crossaccount:account: "{OWNER}"  # A\n'
        )

    def run(self, *arguments, **given):
        """The command's result."""
        words = ["adopt", "--stack", "account-a", "--endpoint", self.cloud.endpoint, *arguments]
        return CliRunner().invoke(main, words, **given)

    def delegations(self):
        """What the stack file says."""
        return yaml.safe_load(self.stack_file.read_text())["config"].get("crossaccount:delegations")


@pytest.fixture
def adopting(tmp_path, monkeypatch):
    """The project, in whose folder commands run, with the account's key in the environment."""
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "components").symlink_to(ROOT / "components")
    monkeypatch.chdir(tmp_path)
    for name in ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"):
        monkeypatch.delenv(name, raising=False)
    with Cloud([OWNER, PARTNER, THIRD]) as cloud:
        key = cloud.accounts[OWNER].root_key
        monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", key.key_id)
        monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", key.secret)
        found = Adopting(tmp_path, cloud)
        with found.api:
            yield found


@pytest.fixture
def untried(monkeypatch):
    """Settings are not tried with the program, which takes a second; other tests do that."""
    monkeypatch.setattr("crossaccount.adopt.planning.tried", lambda *_: None)


def test_roles_made_by_hand_come_into_the_stack_unchanged(adopting):
    """Adopted, taken over by the embedded engine: nothing is made, and the account means what it meant."""
    make_by_hand(adopting.api)
    before = content(adopting.api)
    record = adopting.cloud.record()
    done = adopting.run("--yes", "--external-ids", "clear")
    calls = {each["action"] for each in record.to_json()}

    assert done.exit_code == 9, done.output
    assert {each for each in calls if not each.startswith(("Get", "List"))} == set()
    assert "No permission change" in done.stdout
    assert "--protect=false --generate-code=false" in done.stdout
    for words in ("`by-time` is left out: its trust policy asks for `DateGreaterThan`", "has 2 statements",
                  "policy `logs-by-hand` stays attached to role `fc.ops` by hand"):  # fmt: skip
        assert words in done.stderr
    assert set(adopting.delegations()) == {"fc-from-console", "fc.ops"}
    assert adopting.stack_file.read_text().startswith("# Ours.\n")

    program = adopting.folder / "__main__.py"
    program.write_text(IMPORTING + program.read_text().partition('"""\n\n')[2])
    up = ["--stack", "account-a", "--endpoint", adopting.cloud.endpoint]
    planned = CliRunner().invoke(main, ["preview", "--json", *up])
    assert planned.exit_code == 0, planned.output
    summary = json.loads(planned.stdout)["changeSummary"]
    made = CliRunner().invoke(main, ["up", "--yes", *up])
    assert made.exit_code == 0, made.output
    assert not {"delete", "replace"} & set(summary)
    assert content(adopting.api) == before


def test_external_ids_are_encrypted_unless_they_are_to_be_read(adopting, untried, monkeypatch):
    """Neither the file nor what is printed holds one; the salt comes with the first."""
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "of a test")
    role(adopting.api, "asking", trust(root(PARTNER), StringEquals={"sts:ExternalId": ["Zq7-agreed"]}))
    shown = adopting.run("--dry-run")
    done = adopting.run("--yes")

    assert (shown.exit_code, done.exit_code) == (0, 0), done.output
    assert "Zq7" not in shown.output + done.output + adopting.stack_file.read_text()
    assert "Zq7" not in adopting.import_file.read_text()
    assert "encryptionsalt" in yaml.safe_load(adopting.stack_file.read_text())
    assert adopting.delegations()["asking"]["trust"]["externalIds"][0].keys() == {"secure"}


def test_without_a_passphrase_nothing_is_written(adopting, untried):
    """The error says both ways on."""
    role(adopting.api, "asking", trust(root(PARTNER), StringEquals={"sts:ExternalId": ["Zq7-agreed"]}))
    before = adopting.stack_file.read_text()
    done = adopting.run("--yes")

    assert done.exit_code == 2
    assert "--external-ids clear" in done.stderr
    assert "Zq7" not in done.output
    assert adopting.stack_file.read_text() == before
    assert not adopting.import_file.exists()


def test_a_dry_run_and_a_no_write_nothing(adopting, untried):
    """The diff is shown, the files are as they were; JSON alone asks nobody."""
    role(adopting.api, "plain", trust(root(PARTNER)))
    before = adopting.stack_file.read_text()
    results = [adopting.run("--dry-run"), adopting.run(input="n\n"), adopting.run("--json")]

    assert [each.exit_code for each in results] == [0, 1, 0]
    assert "+    plain:" in results[0].stdout
    told = json.loads(results[2].stdout)
    assert (told["written"], [each["role"] for each in told["adopted"]]) == (False, ["plain"])
    assert adopting.stack_file.read_text() == before
    assert not adopting.import_file.exists()


def test_what_the_settings_refuse_is_left_out_and_the_rest_adopted(adopting):
    """The program tries every role: its refusal is the reason, word for word."""
    role(adopting.api, "plain", trust(root(PARTNER)))
    role(adopting.api, "everywhere", trust(root(PARTNER), IpAddress={"acs:SourceIp": ["0.0.0.0/0"]}))
    role(adopting.api, "z-named", trust(root(THIRD)), description="x")
    done = adopting.run("--yes")

    assert done.exit_code == 9
    assert "role `everywhere` is left out: the settings refuse it" in done.stderr
    assert "sourceIps" in done.stderr
    assert set(adopting.delegations()) == {"plain", "z-named"}


def test_adopting_again_changes_nothing(adopting, untried):
    """What the settings have is told; another stack's role is not taken."""
    role(adopting.api, "plain", trust(root(PARTNER)))
    role(adopting.api, "of-another", trust(root(PARTNER)))
    (adopting.folder / "Pulumi.other.yaml").write_text(
        f'config:\n  crossaccount:side: owner\n  crossaccount:account: "{OWNER}"\n'
        "  crossaccount:delegations:\n    of-another: {}\n"
    )
    first, text = adopting.run("--yes"), adopting.stack_file.read_text()
    again = adopting.run("--yes")

    assert (first.exit_code, again.exit_code) == (9, 9)
    assert "`Pulumi.other.yaml` has it already" in first.stderr
    assert "role `plain` is in Pulumi.account-a.yaml already" in again.stdout
    assert adopting.stack_file.read_text() == text


def test_one_file_is_nothing_without_the_other(adopting, untried, monkeypatch):
    """Where the import file cannot be written, the settings are as they were."""

    def full(*_):
        raise OSError(28, "No space left on device")

    role(adopting.api, "plain", trust(root(PARTNER)))
    before = adopting.stack_file.read_text()
    monkeypatch.setattr("crossaccount.commands.adopt.write_import", full)
    done = adopting.run("--yes")

    assert done.exit_code == 1
    assert "no space left" in done.stderr
    assert adopting.stack_file.read_text() == before


def test_what_was_refused_is_left_out_by_name(adopting, untried):
    """A role whose policies could not be read is not adopted, and a policy whose holders could not stays."""
    policy(adopting.api, "plain-custom", {"Effect": "Allow", "Action": "fc:GetFunction", "Resource": "*"})
    role(adopting.api, "plain", trust(root(PARTNER)), policies=[("Custom", "plain-custom")])
    adopting.cloud.inject("refuse", action="ListGroups", times=None)
    held = adopting.run("--dry-run")
    adopting.cloud.inject("refuse", action="ListPoliciesForRole", times=None)
    unread = adopting.run("--dry-run")

    assert (held.exit_code, unread.exit_code) == (9, 9)
    assert "groups could not be read" in held.stderr
    assert "who else holds it could not be read" in held.stderr
    assert "role `plain` is left out: its attachments could not be read" in unread.stderr
    assert "plain:" not in unread.stdout


def test_a_trust_policy_that_cannot_be_read_is_named(adopting, untried):
    """Whom it lets in is not known, so the role may be one; a service's role is no matter of this."""
    role(adopting.api, "of-fc", {**trust(), "Principal": {"Service": ["fc.aliyuncs.com"]}})
    role(adopting.api, "plain", trust(root(PARTNER)))
    adopting.cloud.inject("refuse", action="GetRole", times=1)
    done = adopting.run("--dry-run")

    assert done.exit_code == 9
    assert "is left out: its trust policy could not be read: " in done.stderr


def test_a_policy_that_others_hold_stays_attached_by_hand(adopting, untried):
    """Shared with a user, or with tags: the stack would take it from them, or take them off."""
    granted = {"Effect": "Allow", "Action": "fc:GetFunction", "Resource": "*"}
    for name, fields in (("shared", {}), ("tagged", {"tag": {"a": "b"}}), ("own", {})):
        policy(adopting.api, f"{name}-custom", granted, **fields)
        role(adopting.api, name, trust(root(PARTNER)), policies=[("Custom", f"{name}-custom")])
    adopting.api.call("CreateUser", user_name="ann")
    adopting.api.call(
        "AttachPolicyToUser", policy_type="Custom", policy_name="shared-custom", user_name="ann"
    )
    told = json.loads(adopting.run("--json").stdout)

    assert {each["role"]: each["policies"] for each in told["adopted"]} == {
        "own": ["own-custom"], "shared": [], "tagged": [],
    }  # fmt: skip
    assert [(each["policy"], each["why"].partition(",")[0]) for each in told["leftOut"]] == [
        ("shared-custom", "it is shared with user `ann`"), ("tagged-custom", "it has tags"),
    ]  # fmt: skip


def test_an_account_that_does_not_answer_ends_it(adopting, untried):
    """One line, exit code 6."""
    adopting.cloud.inject("refuse", action="GetCallerIdentity", times=None)
    done = adopting.run("--yes")

    assert done.exit_code == 6
    assert done.stderr.startswith("error: the account cannot be read")


def test_a_partner_and_a_role_narrow_what_is_adopted(adopting, untried):
    """Neither the others nor their reasons are told."""
    role(adopting.api, "of-b", trust(root(PARTNER)))
    role(adopting.api, "of-c", trust(root(THIRD)))
    role(adopting.api, "of-both", trust(root(PARTNER), root(THIRD)))
    by_partner = json.loads(adopting.run("--partner", THIRD, "--json").stdout)
    by_role = json.loads(adopting.run("--role", "of-b", "--json").stdout)

    assert [each["role"] for each in by_partner["adopted"]] == ["of-c"]
    assert [each["role"] for each in by_partner["leftOut"]] == ["of-both"]
    assert ([each["role"] for each in by_role["adopted"]], by_role["leftOut"]) == (["of-b"], [])


def test_a_stack_without_a_file_gets_one(adopting, untried):
    """With the account's id and the region; the words say to make the stack first."""
    role(adopting.api, "plain", trust(root(PARTNER)))
    done = adopting.run("--stack", "fresh", "--alias", "company-a", "--yes")
    config = yaml.safe_load((adopting.folder / "Pulumi.fresh.yaml").read_text())["config"]

    assert done.exit_code == 0, done.output
    assert "  pulumi stack init fresh\n  pulumi import --file" in done.stdout
    assert (config["crossaccount:account"], config["crossaccount:alias"]) == (OWNER, "company-a")


def test_a_program_of_other_names_is_refused(adopting):
    """An import under the components' names would not be its own: the next `up` would delete the role."""
    role(adopting.api, "plain", trust(root(PARTNER)))
    program = adopting.folder / "__main__.py"
    program.write_text(program.read_text().replace("owner_side.declare(stack)", "{}"))
    before = adopting.stack_file.read_text()
    done = adopting.run("--yes")

    assert done.exit_code == 2
    assert "does not declare" in done.stderr
    assert adopting.stack_file.read_text() == before


def test_a_program_that_gives_something_else_is_refused(adopting):
    """What the program makes of the settings is held against the account: here it trusts somebody else."""
    role(adopting.api, "plain", trust(root(PARTNER)), policies=[("System", "AliyunFCReadOnlyAccess")])
    program = adopting.folder / "__main__.py"
    other = f"from components import trust_policy\ntrust_policy.principals = lambda _: ['{root(THIRD)}']\n"
    program.write_text(program.read_text().replace("\nstack = ", f"\n{other}stack = "))
    before = adopting.stack_file.read_text()
    done = adopting.run("--yes")

    assert done.exit_code == 2
    assert f"would change what may be done through acs:ram::{OWNER}:role/plain" in done.stderr
    assert adopting.stack_file.read_text() == before


def test_roles_of_like_names_come_in_together(adopting, untried):
    """RAM knows no dot in a policy's name; only one of them has the policy. An empty mapping is filled."""
    granted = {"Effect": "Allow", "Action": "fc:GetFunction", "Resource": "*"}
    policy(adopting.api, "fc-ops-custom", granted)
    adopting.stack_file.write_text(adopting.stack_file.read_text() + "  crossaccount:delegations: {}\n")
    role(adopting.api, "fc.ops", trust(root(PARTNER)), policies=[("Custom", "fc-ops-custom")])
    role(adopting.api, "fc-ops", trust(root(PARTNER)))
    done = adopting.run("--yes")

    assert done.exit_code == 0, done.output
    assert set(adopting.delegations()) == {"fc.ops", "fc-ops"}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--role", "nobody\x1b[2J"), 2, "has no role `nobody\\x1b[2J` that trusts another account"),
        (("--stack", "account-b"), 2, "is `partner`, not `owner`"),
        (("--import-file", "Pulumi.yaml"), 2, "is no import file"),
        (("--import-file", "nowhere/i.json"), 2, "is no folder"),
        (("--credentials", "MISSING_"), 3, "no credentials"),
        (("--endpoint", "198.51.100.1:80"), 3, "198.51.100.1"),
    ],
)
def test_what_cannot_be_done_is_one_line(adopting, arguments, code, words):
    """It says what is wrong, with its exit code; nothing is written."""
    shutil.copy(ROOT / "Pulumi.account-b.yaml", adopting.folder)
    done = adopting.run(*arguments)

    assert done.exit_code == code, done.output
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not adopting.import_file.exists()


def test_the_real_account_is_read_only_where_asked(adopting):
    """Without an endpoint, `--live` has to be said."""
    done = CliRunner().invoke(main, ["adopt", "--stack", "account-a"])

    assert done.exit_code == 2
    assert "--live" in done.stderr


def test_hostile_words_of_the_account_move_no_terminal(adopting, untried):
    """What does not print is a reason to leave a role out, and is shown as its escape."""
    role(adopting.api, "hidden", trust(root(PARTNER)), description="safe\u202egnp.exe")
    role(
        adopting.api, "marked", trust(root(PARTNER)), description="[red]<script>: 'x'\n# y", tag={"a": "[/]"}
    )
    done = adopting.run("--yes")

    assert done.exit_code == 9
    assert "role `hidden` is left out: its description holds `\\u202e`" in done.stderr
    assert "\u202e" not in done.output
    assert adopting.delegations()["marked"]["description"] == "[red]<script>: 'x'\n# y"
