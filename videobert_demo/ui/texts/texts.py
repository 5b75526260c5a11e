"""Every sentence of the page that a person reads. One `Texts` is one language: texts_english.py, texts_chinese.py.

Which of them a person reads is decided in languages.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from videobert_demo.errors import VideoBertDemoError


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The sentences of one language. A `{name}` in a sentence is filled in with `str.format`.

    Attributes:
        language: Its code, one that Gradio has words of its own for: "en", "zh-CN".
        errors: The sentences of the package's errors, by their English template.
    """

    language: str
    errors: Mapping[str, str]

    title: str
    tagline: str

    queue: str
    spoken_progress: str
    spoken_complete: str

    clip_label: str
    drop: str
    limits: str
    examples_heading: str
    examples_sources: str
    example_credit: str
    unplayable: str

    describe_tab: str
    empty_heading: str
    empty_hint: str
    busy_heading: str
    reading: str
    looking: str
    writing: str
    error_heading: str
    unexpected_error: str
    caption_label: str
    score: str
    answered_in: str
    score_hint: str
    runner_ups_heading: str
    runner_ups_hint: str
    frames_heading: str
    frames_hint: str
    frame_alt: str
    facts_heading: str
    fact_duration: str
    fact_size: str
    fact_rate: str
    fact_format: str
    rate: str
    seconds: str

    ask_tab: str
    ask_empty_heading: str
    ask_empty_hint: str
    ask_clip_error_heading: str
    ask_label: str
    ask_placeholder: str
    ask_button: str
    ask_suggestions_heading: str
    ask_suggestions_hint: str
    ask_busy: str
    ask_busy_blank: str
    ask_not_sure: str
    ask_probability: str
    ask_likeliest_heading: str
    ask_likeliest_hint: str
    ask_frames_heading: str
    ask_frames_hint: str
    ask_earlier_heading: str
    ask_api_description: str

    search_tab: str
    search_empty_heading: str
    search_empty_hint: str
    search_label: str
    search_placeholder: str
    search_button: str
    search_like: str
    search_picture: str
    search_add: str
    search_player: str
    search_library: str
    search_busy: str
    search_nothing: str
    search_score: str
    search_from: str
    search_duplicates: str
    search_hits_hint: str
    search_hits_for: str
    search_hits_like: str
    search_hits_picture: str
    search_no_clip: str
    search_gone: str
    search_adding: str
    search_added: str
    search_known: str
    search_failed: str
    search_remove: str
    search_own_note: str
    search_shared_note: str
    search_api_description: str
    search_api_count: str
    search_api_count_label: str

    attend_tab: str
    attend_empty_heading: str
    attend_empty_hint: str
    attend_busy: str
    attend_words_heading: str
    attend_words_hint: str
    attend_typed_placeholder: str
    attend_typed_label: str
    attend_typed_button: str
    attend_method_label: str
    attend_method_similarity: str
    attend_method_similarity_hint: str
    attend_method_relevance: str
    attend_method_relevance_hint: str
    attend_method_rollout: str
    attend_method_rollout_hint: str
    attend_method_attention: str
    attend_method_attention_hint: str
    attend_method_gradient_input: str
    attend_method_gradient_input_hint: str
    attend_idle: str
    attend_looking: str
    attend_looking_again: str
    attend_error_heading: str
    attend_clip_error_heading: str
    attend_result_heading: str
    attend_most: str
    attend_cool: str
    attend_hot: str
    attend_curve_heading: str
    attend_curve_hint: str
    attend_curve_label: str
    attend_strip_heading: str
    attend_strip_hint: str
    attend_video_label: str
    attend_opacity: str
    attend_colours: str
    attend_download_video: str
    attend_download_strip: str
    attend_download_numbers: str
    attend_video_failed: str
    attend_heads: str
    attend_heads_hint: str
    attend_head_label: str
    attend_faith: str
    attend_faith_hint: str
    attend_faith_score: str
    attend_faith_better: str
    attend_faith_worse: str
    attend_deletion: str
    attend_insertion: str
    attend_by_heatmap: str
    attend_by_chance: str
    attend_hidden_axis: str
    attend_shown_axis: str
    attend_gain: str
    attend_api_description: str
    attend_api_method: str

    tokens_tab: str
    tokens_parts_label: str
    tokens_part_strip: str
    tokens_part_kinds: str
    tokens_part_cloze: str
    tokens_part_align: str
    tokens_part_reel: str
    tokens_part_forecast: str
    tokens_empty_heading: str
    tokens_empty_hint: str
    tokens_error_heading: str
    tokens_word: str
    tokens_unsure: str
    tokens_player: str
    tokens_same: str
    tokens_near: str
    tokens_far: str
    tokens_strip_busy: str
    tokens_strip_heading: str
    tokens_strip_hint: str
    tokens_distance: str
    tokens_distance_hint: str
    tokens_segment_also: str
    tokens_segment_show: str
    tokens_neighbours_heading: str
    tokens_neighbours_hint: str
    tokens_neighbours_none: str
    tokens_kinds_busy: str
    tokens_kinds_heading: str
    tokens_kinds_hint: str
    tokens_kinds_verb: str
    tokens_kinds_verb_hint: str
    tokens_kinds_object: str
    tokens_kinds_object_hint: str
    tokens_kinds_trained_hint: str
    tokens_kinds_category: str
    tokens_kinds_category_hint: str
    tokens_kinds_labels: str
    tokens_kinds_labels_hint: str
    tokens_typed_label: str
    tokens_typed_placeholder: str
    tokens_typed_button: str
    tokens_typed_busy: str
    tokens_typed_heading: str
    tokens_typed_hint: str
    tokens_typed_belongs: str
    tokens_typed_none: str
    tokens_cloze_label: str
    tokens_cloze_placeholder: str
    tokens_cloze_button: str
    tokens_cloze_words_heading: str
    tokens_cloze_words_hint: str
    tokens_cloze_segments_heading: str
    tokens_cloze_segments_hint: str
    tokens_cloze_idle: str
    tokens_cloze_busy: str
    tokens_cloze_word_heading: str
    tokens_cloze_blank_heading: str
    tokens_cloze_with: str
    tokens_cloze_without: str
    tokens_cloze_segment_heading: str
    tokens_cloze_segment_hint: str
    tokens_cloze_stood: str
    tokens_align_label: str
    tokens_align_placeholder: str
    tokens_align_button: str
    tokens_align_idle: str
    tokens_align_busy: str
    tokens_align_yes: str
    tokens_align_no: str
    tokens_align_unsure: str
    tokens_align_whole: str
    tokens_align_peak: str
    tokens_align_flat: str
    tokens_align_curve_heading: str
    tokens_align_curve_hint: str
    tokens_align_curve_label: str
    tokens_reel_label: str
    tokens_reel_placeholder: str
    tokens_reel_button: str
    tokens_reel_length: str
    tokens_reel_temperature: str
    tokens_reel_seed: str
    tokens_reel_idle: str
    tokens_reel_busy: str
    tokens_reel_heading: str
    tokens_reel_hint: str
    tokens_reel_video: str
    tokens_reel_download: str
    tokens_reel_failed: str
    tokens_forecast_busy: str
    tokens_forecast_seen_heading: str
    tokens_forecast_seen_hint: str
    tokens_forecast_heading: str
    tokens_forecast_hint: str
    tokens_forecast_hits: str
    tokens_forecast_came: str
    tokens_forecast_expected: str
    tokens_forecast_one: str
    tokens_api_tokens: str
    tokens_api_cloze: str
    tokens_api_align: str
    tokens_api_reel: str
    tokens_api_classify: str
    tokens_api_places: str
    tokens_api_words_label: str
    tokens_api_segments_label: str

    footer: str
    api_description: str
    api_no_clip: str
    no_such_example: str
    no_addresses: str

    def explain(self, error: VideoBertDemoError) -> str:
        """An error's sentence in this language, or in English if there is none in this one."""
        sentence = self.errors.get(error.template)
        return error.message if sentence is None else sentence.format(**error.values)
