"""The page in English: the sentences as they are written in sentences/."""

from __future__ import annotations

from videobert_demo.ui.texts.texts import Texts

ENGLISH = Texts()
