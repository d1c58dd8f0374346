"""What a study says of itself: names, dates, design, arms, whom and what it is about."""

from planner.formats.usdm.model import Code, Design, Study, StudyVersion, Title
from planner.formats.usdm.read.import_log import (
    ImportLog,
    Names,
    full_text,
    short_line,
    slug,
    truncated,
)
from planner.formats.usdm.terms import APPROVAL_DATE, blinded_party, blinding_word, model_word
from planner.protocol.amounts import bare_name, has_amount
from planner.protocol.field_types import quoted
from planner.protocol.model import BLINDED_DESIGNS
from planner.time.date import UnitError, parse_date

_TITLES = ("official", "scientific", "brief", "public", "acronym")


def identity(
    account: ImportLog, study: Study, version: StudyVersion, design: Design
) -> dict[str, object]:
    """The fields of a protocol above its schedule, `format` and `id` first."""
    data: dict[str, object] = {
        "format": "1",
        "id": _id(study),
        "title": _title(study, version),
        "version": short_line(version.identifier) or "1",
    }
    account.place(data, study.path, version=version.path, title=_best(version.titles, version).path)
    date = _date(account, version)
    if date is not None:
        data["date"] = date
    data["status"] = "draft"
    registry = list(
        dict.fromkeys(
            identifier_line
            for identifier in version.identifiers
            if (identifier_line := short_line(identifier.text))
        )
    )
    if registry:
        data["registry"] = account.place(registry, version.identifiers[0].path)
    data |= _design(account, version, design)
    substances = _substances(account, version)
    if substances:
        data["substance"] = substances
    about = short_line(
        "; ".join(
            dict.fromkeys(
                indication.decode for indication in design.indications if indication.decode
            )
        )
    )
    if about is not None:
        data["condition"] = about
        account.place(data, study.path, condition=design.indications[0].path)
    return data


def _id(study: Study) -> str:
    texts = (study.name, study.label, study.id)
    return next((study_id for text in texts if text and (study_id := slug(text))), "study")


def _title(study: Study, version: StudyVersion) -> str:
    return (
        short_line(_best(version.titles, version).text)
        or short_line(study.label)
        or short_line(study.name)
        or short_line(study.description)
        or _id(study)
    )


def _best(titles: tuple[Title, ...], version: StudyVersion) -> Title:
    for word in _TITLES:
        for title in titles:
            kind = title.type
            if kind is not None and word in (kind.decode or "").lower():
                return title
    return titles[0] if titles else Title("", None, version.path)


def _date(account: ImportLog, version: StudyVersion) -> str | None:
    def rank(kind: Code | None) -> int:
        decode = "" if kind is None else (kind.decode or "").lower()
        if kind is not None and kind.code == APPROVAL_DATE.code:
            return 0
        return 1 if "approv" in decode else 2

    for date_entry in sorted(version.dates, key=lambda dated: rank(dated.type)):
        try:
            return parse_date(date_entry.value[:10]).isoformat()
        except UnitError:
            account.mistake(
                f"date {quoted(date_entry.value)} is not an ISO 8601 date", date_entry.path
            )
    return None


def _design(account: ImportLog, version: StudyVersion, design: Design) -> dict[str, object]:
    words: list[object] = []
    blinding = blinding_word(design.blinding)
    if blinding is not None:
        words.append(blinding)
    else:
        design_says = "does not say how it is blinded"
        if design.blinding is not None:
            design_says = f"is blinded in a way that is not known, {quoted(design.blinding.decode)}"
        account.reading(
            f"the design {design_says}; read as saying nothing about it, which no check takes for"
            " open",
            design.path if design.blinding is None else design.blinding.path,
            expected=True,
        )
    model = model_word(design.model)
    if model is None:
        model = "single-group" if len(design.arms) < 2 else "parallel"
        given = "no model" if design.model is None else f"model {quoted(design.model.decode)}"
        account.reading(
            f"the design has {given}; read as {model} because of its {len(design.arms)} arms",
            design.path if design.model is None else design.model.path,
            expected=True,
        )
    words.append(model)
    data: dict[str, object] = {"design": account.place(words, design.path)}
    blinded = _blinded(account, version, blinding)
    if blinded:
        data["blinded"] = account.place(blinded, version.path)
    return data


def _blinded(account: ImportLog, version: StudyVersion, blinding: str | None) -> list[object]:
    parties: list[object] = []
    for role in version.masked_roles:
        party = blinded_party(role)
        if party is None:
            account.left_out(
                f"the masked role {quoted(role)} is none that a protocol file knows", version.path
            )
        elif party not in parties:
            parties.append(party)
    hiding = {"participant", "therapist", "investigator", "site"}
    if parties and blinding in BLINDED_DESIGNS and not hiding & set(parties):
        party_names = ", ".join(str(party_name) for party_name in parties)
        account.reading(
            f"the design is {blinding}, its masked roles name only the {party_names}; read as"
            " blinding participants too, not only those named",
            version.path,
            expected=True,
        )
        return []
    return parties


def _substances(account: ImportLog, version: StudyVersion) -> list[object]:
    substances: list[object] = []
    for name in version.interventions:
        bare = slug(name)
        if not bare:
            account.left_out(
                f"the intervention {quoted(name)} has no name without an amount",
                (*version.path, "studyInterventions"),
            )
        elif bare not in substances:
            substances.append(bare)
    return account.place(substances, (*version.path, "studyInterventions"))


def read_arms(account: ImportLog, design: Design) -> tuple[list[object], dict[str, str]]:
    """The arms of a design, and the id of each by its USDM id."""
    names = Names()
    arms: list[object] = []
    ids: dict[str, str] = {}
    for arm in design.arms:
        if arm.id in ids:
            account.mistake(f"two arms have the id {quoted(arm.id)}; the first is read", arm.path)
            continue
        ids[arm.id] = names.take(arm.name, arm.label, otherwise="arm")
        entry: dict[str, object] = {"id": ids[arm.id]}
        title, label = full_text(arm.label), full_text(arm.description)
        if title is not None and has_amount(title):
            # What the arm receives, in the study's own words, is what a label is for.
            label = title if label is None or title in label else f"{title}: {label}"
            title = full_text(bare_name(title))
        if title is not None:
            entry["title"] = truncated(title)
        if label is not None and label != title:
            entry["label"] = truncated(label)
        arms.append(account.place(entry, arm.path))
        for note in arm.notes:
            account.left_out(f"a note on arm {quoted(arm.name or arm.id)}", note.path)
    return arms, ids
