"""A library in a folder that may have an approximate index, for hundreds of thousands of vectors.

    library.sqlite           clips and vectors; a note in it names the graph that belongs to it, and its checksum
    library.graph-1f3a..     the graph

The note is in the database, so that no other database's graph is ever read, and other processes see a new graph at
their next call. Without a graph that can be used the search is exact, and the log says why.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from videobert_demo.errors import LibraryError
from videobert_demo.library.approximate import LEAST_VECTORS, RECALL, ApproximateRanking, Quality, build, judge
from videobert_demo.library.embedded import EmbeddedLibrary
from videobert_demo.library.graph import Graph, read_graph_file, remove_graphs
from videobert_demo.library.notes import delete_note, read_note, write_note
from videobert_demo.library.ranking import Ranked

_LOG = logging.getLogger(__name__)
_TOPIC, _FILE, _USE = "approximate index", "file", "use"
_MUCH_NEWER = 4


class GraphedLibrary(EmbeddedLibrary):
    """A library in a folder, searched by its graph if it has one.

    Args:
        folder, model, dimension, create: as `EmbeddedLibrary` takes them.

    Raises:
        LibraryError: as `EmbeddedLibrary` raises it.
    """

    def __init__(self, folder: Path, *, model: str, dimension: int, create: bool = True) -> None:
        self._graph: ApproximateRanking | None = None
        self._noted: str | None = None
        self._place = folder
        super().__init__(folder, model=model, dimension=dimension, create=create)
        self._tell_of_newer_clips()

    @property
    def is_approximate(self) -> bool:
        """Whether searches use a graph."""
        return self._graph is not None

    def _refresh(self) -> None:
        """See `EmbeddedLibrary`; takes over another graph too, once one is noted."""
        before = self._seen_version
        super()._refresh()
        if self._seen_version == before:
            return
        noted = read_note(self._database, _TOPIC, _FILE)
        if noted != self._noted:
            self._noted, self._graph = noted, None
            if noted is not None:
                self._use_graph(noted, read_note(self._database, _TOPIC, _USE) or "")

    def _use_graph(self, noted: str, use: str) -> None:
        try:
            graph = Graph.open(self._place, read_graph_file(noted), self._index.dimension)
            last_number, width = json.loads(use)
            self._graph = ApproximateRanking(graph, int(last_number), int(width))
        except (LibraryError, ValueError, TypeError) as error:
            reason = error.message if isinstance(error, LibraryError) else "What is noted of it cannot be read."
            _LOG.warning(
                "%s The library %s is searched exactly; index --approximate builds another index.", reason, self._name
            )

    def _tell_of_newer_clips(self) -> None:
        if self._graph is None:
            return
        newer = self._index.count_after(self._graph.last_number)
        if newer * _MUCH_NEWER > len(self._index):
            _LOG.warning(
                "%d of %d clips of the library %s are newer than its approximate index and are compared one and all; "
                "index --approximate builds it anew.",
                newer,
                len(self._index),
                self._name,
            )

    def rank(self, vector: NDArray[np.float32], limit: int) -> list[Ranked]:
        """See `Library.rank`."""
        with self._using():
            graph = self._graph
        return self._index.rank(vector, limit) if graph is None else graph.rank(self._index, vector, limit)

    def build_graph(self, threads: int, tell: Callable[[int], object] = lambda _clips: None) -> Quality:
        """See `Library.build_graph`. It has to be large, and the graph must find nearly all of the best clips."""
        with self._using():
            clips = self._index
            if clips.vectors < LEAST_VECTORS:
                raise LibraryError(
                    "The library {name} has {count} vectors; an approximate index is worth it from {least} on.",
                    name=self._name,
                    count=clips.vectors,
                    least=LEAST_VECTORS,
                )
        graph, last_number = build(clips, threads, tell)
        quality = judge(graph, last_number, clips)
        if quality.recall < RECALL:
            raise LibraryError(
                "An approximate index of the library {name} finds only {share} % of the best clips; it is not used.",
                name=self._name,
                share=f"{100 * quality.recall:.1f}",
            )
        with self._using():
            file = graph.save(self._place)
            self._database.execute("BEGIN IMMEDIATE")
            try:
                write_note(self._database, _TOPIC, _USE, json.dumps([last_number, quality.width]))
                write_note(self._database, _TOPIC, _FILE, file.to_json())
                self._database.execute("COMMIT")
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._noted, self._graph = file.to_json(), ApproximateRanking(graph, last_number, quality.width)
            remove_graphs(self._place, but=[file.name])
        return quality

    def drop_graph(self) -> bool:
        """See `Library.drop_graph`."""
        with self._using():
            had = delete_note(self._database, _TOPIC, _FILE)
            self._noted = self._graph = None
            remove_graphs(self._place)
        return had

    def close(self) -> None:
        """See `Library.close`."""
        self._graph = None
        super().close()
