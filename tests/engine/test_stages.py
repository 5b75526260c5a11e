"""The stage that reads, on a bucket of a server that speaks S3: listed, fetched, and no more than the limit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import s3fs
from moto.server import ThreadedMotoServer

from tests.resources.make_clips import encode
from videobert_demo.data.fetching import local_copy
from videobert_demo.data.listing import AllowedPlaces, list_clips
from videobert_demo.engine.stages import ModelSource, read_listed
from videobert_demo.errors import ClipTooLargeError, UnreadableClipError
from videobert_demo.settings import Settings

pytestmark = pytest.mark.slow
PLACES = AllowedPlaces(("s3://films",))


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return encode(tmp_path_factory.mktemp("s3") / "a.mp4", "libx264", numbers=range(10))


@pytest.fixture(scope="module", autouse=True)
def bucket(clip: Path) -> Iterator[s3fs.S3FileSystem]:
    """A bucket with two clips and a text, where the usual variables say."""
    server = ThreadedMotoServer(port=0)
    server.start()
    with pytest.MonkeyPatch.context() as patch:
        host, port = server.get_host_and_port()
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        for name, value in (("ACCESS_KEY_ID", "a"), ("SECRET_ACCESS_KEY", "b"), ("DEFAULT_REGION", "us-east-1")):
            patch.setenv(f"AWS_{name}", value)
        system = s3fs.S3FileSystem()
        system.mkdir("films")
        system.pipe("films/day1/a.mp4", clip.read_bytes())
        system.pipe("films/day2/b.mp4", clip.read_bytes())
        system.pipe("films/day2/notes.txt", b"no clip")
        yield system
        s3fs.S3FileSystem.clear_instance_cache()
    server.stop()


def test_a_bucket_is_listed_and_a_changed_clip_has_another_version(bucket: s3fs.S3FileSystem) -> None:
    found = list(list_clips(["s3://films"], PLACES))
    assert [one.address for one in found] == [
        "s3://films/day1/a.mp4",
        "s3://films/day2/b.mp4",
        "s3://films/day2/notes.txt",
    ]
    assert all(one.version for one in found)
    (before,) = list_clips(["s3://films/*/*.txt"], PLACES)
    bucket.pipe("films/day2/notes.txt", b"no film")  # of the same length
    bucket.invalidate_cache()
    (after,) = list_clips(["s3://films/*/*.txt"], PLACES)
    assert before.version != after.version


def test_a_clip_is_fetched_whole_within_the_limit(clip: Path) -> None:
    size = clip.stat().st_size
    with local_copy("s3://films/day1/a.mp4", PLACES, size) as path:
        assert path.read_bytes() == clip.read_bytes()
    with pytest.raises(ClipTooLargeError), local_copy("s3://films/day1/a.mp4", PLACES, size - 1):
        pass
    with pytest.raises(UnreadableClipError, match="cannot be fetched"), local_copy("s3://films/x.mp4", PLACES, size):
        pass


def test_the_stage_that_reads_gives_frames_or_a_reason() -> None:
    source = ModelSource.of(None, None, Settings(clip_places=PLACES.prefixes))
    clips = list(list_clips(["s3://films/day2"], PLACES))
    good, bad = (read_listed(one, source=source, frames=4) for one in clips)
    assert good.sampled is not None
    assert len(good.sampled.frames) == 4
    assert bad.sampled is None
    assert bad.error.startswith("“notes.txt” is not a video")
    nowhere = ModelSource.of(None, None, Settings())
    refused = read_listed(clips[0], source=nowhere, frames=4)
    assert "not among the places" in refused.error
