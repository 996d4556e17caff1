"""`crossaccount demo`, run as a newcomer runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.demo.running import run_demo

if TYPE_CHECKING:
    from pathlib import Path


def test_the_whole_story_behaves_and_shows_its_evidence(project: Path) -> None:
    """Every step is shown in order with what it proves, and the exit code is 0."""
    done = run_demo(project)

    assert done.returncode == 0, done.stdout + done.stderr
    shown = done.stdout
    places = [shown.index(f"{number}/6 ") for number in range(1, 7)]
    assert places == sorted(places)
    for evidence in (
        "ListFunctions (3.0) in cn-hangzhou: invoices, orders",
        "ListFunctions (3.0) in ap-northeast-1: resize-images",
        "ListServices (2.0) in cn-hangzhou: legacy-reports",
        "InvokeFunction orders: AccessDenied",
        "who has no grant: NoPermission",
        "whom A does not trust: NoPermission",
        "the root of B: NoPermission",
        "AssumeRole by fc-operator of B: EntityNotExist.Role",
        "the session opened in step 3: InvalidSecurityToken.Expired",
        "Every step behaved",
    ):
        assert evidence in shown


def test_policies_are_detached_before_the_role_is_deleted(project: Path) -> None:
    """Step 5 shows the deletions in the order in which they were made."""
    shown = run_demo(project).stdout
    step = shown[shown.index("5/6 ") : shown.index("6/6 ")]

    assert 0 < step.index("-  RolePolicyAttachment") < step.index("-  Role  ")


def test_the_project_is_left_as_it_was(project: Path) -> None:
    """No file of the project is written: neither a stack file nor a state."""
    before = {path.name: path.read_bytes() for path in project.iterdir() if path.is_file()}
    run_demo(project)

    assert {path.name: path.read_bytes() for path in project.iterdir() if path.is_file()} == before


def test_no_secret_is_shown(project: Path) -> None:
    """The access key's secret and the session's token stay out of the output."""
    done = run_demo(project)

    for word in ("accessKeySecret", "SecurityToken=", "passphrase"):
        assert word not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tSomebodys"),
        ("ALICLOUD_SECURITY_TOKEN", "somebody's"),
        ("ALIBABA_CLOUD_ENDPOINT_RAM", "ram.aliyuncs.com"),
        ("RAM_ENDPOINT", "ram.aliyuncs.com"),
    ],
)
def test_refuses_to_run_beside_a_foreign_credential_or_endpoint(project: Path, name: str, value: str) -> None:
    """A credential or endpoint in the environment is named, never shown, and nothing runs."""
    done = run_demo(project, **{name: value})

    assert done.returncode == 2
    assert f"unset {name}" in done.stderr
    assert value not in done.stderr
    assert done.stdout == ""


def test_a_proxy_in_the_environment_is_not_asked(project: Path) -> None:
    """A proxy setting, which the SDKs would use even for 127.0.0.1, does not stop the demo."""
    assert run_demo(project, HTTP_PROXY="http://127.0.0.1:9", http_proxy="http://127.0.0.1:9").returncode == 0


def test_a_step_that_does_not_behave_is_named_and_ends_with_1(project: Path) -> None:
    """With a role that may invoke functions, step 3 misses its refusal, says so, and the demo fails."""
    stack = project / "Pulumi.account-a.yaml"
    stack.write_text(stack.read_text().replace("AliyunFCReadOnlyAccess", "AliyunFCFullAccess"))
    done = run_demo(project)

    assert done.returncode == 1
    assert "step 3 did not behave" in done.stdout
    assert (
        "InvokeFunction orders: expected the refusal `AccessDenied`, and the call was answered" in done.stdout
    )
    assert "4/6" not in done.stdout


def test_a_wrong_setting_is_refused_by_its_key(project: Path) -> None:
    """A stack file with a fault ends step 2 with the key and the value."""
    stack = project / "Pulumi.account-a.yaml"
    stack.write_text(stack.read_text().replace("maxSessionDuration: 3600", "maxSessionDuration: 60"))
    done = run_demo(project)

    assert done.returncode == 1
    assert "step 2 did not behave" in done.stdout
    assert "crossaccount:delegations.fc-partner-b.maxSessionDuration" in done.stdout.replace("\n", " ")


def test_a_folder_without_a_project_is_one_clear_line(tmp_path: Path) -> None:
    """Outside the project's folder the demo says where to run it."""
    done = run_demo(tmp_path)

    assert done.returncode == 2
    assert "has no Pulumi.yaml" in done.stderr
