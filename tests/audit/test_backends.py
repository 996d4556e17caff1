"""Self-managed backends: folders and buckets, whole, compressed, old or damaged, and never written to."""

from __future__ import annotations

import gzip
import json
import shutil
import sys
from pathlib import Path
from uuid import uuid4

import fsspec
import pytest

from crossaccount.audit.backend.layout import layout_of
from crossaccount.audit.reading import gather
from crossaccount.audit.versions import gather_versions

BACKEND = Path(__file__).parent.parent / "data" / "backend"
STACKS = ["crossaccount/account-a", "crossaccount/account-b"]


@pytest.fixture
def backend(tmp_path) -> Path:
    """A copy of the recorded backend."""
    return Path(shutil.copytree(BACKEND, tmp_path / "backend"))


def stacks(location) -> list[str]:
    """The stacks that are read at a location, all of it."""
    found = gather([str(location)])
    assert found.left_out == []
    return [source.stack for source in found.sources]


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file of a folder with its content and the time of its last change."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_folder_is_read_by_its_path_or_its_url(backend) -> None:
    """The folder that Pulumi is given, its `.pulumi`, and `file://`: the same two stacks."""
    for location in (backend, backend / ".pulumi", f"file://{backend}"):
        assert stacks(location) == STACKS


def test_a_source_says_which_version_was_read(backend) -> None:
    """The update's number, the time in the manifest, and the digest of the file."""
    first = gather([str(backend)]).sources[0]

    assert (first.version, first.written[:19]) == ("3", "2026-11-24T10:34:28")
    assert len(first.digest) == 64


def test_nothing_is_written(backend) -> None:
    """Reading states and history leaves every file as it was, and none behind."""
    before = contents(backend)

    gather([str(backend)])
    for versions in gather_versions([str(backend)]).by_stack.values():
        for version in versions:
            version.stored()

    assert contents(backend) == before


def test_a_backend_that_compresses_is_read(backend) -> None:
    """`PULUMI_SELF_MANAGED_STATE_GZIP` makes `.json.gz`."""
    for path in list(backend.rglob("*.json")):
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()

    assert stacks(backend) == STACKS
    assert len(gather_versions([str(backend)]).by_stack[STACKS[0]]) == 3


def test_a_backend_from_before_projects_is_read(backend) -> None:
    """Its stacks lie without a project's folder; the state says the project."""
    for part in ("stacks", "history"):
        inner = backend / ".pulumi" / part / "crossaccount"
        for path in list(inner.iterdir()):
            path.rename(inner.parent / path.name)
        inner.rmdir()

    assert sorted(gather_versions([str(backend)]).by_stack) == ["account-a", "account-b"]
    assert stacks(backend)[0] == STACKS[0]


def test_backups_locks_and_attributes_are_not_states() -> None:
    """Only stacks and the two files of each update count."""
    names = [
        "meta.yaml",
        "stacks/p/a.json",
        "stacks/p/a.json.bak",
        "stacks/p/a.json.attrs",
        "locks/organization/p/a/0.json",
        "backups/p/a/a.1.json",
        "history/p/a/a-2.history.json",
        "history/p/a/a-1.checkpoint.json.gz",
        "history/p/a/a-1.history.json.gz",
        "history/p/a/b-1.history.json",
    ]

    found = layout_of(names)

    assert found.current == {("p", "a"): ["stacks/p/a.json"]}
    assert [each.moment for each in found.updates["p", "a"]] == [1, 2]
    assert found.updates["p", "a"][1].checkpoint == ""


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda whole: whole[: len(whole) // 2], "truncated"),
        (lambda whole: b"", "truncated"),  # noqa: ARG005  what was there is gone
        (lambda whole: gzip.compress(whole)[:-9], "cut off"),
        (lambda whole: whole.replace(b'"version":3', b'"version":99', 1), "version `99`"),
        (lambda whole: whole.replace(b'"urn":', b'"nru":'), "without a URN"),
    ],
)
def test_one_damaged_checkpoint_is_named_and_the_rest_is_read(backend, damage, said) -> None:
    """Whatever is wrong with it: the file's name, the reason, and the other stack's state."""
    path = backend / ".pulumi/stacks/crossaccount/account-a.json"
    path.write_bytes(damage(path.read_bytes()))

    found = gather([str(backend)])

    assert [source.stack for source in found.sources] == STACKS[1:]
    (left_out,) = found.left_out
    assert "account-a.json" in left_out.where
    assert said in left_out.why


def test_a_record_without_its_checkpoint_is_named(backend) -> None:
    """A history that is not whole is told, update by update."""
    lost = sorted((backend / ".pulumi/history/crossaccount/account-a").glob("*.checkpoint.json"))[1]
    lost.unlink()

    found = gather_versions([str(backend)])

    assert [each.update.number for each in found.by_stack[STACKS[0]]] == [1, 3]
    assert "checkpoint of update 2" in found.left_out[0].why


def test_a_folder_that_is_no_backend_is_named(tmp_path) -> None:
    """Neither silence nor a traceback."""
    (left_out,) = gather([str(tmp_path)]).left_out

    assert "neither a backend" in left_out.why


def test_what_fsspec_knows_is_a_place(backend) -> None:
    """Any of its file systems; here the one in memory."""
    memory, root = fsspec.filesystem("memory"), f"/{uuid4().hex}"
    memory.put(str(backend), root, recursive=True)

    assert stacks(f"memory:/{root}") == STACKS


@pytest.fixture
def bucket(backend, monkeypatch):
    """The backend in a bucket that a local server keeps; its URL as Pulumi takes it."""
    server = pytest.importorskip("moto.server").ThreadedMotoServer(
        ip_address="127.0.0.1", port=0, verbose=False
    )
    server.start()
    host, port = server.get_host_and_port()
    for name, value in (("AWS_ACCESS_KEY_ID", "example"), ("AWS_SECRET_ACCESS_KEY", "example")):
        monkeypatch.setenv(name, value)
    options = {"client_kwargs": {"endpoint_url": f"http://{host}:{port}"}, "skip_instance_cache": True}
    files = fsspec.filesystem("s3", **options)
    name = f"states-{uuid4().hex[:8]}"  # moto keeps its buckets as long as the process
    files.mkdir(name)
    for path in backend.rglob("*"):
        if path.is_file():
            files.pipe_file(f"{name}/team/{path.relative_to(backend)}", path.read_bytes())
    yield f"s3://{name}/team?endpoint={host}:{port}&region=us-east-1&disableSSL=true&s3ForcePathStyle=true"
    server.stop()


def test_a_bucket_that_speaks_s3_is_read(bucket) -> None:
    """States and history; no part of the URL's query is shown."""
    assert stacks(bucket) == STACKS
    found = gather_versions([bucket])
    assert {stack: len(versions) for stack, versions in found.by_stack.items()} == {
        STACKS[0]: 3,
        STACKS[1]: 2,
    }
    assert gather([bucket]).sources[0].where.startswith(f"{bucket.partition('?')[0]}: stacks/")


def test_a_bucket_that_is_not_there_is_named(bucket) -> None:
    """One line with the place."""
    (left_out,) = gather([bucket.replace("states", "others", 1)]).left_out

    assert "s3://others-" in left_out.why


def test_a_state_and_the_backend_that_has_it_too_are_one(backend, tmp_path) -> None:
    """The same stack twice: equal ones are one, and of two that differ the newer counts and is told."""
    checkpoint = json.loads((backend / ".pulumi/stacks/crossaccount/account-a.json").read_bytes())
    older = {"version": 3, "deployment": checkpoint["checkpoint"]["latest"]}
    older["deployment"]["manifest"]["time"] = "2026-01-01T00:00:00Z"
    export = tmp_path / "a.json"
    export.write_text(json.dumps(older))

    found = gather([str(export), str(backend)])

    assert [source.stack for source in found.sources] == STACKS
    assert "account-a.json` counts" in found.rivals[0]


def test_an_empty_state_is_of_the_account_that_is_told_for_its_file(tmp_path) -> None:
    """`pulumi destroy` leaves it; nothing in it says whose it is."""
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"version": 3, "deployment": {"resources": []}}))
    untold, told = gather([str(file)]), gather([str(file)])

    assert dict(untold.graph({}).accounts) == {}
    assert list(told.graph({str(file): "1234567890120000"}).accounts) == ["1234567890120000"]
    assert told.sources[0].account == "1234567890120000"


def test_a_project_is_read_through_the_cli(tmp_path, backend, monkeypatch) -> None:
    """The stacks that `pulumi` lists, exported without a passphrase; nothing is written to the backend."""
    if shutil.which("pulumi") is None:
        pytest.skip("not on the PATH: pulumi")
    project = tmp_path / "project"
    project.mkdir()
    (project / "Pulumi.yaml").write_text("name: crossaccount\nruntime: python\n")
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{backend}")
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE", raising=False)
    before = contents(backend)

    assert stacks(project) == STACKS
    assert all("give the folder or the bucket" in each.why for each in old_versions(project))
    assert contents(backend) == before


def old_versions(project: Path):
    """What the CLI does not export: a self-managed backend's former versions."""
    for versions in gather_versions([str(project)]).by_stack.values():
        yield versions[0].stored()


def test_a_project_without_the_cli_is_named(tmp_path, monkeypatch) -> None:
    """With the ways out."""
    (tmp_path / "Pulumi.yaml").write_text("name: crossaccount\nruntime: python\n")
    monkeypatch.setenv("PATH", str(tmp_path))

    (left_out,) = gather([str(tmp_path)]).left_out

    assert "`pulumi` is not on the PATH" in left_out.why


def test_a_bucket_without_what_reads_it_says_what_to_install(monkeypatch) -> None:
    """The extra is named; nothing of the URL's query is."""
    monkeypatch.setitem(sys.modules, "fsspec", None)

    (left_out,) = gather(["s3://states/team?endpoint=oss.example"]).left_out

    assert "`pip install s3fs`" in left_out.why
    assert "endpoint" not in left_out.why
