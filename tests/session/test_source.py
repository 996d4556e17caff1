"""Whose credentials are used: the chain's order, and what is present but broken."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from crossaccount.session import ErrorKind, SessionError
from crossaccount.session.source import SourceKind, find_source
from crossaccount.session.source_credentials import source_key

if TYPE_CHECKING:
    from pathlib import Path

ENVIRONMENT = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIenv", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "env-secret"}
OIDC = {
    "ALIBABA_CLOUD_ROLE_ARN": "acs:ram::1:role/r",
    "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "acs:ram::1:oidc-provider/p",
    "ALIBABA_CLOUD_OIDC_TOKEN_FILE": "/token",
}
URI = {"ALIBABA_CLOUD_CREDENTIALS_URI": "http://127.0.0.1:1/x"}
NO_ECS = {"ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}


@pytest.fixture
def home(clean_environment: Path) -> Path:
    """An empty home."""
    return clean_environment


def configure(home: Path, *profiles: dict[str, Any], current: str = "work") -> None:
    """Write the aliyun CLI's configuration."""
    (home / ".aliyun").mkdir(exist_ok=True)
    (home / ".aliyun" / "config.json").write_text(
        json.dumps(
            {"current": current, "profiles": [{"name": "work", "mode": "AK"} | each for each in profiles]}
        )
    )


def own(name: str = "work", **fields: str) -> dict[str, str]:
    """A profile with a key of its own."""
    return {"name": name, "access_key_id": f"LTAI{name}", "access_key_secret": f"{name}-secret"} | fields


def test_the_order_is_the_standard_chains(home: Path) -> None:
    """Environment, OIDC, the CLI's profile, the shared file, the URI, and last the ECS metadata service."""
    configure(home, own())
    shared = home / ".alibabacloud" / "credentials.ini"
    shared.parent.mkdir()
    shared.write_text(
        "[default]\ntype = access_key\naccess_key_id = LTAIini\naccess_key_secret = ini-secret\n"
    )
    base = {"HOME": str(home)}

    assert find_source(None, base | ENVIRONMENT | OIDC | URI).kind is SourceKind.ENVIRONMENT
    assert find_source(None, base | OIDC | URI).kind is SourceKind.OIDC
    assert find_source(None, base | URI).kind is SourceKind.PROFILE
    (home / ".aliyun" / "config.json").unlink()
    assert find_source(None, base | URI).kind is SourceKind.CREDENTIALS_FILE
    shared.unlink()
    assert find_source(None, base | URI).kind is SourceKind.URI
    assert find_source(None, base).kind is SourceKind.ECS
    with pytest.raises(SessionError, match="no credentials") as caught:
        find_source(None, base | NO_ECS)
    assert caught.value.kind is ErrorKind.CREDENTIALS


def test_a_named_profile_goes_before_the_chain(home: Path) -> None:
    """`--profile` means that profile whatever the environment holds; a variable names the current one."""
    configure(home, own(), own("other"))
    base = {"HOME": str(home)}

    assert find_source("other", base | ENVIRONMENT).identity == "key:LTAIother"
    assert find_source(None, base | {"ALIBABA_CLOUD_PROFILE": "other"}).identity == "key:LTAIother"
    assert find_source(None, base).identity == "key:LTAIwork"


@pytest.mark.parametrize("missing", list(ENVIRONMENT))
def test_half_a_key_is_an_error(home: Path, missing: str) -> None:
    """One of id and secret without the other is told, instead of calling as somebody else."""
    configure(home, own())
    half = {name: value for name, value in ENVIRONMENT.items() if name != missing}

    with pytest.raises(SessionError, match=f"`{missing}` is not"):
        find_source(None, half | {"HOME": str(home)})


@pytest.mark.parametrize(
    ("profile", "told"),
    [
        ({"access_key_secret": ""}, "lacks its key"),
        ({"mode": "StsToken"}, "lacks its key"),
        ({"mode": "ChainableRamRoleArn", "source_profile": "work"}, "chained to itself"),
        ({"mode": "ChainableRamRoleArn", "source_profile": "gone"}, "is not there"),
        (
            {"mode": "External", "process_command": "/usr/bin/crossaccount assume x --process"},
            "would go on calling itself",
        ),
    ],
)
def test_a_profile_that_is_present_and_broken_is_told(home: Path, profile: dict[str, str], told: str) -> None:
    """What is there and cannot be used is an error; the chain does not go on to another identity."""
    configure(home, own(**profile))

    with pytest.raises(SessionError, match=told):
        find_source(None, URI | {"HOME": str(home)})


@pytest.mark.parametrize("content", ["{", "[]", '{"profiles": {}}', '{"profiles": [3]}'])
def test_a_configuration_that_is_none_is_told(home: Path, content: str) -> None:
    """A damaged configuration is named, not passed over."""
    (home / ".aliyun").mkdir()
    (home / ".aliyun" / "config.json").write_text(content)

    with pytest.raises(SessionError, match="no configuration of the aliyun CLI"):
        find_source(None, {"HOME": str(home)})


def test_an_unknown_profile_names_the_known_ones(home: Path) -> None:
    """A wrong `--profile` is answered with the names there are."""
    configure(home, own(), own("other"))

    with pytest.raises(SessionError, match="known are `work`, `other`"):
        find_source("wrok", {"HOME": str(home)})


def test_what_a_tool_stores_in_a_profile_does_not_change_who_it_is(home: Path) -> None:
    """The Python SDK writes keys back into an External profile: its sessions stay the same in the cache."""
    external = {
        "mode": "External",
        "process_command": "issue-keys",
        "access_key_id": "STS.1",
        "sts_token": "t",
    }
    configure(home, external)
    first = find_source(None, {"HOME": str(home)})
    configure(home, external | {"access_key_id": "STS.2", "sts_expiration": "7"})
    second = find_source(None, {"HOME": str(home)})
    configure(home, external | {"process_command": "other-keys"})

    assert first.identity == second.identity
    assert first.identity != find_source(None, {"HOME": str(home)}).identity


def test_a_chained_profile_is_told_apart_by_its_source(home: Path) -> None:
    """Another key at the end of a chain is another caller."""
    chained = {
        "name": "chained",
        "mode": "ChainableRamRoleArn",
        "source_profile": "work",
        "ram_role_arn": "r",
    }
    configure(home, own(), chained)
    first = find_source("chained", {"HOME": str(home)})
    configure(home, own(access_key_id="LTAIother"), chained)

    assert first.identity != find_source("chained", {"HOME": str(home)}).identity


def test_no_secret_is_shown(home: Path) -> None:
    """A source's representation holds no secret of it."""
    configure(home, own())

    assert "work-secret" not in repr(find_source(None, {"HOME": str(home)}))


def _external(home: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration whose current profile runs a script; gives the configuration's path."""
    command = home / "issue-keys"
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(0o700)
    configure(home, {"mode": "External", "process_command": str(command)})
    monkeypatch.setenv("HOME", str(home))
    return home / ".aliyun" / "config.json"


def test_an_external_profile_is_asked_and_not_written_to(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of an External profile is used, and the configuration stays as it is to the byte."""
    printed = '{"mode": "AK", "access_key_id": "LTAIext", "access_key_secret": "s"}'
    path = _external(home, f"echo '{printed}'", monkeypatch)
    before = path.read_bytes()

    assert source_key(find_source()).key_id == "LTAIext"
    assert path.read_bytes() == before


def test_a_source_that_gives_nothing_is_told_without_what_it_printed(
    home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A failing process is named; what it printed, perhaps a secret, is shown nowhere."""
    _external(home, "echo LEAKED-SECRET; echo LEAKED-SECRET >&2; exit 3", monkeypatch)

    with pytest.raises(SessionError, match="gives no credentials") as caught:
        source_key(find_source())

    shown = capfd.readouterr()
    assert "LEAKED" not in str(caught.value) + shown.out + shown.err
    assert caught.value.advice


def test_the_kill_switch_of_external_processes_is_obeyed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS keeps a profile's command from running."""
    _external(home, f"touch {home}/ran", monkeypatch)
    monkeypatch.setenv("ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS", "true")

    with pytest.raises(SessionError, match="forbids it"):
        source_key(find_source())
    assert not (home / "ran").exists()


def test_a_shared_credentials_file_gives_its_key(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK's own file is read through the SDK."""
    shared = home / "shared.ini"
    shared.write_text(
        "[default]\nenable = true\ntype = access_key\naccess_key_id = LTAIini\naccess_key_secret = s\n"
    )
    monkeypatch.setenv("ALIBABA_CLOUD_CREDENTIALS_FILE", str(shared))
    monkeypatch.setattr(
        "alibabacloud_credentials.utils.auth_util.environment_credentials_file", str(shared), raising=True
    )

    assert source_key(find_source()).key_id == "LTAIini"


def test_a_mode_without_a_key_is_told(home: Path) -> None:
    """A profile that signs nothing, such as BearerToken, is refused by its mode."""
    configure(home, {"mode": "BearerToken"})

    with pytest.raises(SessionError, match="mode `BearerToken`"):
        source_key(find_source(None, {"HOME": str(home)}))
