"""Damages a file as a fuzzer does: bits, numbers, blocks, boxes, cuts, splices. Knows bytes; opens nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

MAX_BYTES = 1_000_000
_HEAD_BYTES = 4096
_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x7FFFFFFFFFFFFFFF)
_MOST_MUTATIONS = 6

Mutation = Callable[[bytearray, np.random.Generator, Sequence[bytes]], None]


def mutate(data: bytes, seeds: Sequence[bytes], rng: np.random.Generator) -> bytes:
    """A damaged copy of a file.

    Args:
        data: The file.
        seeds: Other files, of which parts may be taken.
        rng: Where the damage comes from; the same numbers give the same file.

    Returns:
        At most MAX_BYTES bytes.
    """
    damaged = bytearray(data[:MAX_BYTES])
    for _ in range(int(rng.integers(1, _MOST_MUTATIONS + 1))):
        if not damaged:
            break
        _MUTATIONS[int(rng.integers(len(_MUTATIONS)))](damaged, rng, seeds)
    return bytes(damaged[:MAX_BYTES])


def _place(data: bytearray, rng: np.random.Generator) -> int:
    """Where something happens: half of the time in the head or the tail, where containers say what they hold."""
    choice = int(rng.integers(4))
    if choice == 0:
        return int(rng.integers(min(_HEAD_BYTES, len(data))))
    if choice == 1:
        return len(data) - 1 - int(rng.integers(min(_HEAD_BYTES, len(data))))
    return int(rng.integers(len(data)))


def _flip_bits(data: bytearray, rng: np.random.Generator, _: Sequence[bytes]) -> None:
    for _ in range(int(rng.integers(1, 20))):
        data[_place(data, rng)] ^= 1 << int(rng.integers(8))


def _write_number(data: bytearray, rng: np.random.Generator, _: Sequence[bytes]) -> None:
    size = int(rng.choice([1, 2, 4, 8]))
    number = _NUMBERS[int(rng.integers(len(_NUMBERS)))] % (1 << 8 * size)
    at = _place(data, rng)
    data[at : at + size] = number.to_bytes(size, "big" if rng.integers(2) else "little")


def _write_noise(data: bytearray, rng: np.random.Generator, _: Sequence[bytes]) -> None:
    at = _place(data, rng)
    size = int(rng.integers(1, 200))
    data[at : at + size] = rng.bytes(len(data[at : at + size]))


def _resize_box(data: bytearray, rng: np.random.Generator, _: Sequence[bytes]) -> None:
    """Gives an MP4 box, a RIFF chunk or whatever has a name of four letters another size, or another name."""
    names = [at for at in range(_place(data, rng), len(data) - 3) if data[at : at + 4].isalpha()][:20]
    if not names:
        return
    at = names[int(rng.integers(len(names)))]
    number = _NUMBERS[int(rng.integers(len(_NUMBERS)))] % (1 << 32)
    side = int(rng.integers(3))
    if side == 0 and at >= 4:
        data[at - 4 : at] = number.to_bytes(4, "big")
    elif side == 1:
        data[at + 4 : at + 8] = number.to_bytes(4, "little")
    else:
        other = names[int(rng.integers(len(names)))]
        data[at : at + 4] = data[other : other + 4]


def _move_block(data: bytearray, rng: np.random.Generator, _: Sequence[bytes]) -> None:
    at, size = _place(data, rng), int(rng.integers(1, max(2, len(data) // 4)))
    block = bytes(data[at : at + size])
    kind = int(rng.integers(4))
    if kind != 3:
        del data[at : at + size]
    if kind == 1:
        to = int(rng.integers(len(data) + 1))
        data[to:to] = block
    elif kind == 2:
        data[at:at] = bytes(len(block))
    elif kind == 3:
        data[at:at] = block * int(rng.integers(1, 4))


def _cut(data: bytearray, rng: np.random.Generator, _: Sequence[bytes]) -> None:
    at = _place(data, rng)
    if rng.integers(4):
        del data[at:]
    else:
        del data[:at]


def _splice(data: bytearray, rng: np.random.Generator, seeds: Sequence[bytes]) -> None:
    other = seeds[int(rng.integers(len(seeds)))]
    if not other:
        return
    first = int(rng.integers(len(other)))
    part = other[first : first + int(rng.integers(1, len(other) + 1))]
    at = _place(data, rng)
    if rng.integers(2):
        data[at : at + len(part)] = part
    else:
        data[at:at] = part


# What leaves most of a file whole comes more often, because it reaches further into the decoders.
_MUTATIONS: tuple[Mutation, ...] = (
    _flip_bits,
    _flip_bits,
    _write_number,
    _write_number,
    _write_noise,
    _resize_box,
    _resize_box,
    _move_block,
    _cut,
    _splice,
)
