"""The colours: readable on their paper, and apart from each other in greyscale."""

from itertools import pairwise

import pytest

from planner.views.charts.draw_course import weekly_shade
from planner.views.charts.palette import (
    EDGE_CONTRAST,
    EPOCHS,
    NEIGHBOURS_CONTRAST,
    TEXT_CONTRAST,
    THEMES,
    Theme,
    contrast,
    edge,
    epoch_color,
    epoch_colors,
    luminance,
    mix,
    tint,
)

themes = pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))

SEQUENCE = ("screening", "preparation", "dosing", "integration", "follow-up")
"""Kinds of epochs in the order in which they usually follow each other."""


def test_luminance_is_that_of_wcag() -> None:
    assert luminance("#000000") == 0
    assert luminance("#FFFFFF") == pytest.approx(1)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast("#000000", "#FFFFFF") == contrast("#FFFFFF", "#000000") == pytest.approx(21)


@themes
def test_text_can_be_read_on_everything_it_may_stand_on(theme: Theme) -> None:
    for color in (theme.ink, theme.quiet, theme.alarm):
        for behind in (theme.paper, theme.shade, weekly_shade(theme)):
            assert contrast(color, behind) >= TEXT_CONTRAST, (color, behind)


@themes
def test_the_edge_of_every_epoch_stands_out_from_the_paper(theme: Theme) -> None:
    for color in EPOCHS.values():
        assert contrast(edge(color, theme), theme.paper) >= EDGE_CONTRAST


@themes
def test_marks_stand_out_from_the_windows_that_they_lie_on(theme: Theme) -> None:
    for color in EPOCHS.values():
        assert contrast(theme.ink, tint(color, theme)) >= TEXT_CONTRAST
        assert contrast(theme.alarm, tint(color, theme)) >= EDGE_CONTRAST


def test_phases_that_follow_each_other_differ_in_lightness() -> None:
    for one, after in pairwise(SEQUENCE):
        assert contrast(epoch_color(one), epoch_color(after)) >= NEIGHBOURS_CONTRAST, (one, after)


@themes
def test_what_a_conflict_leaves_is_fainter_than_its_rules(theme: Theme) -> None:
    faded, alarm = contrast(theme.faded, theme.paper), contrast(theme.alarm, theme.paper)
    assert alarm >= 2 * faded


def test_epochs_of_one_kind_that_take_turns_have_colours_of_their_own() -> None:
    turns = [("treatment", "treatment"), ("interim", "treatment")] * 3 + [("end", "follow-up")]
    colors = epoch_colors(turns)
    assert colors["treatment"] == epoch_color("treatment")
    assert colors["end"] == epoch_color("follow-up")
    assert len(set(colors.values())) == 3
    assert contrast(colors["interim"], colors["treatment"]) >= NEIGHBOURS_CONTRAST


def test_more_epochs_than_colours_share_that_of_their_kind() -> None:
    colors = epoch_colors([(f"epoch {number}", "dosing") for number in range(12)])
    assert len(colors) == 12
    assert len(set(colors.values())) == len(set(EPOCHS.values()))
    assert colors["epoch 11"] == epoch_color("dosing")


def test_an_unknown_kind_of_epoch_has_a_colour_of_its_own() -> None:
    assert epoch_color(None) == epoch_color("nonsense")
    assert epoch_color(None) not in {EPOCHS[kind] for kind in SEQUENCE}


def test_a_mixture_lies_between_its_colours() -> None:
    assert mix("#000000", "#FFFFFF", 1) == "#000000"
    assert mix("#000000", "#FFFFFF", 0.5) == "#808080"
