"""Words: how texts and questions are cut before either engine sees them.

Chinese is indexed by its pairs of neighbouring characters (and single characters), so every substring can be found,
brand names that stand in no dictionary included. The dictionary (rjieba) only decides how a *question* is split into
words, and which words get a pinyin spelling. Both engines then need nothing but a whitespace tokenizer.

Tokens: ``=环评`` a pair, ``评`` one character, ``eia`` a Latin word or number, ``~huanping`` and ``~hp`` the pinyin of
a word in full and by initials.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product

from pypinyin import Style, lazy_pinyin, pinyin
from rjieba import Jieba

QUERY_CHARS = 200
"""A question is read up to here; the rest is ignored."""
TEXT_CHARS = 20_000
"""A text is indexed up to here."""
QUERY_WORDS = 16
TOKEN_CHARS = 40
PAIR, SOUND = "=", "~"

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af\u3007"
_RUNS = re.compile(f"([{_HAN}]+)|([^\\W_{_HAN}]+)")
_HAN_ONLY = re.compile(f"[{_HAN}]+")
_LATIN = re.compile(r"[a-z0-9]+")
_FILLERS = frozenset("的之和与及或在了请我要找")


def normalise(text: str, limit: int = TEXT_CHARS) -> str:
    """Text in one spelling: NFKC, case folded, full-width digits narrowed; control and bidi characters become spaces.

    Cut to ``limit`` characters before *and* after, because NFKC can make one character eighteen.
    """
    folded = unicodedata.normalize("NFKC", text[:limit]).casefold()[:limit]
    return "".join(" " if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn"} else c for c in folded)


def runs(text: str) -> Iterable[tuple[str, bool]]:
    """The unbroken stretches of ``text`` (normalised already): (stretch, is Chinese)."""
    for match in _RUNS.finditer(text):
        yield match.group(), match.group(1) is not None


def pairs(run: str) -> tuple[str, ...]:
    """Pairs of neighbouring characters of a Chinese run; a single character stands for itself."""
    if len(run) == 1:
        return (run,)
    return tuple(PAIR + run[i : i + 2] for i in range(len(run) - 1))


@lru_cache(maxsize=50_000)
def spellings(word: str) -> tuple[str, ...]:
    """Pinyin of a Chinese word in full and, from two characters on, by initials: 环评 → huanping, hp."""
    syllables = [s for s in lazy_pinyin(word, errors="ignore") if s]
    if len(syllables) < 2:
        return tuple(syllables)
    return "".join(syllables)[:TOKEN_CHARS], "".join(s[0] for s in syllables)[:TOKEN_CHARS]


def syllables(text: str) -> tuple[str, ...]:
    """A name as it is read, character by character (嘉宁A → jia, ning, a): what lists in the order of pinyin go by."""
    return tuple(lazy_pinyin(normalise(text).strip()))


def readings(run: str) -> tuple[str, ...]:
    """The ways a short Chinese run can be read aloud: 还评 → haiping, huanping. For slips of the input method."""
    if not 2 <= len(run) <= 8:
        return ()
    syllables = pinyin(run, style=Style.NORMAL, heteronym=True, errors="ignore")
    return tuple("".join(way) for way in islice(product(*syllables), 12))


@dataclass(frozen=True, slots=True)
class Form:
    """One spelling of a word. It matches a text that holds all ``tokens`` and, if given, a token that begins so."""

    tokens: tuple[str, ...] = ()
    prefix: str | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a question, the spellings under which it is looked for, and looser ones for near misses.

    ``surfaces`` are the strings to mark in a result; ``fuzzy`` is a Latin token that may be one letter off.
    """

    text: str
    forms: tuple[Form, ...]
    surfaces: tuple[str, ...]
    fuzzy: str | None = None


class Lexicon:
    """The words a county's market knows beyond the dictionary.

    ``synonyms`` are groups of words with one meaning (环评, 环境影响评价, EIA); ``words`` are terms of the trade and
    names that shall not be cut, at most six characters each (longer names would swallow the words in them).
    """

    def __init__(self, synonyms: Iterable[Sequence[str]] = (), words: Iterable[str] = ()) -> None:
        self._jieba = Jieba()
        self._groups: dict[str, tuple[str, ...]] = {}
        self._by_sound: dict[str, tuple[str, ...]] = {}
        for group in synonyms:
            members = tuple(dict.fromkeys(m for m in (normalise(w).strip() for w in group) if _RUNS.search(m)))
            for member in members:
                self._groups[member] = tuple(dict.fromkeys((*self._groups.get(member, ()), *members)))
                if _HAN_ONLY.fullmatch(member):
                    for spelling in spellings(member):
                        heard = (*self._by_sound.get(spelling, ()), *self._groups[member])
                        self._by_sound[spelling] = tuple(dict.fromkeys(heard))
        self.vocabulary = frozenset(self._groups) | {normalise(w).strip() for w in words}
        for word in self.vocabulary:
            if _HAN_ONLY.fullmatch(word) and 2 <= len(word) <= 6 and not self._jieba.has_word(word):
                self._jieba.add_word(word, None, None)
        han = sorted((m for m in self._groups if _HAN_ONLY.fullmatch(m)), key=len, reverse=True)
        self._members = re.compile("|".join(map(re.escape, han))) if han else None

    # --- texts ------------------------------------------------------------------------------------------------------
    def text_tokens(self, text: str) -> list[str]:
        """Tokens of a text to index, without pinyin."""
        tokens: dict[str, None] = {}
        for run, han in runs(normalise(text)):
            if han:
                tokens.update(dict.fromkeys(run))
                tokens.update(dict.fromkeys(pairs(run)))
            else:
                tokens[run[:TOKEN_CHARS]] = None
        return list(tokens)

    def sound_tokens(self, text: str) -> list[str]:
        """Pinyin tokens of a name: of each character, each word in it, and the whole run."""
        tokens: dict[str, None] = {}
        for run, han in runs(normalise(text, 500)):
            if han:
                for word in (*run, *self._jieba.cut_for_search(run), run):
                    tokens.update(dict.fromkeys(SOUND + s for s in spellings(word)))
        return list(tokens)

    # --- questions --------------------------------------------------------------------------------------------------
    def query_words(self, text: str) -> tuple[Word, ...]:
        """A question as the words that must all be found. Never raises; nothing in ``text`` is an operator."""
        clean = normalise(text, QUERY_CHARS)
        whole = " ".join(clean.split())
        if whole in self._groups and not _HAN_ONLY.fullmatch(whole):
            return (self._known(whole),)
        words: dict[str, Word] = {}
        for run, han in runs(clean):
            for piece in self._split(run) if han else (run,):
                words.setdefault(piece, self._word(piece, han))
        return tuple(words.values())[:QUERY_WORDS]

    def query_sounds(self, text: str) -> tuple[str, ...]:
        """Pinyin tokens of the Chinese in a question, for near misses only: words and whole runs, in every reading."""
        tokens: dict[str, None] = {}
        for run, han in runs(normalise(text, QUERY_CHARS)):
            if han:
                for piece in (run, *self._split(run)):
                    tokens.update(dict.fromkeys(SOUND + sound for sound in readings(piece)))
        return tuple(tokens)[: 2 * QUERY_WORDS]

    def _split(self, run: str) -> list[str]:
        """Words of a Chinese run: known synonyms first (longest wins), the dictionary between them."""
        pieces: list[str] = []
        at = 0
        for match in self._members.finditer(run) if self._members else ():
            pieces += self._jieba.cut(run[at : match.start()]) if match.start() > at else []
            pieces.append(match.group())
            at = match.end()
        pieces += self._jieba.cut(run[at:]) if at < len(run) else []
        meaningful = [p for p in pieces if p not in _FILLERS]
        return meaningful or pieces

    def _word(self, piece: str, han: bool) -> Word:
        if piece in self._groups:
            return self._known(piece)
        if han:
            return Word(piece, (Form(pairs(piece)),), (piece,))
        token = piece[:TOKEN_CHARS]
        forms = [Form((token,)), *self._spelt(token)]
        surfaces = [token]
        for member in self._by_sound.get(token, ()):
            forms.append(self._form(member))
            surfaces.append(member)
        fuzzy = token if len(token) >= 5 and _LATIN.fullmatch(token) else None
        return Word(token, tuple(forms), tuple(surfaces), fuzzy=fuzzy)

    def _spelt(self, token: str) -> list[Form]:
        """Forms of a Latin token read as pinyin or as the beginning of a word."""
        if not _LATIN.fullmatch(token):
            return []
        forms = [Form((SOUND + token,))] if token.isalpha() else []
        if len(token) >= 3:
            forms.append(Form(prefix=token))
        if len(token) >= 4 and token.isalpha():
            forms.append(Form(prefix=SOUND + token))
        return forms

    def _known(self, member: str) -> Word:
        """A word with synonyms: any of them will do."""
        group = self._groups[member]
        extra = self._spelt(member) if _LATIN.fullmatch(member) else []
        return Word(member, (*(self._form(m) for m in group), *extra), group)

    @staticmethod
    def _form(member: str) -> Form:
        tokens: list[str] = []
        for run, han in runs(member):
            tokens += pairs(run) if han else (run[:TOKEN_CHARS],)
        return Form(tuple(dict.fromkeys(tokens)))

    # --- help -------------------------------------------------------------------------------------------------------
    def suggestions(self, text: str, limit: int = 3) -> tuple[str, ...]:
        """Known words that sound like ``text`` or are one character away from it: "did you mean"."""
        asked = "".join(normalise(text, QUERY_CHARS).split())[:30]
        if len(asked) < 2:
            return ()
        sounds = {asked, *readings(asked)}
        same = [w for w in self.vocabulary if w != asked and spellings(w)[:1] and spellings(w)[0] in sounds]
        near = [w for w in self.vocabulary if w != asked and len(asked) > 2 and _one_apart(w, asked)]
        return tuple(dict.fromkeys(sorted(same) + sorted(near)))[:limit]


def _one_apart(one: str, other: str) -> bool:
    """Whether a single insertion, deletion, replacement or swap of neighbours turns one word into the other."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    head = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    if len(one) == len(other):
        swapped = one[:head] + one[head + 1 : head + 2] + one[head : head + 1] + one[head + 2 :]
        return one[head + 1 :] == other[head + 1 :] or swapped == other
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return longer[head + 1 :] == shorter[head:]


def mark(text: str, surfaces: Sequence[str]) -> tuple[tuple[str, bool], ...]:
    """``text`` in pieces (piece, is a match), for ``<mark>``; pieces joined give ``text`` back exactly.

    Matching ignores case and width character by character, so that positions stay those of the original.
    """
    folded = "".join(_fold(c) for c in text)
    hit = [False] * len(text)
    for surface in surfaces:
        needle = "".join(_fold(c) for c in surface)
        at = folded.find(needle) if needle else -1
        while at >= 0:
            hit[at : at + len(needle)] = [True] * len(needle)
            at = folded.find(needle, at + 1)
    pieces: list[tuple[str, bool]] = []
    start = 0
    for i in range(1, len(text) + 1):
        if i == len(text) or hit[i] != hit[start]:
            pieces.append((text[start:i], hit[start]))
            start = i
    return tuple(pieces)


def _fold(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character).casefold()
    return folded if len(folded) == 1 else character
