"""The HTML form in a real browser."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from crossaccount.audit.html_form import report_to_html
from crossaccount.audit.model import LeftOut
from tests.access.states import OWNER, PARTNER
from tests.audit.pages import grid, hostile
from tests.audit.test_forms import REPORTS
from tests.chromium import Chromium, chromium_path

pytestmark = pytest.mark.skipif(chromium_path() is None, reason="no Chromium is installed on this machine")
SORTED = "[...document.querySelectorAll('thead th')].map(each => each.getAttribute('aria-sort'))"
FOCUSED = "document.activeElement.textContent"


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """One browser for all tests of this module."""
    browser = Chromium(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.fixture
def opened(browser, tmp_path):
    """A function that opens a report's page; in the end no page may have complained or asked for anything."""
    pages = []

    def open_(found, setting=()):
        path = tmp_path / "report.html"
        path.write_text(report_to_html(found), encoding="utf-8")
        page = browser.page()
        pages.append(page)
        for method, parameters in setting:
            page.call(method, **parameters)
        page.open(path)
        return page

    yield open_
    complaints = [text for page in pages for text in page.complaints()]
    requests = [url for page in pages for url in page.requests()]
    for page in pages:
        page.close()
    assert complaints == []
    assert requests == [(tmp_path / "report.html").as_uri()] * len(pages)


def search(page, text):
    """Type into the empty search field; gives what the page says of the count."""
    page.evaluate("document.getElementById('filters').reset()")
    page.evaluate("document.getElementById('search').focus()")
    page.call("Input.insertText", text=text[:-1])
    page.press(text[-1])
    return page.texts("#count")[0]


def screen(width, *, mobile=False):
    return ("Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": mobile})  # fmt: skip


def media(name, value):
    return ("Emulation.setEmulatedMedia", {"features": [{"name": name, "value": value}]})


@pytest.mark.parametrize("name", REPORTS)
def test_the_table_holds_the_rows_of_the_report(opened, name) -> None:
    """On all its pages together, as all other forms do."""
    found = REPORTS[name]()
    page = opened(found)
    rows = len(page.texts("tbody [data-row]"))
    while not page.evaluate("document.getElementById('next').disabled"):
        page.evaluate("document.getElementById('next').click()")
        rows += len(page.texts("tbody [data-row]"))

    assert rows == len(list(found.rows()))


def test_the_search_narrows(opened) -> None:
    """Every word has to be there: in names, actions or evidence, in any letter case."""
    page = opened(REPORTS["many"]())

    assert page.texts("#count") == ["82 rows, 40 roles"]
    assert search(page, "worker-039") == "4 of 82 rows, 1 role"
    assert search(page, "FC:getfunctionCODE") == "41 of 82 rows, 40 roles"
    assert search(page, "worker-012 project/p12") == "1 of 82 rows, 1 role"
    assert search(page, "full-access") == "4 of 82 rows, 1 role"
    assert search(page, "nothing-like-it") == "0 of 82 rows, 0 roles"
    assert page.texts("tbody [data-row]") == []
    page.evaluate("document.getElementById('filters').reset(); new Promise(done => setTimeout(done))")
    assert page.texts("#count") == ["82 rows, 40 roles"]


def test_the_choices_narrow_and_a_finding_shows_its_roles(opened) -> None:
    """By the grade of findings, the class of access, and the account."""
    page = opened(REPORTS["many"]())

    def choose(field, value):
        page.evaluate(
            f"document.getElementById('{field}').value = '{value}';"
            f"document.getElementById('{field}').dispatchEvent(new Event('input', {{bubbles: true}}))"
        )
        return page.texts("#count")[0]

    assert choose("by-grade", "high") == "4 of 82 rows, 1 role"
    assert choose("by-class", "invoke") == "1 of 82 rows, 1 role"
    assert choose("by-account", PARTNER) == "1 of 82 rows, 1 role"
    page.evaluate("document.querySelector('.finding.high button.show').click()")
    assert page.evaluate("document.getElementById('search').value") == "full-access"
    assert page.texts("#count") == ["4 of 82 rows, 1 role"]


def test_a_heading_sorts_and_says_how(opened) -> None:
    """First up, then down; `aria-sort` is told of the sorted column alone."""
    page = opened(REPORTS["many"]())
    page.evaluate("document.querySelectorAll('thead button')[1].focus()")
    page.press("Enter")
    assert page.evaluate(SORTED) == ["none", "ascending", "none", "none", "none", "none"]
    assert page.texts("tbody .name")[0] == "worker-000"

    page.press("Enter")
    assert page.evaluate(SORTED) == ["none", "descending", "none", "none", "none", "none"]
    assert page.texts("tbody .name")[0] == "worker-039"

    page.evaluate("document.querySelectorAll('thead button')[5].click()")
    assert page.evaluate(SORTED)[5] == "ascending"
    assert page.texts("tbody tr:first-child .grade") == ["high"]


def test_a_path_is_followed_by_the_keyboard_alone(opened) -> None:
    """From a row to the picture, from node to node, to the right's words and its line."""
    page = opened(REPORTS["two principals"]())
    page.evaluate("document.querySelector('tbody button').focus()")
    page.press("ArrowDown")
    page.press("Enter")
    assert page.evaluate(FOCUSED) == "The path"
    assert page.evaluate("document.querySelectorAll('tbody tr')[1].getAttribute('aria-current')") == "true"

    page.press("Tab")
    on_path = page.texts(".node[aria-pressed=true] .label")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "button"
    assert len(on_path) == 3
    page.press("ArrowRight")
    page.press("ArrowRight")
    page.press("ArrowUp")
    page.press("Enter")

    assert page.texts(".node[aria-pressed=true] .label")[:2] == on_path[:2]
    assert page.texts(".node[aria-pressed=true] .label") != on_path
    assert page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"
    assert page.evaluate("document.querySelectorAll('tbody tr')[0].getAttribute('aria-current')") == "true"
    assert page.texts("#path-said")[0].startswith(page.texts(".node[aria-pressed=true] .label")[0][:20])
    steps = page.texts("#path .step")
    assert [len(steps), steps[1][:4]] == [3, "Role"]
    assert "fc:*" in steps[2]
    assert all("__main__.py:" in text for text in steps)
    page.evaluate("document.getElementById('back').focus()")
    page.press("Enter")
    assert page.evaluate("document.activeElement.closest('tr').getAttribute('aria-current')") == "true"


def test_the_first_key_leads_past_the_header_and_the_slash_to_the_search(opened) -> None:
    """A skip link, and landmarks with headings in order."""
    page = opened(REPORTS["many"]())
    page.press("Tab")
    assert page.evaluate(FOCUSED) == "Skip to the table of rights"
    page.press("/")
    assert page.evaluate("document.activeElement.id") == "search"

    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map(each => Number(each.tagName[1]))")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    named = "each.textContent.trim() || each.closest('label') || each.getAttribute('aria-label')"
    every = "[...document.querySelectorAll('button, input, select, [role=region]')]"
    assert page.evaluate(f"{every}.every(each => {named})")
    assert page.evaluate("document.querySelector('table caption').textContent.length") > 0


def test_colours_follow_the_system_and_the_switch(opened) -> None:
    """Dark where the system is dark; the switch turns to the other."""
    page = opened(REPORTS["many"](), [media("prefers-color-scheme", "dark")])
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    assert page.texts("#theme") == ["Light"]
    page.evaluate("document.getElementById('theme').click()")

    assert dark == "rgb(16, 20, 26)"
    assert page.evaluate(ground) == "rgb(246, 247, 249)"
    assert page.texts("#theme") == ["Dark"]


@pytest.mark.parametrize("found", [REPORTS["many"], hostile], ids=["many", "hostile"])
@pytest.mark.parametrize("width", [360, 1200])
def test_the_page_is_as_wide_as_the_screen(opened, found, width) -> None:
    """Nothing scrolls sideways, however long a name is."""
    page = opened(found(), [screen(width, mobile=width < 400)])

    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("document.getElementById('picture').scrollWidth") <= width


def test_no_name_is_obeyed(opened) -> None:
    """Names made to break out are text, in the table, the picture and the path."""
    page = opened(hostile())
    page.evaluate("document.querySelector('tbody button').click()")

    assert page.evaluate("document.querySelectorAll('script').length") == 2
    assert page.evaluate("document.querySelectorAll('img').length") == 0
    assert "</script><script>fail()" in page.texts("#path .step")[0]
    assert not any(letter in text for text in page.texts("body") for letter in "\u2028\u202e\u200f\x1b")


def test_what_was_left_out_is_on_top(opened) -> None:
    """Before the counts, where nobody misses it."""
    page = opened(replace(REPORTS["many"](), left_out=(LeftOut("b.json", "`b.json` is cut"),)))

    assert page.texts("main > :first-child h2") == ["1 state could not be read: this report is without it"]


def test_the_page_is_read_without_its_script(opened) -> None:
    """Counts and findings are there, and how to see the rest."""
    setting = [("Emulation.setScriptExecutionDisabled", {"value": True})]
    page = opened(REPORTS["many"](), setting)
    page.call("Emulation.setScriptExecutionDisabled", value=False)

    assert page.evaluate("document.getElementById('rights-section').hidden")
    assert "allow JavaScript" in page.texts("noscript")[0]
    assert len(page.texts(".finding summary")) > 3
    assert page.texts(".summary dd")[:3] == ["2", "40", "1"]


def test_it_prints_what_is_found(opened) -> None:
    """All rows of the search, not those of one page; afterwards the page is as before."""
    page = opened(REPORTS["many"]())
    assert page.printed().startswith(b"%PDF-")
    assert page.texts("#print-note") == ["82 rows, 40 roles."]
    assert len(page.texts("tbody [data-row]")) == 50

    search(page, "worker-03")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.texts("#print-note") == ["Search: worker-03. 22 of 82 rows, 10 roles."]
    assert page.evaluate("document.querySelectorAll('details:not([open])').length") == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.querySelectorAll('details:not([open])').length") > 0


def test_ten_thousand_delegations_open_and_are_searched(opened) -> None:
    """The page shows a part of them, and prints no more than it says."""
    page = opened(grid(10_000))

    assert page.texts("#count") == ["20,000 rows, 10,000 roles"]
    assert page.texts("#page") == ["page 1 of 400"]
    assert search(page, "worker-07 p07") == "0 of 20,000 rows, 0 roles"
    assert search(page, "worker-0777") == "20 of 20,000 rows, 10 roles"
    page.evaluate("document.querySelector('tbody button').click()")
    assert "worker-07770" in page.texts("#path .step")[1]
    assert page.evaluate("document.querySelectorAll('.node').length") < 40
    assert page.texts(".node.more .label") == ["and 94 more"]
    page.evaluate("document.querySelector('.node.more').dispatchEvent(new Event('click', {bubbles: true}))")
    assert page.texts("#count") == ["200 of 20,000 rows, 100 roles"]
    search(page, "worker")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert len(page.texts("tbody [data-row]")) == 2_000
    assert "printed are the first 2,000" in page.texts("#print-note")[0]


def test_the_bundle_is_the_files_of_the_package() -> None:
    """Each of a readable length."""
    folder = Path(report_to_html.__code__.co_filename).with_name("page")
    lengths = {each.name: len(each.read_text("utf-8").splitlines()) for each in folder.iterdir()}

    assert {name: length for name, length in lengths.items() if length > 400} == {}
    assert OWNER not in "".join(each.read_text("utf-8") for each in folder.iterdir())
