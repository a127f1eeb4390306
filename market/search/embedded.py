"""The embedded engine: Tantivy in the process itself, one folder on disk, any number of readers.

Folder: ``current`` names the index in use; ``index-<n>`` are indexes; ``write.lock`` is held for each batch (Tantivy
has one writer), ``rebuild.lock`` while a new index is built; ``building`` names it, and what is applied meanwhile is
also kept in its ``journal`` and repeated before the switch.
"""

import os
import pickle
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

import tantivy
from filelock import FileLock, Timeout
from tantivy import FieldType, Occur, Order, Query

from market.search.document import ListingDocument, Removal, keywords, number_fields, token_fields
from market.search.engine import MARKED, Applied, Engine, Look, Stored
from market.search.plan import Begins, Condition, Every, Has, Like, NotBefore, OneOf, Some, Without
from market.search.query import FILTERS
from market.search.ranking import SORTS, Place
from market.search.words import Lexicon

LOCK_SECONDS = 60
BATCH_HEAP, REBUILD_HEAP = 15_000_000, 64_000_000
BATCH_ROWS = 5_000
FORMAT = 2
"""Raise when fields change: indexes of another format are built anew."""
_TEXTS = ("works", "names", "kind", "text")
_NUMBERS = ("listing_id", "version", "valid_until", "newcomer", *(f"by_{name}" for name in SORTS))


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    for name in (*FILTERS, "live"):
        builder.add_text_field(name, stored=name == "agency", fast=True, tokenizer_name="raw", index_option="basic")
    for name in _TEXTS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in _NUMBERS:
        builder.add_unsigned_field(name, stored=True, indexed=name in {"valid_until", "listing_id"}, fast=True)
    for name in MARKED:
        builder.add_text_field(f"shown_{name}", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


SCHEMA = _schema()


def _translate(condition: Condition) -> Query:
    """A condition as a Tantivy query."""
    match condition:
        case Has(field, token):
            return Query.term_query(SCHEMA, field, token, index_option="basic")
        case Begins(field, token):
            return Query.fuzzy_term_query(SCHEMA, field, token, distance=0, prefix=True)
        case Like(field, token):
            return Query.fuzzy_term_query(SCHEMA, field, token, distance=1)
        case OneOf(field, values):
            return Query.term_set_query(SCHEMA, field, list(values))
        case NotBefore(field, number):
            return Query.range_query(SCHEMA, field, FieldType.Unsigned, lower_bound=number)
        case Every(parts):
            return Query.boolean_query([(Occur.Must, _translate(part)) for part in parts])
        case Some(parts, least):
            clauses = [(Occur.Should, _translate(part)) for part in parts]
            return Query.boolean_query(clauses, minimum_number_should_match=least)
        case Without(main, other):
            return Query.boolean_query([(Occur.Must, _translate(main)), (Occur.MustNot, _translate(other))])


def _document(change: ListingDocument | Removal, lexicon: Lexicon) -> tantivy.Document:
    """A change as a Tantivy document. A removal stays as a tombstone, so that a late older write is known as stale."""
    document = tantivy.Document()
    document.add_text("key", str(change.listing_id))
    if isinstance(change, Removal):
        document.add_text("live", "0")
        document.add_unsigned("listing_id", change.listing_id)
        document.add_unsigned("version", change.version)
        return document
    document.add_text("live", "1")
    for name, values in keywords(change).items():
        for value in values:
            document.add_text(name, value)
    for name, tokens in token_fields(change, lexicon).items():
        document.add_text(name, tokens)
    for name, number in number_fields(change).items():
        document.add_unsigned(name, number)
    for name in MARKED:
        document.add_text(f"shown_{name}", _encodable(getattr(change, name)))
    return document


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


class TantivyLook(Look):
    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher

    def count(self, condition: Condition) -> int:
        return self._searcher.search(_translate(condition), limit=1).count

    def first(self, condition: Condition, sort: str, limit: int) -> list[Place]:
        if limit <= 0:
            return []
        query = _translate(condition)
        found = self._searcher.search(query, limit, count=False, order_by_field=f"by_{sort}", order=Order.Asc)
        addresses = [address for _, address in found.hits]
        ids = self._searcher.fast_field_values("listing_id", addresses)
        newcomers = self._searcher.fast_field_values("newcomer", addresses)
        return [Place(int(i), bool(new)) for i, new in zip(ids, newcomers, strict=True)]

    def values(self, condition: Condition, names: Sequence[str]) -> dict[str, dict[str, int]]:
        if not names:
            return {}
        wanted = {name: {"terms": {"field": name, "size": 10_000}} for name in names}
        answer = self._searcher.aggregate(_translate(condition), wanted)
        return {name: {b["key"]: b["doc_count"] for b in answer[name]["buckets"]} for name in names}

    def stored(self, listing_ids: Sequence[int]) -> dict[int, Stored]:
        if not listing_ids:
            return {}
        query = _translate(OneOf("key", tuple(map(str, listing_ids))))
        found = self._searcher.search(query, limit=len(listing_ids), count=False)
        documents = (self._searcher.doc(address) for _, address in found.hits)
        return {d.get_first("listing_id"): _stored(d) for d in documents if d.get_first("agency")}

    def versions(self, listing_ids: Sequence[int]) -> dict[int, int]:
        """Stored version of each listing, tombstones included."""
        query = _translate(OneOf("key", tuple(map(str, listing_ids))))
        found = self._searcher.search(query, limit=max(1, len(listing_ids)), count=False)
        addresses = [address for _, address in found.hits]
        ids = self._searcher.fast_field_values("listing_id", addresses)
        return dict(zip(ids, self._searcher.fast_field_values("version", addresses), strict=True))

    def all_ids(self) -> set[int]:
        query = _translate(OneOf("live", ("1",)))
        found = self._searcher.search(query, limit=max(1, self._searcher.num_docs), count=False)
        return set(self._searcher.fast_field_values("listing_id", [address for _, address in found.hits]))


def _stored(document: tantivy.Document) -> Stored:
    return Stored(
        listing_id=document.get_first("listing_id"),
        agency_id=int(document.get_first("agency")),
        merit=1000 - (document.get_first("by_best") >> 19),
        texts={name: document.get_first(f"shown_{name}") or "" for name in MARKED},
    )


class EmbeddedEngine(Engine):
    """Tantivy under ``folder``, which is made when missing. Safe to use from several threads and processes."""

    def __init__(self, folder: Path, lexicon: Callable[[], Lexicon]) -> None:
        super().__init__(lexicon)
        self._folder = folder
        self._pointer = folder / "current"
        self._open: tuple[str, tantivy.Index] | None = None
        self._seen: tuple[int, int] | None = None
        self._guard = Lock()

    # --- reading ----------------------------------------------------------------------------------------------------
    @contextmanager
    def look(self) -> Iterator[TantivyLook]:
        yield TantivyLook(self._index().searcher())

    def listing_ids(self) -> set[int]:
        with self.look() as look:
            return look.all_ids()

    def _index(self) -> tantivy.Index:
        """The index in use, reopened after a switch and reloaded after a batch of any process."""
        with self._guard:
            name = self._current_name()
            if self._open is None or self._open[0] != name:
                self._open = (name, tantivy.Index(SCHEMA, path=str(self._folder / name)))
                self._seen = None
            state = (self._folder / name / "meta.json").stat()
            seen = (state.st_mtime_ns, state.st_ino)
            if seen != self._seen:
                self._open[1].reload()
                self._seen = seen
            return self._open[1]

    def _current_name(self) -> str:
        """Name of the index in use; an empty one is made at first."""
        name = self._named_by(self._pointer)
        if name:
            return name
        with self._writing():
            name = self._named_by(self._pointer)
            return name or self._switch_to(self._make())

    def _named_by(self, pointer: Path) -> str | None:
        """The index a pointer file names, if it is of our format and there."""
        with suppress(FileNotFoundError, ValueError):
            form, name = pointer.read_text("utf-8").split()
            if int(form) == FORMAT and (self._folder / name / "meta.json").exists():
                return name
        return None

    def exists(self) -> bool:
        return self._named_by(self._pointer) is not None

    # --- writing ----------------------------------------------------------------------------------------------------
    def apply(self, changes: Sequence[ListingDocument | Removal]) -> Applied:
        latest: dict[int, ListingDocument | Removal] = {}
        for change in changes:
            kept = latest.get(change.listing_id)
            if kept is None or change.version >= kept.version:
                latest[change.listing_id] = change
        if not latest:
            return Applied(0, 0, 0)
        with self._writing():
            building = self._named_by(self._folder / "building")
            if building and self._being_built():
                with (self._folder / building / "journal").open("ab") as journal:
                    pickle.dump(list(latest.values()), journal)
            return self._write(self._index_for_writing(), list(latest.values()))

    def _index_for_writing(self) -> tantivy.Index:
        name = self._named_by(self._pointer) or self._switch_to(self._make())
        return tantivy.Index(SCHEMA, path=str(self._folder / name))

    def _write(self, index: tantivy.Index, changes: Sequence[ListingDocument | Removal]) -> Applied:
        """One batch in one commit. The write lock is held."""
        index.reload()
        known = TantivyLook(index.searcher()).versions([change.listing_id for change in changes])
        fresh = [change for change in changes if change.version >= known.get(change.listing_id, 0)]
        if fresh:
            lexicon = self.lexicon()
            writer = index.writer(BATCH_HEAP, num_threads=1)
            for change in fresh:
                writer.delete_documents_by_term("key", str(change.listing_id))
                writer.add_document(_document(change, lexicon))
            writer.commit()
            writer.wait_merging_threads()
        removed = sum(isinstance(change, Removal) for change in fresh)
        return Applied(len(fresh) - removed, removed, len(changes) - len(fresh))

    def rebuild(self, documents: Iterable[ListingDocument]) -> int:
        self._folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self._folder / "rebuild.lock", timeout=LOCK_SECONDS):
            with self._writing():
                name = self._make()
                self._point(self._folder / "building", name)
            index = tantivy.Index(SCHEMA, path=str(self._folder / name))
            count = self._fill(index, documents)
            with self._writing():
                self._repeat_journal(index, self._folder / name / "journal")
                before = self._named_by(self._pointer)
                self._switch_to(name)
                (self._folder / "building").unlink(missing_ok=True)
                self._sweep(keep={name, before})
        return count

    def _fill(self, index: tantivy.Index, documents: Iterable[ListingDocument]) -> int:
        lexicon = self.lexicon()
        writer = index.writer(REBUILD_HEAP, num_threads=1)
        count = 0
        for count, document in enumerate(documents, start=1):
            writer.add_document(_document(document, lexicon))
            if count % BATCH_ROWS == 0:
                writer.commit()
        writer.commit()
        writer.wait_merging_threads()
        return count

    def _repeat_journal(self, index: tantivy.Index, journal: Path) -> None:
        """What was applied to the old index while the new one was built."""
        if not journal.exists():
            return
        with journal.open("rb") as entries:
            while True:
                try:
                    self._write(index, pickle.load(entries))  # noqa: S301 - written by this engine, in its own folder
                except EOFError:
                    break
        journal.unlink()

    # --- files ------------------------------------------------------------------------------------------------------
    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self._folder / "write.lock", timeout=LOCK_SECONDS):
            yield

    def _being_built(self) -> bool:
        """Whether a rebuild is alive; a ``building`` left by a killed one is not."""
        try:
            with FileLock(self._folder / "rebuild.lock", timeout=0):
                (self._folder / "building").unlink(missing_ok=True)
                return False
        except Timeout:
            return True

    def _make(self) -> str:
        """A new empty index; returns its name. The write lock is held."""
        numbers = [int(path.name.split("-")[1]) for path in self._folder.glob("index-*")]
        name = f"index-{max(numbers, default=0) + 1}"
        (self._folder / name).mkdir()
        tantivy.Index(SCHEMA, path=str(self._folder / name))
        return name

    def _switch_to(self, name: str) -> str:
        self._point(self._pointer, name)
        return name

    def _point(self, pointer: Path, name: str) -> None:
        """Writes a pointer so that a reader sees the old or the new one, never half of it."""
        aside = pointer.with_suffix(".new")
        with aside.open("w", encoding="utf-8") as file:
            file.write(f"{FORMAT} {name}")
            file.flush()
            os.fsync(file.fileno())
        aside.replace(pointer)

    def _sweep(self, keep: set[str | None]) -> None:
        """Removes old indexes, but not the one just left: somebody may be about to open it."""
        for path in self._folder.glob("index-*"):
            if path.name not in keep:
                shutil.rmtree(path, ignore_errors=True)
