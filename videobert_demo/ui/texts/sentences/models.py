"""The Compare models tab, in English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ModelsSentences:
    """A `{name}` in a sentence is filled in with `str.format`."""

    models_tab: str = "Models"
    models_question: str = "A question for both models, or nothing"
    models_placeholder: str = "A question for both, such as: what is the animal doing?"
    models_word: str = "A word that both look for"
    models_button: str = "Compare"
    models_empty_heading: str = "The same clip, two models"
    models_empty_hint: str = (
        "What each says and where it looks, how long it takes and how large it is. The second model is another form of "
        "the running one, unless whoever runs this app has named a checkpoint."
    )
    models_busy: str = "Asking both models"
    models_running: str = "the running model"
    models_named: str = "the second model"
    models_eight_bits: str = "the same with weights in 8 bits"
    models_light: str = "the same, computing in 8 bits"
    models_full: str = "the same, computing in full precision"
    models_unsure: str = "not sure"
    models_likely: str = "{probability} likely"
    models_looked: str = "“{word}”, warmest at {time}"
    models_open: str = "Look at the frames"
    models_caption: str = "Write the caption"
    models_answer: str = "Answer"
    models_heatmap: str = "Heatmap"
    models_size: str = "Weights"
    models_milliseconds: str = "{count} ms"
    models_costs: str = "Time and size"
    models_api_description: str = (
        "Compares the running model with a second one on a clip: captions, answers, heatmaps, milliseconds, megabytes."
    )
