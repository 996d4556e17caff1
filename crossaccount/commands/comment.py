"""`crossaccount comment`: one comment on a pull request or merge request, updated in place."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import click

from crossaccount.access import AccessError
from crossaccount.commands.endings import tell
from crossaccount.review.posting import (
    GITHUB_BOT,
    Place,
    PostingError,
    github,
    github_head,
    gitlab,
    gitlab_user,
    post,
)
from crossaccount.session.errors import ErrorKind, SessionError

_GITHUB = re.compile(r"([\w.-]+/[\w.-]+)#([0-9]+)")
_GITLAB = re.compile(r"([\w./-]+)!([0-9]+)")


_EPILOG = """\
\b
Examples:
  crossaccount diff --base origin/main --markdown comment.md
  crossaccount comment comment.md --github company-a/infrastructure#17
  crossaccount comment comment.md --gitlab company-a/infrastructure!17 --json

\b
Exit codes: 0 posted, or nothing to post; 2 it cannot be done.
"""


@click.command(epilog=_EPILOG)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--github", "pull_request", metavar="OWNER/REPO#N", help="Token: GITHUB_TOKEN.")
@click.option("--gitlab", "merge_request", metavar="PROJECT!N", help="Token: GITLAB_TOKEN.")
@click.option("--api", help="The API's address (default: GITHUB_API_URL or CI_API_V4_URL).")
@click.option("--head-sha", help="Write only if the pull request's branch is at this commit.")
@click.option("--author", help=f"Whose comments count (default: {GITHUB_BOT}; on GitLab the token's user).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, errors too.")
def comment(
    file: Path,
    pull_request: str | None,
    merge_request: str | None,
    api: str | None,
    head_sha: str | None,
    author: str | None,
    as_json: bool,
) -> None:
    """Post FILE, which `crossaccount diff --markdown` wrote, or update the comment that is there.

    The comment is found by its hidden first line on whatever page it is. One that says the same is not
    written again; without any change and without a comment nothing is posted.
    """
    try:
        if (pull_request is None) == (merge_request is None):
            raise PostingError("give one of `--github OWNER/REPO#N` and `--gitlab PROJECT!N`")
        if pull_request is not None:
            place = _on_github(pull_request, api, head_sha, author)
        else:
            place = _on_gitlab(merge_request or "", api, author)
        done = post(place, file.read_text("utf-8"))
        click.echo(json.dumps({"comment": done}) if as_json else f"comment {done}")
    except AccessError as error:
        tell(SessionError(ErrorKind.USAGE, str(error)), as_json=as_json)
        sys.exit(ErrorKind.USAGE.value)


def _on_github(named: str, api: str | None, head_sha: str | None, author: str | None) -> Place:
    match = _GITHUB.fullmatch(named)
    if match is None:
        raise PostingError(f"`{named}` is not `OWNER/REPO#N`")
    repository, number = match[1], int(match[2])
    address = api or os.environ.get("GITHUB_API_URL") or "https://api.github.com"
    token = _token("GITHUB_TOKEN")
    if head_sha is not None and github_head(address, repository, number, token) != head_sha:
        raise PostingError(f"`{named}` is not at commit `{head_sha}`: a newer run will say what is there")
    return github(address, repository, number, token, GITHUB_BOT if author is None else author)


def _on_gitlab(named: str, api: str | None, author: str | None) -> Place:
    match = _GITLAB.fullmatch(named)
    if match is None:
        raise PostingError(f"`{named}` is not `PROJECT!N`")
    address = api or os.environ.get("CI_API_V4_URL") or "https://gitlab.com/api/v4"
    token = _token("GITLAB_TOKEN")
    mine = gitlab_user(address, token) if author is None else author
    return gitlab(address, match[1], int(match[2]), token, mine)


def _token(name: str) -> str:
    token = os.environ.get(name, "")
    if not token:
        raise PostingError(f"the variable `{name}` is not set: it holds the token that may comment")
    return token
