"""Words that tell what a study is about: its substance, its condition, its arms.

Some are the protocol's own, from where it declares these things; others tell it in any protocol,
also in one that declares nothing. It is better to call a harmless word telling than the reverse:
what a text says instead is neutral, such as the kind of a visit.
"""

import re
from functools import lru_cache

from planner.protocol.model import Protocol

_PLAIN_WORDS = """
    adult adults advanced after and apart are arm arms assisted before between blinded both chronic
    cohort control course criteria daily day days delayed disease disorder dose dosing double each
    eight eligible end every feasibility first five flexible for four free from further general
    group half healthy high identical illness immediate label last later lead least life long low
    made major medium meeting mild moderate month monthly months observational of once one ongoing
    only open optional parallel parent part participant participants patient patients people per
    period periods phase pilot program programme protocol psychological psychotherapy randomised
    randomized received report resistant second session sessions seven severe short single site six
    social stage step studies study supplemental support system ten term test the their then therapy
    third threatening three total treated treatment trial trials two unblinding up use user users
    visit visits volunteers wait week weekly weeks with within without year years
"""
_PLAIN = frozenset(_PLAIN_WORDS.split())
"""Words of titles, conditions and arms that tell nothing by themselves."""

_SUBSTANCES = """
    amphetamin ayahuasca buprenorphin cannab cocain comp360 dextrometh diazepam diphenhydr ecstasy
    escitalopr esketamin fluoxetin heroin hydroxyzin ibogain ketamin lithium lorazep lsd lysergi
    mdma mescalin methadon methylphenid microdos midomafetamin mm120 morphin naloxon naltrexon
    niacin nicotin opioid opiat paroxetin placebo psilocin psilocyb psychedel quetiapin
    salvinorin sertralin sham spravato ssri verum
"""
_CONDITIONS = """
    abstin addict adhd alcohol alzheim anorex anxi arthrit asthma autis bipolar bulimi cancer
    carcino cessat chemother cirrho cluster craving crohn dementia depend depress detox diabet
    drink dysthym epilep fibromyalg gambl hallucin hepat hiv huntington insomn leukaem leukem
    lymphom mania manic melanom metasta migrain neoplas obes obsess oncolog pain palliat panic
    parkinson phobi pregnan psoria psychos psychot ptsd quit radiother relaps schizo sclero seizur
    smok sober stroke suicid tobacco transplant traum tumor tumour
"""
_STEMS = tuple((_SUBSTANCES + _CONDITIONS).split())
"""Beginnings of words that tell a substance or a condition in any protocol."""

_SHORT = """
    aud audit bdi caps cbd cgi cssrs dmt epds ftnd gad grid hads hamd hrsd ibs madrs mdd ms ocd
    panss pcl phq qids shaps ssrs stai thc tlfb trd uc ybocs ymrs
"""
_WHOLE = frozenset(_SHORT.split())
"""Short words that do, among them instruments that are named after a condition."""

_ENDINGS = re.compile(
    # Names of substances (the stems of the WHO's international nonproprietary names), conditions.
    "(?:mab|tinib|pril|sartan|vastatin|prazole|conazole|cillin|mycin|floxacin|olol|zepam|zolam"
    "|oxetine|pramine|triptyline|idone|apine|gliptin|gliflozin|glutide|parin|caine|setron|triptan"
    "|barbital|codone|orphine|fentanil|dronate|platin|rubicin|taxel|trexate|vir"
    "|itis|aemia|emia|algia|pathy|plegia|phrenia|carcinoma|sarcoma)$"
)
_SHORTEST_ALIKE = 6
"""So many letters at the beginning make two words one: `depression` and `depressive`."""


def telling_words(protocol: Protocol) -> frozenset[str]:
    """The words of a protocol that tell its substance, its condition or an arm, in small letters.

    Args:
        protocol: its title stands for substance and condition where it declares neither.
    """
    texts = [*protocol.substance, protocol.condition or ""]
    if not any(texts):
        texts.append(protocol.title)
    for arm in protocol.arms:
        texts += [arm.id, arm.title or "", arm.label or "", *arm.periods]
    return _words_of(tuple(texts))


@lru_cache(maxsize=64)
def _words_of(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(
        word for text in texts for word in words_in(text) if len(word) > 2 and word not in _PLAIN
    )


def words_in(text: str) -> list[str]:
    """The words of a text in small letters; a number is none."""
    return re.findall(r"[^\W\d_]+", text.casefold())


def tells(text: str, telling: frozenset[str]) -> bool:
    """Whether a text has a word that tells a substance, a condition or an arm.

    Args:
        text: such as a visit's title.
        telling: the protocol's own words, by `telling_words`.
    """
    named = re.findall(r"[^\W\d_]+\d*", text.casefold())
    return any(_tells(word, telling) for word in {*words_in(text), *named})


def _tells(word: str, telling: frozenset[str]) -> bool:
    if word in _PLAIN:
        return False
    if word in telling or word in _WHOLE or word.startswith(_STEMS):
        return True
    if len(word) < _SHORTEST_ALIKE:
        return False
    if _ENDINGS.search(word):
        return True
    return any(telling_word.startswith(word[:_SHORTEST_ALIKE]) for telling_word in telling)
