"""Every sentence of the page that a person reads. One `Texts` is one language; the rest of the UI is handed one.

The fields are plain strings: a second language is a second `Texts` value, and `dataclasses.asdict` turns each into the
dictionary that `gr.I18n` takes.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The sentences of one language. A `{name}` in a sentence is filled in with `str.format`."""

    title: str
    tagline: str

    queue: str

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

    # Attend
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

    footer: str
    api_description: str
    api_no_clip: str
    no_such_example: str
    no_addresses: str


ENGLISH = Texts(
    title="VideoBERT",
    tagline="A clip goes in, a sentence comes out.",
    queue="Others are before you: number {position} of {size} in the queue",
    clip_label="Clip",
    drop="Drop a clip here, or click to choose one",
    limits="mp4, mov, webm, mkv, avi or mpg, up to {megabytes} MB",
    examples_heading="Or pick one",
    examples_sources="Sources and licences of these clips",
    example_credit="{attribution}, {licence}",
    unplayable="This browser cannot play this kind of file. It was read all the same: see its frames by the caption.",
    describe_tab="Describe",
    empty_heading="What happens in the clip?",
    empty_hint="Drop a clip, record one, or pick an example. The answer appears here by itself.",
    busy_heading="Watching the clip",
    reading="Reading the clip",
    looking="Looking at the frames",
    writing="Writing the caption",
    error_heading="This clip could not be described",
    unexpected_error="Something went wrong here, not with your clip. Try once more, or choose another clip.",
    caption_label="Caption",
    score="Score {score}",
    answered_in="Answered in {time}",
    score_hint="How likely the model finds these words, from 0 to 100 %: the geometric mean over the words",
    runner_ups_heading="It also considered",
    runner_ups_hint="with their scores",
    frames_heading="What it looked at",
    frames_hint="click one to jump there",
    frame_alt="Frame at {time}",
    facts_heading="The clip",
    fact_duration="Length",
    fact_size="Picture",
    fact_rate="Frame rate",
    fact_format="Format",
    rate="{rate} per second",
    seconds="{seconds} s",
    # Attend
    ask_tab="Ask",
    ask_empty_heading="Ask about a clip",
    ask_empty_hint="Drop a clip, record one, or pick an example. Then ask what you like: the answer is a word.",
    ask_clip_error_heading="Nothing can be asked about this clip",
    ask_label="Question",
    ask_placeholder="What is the man doing?",
    ask_button="Ask",
    ask_suggestions_heading="Try one of these",
    ask_suggestions_hint="made from what the model says of the clip",
    ask_busy="Looking for the answer to “{question}”",
    ask_busy_blank="Looking for the answer",
    ask_not_sure="Not sure, perhaps {answer}",
    ask_probability="Probability {probability}",
    ask_likeliest_heading="The likeliest answers",
    ask_likeliest_hint="with their probabilities",
    ask_frames_heading="What the answer rests on",
    ask_frames_hint="each frame's share of the answer's relevance; click one to jump there",
    ask_earlier_heading="Asked before about this clip",
    ask_api_description="Answers a question about a clip: the likeliest answers, their probabilities, the frames.",
    search_tab="Search",
    search_empty_heading="Find a clip by what happens in it",
    search_empty_hint=(
        "Type a sentence, or look for clips like the one on the left or like a picture. The examples are "
        "there already; add your own."
    ),
    search_label="What happens in the clip",
    search_placeholder="a dog lies on the floor",
    search_button="Search",
    search_like="More like this clip",
    search_picture="By a picture",
    search_add="Add clips",
    search_player="The clip",
    search_library="The library",
    search_busy="Searching",
    search_nothing="No clip was found; add some, or search for something else.",
    search_score="Score {score}",
    search_from="from {time}",
    search_duplicates="and {count} that look the same",
    search_hits_hint="best first; click one to play it from its moment",
    search_hits_for="“{text}”",
    search_hits_like="More like this clip",
    search_hits_picture="Like the picture",
    search_no_clip="There is no clip on the left to compare with; choose one first.",
    search_gone="The file of this clip is no longer there; add it once more.",
    search_adding="Reading the clips",
    search_added="{added} added",
    search_known=", {known} already there",
    search_failed=", {failed} that cannot be used:",
    search_remove="Remove {title}",
    search_own_note="What you add is seen by you alone, and is gone when you close the page.",
    search_shared_note="What you add stays, and everyone who opens this page sees it.",
    search_api_description="Finds clips of the library by a sentence: title, score and the moment that fits best.",
    search_api_count="Ask for 1 to {most} hits.",
    search_api_count_label="How many hits",
    attend_tab="Attend",
    attend_empty_heading="Where did it look?",
    attend_empty_hint="Drop a clip or pick an example. Every word of its caption can be asked about.",
    attend_busy="Writing the caption",
    attend_words_heading="Choose a word",
    attend_words_hint="to see where and when the model looked for it",
    attend_typed_placeholder="or type any word",
    attend_typed_label="Any word",
    attend_typed_button="Look",
    attend_method_label="How to tell",
    attend_method_similarity="Similarity",
    attend_method_similarity_hint="How probable the word is at each place, among common nouns, frame by frame.",
    attend_method_relevance="Relevance",
    attend_method_relevance_hint="Attention, weighted by how much it raised the word’s probability.",
    attend_method_rollout="Rollout",
    attend_method_rollout_hint="Attention followed back through all layers to the picture.",
    attend_method_attention="Raw attention",
    attend_method_attention_hint="Attention as it stands, averaged over layers and heads.",
    attend_method_gradient_input="Gradient × input",
    attend_method_gradient_input_hint="How much a small change of each place would change the word’s probability.",
    attend_idle="Choose a word above, or type one.",
    attend_looking="Looking for “{word}”",
    attend_looking_again="Looking again",
    attend_error_heading="This word could not be looked for",
    attend_clip_error_heading="This clip could not be read",
    attend_result_heading="“{word}”",
    attend_most="Most at {time}",
    attend_cool="least",
    attend_hot="most",
    attend_curve_heading="When",
    attend_curve_hint="mean heat of each frame; click to jump",
    attend_curve_label="Heat over time",
    attend_strip_heading="Where",
    attend_strip_hint="the frames that the model saw; click one to jump",
    attend_video_label="The whole clip with its heatmap",
    attend_opacity="Opacity",
    attend_colours="Colours",
    attend_download_video="Video (.webm)",
    attend_download_strip="Frames (.png)",
    attend_download_numbers="Numbers (.npz)",
    attend_video_failed="The playable overlay could not be made of this clip; the frames above are complete.",
    attend_heads="By layer and head",
    attend_heads_hint=(
        "Each picture is the frame that a head looked at most. Rows are layers, columns heads; click one to jump."
    ),
    attend_head_label="Layer {layer}, head {head}, {time}",
    attend_faith="Does the word rest on it?",
    attend_faith_hint=(
        "Places are hidden, or brought back, the hottest first, and the model is asked each time how likely "
        "the word is. A heatmap that tells the truth makes the word fall early and rise early, compared with a "
        "random order."
    ),
    attend_faith_score="Score {score}",
    attend_faith_better="These places move the word’s probability more than a random order does.",
    attend_faith_worse=(
        "These places move the word’s probability no more than a random order does: do not lean on this heatmap."
    ),
    attend_deletion="Hiding the hottest first",
    attend_insertion="Showing the hottest first",
    attend_by_heatmap="by the heatmap",
    attend_by_chance="random order",
    attend_hidden_axis="share of places hidden",
    attend_shown_axis="share of places shown",
    attend_gain="area {gain}",
    attend_api_description=(
        "Where and when the model looks for a word: a heatmap (frames, rows, columns) in [0, 1] with the "
        "frames' moments. Methods: {methods}."
    ),
    attend_api_method="There is no method {method!r}; choose one of {methods}.",
    footer="Answered by {model}, on the machine that serves this page. Your clips are deleted minutes after you leave.",
    api_description="Describes a clip: the caption, its score, the runner-ups, the moments looked at, the time taken.",
    api_no_clip="Send a video file: there was none.",
    no_such_example="That example does not exist; pick another one.",
    no_addresses="Upload the file itself; addresses are not looked up here.",
)
