"""How well scenes are found and described: films joined from the bundled examples and from whole clips of a data set.

Cuts are known because they are made here: each clip gives the stretches in which the model sees hardly any change from
one half second to the next, and these are joined. Of data of which only frames are known, a camera that moves over a
frame makes such a stretch (frame_clips.py). `cuts` of a variant are those that `find_shots` has to find. Clips
that move as they were filmed and clips of a few pictures a second, in which every move is a step, make films of their
own, and have figures of their own. For sentences
the stretches are encoded, joined in one file and each in a file of its own: a scene's sentence should be the one that
its stretch gets alone, and the one that the scene gets when that part of the film is opened by itself. For chapters
each stretch is cut in two: both halves should be one chapter, and its neighbours others.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm.auto import tqdm

from videobert_demo.errors import DataError
from videobert_demo.evaluation.frame_clips import moving_shots, read_split
from videobert_demo.evaluation.scenes import FRAMES_PER_SECOND, VARIANTS, CutScore, at_rate, score_film
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.service.examples import read_examples
from videobert_demo.service.service import VideoBertService
from videobert_demo.settings import Settings
from videobert_demo.tasks.embed import embed_clips
from videobert_demo.timeline.chapters import find_chapters
from videobert_demo.timeline.timeline import Scene
from videobert_demo.types import ClipLimits, Frames
from videobert_demo.video.decode import read_clip

STRETCHES_PER_FILM = 8
MIN_STRETCH_SECONDS = 1.5
SAME_COSINE = 0.75
"""Two pictures belong to one stretch from this cosine of their vectors on. Looked at by eye: at 0.5 most cuts that were
counted as false were cuts inside the clips, from one view of a room to another."""
FILMED_RATE = 8.0
"""Clips with fewer pictures a second count as sparse."""

_SUFFIXES = (".mp4", ".mov", ".mkv", ".webm", ".avi")
_SIDE, _SIZE = 480, (480, 270)
_SMALL_SIZE = (160, 96)
_MAX_PICTURES = 1000
_PICTURES_AT_ONCE = 32
_SAME_EDGE_SECONDS = 0.5
_MOMENTS_PER_SECOND = 2.0  # How densely the model looks for changes.


def evaluate_scenes(
    loaded: LoadedModel,
    data: Path,
    *,
    split: str | None = None,
    videos: int | None = None,
    variants: Sequence[str] = VARIANTS,
    progress: bool = True,
) -> dict[str, float]:
    """Figures of films that are joined from stretches of clips.

    Args:
        data: A folder with clips, or one that has them in clips/ or msrvtt/clips/; with a split one with videos.jsonl.
        split: Of which videos one frame each is taken, over which a camera moves, in place of clips and examples.
        videos: How many videos of the split; by default all.
        variants: How they are joined, of `evaluation.scenes.VARIANTS`.
        progress: Show a bar.

    Returns:
        For each variant F1, precision and recall of its cuts in percent, and F1 of the films of each kind, "f1_filmed"
        and "f1_sparse", with their numbers of cuts; "scenes_found", the share of stretches that
        were found as one scene, within half a second at both ends; "captions_same", the share of stretches whose
        sentence in the film is the one they have alone, in a file of the same pixels; "captions_same_encoded", the
        share if that file is encoded with loss; "captions_same_opened", the
        share of scenes whose sentence is the one that their part of the film has; "chapters_joined", the share of
        stretches whose halves are in one chapter, and "chapters_apart", that of neighbouring stretches that are not;
        and how many stretches there were.

    Raises:
        DataError: The folder has no clips.
    """
    if split is not None:
        stretches = moving_shots(data, read_split(data, split, videos))
    else:
        stretches = _stretches_of_clips(loaded, data, progress=progress)
    figures = cut_figures(stretches, variants, progress=progress)
    service = VideoBertService(loaded, Settings(cache_clips=0))
    found, same, encoded, opened, joined, apart = [], [], [], [], [], []
    for film in tqdm(_films(stretches), desc="sentences", unit="film", disable=not progress):
        stretches_alike, scenes_alike = _compare_sentences(service, [resized(stretch, _SIZE) for stretch in film])
        found += [is_found for is_found, _, _ in stretches_alike]
        same += [is_same for _, is_same, _ in stretches_alike]
        encoded += [is_same for _, _, is_same in stretches_alike]
        opened += scenes_alike
        halves = [half for stretch in film for half in _halves(loaded, service, resized(stretch, _SIZE))]
        together, kept_apart = score_chapters(halves)
        joined += together
        apart += kept_apart
    return {
        **figures,
        "scenes_found": round(100 * float(np.mean(found)), 2),
        "captions_same": round(100 * float(np.mean(same)), 2),
        "captions_same_encoded": round(100 * float(np.mean(encoded)), 2),
        "captions_same_opened": round(100 * float(np.mean(opened)), 2),
        "chapters_joined": round(100 * float(np.mean(joined)), 2),
        "chapters_apart": round(100 * float(np.mean(apart)), 2) if apart else 100.0,
        "stretches": len(stretches),
    }


def _stretches_of_clips(loaded: LoadedModel, data: Path, *, progress: bool) -> list[Frames]:
    clips = [example.path for example in read_examples()] + _find_clips(data)
    stretches: list[Frames] = []
    for clip in tqdm(clips, desc="clips", unit="clip", disable=not progress):
        stretches += _stretches(loaded, read_clip(clip, _MAX_PICTURES, limits=ClipLimits(), max_side=_SIDE)[1])
    return stretches


def cut_figures(stretches: Sequence[Frames], variants: Sequence[str], *, progress: bool = True) -> dict[str, float]:
    """How well the cuts between stretches are found; the part of `evaluate_scenes` that needs no model."""
    small = [resized(stretch, _SMALL_SIZE) for stretch in stretches]
    kinds = {
        "filmed": _films([stretch for stretch in small if _rate(stretch) >= FILMED_RATE]),
        "sparse": _films([stretch for stretch in small if _rate(stretch) < FILMED_RATE]),
    }
    figures: dict[str, float] = {}
    for variant in tqdm(variants, desc="cuts", unit="variant", disable=not progress):
        scores = {
            kind: sum((score_film(film, variant, seed) for seed, film in enumerate(films)), CutScore(0, 0, 0))
            for kind, films in kinds.items()
        }
        score = scores["filmed"] + scores["sparse"]
        for name, value in (("f1", score.f1), ("precision", score.precision), ("recall", score.recall)):
            figures[f"{variant}_{name}"] = round(100 * value, 2)
        for kind, one in scores.items():
            if one.true:
                figures[f"{variant}_f1_{kind}"], figures[f"cuts_{kind}"] = round(100 * one.f1, 2), one.true
    return figures


def _films(stretches: Sequence[Frames]) -> list[Sequence[Frames]]:
    """Stretches, dealt out to films so that those of one clip are apart."""
    count = -(-len(stretches) // STRETCHES_PER_FILM)
    return [stretches[number::count] for number in range(count)]


def _rate(stretch: Frames) -> float:
    """How many pictures a second a stretch has."""
    times = stretch.timestamps_seconds
    return (len(times) - 1) / max(1e-6, float(times[-1] - times[0]))


def _find_clips(data: Path) -> list[Path]:
    for folder in (data, data / "clips", data / "msrvtt" / "clips"):
        clips = sorted(path for path in folder.glob("*") if path.suffix.lower() in _SUFFIXES)
        if clips:
            return clips
    raise DataError(f"{data} has no clips, and neither has {data / 'clips'} nor {data / 'msrvtt' / 'clips'}")


def _stretches(loaded: LoadedModel, frames: Frames) -> Iterator[Frames]:
    """The parts of a clip, long enough to be joined, within which the model sees no change."""
    times = frames.timestamps_seconds
    looked = np.unique(np.searchsorted(times, np.arange(times[0], times[-1] + 1e-6, 1 / _MOMENTS_PER_SECOND)))
    looked = np.unique(np.append(looked, len(times) - 1))
    vectors = []
    for start in range(0, len(looked), _PICTURES_AT_ONCE):
        images = loaded.prepare(frames.pixels[looked[start : start + _PICTURES_AT_ONCE]])
        pooled, patches = loaded.encode_images(images)
        clips = [ClipTensors(pooled[at : at + 1], patches[at : at + 1]) for at in range(len(pooled))]
        vectors.append(embed_clips(loaded, clips).numpy())
    joined = np.concatenate(vectors)
    cosines = (joined[1:] * joined[:-1]).sum(axis=1)
    # Between two looks there may be a cut anywhere: a stretch ends with the look before, and begins with the one after.
    edges = [0, *(np.flatnonzero(cosines < SAME_COSINE) + 1).tolist(), len(looked)]
    for first, end in pairwise(edges):
        start, last = int(looked[first]), int(looked[end - 1])
        if times[last] - times[start] >= MIN_STRETCH_SECONDS:
            yield Frames(frames.pixels[start : last + 1], times[start : last + 1])


def resized(stretch: Frames, size: tuple[int, int]) -> Frames:
    """The stretch, cut to the shape of a size (width, height) and scaled to it."""
    width, height = size
    scale = max(width / stretch.pixels.shape[2], height / stretch.pixels.shape[1])
    inner_width, inner_height = round(width / scale), round(height / scale)
    top, left = (stretch.pixels.shape[1] - inner_height) // 2, (stretch.pixels.shape[2] - inner_width) // 2
    inner = stretch.pixels[:, top : top + inner_height, left : left + inner_width]
    pictures = [cv2.resize(picture, size, interpolation=cv2.INTER_AREA) for picture in inner]
    return Frames(np.stack(pictures).astype(np.uint8, copy=False), stretch.timestamps_seconds)


def _compare_sentences(
    service: VideoBertService, film: Sequence[Frames]
) -> tuple[list[tuple[bool, bool, bool]], list[bool]]:
    """Compares the sentences of a film's scenes with those of its stretches.

    Returns:
        For each stretch whether it is one scene, and whether its sentence is the one that it has in a file of its own,
        without loss and with loss; for each scene whether its sentence is the one that its part of the film has when it
        is opened.
    """
    stretches: list[tuple[bool, bool, bool]] = []
    with tempfile.TemporaryDirectory() as folder:
        pictures = [list(at_rate(stretch)) for stretch in film]
        joined = Path(folder) / "film.mp4"
        write_film(joined, [picture for part in pictures for picture in part], is_lossless=True)
        timeline = service.scenes(joined)
        start = 0.0
        for part in pictures:
            end = start + len(part) / FRAMES_PER_SECOND
            captions = []
            for is_lossless in (True, False):
                alone = Path(folder) / "alone.mp4"
                write_film(alone, part, is_lossless=is_lossless)
                captions.append(service.caption(service.open(alone)).text)
            shared = [min(end, one.end_seconds) - max(start, one.start_seconds) for one in timeline.scenes]
            scene = timeline.scenes[int(np.argmax(shared))]
            is_found = max(abs(scene.start_seconds - start), abs(scene.end_seconds - end)) <= _SAME_EDGE_SECONDS
            stretches.append((is_found, scene.caption == captions[0], scene.caption == captions[1]))
            start = end
        spans = [(scene, (scene.start_seconds, scene.end_seconds)) for scene in timeline.scenes]
        scenes = [one.caption == service.caption(service.open(joined, span_seconds=span)).text for one, span in spans]
    return stretches, scenes


def _halves(loaded: LoadedModel, service: VideoBertService, stretch: Frames) -> Iterator[Scene]:
    """A stretch as two scenes, as if a film had a cut in its middle."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "stretch.mp4"
        pictures = list(at_rate(stretch))
        write_film(path, pictures)
        end = len(pictures) / FRAMES_PER_SECOND
        for start, stop in ((0.0, end / 2), (end / 2, end)):
            clip = service.open(path, span_seconds=(start, stop))
            vector = embed_clips(loaded, [clip.tensors])[0].numpy()
            caption = service.caption(clip)
            yield Scene(start, stop, caption.text, caption.probability or 0.0, caption.is_sure, vector=vector)


def score_chapters(halves: Sequence[Scene]) -> tuple[list[bool], list[bool]]:
    """Whether the two halves of each stretch are in one chapter, and whether neighbouring stretches are not.

    Args:
        halves: Two scenes of each stretch, in the order of the film.
    """
    placed = [replace(half, start_seconds=float(index), end_seconds=index + 1.0) for index, half in enumerate(halves)]
    begins = {int(chapter.start_seconds) for chapter in find_chapters(placed)}
    joined = [index not in begins for index in range(1, len(placed), 2)]
    return joined, [index in begins for index in range(2, len(placed), 2)]


def write_film(path: Path, pictures: Iterable[NDArray[np.uint8]], *, is_lossless: bool = False) -> None:
    """Writes an MP4 with 25 frames a second, over a file that may be there.

    Args:
        pictures: At least one, uint8 (H, W, 3), RGB, of one size with even sides.
        is_lossless: Whether equal pictures come back as equal pictures, in whichever film they are.
    """
    options = {"preset": "veryfast", **({"qp": "0"} if is_lossless else {})}
    with av.open(str(path), "w") as sink:
        stream = sink.add_stream("libx264", rate=FRAMES_PER_SECOND, options=options)
        stream.pix_fmt = "yuv420p"
        for number, picture in enumerate(pictures):
            if number == 0:
                stream.height, stream.width = picture.shape[:2]
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, FRAMES_PER_SECOND)
            sink.mux(stream.encode(frame))
        sink.mux(stream.encode(None))
