"""Texts never become markup, whatever they hold."""

from hypothesis import given
from hypothesis import strategies as st
from views.pages.reading import Page

from planner.views.pages.markup import coded, element, joined, page, text


def test_texts_and_attributes_are_escaped() -> None:
    made = element("p", "<b>&\"'", title='"><script>')
    assert made.source == '<p title="&quot;&gt;&lt;script&gt;">&lt;b&gt;&amp;&quot;&#x27;</p>'


def test_control_characters_are_spelled_out() -> None:
    assert text("a\x1b[2Jb\u202ec").source == "a\\x1b[2Jb\\u202ec"


def test_blanks_that_do_not_break_stay() -> None:
    assert text("1\u00a0March").source == "1\u00a0March"


def test_words_between_backticks_are_code() -> None:
    assert coded("`a` lies `<b>` after").source == (
        "<code>a</code> lies <code>&lt;b&gt;</code> after"
    )
    assert coded("one ` alone").source == "one ` alone"


@given(st.text(), st.text())
def test_nothing_in_a_text_is_an_element(words: str, title: str) -> None:
    body = joined(element("p", words, title=title), element("p", coded(words)))
    found = Page(page(title, body, language="en", style=""))
    assert found.tags() <= {"html", "head", "meta", "title", "style", "body", "p", "code"}
    assert len(found.values("title")) == 1
