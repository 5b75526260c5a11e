"""The Attend tab, in English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class AttendSentences:
    """A `{name}` in a sentence is filled in with `str.format`."""

    attend_tab: str = "Attend"
    attend_empty_heading: str = "Where did it look?"
    attend_empty_hint: str = "Drop a clip or pick an example. You can ask about every word of its caption."
    attend_busy: str = "Writing the caption"
    attend_words_heading: str = "Choose a word"
    attend_words_hint: str = "to see where and when the model looked for it"
    attend_typed_placeholder: str = "or type any word"
    attend_typed_label: str = "Any word"
    attend_typed_button: str = "Look"
    attend_method_label: str = "Method"
    attend_method_similarity: str = "Similarity"
    attend_method_similarity_hint: str = (
        "How likely the word is at each place, compared with common nouns, frame by frame; "
        "for a word that the model wrote, weighted by relevance."
    )
    attend_method_relevance: str = "Relevance"
    attend_method_relevance_hint: str = "Attention, weighted by how much it raised the word’s probability."
    attend_method_rollout: str = "Rollout"
    attend_method_rollout_hint: str = "Attention followed back through all layers to the picture."
    attend_method_attention: str = "Raw attention"
    attend_method_attention_hint: str = "Attention as it stands, averaged over layers and heads."
    attend_method_gradient_input: str = "Gradient × input"
    attend_method_gradient_input_hint: str = (
        "How much a small change at each place would change the word’s probability."
    )
    attend_finer: str = "Finer: through the frame encoder’s own attention"
    attend_idle: str = "Choose a word above, or type one."
    attend_looking: str = "Looking for “{word}”"
    attend_looking_again: str = "Looking again"
    attend_error_heading: str = "This word could not be looked for"
    attend_clip_error_heading: str = "This clip could not be read"
    attend_result_heading: str = "“{word}”"
    attend_likely: str = "{probability} likely to be there"
    attend_unlikely: str = "Not likely here: the model gives it {probability}. The heat is as faint as that."
    attend_most: str = "Strongest at {time}"
    attend_cool: str = "least"
    attend_hot: str = "most"
    attend_curve_heading: str = "When"
    attend_curve_hint: str = "mean heat of each frame; click to jump"
    attend_curve_label: str = "Heat over time"
    attend_strip_heading: str = "Where"
    attend_strip_hint: str = "the frames that the model saw; click one to jump"
    attend_video_label: str = "The whole clip with its heatmap"
    attend_filming: str = "Drawing it over the whole clip"
    attend_measuring: str = "Asking the model again and again"
    attend_video_label_scene: str = "The scene with its heatmap"
    attend_opacity: str = "Opacity"
    attend_colours: str = "Colours"
    attend_download_video: str = "Video (.webm)"
    attend_download_strip: str = "Frames (.png)"
    attend_download_numbers: str = "Numbers (.npz)"
    attend_video_failed: str = "The playable overlay could not be made for this clip; the frames above are complete."
    attend_heads: str = "By layer and head"
    attend_heads_hint: str = (
        "Each picture is the frame that a head looked at most. Rows are layers, columns heads; click one to jump."
    )
    attend_head_label: str = "Layer {layer}, head {head}, {time}"
    attend_faith: str = "Does the word depend on it?"
    attend_faith_hint: str = (
        "Places are hidden, or shown again, the hottest first, and each time the model is asked how likely the "
        "word is. With a heatmap that tells the truth the word’s probability falls sooner, and rises sooner, than "
        "in random order."
    )
    attend_faith_score: str = "Score {score}"
    attend_faith_better: str = "These places move the word’s probability more than a random order does."
    attend_faith_worse: str = (
        "These places move the word’s probability no more than a random order does: do not rely on this heatmap."
    )
    attend_deletion: str = "Hiding the hottest first"
    attend_insertion: str = "Showing the hottest first"
    attend_by_heatmap: str = "by the heatmap"
    attend_by_chance: str = "random order"
    attend_hidden_axis: str = "share of places hidden"
    attend_shown_axis: str = "share of places shown"
    attend_gain: str = "area {gain}"
    attend_api_description: str = (
        "Where and when the model looks for a word: a heatmap (frames, rows, columns) in [0, 1] with the frames' "
        "moments. Methods: {methods}."
    )
    attend_api_method: str = "There is no method {method!r}; choose one of {methods}."
