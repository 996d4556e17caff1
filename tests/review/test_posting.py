"""One comment on a pull request, against a served API that pages as GitHub and GitLab do."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner

from crossaccount.cli import main
from crossaccount.review import PermissionDiff
from crossaccount.review.markdown import marker_of, to_markdown
from tests.review.pairs import a_grant_that_opens_a_door, diff

BOT = {"login": "github-actions[bot]"}
CHANGE = to_markdown(diff(*a_grant_that_opens_a_door()), key="trial")
NO_CHANGE = to_markdown(PermissionDiff((), (), 2), key="trial")


class Api(ThreadingHTTPServer):
    """Comments of one pull request; remembers what was asked."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.comments, self.asked, self.tokens, self.sha = [], [], set(), "abc"
        self.user = "permission-bot"

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        """Nothing on the screen."""

    def _answer(self):
        parts = urlsplit(self.path)
        self.server.asked.append((self.command, parts.path))
        self.server.tokens |= {self.headers["Authorization"], self.headers["Private-Token"]}
        length = int(self.headers["Content-Length"] or 0)
        body = json.loads(self.rfile.read(length))["body"] if length else None
        found = self._found(parts, body)
        text = json.dumps(found).encode()
        self.send_response(404 if found is None else 200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PATCH = do_PUT = _answer  # noqa: N815  http.server's names

    def _found(self, parts, body):
        comments = self.server.comments
        if parts.path == "/user":
            return {"username": self.server.user}
        if "/pulls/" in parts.path:
            return {"head": {"sha": self.server.sha}}
        if self.command == "GET":
            query = parse_qs(parts.query)
            size, page = int(query["per_page"][0]), int(query["page"][0])
            return comments[(page - 1) * size : page * size]
        if self.command == "POST":
            author = {"author": {"username": self.server.user}} if "/notes" in parts.path else {"user": BOT}
            comments.append({"id": len(comments) + 1, **author, "body": body})
            return comments[-1]
        wanted = int(parts.path.rpartition("/")[2])
        comment = next((each for each in comments if each["id"] == wanted), None)
        if comment is not None:
            comment["body"] = body
        return comment


@pytest.fixture
def api():
    """The API, served."""
    with Api() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def post(api, tmp_path, monkeypatch):
    """A function: `crossaccount comment` with a text."""
    monkeypatch.setenv("GITHUB_TOKEN", "token-of-a-test")
    monkeypatch.setenv("GITLAB_TOKEN", "token-of-a-test")

    def run(text, *options):
        path = tmp_path / "comment.md"
        path.write_text(text, "utf-8")
        named = options or ("--github", "owner/repo#7")
        return CliRunner().invoke(main, ["comment", str(path), *named, "--api", api.url])

    return run


def others(count):
    """Comments of other people."""
    return [{"id": 1000 + n, "user": {"login": "ann"}, "body": f"remark {n}"} for n in range(count)]


def test_a_comment_is_created_once_and_then_updated(api, post) -> None:
    """The first run posts, the same text is not written again, another one takes its place."""
    assert post(CHANGE).output == "comment created\n"
    assert post(CHANGE).output == "comment unchanged\n"
    assert post(NO_CHANGE).output == "comment updated\n"
    assert [each["body"] for each in api.comments] == [NO_CHANGE]
    assert api.tokens == {"Bearer token-of-a-test", None}


def test_nothing_is_said_where_nothing_was_and_nothing_is(api, post) -> None:
    """A pull request that never changed a permission gets no comment."""
    assert post(NO_CHANGE).output == "comment not needed\n"
    assert api.comments == []


def test_the_comment_is_found_on_any_page(api, post) -> None:
    """With hundreds of comments before it, ours is updated and no second one made."""
    api.comments = [*others(250), {"id": 7, "user": BOT, "body": CHANGE.replace("gains", "gained")}]

    assert post(CHANGE).output == "comment updated\n"
    assert len(api.comments) == 251


def test_only_our_own_comment_counts(api, post) -> None:
    """Somebody else's comment with the same hidden line is left alone, as is one under another key."""
    fake = {"id": 1, "user": {"login": "mallory"}, "body": CHANGE}
    other = {"id": 2, "user": BOT, "body": CHANGE.replace(marker_of("trial"), marker_of("another"))}
    api.comments = [fake, other]

    assert post(CHANGE).output == "comment created\n"
    assert api.comments[:2] == [fake, other]


def test_line_ends_of_the_host_are_no_difference(api, post) -> None:
    """A body that comes back with other line ends is not written again."""
    api.comments = [{"id": 1, "user": BOT, "body": CHANGE.replace("\n", "\r\n").strip()}]

    assert post(CHANGE).output == "comment unchanged\n"


def test_another_commit_is_not_commented(api, post) -> None:
    """A number from an artifact counts only if that pull request is at the commit that was previewed."""
    wrong = post(CHANGE, "--github", "owner/repo#7", "--head-sha", "def")
    right = post(CHANGE, "--github", "owner/repo#7", "--head-sha", "abc")

    assert wrong.exit_code == 2
    assert "not at commit `def`" in wrong.output
    assert right.output == "comment created\n"


def test_gitlab_takes_notes(api, post) -> None:
    """The same for a merge request, its project's name in one part of the path."""
    assert post(CHANGE, "--gitlab", "group/project!3").output == "comment created\n"
    api.comments[0]["id"] = 5
    assert post(NO_CHANGE, "--gitlab", "group/project!3").output == "comment updated\n"
    assert api.asked[-1] == ("PUT", "/projects/group%2Fproject/merge_requests/3/notes/5")


def test_on_gitlab_only_the_tokens_own_note_counts(api, post) -> None:
    """A note with the hidden line by somebody else, which the token could not change, is left alone."""
    fake = {"id": 1, "author": {"username": "mallory"}, "body": CHANGE}
    api.comments = [fake]

    assert post(CHANGE, "--gitlab", "group/project!3").output == "comment created\n"
    assert api.comments[0] == fake
    assert post(CHANGE, "--gitlab", "group/project!3").output == "comment unchanged\n"
    api.user = ""
    assert "did not answer with `username`" in post(CHANGE, "--gitlab", "group/project!3").output


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("hello", ("--github", "owner/repo#7"), "that file is no comment"),
        (CHANGE, ("--github", "owner"), "`owner` is not `OWNER/REPO#N`"),
        (CHANGE, ("--gitlab", "owner"), "`owner` is not `PROJECT!N`"),
        (CHANGE, ("--github", "a/b#1", "--gitlab", "a!1"), "give one of"),
    ],
)
def test_what_cannot_be_posted_is_refused(post, text, options, message) -> None:
    """Each is one line that says what is wrong, exit 2, and never the token."""
    result = post(text, *options)

    assert result.exit_code == 2
    assert message in result.output
    assert "token-of-a-test" not in result.output


def test_without_a_token_nothing_is_asked(api, post, monkeypatch) -> None:
    """The variable that has to hold the token is named."""
    monkeypatch.delenv("GITHUB_TOKEN")

    assert "`GITHUB_TOKEN` is not set" in post(CHANGE).output
    assert api.asked == []
