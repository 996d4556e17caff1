"""What `pulumi_env` hands out: an environment and a copy of a project, and nothing of the user's changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from crossaccount.localcloud.pulumi_env import PulumiEnv, make, provider_settings


@pytest.fixture
def source(tmp_path):
    """A user's project with two stacks."""
    folder = tmp_path / "users-project"
    (folder / "components").mkdir(parents=True)
    (folder / "__main__.py").write_text("")
    (folder / "Pulumi.yaml").write_text("name: p\nruntime: python\n")
    (folder / "Pulumi.a.yaml").write_text("config:\n  alicloud:region: cn-beijing\n  p:x: y\n")
    return folder


def test_a_project_copy_points_each_stack_at_the_cloud(cloud, account_a, pulumi_env, source):
    """The stack's own settings stay, the provider's are added; what is no stack file is linked."""
    before = {path.name: path.read_text() for path in source.glob("*.*")}

    copy = pulumi_env.project(source, {"a": account_a, "new": None}, alicloud__assumeRole="{}")

    config = yaml.safe_load((copy / "Pulumi.a.yaml").read_text())["config"]
    assert (config["p:x"], config["alicloud:region"]) == ("y", "cn-beijing")
    assert config["alicloud:secretKey"] == account_a.root_key.secret
    assert config["alicloud:assumeRole"] == "{}"
    assert set(json.loads(config["alicloud:endpoints"])[0].values()) == {cloud.endpoint}
    new = yaml.safe_load((copy / "Pulumi.new.yaml").read_text())["config"]
    assert (new["alicloud:region"], "alicloud:accessKey" in new) == ("cn-hangzhou", False)
    assert (copy / "__main__.py").resolve() == source / "__main__.py"
    assert not (copy / "Pulumi.yaml").is_symlink()
    assert {path.name: path.read_text() for path in source.glob("*.*")} == before


@pytest.mark.parametrize("key", ["alicloud:endpoints", "alicloud:accessKey", "alicloud:securityToken"])
def test_a_stack_with_real_credentials_is_refused(pulumi_env, source, key):
    """What would be replaced without a word is refused by name."""
    (source / "Pulumi.a.yaml").write_text(yaml.safe_dump({"config": {key: "real"}}))

    with pytest.raises(ValueError, match=key):
        pulumi_env.project(source, {"a": None})


def test_the_environment_leaves_out_what_is_not_local(cloud, tmp_path, monkeypatch):
    """Credentials, proxies, and the user's backend are not handed on; PULUMI_HOME is."""
    for name in ("ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "PULUMI_ACCESS_TOKEN", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "real")
    monkeypatch.setenv("PULUMI_HOME", "/somewhere")
    monkeypatch.setenv("UNRELATED", "kept")

    env = make(cloud, tmp_path).env

    assert "real" not in env.values()
    assert (env["PULUMI_HOME"], env["UNRELATED"]) == ("/somewhere", "kept")
    assert env["PULUMI_BACKEND_URL"] == f"file://{tmp_path / 'pulumi-backend'}"
    assert Path(env["SSL_CERT_FILE"]) == cloud.ca_file


def test_each_test_has_its_own(cloud, pulumi_env, tmp_path_factory):
    """Backend and folder are this test's, so that two tests, or two workers, never meet."""
    other = make(cloud, tmp_path_factory.mktemp("other"))

    assert isinstance(pulumi_env, PulumiEnv)
    assert other.env["PULUMI_BACKEND_URL"] != pulumi_env.env["PULUMI_BACKEND_URL"]
    assert provider_settings(cloud)["alicloud:protocol"] == "HTTP"
