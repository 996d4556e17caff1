"""Where a backend lies: a folder of this machine, or a bucket."""

from __future__ import annotations

import os
import stat
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qs, urlsplit

from crossaccount.access import QuestionError

if TYPE_CHECKING:
    from collections.abc import Iterator

BOOKKEEPING = ".pulumi"
_BUCKETS = "pip install s3fs"


class Place(Protocol):
    """A backend's files, by their names below `.pulumi/`."""

    @property
    def where(self) -> str:
        """The backend as messages name it; without credentials."""
        ...

    def names(self) -> Iterator[str]:
        """The names of all files, with `/` between folders.

        Raises:
            QuestionError: the place cannot be listed.
        """
        ...

    def read(self, name: str) -> bytes:
        """The content of one file.

        Raises:
            OSError: it cannot be read.
        """
        ...

    def changed(self, name: str) -> datetime | None:
        """When a file was last written, in UTC; None where the place does not say."""
        ...


class Folder:
    """A backend in a folder of this machine."""

    def __init__(self, path: Path) -> None:
        self._root = path if path.name == BOOKKEEPING else path / BOOKKEEPING
        self.where = str(path)

    def names(self) -> Iterator[str]:
        """Every file, in order; raises `QuestionError` where a folder cannot be listed."""
        for folder, inner, files in os.walk(self._root, onerror=self._refuse):
            inner.sort()
            below = Path(folder).relative_to(self._root).as_posix()
            for name in sorted(files):
                yield name if below == "." else f"{below}/{name}"

    def read(self, name: str) -> bytes:
        """The content of a file; of what is none, such as a pipe that would never end, an `OSError`."""
        path = self._root / name
        if not stat.S_ISREG(path.stat().st_mode):
            raise OSError(0, "it is no file")
        return path.read_bytes()

    def changed(self, name: str) -> datetime | None:
        """When the file was last written; in a copy of a backend perhaps when it was copied."""
        try:
            return datetime.fromtimestamp((self._root / name).stat().st_mtime, timezone.utc)
        except OSError:
            return None

    def _refuse(self, error: OSError) -> None:
        reason = (error.strerror or "an error").lower()
        raise QuestionError(
            f"backend `{self.where}` cannot be listed: `{error.filename}`: {reason}"
        ) from None


class Bucket:
    """A backend in a bucket, through `fsspec`: S3, what speaks it, such as OSS, and what else is installed.

    Args:
        url: as Pulumi takes it: `s3://bucket/folder?endpoint=...&region=...&s3ForcePathStyle=true`.

    Raises:
        QuestionError: what reads such a bucket is not installed, or the URL is not understood.
    """

    def __init__(self, url: str) -> None:
        try:
            import fsspec  # noqa: PLC0415  an extra
        except ImportError:
            raise QuestionError(f"`{_shown(url)}` is a bucket: install what reads it: `{_BUCKETS}`") from None
        parts = urlsplit(url)
        scheme = "s3" if parts.scheme == "oss" else parts.scheme
        try:
            self._files = fsspec.filesystem(scheme, **_options(parts.scheme, parts.query))
        except (ImportError, ValueError) as error:
            raise QuestionError(f"`{_shown(url)}` cannot be read: {error}: `{_BUCKETS}`") from None
        self._root = f"{parts.netloc}{parts.path}".rstrip("/") + f"/{BOOKKEEPING}"
        self.where = _shown(url)

    def names(self) -> Iterator[str]:
        """Every file, in order; raises `QuestionError` where the bucket cannot be listed."""
        try:
            found = sorted(self._files.find(self._root))
        except Exception as error:  # noqa: BLE001  each kind of bucket has its own errors
            raise QuestionError(f"backend `{self.where}` cannot be listed: {error}") from None
        root = self._root.lstrip("/") + "/"
        for name in found:
            yield name.lstrip("/").removeprefix(root)

    def read(self, name: str) -> bytes:
        """The content of an object."""
        try:
            content: bytes = self._files.cat_file(f"{self._root}/{name}")
        except OSError:
            raise
        except Exception as error:  # noqa: BLE001  each kind of bucket has its own errors
            raise OSError(0, str(error)) from None
        return content

    def changed(self, name: str) -> datetime | None:
        """When the object was last written, where the kind of bucket says it."""
        try:
            found: datetime = self._files.modified(f"{self._root}/{name}")
        except Exception:  # noqa: BLE001  each kind of bucket has its own errors, and not each has times
            return None
        return found.astimezone(timezone.utc) if found.tzinfo else found.replace(tzinfo=timezone.utc)


def place_of(location: str) -> Place | None:
    """The backend at a location; None where there is none.

    Args:
        location: a folder, or a URL: `file:///...`, `s3://...`, `oss://...` or another that `fsspec` knows.

    Raises:
        QuestionError: what reads it is not installed.
    """
    if location.startswith("file://"):
        return Folder(Path(location.removeprefix("file://")).expanduser())
    if "://" in location:
        return Bucket(location)
    path = Path(location)
    is_backend = path.name == BOOKKEEPING or (path / BOOKKEEPING / "stacks").is_dir()
    return Folder(path) if is_backend or (path / BOOKKEEPING / "meta.yaml").is_file() else None


def _options(scheme: str, query: str) -> dict[str, Any]:
    if scheme not in ("s3", "oss"):
        return {}
    given = {key: values[-1] for key, values in parse_qs(query).items()}
    endpoint, region = given.get("endpoint", ""), given.get("region", "")
    if scheme == "oss" and not endpoint and region:
        endpoint = f"oss-{region}.aliyuncs.com"
    if endpoint and "://" not in endpoint:
        endpoint = f"{'http' if given.get('disableSSL') == 'true' else 'https'}://{endpoint}"
    client = {"endpoint_url": endpoint or None, "region_name": region or None}
    style = "path" if given.get("s3ForcePathStyle") == "true" else "virtual" if scheme == "oss" else "auto"
    return {
        "client_kwargs": {key: value for key, value in client.items() if value},
        "config_kwargs": {"s3": {"addressing_style": style}},
        "skip_instance_cache": True,
        "use_listings_cache": False,
    }


def _shown(url: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"
