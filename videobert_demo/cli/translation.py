"""The commands `translator`, `chinese-search` and `chinese-decoder`: what the checkpoint's Chinese is trained with."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from videobert_demo.cli.options import checkpoint_options

if TYPE_CHECKING:
    from videobert_demo.data.chinese import ChineseImage
    from videobert_demo.model.features import ClipTensors


def add_commands(commands: Any) -> None:
    """Adds the commands to what `add_subparsers` gave."""
    translator = commands.add_parser(
        "translator", help="train a translator between English and Chinese, or go on training"
    )
    translator.add_argument("config", type=Path, help="a YAML file, see configs/translator.yaml")
    translator.add_argument("--data", type=Path, required=True, help="folder with chinese/ and msrvtt/")
    translator.add_argument("--out", type=Path, required=True, help="the state of the run and the translator go here")
    translator.add_argument("--stop-after", type=int, help="leave after this many steps; the same command goes on")
    translator.set_defaults(run=run_translator)
    for name, what, run in (
        ("chinese-search", "the head that searches with Chinese sentences", run_chinese_search),
        ("chinese-decoder", "the decoder's Chinese words", run_chinese_decoder),
    ):
        command = commands.add_parser(name, parents=[checkpoint_options()], help=f"train {what}, or go on training")
        command.add_argument("config", type=Path, help=f"a YAML file, see configs/{name.replace('-', '_')}.yaml")
        command.add_argument("--data", type=Path, required=True, help="folder with chinese/")
        command.add_argument(
            "--features",
            type=Path,
            required=True,
            help="folder with what `features` wrote of flickr8k/ and msrvtt/; the latter may be missing",
        )
        command.add_argument("--out", type=Path, required=True, help="the state of the run and what is trained go here")
        command.add_argument("--stop-after", type=int, help="leave after this many steps; the same command goes on")
        command.set_defaults(run=run)


def run_translator(parsed: argparse.Namespace) -> int:
    """`translator CONFIG`."""
    from videobert_demo.data.chinese import read_chinese_images, read_chinese_videos
    from videobert_demo.data.glosses import pick_glosses, read_dictionary
    from videobert_demo.data.msrvtt import read_videos
    from videobert_demo.training.translation import read_translation_config, train_translator

    config = read_translation_config(parsed.config)
    folder = parsed.data / "chinese"
    english = [
        caption
        for video in read_videos(parsed.data / "msrvtt", "train")
        for caption in video.captions
        if caption.isascii()
    ]
    images = read_chinese_images(folder)
    glosses = []
    if any("glosses" in one.shares for one in config.rounds):
        known = [pair[0] for image in images if not image.is_held_out for pair in (*image.machine, *image.human)]
        glosses = pick_glosses(read_dictionary(), english, known)
    done = train_translator(
        images,
        read_chinese_videos(folder),
        english,
        parsed.out,
        config,
        glosses=glosses,
        stop_after=parsed.stop_after,
    )
    size = sum(path.stat().st_size for path in done.iterdir())
    print(f"{done}: {size / 1e6:.1f} MB")
    return 0


def run_chinese_search(parsed: argparse.Namespace) -> int:
    """`chinese-search CONFIG`."""
    from videobert_demo.data.chinese import read_chinese_videos
    from videobert_demo.model.chinese_vectors import FILE
    from videobert_demo.model.loading import load_checkpoint
    from videobert_demo.settings import Settings
    from videobert_demo.training import chinese_search, chinese_search_examples

    config = chinese_search.read_chinese_search_config(parsed.config)
    settings, kept = Settings.from_environment(), parsed.out / chinese_search.TAUGHT_FILE
    loaded = load_checkpoint(parsed.checkpoint or settings.checkpoint, parsed.revision or settings.revision)
    if kept.exists():
        taught = chinese_search_examples.load_taught(kept)
    else:
        known, pictures, captioned = _training_clips(parsed.data, parsed.features)
        taught = chinese_search_examples.teach(
            loaded,
            known,
            pictures,
            captioned=captioned,
            described=read_chinese_videos(parsed.data / "chinese"),
            translated=config.translated,
            seed=config.seed,
        )
        parsed.out.mkdir(parents=True, exist_ok=True)
        chinese_search_examples.save_taught(taught, kept)
    done = chinese_search.train_chinese_search(loaded, taught, parsed.out, config, stop_after=parsed.stop_after)
    print(f"{done / FILE}: {(done / FILE).stat().st_size / 1e6:.2f} MB")
    return 0


def run_chinese_decoder(parsed: argparse.Namespace) -> int:
    """`chinese-decoder CONFIG`."""
    from videobert_demo.model.chinese_decoder import FILE
    from videobert_demo.model.loading import load_checkpoint
    from videobert_demo.settings import Settings
    from videobert_demo.training import chinese_decoder, chinese_decoder_examples

    config = chinese_decoder.read_chinese_decoder_config(parsed.config)
    settings, kept = Settings.from_environment(), parsed.out / chinese_decoder.TAUGHT_FILE
    loaded = load_checkpoint(parsed.checkpoint or settings.checkpoint, parsed.revision or settings.revision)
    if kept.exists():
        captions = chinese_decoder_examples.load_captions(kept)
    else:
        known, pictures, captioned = _training_clips(parsed.data, parsed.features)
        captions = chinese_decoder_examples.gather_captions(
            loaded, known, pictures, captioned, translated=config.translated
        )
        parsed.out.mkdir(parents=True, exist_ok=True)
        chinese_decoder_examples.save_captions(captions, kept)
    done = chinese_decoder.train_chinese_decoder(loaded, captions, parsed.out, config, stop_after=parsed.stop_after)
    print(f"{done / FILE}: {(done / FILE).stat().st_size / 1e6:.2f} MB")
    return 0


def _training_clips(
    data: Path, features: Path
) -> tuple[list[ChineseImage], list[ClipTensors], list[tuple[ClipTensors, list[str]]]]:
    """Training pictures with Chinese captions, their features, and features of training videos with English captions.

    There are no videos where there are no features of them.
    """
    from videobert_demo.data.chinese import read_chinese_images
    from videobert_demo.training.store import FeatureStore

    store = FeatureStore(features / "flickr8k")
    stored = {video.video_id for video in store.videos}
    known = [
        image for image in read_chinese_images(data / "chinese") if image.split == "train" and image.file in stored
    ]
    captioned = []
    if (features / "msrvtt").is_dir():
        videos = FeatureStore(features / "msrvtt")
        captioned = [
            (videos.load_shown(number), [caption for caption in video.captions if caption.isascii()])
            for number, video in enumerate(videos.videos)
            if video.split == "train"
        ]
    return known, store.load_named([image.file for image in known]), captioned
