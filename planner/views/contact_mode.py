"""How a visit takes place, in the word that stands beside its title in every view."""

_TITLE_WORDS = {
    "phone": ("phone", "telefon", "teléfono", "téléphone"),
    "video": ("video", "vidéo", "vídeo"),
    "home": ("home", "zuhause", "zu hause", "domicile", "domicilio"),
}
"""What a title says where it names the mode itself, in the languages of the pages."""


def untitled_mode(mode: str, title: str) -> str:
    """The mode of a visit; empty for the clinic, an event, and where the title names it already.

    So `Follow-up by telephone` does not become `Follow-up by telephone (phone)`.

    Args:
        mode: `clinic`, `phone`, `video`, `home` or `none`.
        title: of the visit, in any case.
    """
    words = _TITLE_WORDS.get(mode, ())
    named = mode in ("clinic", "none") or any(word in title.casefold() for word in words)
    return "" if named else mode
