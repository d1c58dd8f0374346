"""`planner remind`: texts of booked visits that tell neither drug, arm nor diagnosis."""

import json
from collections.abc import Callable
from datetime import date
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

import planner as api
from planner.protocol.telling import telling_words, words_in
from planner.views.messages import file_names

pytest.importorskip("babel", reason="needs the extra `handout`")

Planner = Callable[..., Any]
EXAMPLES = Path(__file__).parents[2] / "examples"
COMMAND = (
    "remind", "--records", str(EXAMPLES / "records"), "--protocol", "mapp1", "--site",
    str(EXAMPLES / "site-everyday.yaml"), "--today", "2027-02-02", "--to", "2027-02-05",
)  # fmt: skip
BLINDED = [
    protocol.id
    for protocol in (api.load(name).protocol for name in api.library_ids())
    if protocol.hides_plans
]


def test_booked_visits_have_a_text_and_others_a_warning(planner: Planner) -> None:
    result = planner(*COMMAND)
    assert result.code == 1
    text = result.out.replace("\u00a0", " ")
    assert "Participant code: P0002\n\nWednesday, 3 February 2027, 09:00" in text
    assert "overnight" in text
    assert "4 February 2027" not in text
    assert "no text: P0002 (mapp1) V07 First integration session (1): not booked" in result.err
    assert planner(*COMMAND, "--planned").out.count("February 2027,") == 3


def test_no_text_has_a_word_that_tells_the_study(planner: Planner) -> None:
    telling = telling_words(api.load("mapp1").protocol)
    for language in api.handout_languages():
        text = planner(*COMMAND, "--planned", "--language", language).out
        assert "P0001" in text
        assert not telling & set(words_in(text))
        assert "mapp1" not in text


@pytest.mark.parametrize("name", BLINDED)
def test_the_arms_of_a_blinded_study_have_the_same_texts(name: str) -> None:
    protocol = api.load(name).protocol
    texts = set()
    for arm in protocol.arms:
        record = api.Record(participant="P1", protocol=name, start=date(2027, 2, 1), arm=arm.id)
        try:
            answer = api.remind(
                record, "2027-01-01", "2027-04-30", planned=True,
                site=EXAMPLES / "site-everyday.yaml", today="2026-12-01",
            )  # fmt: skip
        except api.PlannerError as error:
            texts.add(str(error))
            continue
        texts.add(api.render(answer, "json"))
    assert len(texts) == 1


def test_drafts_of_e_mails_have_no_address(planner: Planner, tmp_path: Path) -> None:
    folder = tmp_path / "drafts"
    result = planner(*COMMAND, "--planned", "--language", "fr", "--format", "eml", "-o",
                     str(folder))  # fmt: skip
    assert (result.code, result.out) == (0, "")
    assert sorted(path.name for path in folder.iterdir()) == ["P0001.eml", "P0002.eml"]
    message = message_from_bytes((folder / "P0002.eml").read_bytes(), policy=default)
    assert not {"To", "From", "Cc", "Bcc", "Date"} & set(message.keys())
    assert "3 février 2027" in message.get_content().replace("\u00a0", " ")
    refused = planner(*COMMAND, "--format", "eml")
    assert (refused.code, "name a folder" in refused.err) == (2, True)


def test_json_names_the_visits_of_each_text(planner: Planner) -> None:
    data = json.loads(planner(*COMMAND, "--format", "json").out)
    assert [(message["participant"], message["visits"]) for message in data["messages"]] == [
        ("P0001", ["integration-b-1"]),
        ("P0002", ["dosing-1"]),
    ]
    assert "not booked" in data["without"][0]


def test_an_appointment_that_cannot_be_kept_has_no_text(planner: Planner, tmp_path: Path) -> None:
    site = tmp_path / "site.yaml"
    text = (EXAMPLES / "site-everyday.yaml").read_text()
    site.write_text(text + "\nclosures: [{from: 2027-02-05, reason: training}]\n")
    arguments = [str(site) if "site-everyday" in word else word for word in COMMAND]
    result = planner(*arguments, "--planned")
    assert result.code == 1
    assert "booked for 2027-02-05 14:00, which does not fit" in result.err
    assert "5 February" not in result.out


def test_one_code_in_two_studies_has_two_files() -> None:
    record = api.Record(participant="P1", protocol="mapp1", start=date(2027, 2, 1))
    answer = api.remind(
        record, "2027-01-01", "2027-03-30", planned=True,
        site=EXAMPLES / "site-everyday.yaml", today="2026-12-01",
    )  # fmt: skip
    other = answer.messages[0]._replace(protocol="psilodep-1")
    assert file_names([answer.messages[0], other], ".eml") == ["P1-mapp1.eml", "P1-psilodep-1.eml"]
