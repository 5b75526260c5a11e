"""Times our beam search against transformers' `generate`: the captions of 1, 8 and 32 clips, on two threads.

Both write five captions of each clip, by the app's checkpoint and under the app's rules; the encoder has read the clips
beforehand. The two are timed in turn, so that they see the same machine, and must write the same sentences.

python -m benchmarks.beam_search      prints both and their ratio; exits 1 below 1.5 at one clip or below 2 at more
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path

import torch
from transformers import LogitsProcessorList

from videobert_demo.model.beam_search import search_beams
from videobert_demo.model.features import ClipTensors, stack_clips
from videobert_demo.model.images import prepare_images
from videobert_demo.model.loading import LoadedModel, load_checkpoint
from videobert_demo.settings import Settings
from videobert_demo.tasks.caption import BEAMS, LENGTH_PENALTY, MAX_CAPTION_TOKENS, caption_rules
from videobert_demo.types import ClipLimits
from videobert_demo.video.decode import read_clip

EXAMPLES = Path(__file__).parent.parent / "assets" / "examples"
MIN_RATIOS = {1: 1.5, 8: 2.0, 32: 2.0}
"""By the number of clips in a batch."""
ROUNDS = 7


@torch.inference_mode()
def time_both(loaded: LoadedModel, clips: list[ClipTensors]) -> tuple[float, float]:
    """Seconds that `generate` and `search_beams` take for these clips, the median of several rounds.

    Raises:
        AssertionError: their sentences differ.
    """
    model, unknown = loaded.model, loaded.processor.tokenizer.unk_token_id
    video = stack_clips(clips, loaded.device, model.dtype)
    encoded, rules = model.encoder(**video), caption_rules(loaded, video)

    def theirs() -> list[str]:
        ids = model.generate(
            encoder_outputs=encoded,
            do_sample=False,
            num_beams=BEAMS,
            num_return_sequences=BEAMS,
            max_new_tokens=MAX_CAPTION_TOKENS,
            length_penalty=LENGTH_PENALTY,
            early_stopping=True,
            suppress_tokens=[unknown],
            logits_processor=LogitsProcessorList(rules),
        )
        return loaded.processor.decode_captions(ids)

    def ours() -> list[str]:
        found = search_beams(
            model,
            encoded,
            beams=BEAMS,
            max_tokens=MAX_CAPTION_TOKENS,
            banned_ids=(unknown,),
            logits_processors=rules,
            length_penalty=LENGTH_PENALTY,
            ended_first=False,
        )
        return loaded.processor.decode_captions([sentence.ids for sentences in found for sentence in sentences])

    assert theirs() == ours(), "the sentences differ"  # and both are warm now
    spent = [(_time(theirs), _time(ours)) for _ in range(ROUNDS)]
    return statistics.median(one for one, _ in spent), statistics.median(other for _, other in spent)


def _time(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def main() -> int:
    """Measures and prints; returns the exit status."""
    torch.set_num_threads(2)
    loaded = load_checkpoint(Settings().checkpoint)
    examples = []
    for path in sorted(EXAMPLES.glob("*.mp4")):
        _, frames = read_clip(path, loaded.model.config.max_frames, limits=ClipLimits(), max_side=480)
        examples.append(ClipTensors(*loaded.encode_clip(prepare_images(frames.pixels))))
    is_fast = True
    for count, limit in MIN_RATIOS.items():
        generate, ours = time_both(loaded, list(islice(cycle(examples), count)))
        ratio = generate / ours
        print(f"{count:2d} clips   generate {generate:6.3f} s   search_beams {ours:6.3f} s   ", end="")
        print(f"ratio {ratio:5.2f}   (limit: at least {limit:g})")
        is_fast &= ratio >= limit
    return 0 if is_fast else 1


if __name__ == "__main__":
    sys.exit(main())
