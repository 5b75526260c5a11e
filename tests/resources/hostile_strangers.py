"""Files that are no clips and say they are: playlists, archives, documents; and clips under odd names.

Every function yields names and bytes. Knows nothing about where the files go.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib

from tests.resources.hostile_boxes import FTYP, Named, box, full

_TARGET = "file:///etc/hostname"
_SERVER = "http://127.0.0.1:9/clip.mp4"


def playlists() -> Named:
    """Texts that name a file or an address, under their own names and under a clip's."""
    head = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:3\n"
    xml = '<?xml version="1.0"?>'
    texts = {
        "file.m3u8": f"{head}#EXTINF:3,\n{_TARGET}\n#EXT-X-ENDLIST\n",
        "address.m3u8": f"{head}#EXTINF:3,\n{_SERVER}\n#EXT-X-ENDLIST\n",
        "itself.m3u8": f"{head}#EXTINF:3,\nitself.m3u8\n" * 50,
        "live.m3u8": f"{head}#EXTINF:3,\n{_SERVER}\n",
        "key.m3u8": f'{head}#EXT-X-KEY:METHOD=AES-128,URI="{_TARGET}"\n#EXT-X-MAP:URI="{_TARGET}"\n#EXTINF:3,\na.ts\n',
        "plain.m3u": f"{_TARGET}\n",
        "concat.ffconcat": "ffconcat version 1.0\nfile '/etc/hostname'\n",
        "itself.ffconcat": "ffconcat version 1.0\nfile 'itself.ffconcat'\n",
        "concat.txt": "file '/etc/hostname'\n" * 3,
        "protocol.txt": "concat:/etc/hostname|/etc/hostname",
        "session.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
        "manifest.mpd": f"{xml}<MPD><Period><AdaptationSet><BaseURL>{_TARGET}</BaseURL></AdaptationSet></Period></MPD>",
        "manifest.ism": f'{xml}<SmoothStreamingMedia Url="{_SERVER}"></SmoothStreamingMedia>',
        "winamp.pls": f"[playlist]\nFile1={_TARGET}\nNumberOfEntries=1\n",
        "media.asx": f'<asx version="3.0"><entry><ref href="{_SERVER}"/></entry></asx>',
        "media.xspf": f"{xml}<playlist><trackList><track><location>{_TARGET}</location></track></trackList></playlist>",
        "media.smil": f'<smil><body><video src="{_SERVER}"/></body></smil>',
        "real.ram": f"{_SERVER}\nrtsp://127.0.0.1:9/a\n",
        "redirect.rtsp": "RTSPtextRTSP://127.0.0.1:9/a\n",
        "sheet.cue": 'FILE "/etc/hostname" WAVE\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n',
        "pictures.imf": f"{xml}<CompositionPlaylist><Id>urn:uuid:0</Id></CompositionPlaylist>",
        "shortcut.url": f"[InternetShortcut]\nURL={_TARGET}\n",
        "script.avs": 'FFmpegSource2("/etc/hostname")\n',
        "script.vpy": "import os; os.system('id')\n",
    }
    for number, (name, text) in enumerate(texts.items()):
        yield name, text.encode()
        clip_suffix = (".mp4", ".webm", ".mov", ".avi", ".gif", ".mkv")[number % 6]
        yield (
            f"{name.replace('.', '_')}{clip_suffix}",
            f"\ufeff{text}".encode() if number % 2 else text.encode() + b"\n",
        )
    yield "playlist_in_a_box.mp4", FTYP + box(b"free", texts["file.m3u8"].encode()) + texts["file.m3u8"].encode()
    yield "playlist_after_a_head.mp4", box(b"wide") + texts["concat.ffconcat"].encode()


def clips_named_as_playlists(clip: bytes) -> Named:
    """Sound clips whose names say they are lists: what is inside counts."""
    for place, suffix in enumerate(("m3u8", "txt", "sdp", "mpd", "ffconcat", "html", "exe", "zip")):
        yield f"clip.{suffix}", clip + box(b"free", bytes(place))


def archives(clip: bytes) -> Named:
    """Archives that are small on disk and large when unpacked, renamed."""
    zeros = bytes(100 << 20)

    def zipped(*members: tuple[str, bytes]) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members:
                archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
        return out.getvalue()

    bomb = zipped(("zeros.mp4", zeros))
    yield "zip_bomb.mp4", bomb
    yield "zip_bomb.webm", zipped(*((f"{number}.zip", bomb) for number in range(9)))
    yield "zip_paths.mp4", zipped(("../../../etc/cron.d/job", b"* * * * * root id\n"))
    yield "zip_of_a_clip.mp4", zipped(("clip.mp4", clip))
    yield "zip_after_a_clip.mp4", clip + bomb
    yield "office.mp4", zipped(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<document/>"))
    yield "gzip_bomb.mp4", gzip.compress(zeros, 9, mtime=0)
    yield "gzip_bomb.gif", gzip.compress(clip, mtime=0)
    yield "bz2_bomb.mkv", bz2.compress(zeros[: 16 << 20])
    yield "xz_bomb.avi", lzma.compress(zeros[: 16 << 20], preset=0)
    yield "zlib_bomb.ts", zlib.compress(zeros[: 32 << 20])
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        link = tarfile.TarInfo("clip.mp4")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        archive.addfile(link)
    yield "tar.mp4", out.getvalue()
    yield "seven_zip.mp4", b"7z\xbc\xaf\x27\x1c\0\4" + bytes(60)
    yield "rar.mp4", b"Rar!\x1a\x07\x01\0" + bytes(60)
    yield "bomb_in_a_box.mp4", FTYP + box(b"mdat", bomb)


def documents(wav: bytes, jpeg: bytes, png: bytes) -> Named:
    """What else lies about on a disk, under the names of clips."""
    texts = {
        "svg.mp4": '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/hostname"/></svg>',
        "html.mp4": "<!doctype html><script>alert(1)</script><video src=x></video>",
        "entities.mp4": '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;&c;&c;</a>',
        "json.webm": '{"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}',
        "python.mp4": "#!/usr/bin/env python\nraise SystemExit\n",
        "captions.mp4": "WEBVTT\n\n00:00.000 --> 00:10.000\nHello\n",
        "subrip.mkv": "1\n00:00:00,000 --> 00:00:10,000\nHello\n",
        "pdf.mp4": "%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/URI/URI(file:///etc)>>>>endobj\n%%EOF\n",
        "postscript.avi": "%!PS\n(/etc/hostname) run\n",
        "template.mp4": "{{7*7}}${7*7}<%= 7*7 %>%s%n%x\n",
    }
    for name, text in texts.items():
        yield name, text.encode()
    yield "wav.mp4", wav
    yield "jpeg.mp4", jpeg
    yield "png.mp4", png
    yield "elf.mp4", b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHI", 2, 62, 1) + bytes(100)
    yield "windows.avi", b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + bytes(100)
    yield "java.mp4", b"\xca\xfe\xba\xbe\0\0\0\x41" + bytes(50)
    yield "wasm.mp4", b"\0asm\1\0\0\0"
    yield "sqlite.mp4", b"SQLite format 3\0" + bytes(84)
    yield "mp3.mp4", b"ID3\4\0\0\0\0\0\0" + (b"\xff\xfb\x90\x64" + bytes(413)) * 20
    yield "flac.mkv", b"fLaC\x80\0\0\x22" + bytes(34)
    yield "webp.gif", b"RIFF" + struct.pack("<I", 26) + b"WEBPVP8L" + struct.pack("<I", 13) + bytes(14)
    yield "bmp.mp4", b"BM" + struct.pack("<3I", 58, 0, 54) + struct.pack("<3I2H", 40, 20_000, 20_000, 1, 24) + bytes(28)
    yield "tiff.mp4", b"II*\0\x08\0\0\0\0\0\0\0"
    yield "swf.mp4", b"CWS\x0a" + struct.pack("<I", 1 << 30) + zlib.compress(bytes(1 << 20))
    yield "midi.mp4", b"MThd\0\0\0\6\0\1\0\1\0\x60"
    yield "font.mp4", b"\0\1\0\0\0\x0a\0\x80\0\3\0\x20" + bytes(100)
    yield "pickle.mp4", b"cos\nsystem\n(S'id'\ntR."
    yield "torch.mp4", b"\x80\x02\x8a\x0al\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."
    picture = box(b"hdlr", full(0) + b"pict" + bytes(13))
    yield "still.mp4", box(b"ftyp", b"avif", bytes(4), b"avifmif1miaf") + box(b"meta", full(0), picture)
    places = box(b"iloc", full(0xFFFFFFFF))
    yield "photo.mp4", box(b"ftyp", b"heic", bytes(4), b"heicmif1") + box(b"meta", full(0), picture, places)
    yield "raw.mp4", box(b"ftyp", b"crx ", bytes(4), b"crx isom") + box(b"moov", box(b"uuid", bytes(16)))
    for name, data in (("nothing", b""), ("one_nul", b"\0"), ("one_letter", b"G"), ("nuls", bytes(4096))):
        yield f"{name}.mp4", data
    yield "ones.mp4", b"\xff" * 5000
    yield "line_ends.mp4", b"\r\n" * 3000
    heads = (FTYP, b"\x1a\x45\xdf\xa3", b"RIFF\0\0\0\0AVI ", b"GIF89a", b"\0\0\1\xba", b"FLV\1\5\0\0\0\x09", b"OggS")
    for number, head in enumerate((*heads, bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"))):
        yield f"head_{number}_only.mp4", head
        yield f"head_{number}_and_nuls.mp4", head + bytes(2000)
        yield f"head_{number}_repeated.mp4", head * (40_000 // len(head))


def odd_names(clip: bytes, broken: bytes) -> Named:
    """The same two contents under names that programs stumble over; what the system refuses is left out later."""
    suffixed = (
        "-i", "--help", "with space", " leading", "quote'", 'double"quote', "back`tick`", "$HOME", "${IFS}", "a;id",
        "a|id", "a&id", "semi;colon", "new\nline", "tab\tstop", "bell\a", "esc\x1b[31mred", "percent%2e%2e%2f", "%s%n",
        "..", "...", "dots.in.the.name", "hash#tag", "question?mark", "star*", "back\\slash", "colon:name", "<b>bold",
        "{braces}", "[0]", "~", "@file", "CON", "NUL", "фильм", "影片", "مقطع", "emoji🎬", "e\u0301", "rtl\u202egpm",
        "zero\u200bwidth", "line\u2028separator", "n" * 251, "影" * 83, "🎬" * 62, "file:a", "http:a", "pipe:0",
        "concat:a", "data:a", "\u00ad", "\ufeffbom", "\x7f",
    )  # fmt: skip
    for number, stem in enumerate(suffixed):
        yield f"{stem}.mp4", clip + box(b"free", bytes(20 + number)) if number % 9 == 4 else broken + bytes([number])
    whole = (".mp4", "no_suffix", "clip.", "clip.mp4 ", "clip.mp4.", "clip.MP4.m3u8", "-", ".", "s" * 255)
    for number, name in enumerate(whole):
        yield name, broken + bytes([100 + number])
    yield "long_suffix." + "x" * 240, broken + b"\xfe"
