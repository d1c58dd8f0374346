"""BibTeX that other readers understand: keys, fields, and nothing that TeX would act on."""

import re

import pytest
from example_protocol import example_file
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import BibliographyData, parse_string
from pybtex.richtext import Text

from planner.formats.load import load_protocol
from planner.protocol.evidence import Source
from planner.protocol.library import library_ids
from planner.protocol.model import Protocol
from planner.views.bibtex import escaped, not_citable, render_bibtex


def protocol(**sources: Source) -> Protocol:
    declared = {name.replace("_", "-"): source for name, source in sources.items()}
    return example_file().protocol.model_copy(update={"sources": declared})


def read(text: str) -> BibliographyData:
    return parse_string(text, "bibtex")


def paper(title: str, **more: object) -> Source:
    return Source.model_validate(
        {"kind": "trial-paper", "read": "abstract", "title": title, **more}
    )


def test_a_paper_is_an_article_with_what_its_citation_says() -> None:
    title = "Carhart-Harris RL et al., Lancet Psychiatry 2016;3:619-627"
    text = render_bibtex(protocol(paper=paper(title, doi="10.1016/S2215-0366(16)30065-7")))
    entry = read(text).entries["example-paper"]
    assert entry.type == "article"
    assert str(entry.persons["author"][0]) == "Carhart-Harris, R. L."
    assert str(entry.persons["author"][1]) == "others"
    told = {name: entry.fields[name] for name in ("journal", "year", "volume", "pages", "doi")}
    assert told == {
        "journal": "Lancet Psychiatry",
        "year": "2016",
        "volume": "3",
        "pages": "619-627",
        "doi": "10.1016/S2215-0366(16)30065-7",
    }


@pytest.mark.parametrize(
    ("title", "author"),
    [
        ("Kvam T-M et al., Frontiers in Psychiatry 2022;13:954388", "Kvam, T.-M."),
        (
            "The sister trial: Mitchell JM et al., Nature Medicine 2021;27:1025-1033",
            "Mitchell, J. M.",
        ),
        ("Ot'alora G M et al., J Psychopharmacol 2018", "Ot'alora G, M."),
        ("Secondary outcomes of MAPP1, PLoS One", None),
        ("HOPE, Journal of Pain and Symptom Management 2023;66:258-269", None),
    ],
)
def test_an_author_is_named_only_where_the_citation_names_one(
    title: str, author: str | None
) -> None:
    entry = read(render_bibtex(protocol(paper=paper(title, doi="10.1/x")))).entries["example-paper"]
    people = [str(person) for person in entry.persons.get("author", [])]
    assert people[:1] == ([] if author is None else [author])
    assert str(Text.from_latex(entry.fields["title"])) == title


@pytest.mark.parametrize(
    ("number", "url"),
    [
        ("NCT03537014", "https://clinicaltrials.gov/study/NCT03537014"),
        ("ISRCTN14426797", "https://www.isrctn.com/ISRCTN14426797"),
        ("ACTRN12621000436875", "https://www.anzctr.org.au/ACTRN12621000436875.aspx"),
    ],
)
def test_a_registry_record_has_its_number_and_address(number: str, url: str) -> None:
    record = Source(kind="registry", read="registry-record", id=number)
    entry = read(render_bibtex(protocol(registry=record))).entries["example-registry"]
    assert (entry.type, entry.fields["number"], entry.fields["url"]) == ("misc", number, url)


def test_a_retracted_paper_says_so() -> None:
    retracted = paper("Pooled analysis", doi="10.1/x", retracted="2024-08-10")
    entry = read(render_bibtex(protocol(pooled=retracted))).entries["example-pooled"]
    assert entry.fields["note"].startswith("RETRACTED on 2024-08-10")


def test_what_nobody_can_look_up_is_left_out() -> None:
    known = Source(kind="general-knowledge", read="not-read", title="Generally known")
    nameless = Source(kind="press", read="secondary")
    made = protocol(known=known, nameless=nameless, paper=paper("A paper"))
    assert list(read(render_bibtex(made)).entries) == ["example-paper"]
    assert not_citable(made) == ["known", "nameless"]


@pytest.mark.parametrize("name", library_ids())
def test_every_library_file_makes_bibtex_that_another_reader_understands(name: str) -> None:
    made = load_protocol(name).protocol
    entries = read(render_bibtex(made)).entries
    assert len(entries) == len(made.sources) - len(not_citable(made))
    for key, source in made.sources.items():
        if f"{name}-{key}" in entries and source.title is not None:
            assert str(Text.from_latex(entries[f"{name}-{key}"].fields["title"])) == source.title


HOSTILE = st.text(
    st.one_of(st.sampled_from("\\{}~^$&#_%@\",=()`'äµ–"), st.sampled_from("ab 1")), max_size=20
)


@given(HOSTILE)
def test_no_title_breaks_out_of_its_field(title: str) -> None:
    source = paper("x").model_copy(update={"title": f"a{title}"})
    entry = read(render_bibtex(protocol(paper=source, other=paper("b")))).entries
    assert list(entry) == ["example-paper", "example-other"]
    assert entry["example-paper"].fields["title"] == " ".join(escaped(f"a{title}").split())


PLAIN = {r"\textbackslash{}": "\\", r"\textbraceleft{}": "{", r"\textbraceright{}": "}",
         r"\textasciitilde{}": "~", r"\textasciicircum{}": "^"}  # fmt: skip


@given(HOSTILE)
def test_what_is_escaped_reads_as_it_was(text: str) -> None:
    def plain(match: re.Match[str]) -> str:
        return PLAIN.get(match[0], match[0][1:])

    back = re.sub(r"\\[a-z]+\{\}|\\[$&#_%]", plain, escaped(text))
    assert back == " ".join(text.split())


@given(HOSTILE)
def test_no_address_breaks_out_of_its_field(text: str) -> None:
    source = Source(kind="press", read="secondary", title="t").model_copy(
        update={"url": f"https://example.org/{text}"}
    )
    fields = read(render_bibtex(protocol(press=source))).entries["example-press"].fields
    assert set(fields) == {"title", "url", "note"}
    assert not set(fields["url"]) & set('{}\\" ')
