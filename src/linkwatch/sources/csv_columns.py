"""What the columns of a CSV hold: links, ids without a URL, labels. By the header's names, or else by the cells."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from unicodedata import combining, normalize

from linkwatch.sources.embeds import is_id
from linkwatch.sources.urls import find_urls

KINDS = ("video", "playlist", "channel", "handle")

_SPLIT = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_COMPOUND = re.compile(r"(video|playlist|channel|youtube|yt)(ids?|urls?|links?|titles?|names?|handles?)")
_LINK = frozenset({"url", "urls", "link", "links", "href", "uri", "hyperlink", "hyperlinks"})
_NO_LINK = frozenset({
    "image", "images", "thumbnail", "thumbnails", "thumb", "avatar", "icon", "logo", "banner", "picture", "photo",
    "poster", "cover", "title", "titles", "name", "names", "label", "text", "count", "type", "status", "clicks",
})  # fmt: skip
_YOUTUBE = frozenset({"youtube", "yt"})
_HANDLES = frozenset({"handle", "handles"})
_OTHER_NETWORKS = frozenset({
    "twitter", "x", "instagram", "insta", "tiktok", "github", "telegram", "mastodon", "twitch", "bluesky", "threads",
    "facebook", "linkedin", "discord", "slack", "snapchat", "user",
})  # fmt: skip
_IDENTIFIER = ("identif", "identyf", "идентиф")
_OPAQUE = frozenset({
    "hash", "sha", "sha1", "sha256", "md5", "checksum", "digest", "etag", "token", "key", "password", "secret", "nonce",
    "commit", "session", "uuid", "guid", "signature", "code", "sku", "coupon", "salt", "cookie", "username", "user",
})  # fmt: skip
"""What columns are called that hold other things of an id's shape."""

_LABEL_RANKS: tuple[tuple[str, ...], ...] = (
    ("label", "bezeichnung"),
    ("title", "titel", "titre", "titulo", "titolo", "tytul", "naslov", "nazev", "baslik", "otsikko",
     "タイトル", "标题", "標題", "제목", "название", "заголовок"),
    ("name", "nom", "nombre", "nome", "naam", "navn", "namn", "nimi", "nazwa", "名称", "名前", "이름", "имя"),
    ("text", "caption", "lecture", "lesson", "talk", "song", "track", "episode"),
)  # fmt: skip
"""Words in headers that name a label, the best first, in the languages of Google Takeout too."""

_NO_LABEL = frozenset({
    "language", "lang", "id", "ids", "count", "length", "type", "slug", "hash", "file", "user", "host", "domain",
    "sheet", "first", "last", "image", "status", "date", "time", "number", "order", "url", "link", "views",
})  # fmt: skip
_OTHERS = frozenset({"author", "artist", "owner", "uploader", "creator", "speaker", "user"})
"""Whose names no title of a video is."""

_TEXT = re.compile(r"[^\W\d_]{2}")
_TIME = re.compile(r"\d{4}-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
_HANDLE_WORDS = ("video", "playlist", "channel", "subscri")
_BARE = re.compile(r"[^\s,;|'\"=]+")
_NEARLY_ALL = 0.9
_FEW = 3
"""Videos' ids in a column that is not called one: with fewer it may be chance."""


def _plain(text: str) -> str:
    return "".join(each for each in normalize("NFKD", text.casefold()) if not combining(each))


_KIND_STEMS = {
    "video": ("video", *map(_plain, ("動画", "видео", "동영상", "视频", "影片"))),
    "playlist": ("playlist", "wiedergabeliste", *map(_plain, ("再生リスト", "плейлист", "재생목록", "播放列表"))),
    "channel": ("channel", "kanal", "canal", "chaine", *map(_plain, ("チャンネル", "канал", "채널", "频道", "頻道"))),
}
_LABELS = tuple(tuple(map(_plain, words)) for words in _LABEL_RANKS)


@dataclass(frozen=True, slots=True)
class _Name:
    """A column's name in the header."""

    words: frozenset[str]
    kind: str | None
    """Of what it is about: `video`, `playlist` or `channel`."""

    @property
    def is_link(self) -> bool:
        """Whether it names links."""
        if self.words & _NO_LINK:
            return False
        return bool(self.words & _LINK) or (
            bool(self.words & _YOUTUBE) and not self.is_id and all(map(_is_kind, self.words - _YOUTUBE))
        )

    @property
    def is_id(self) -> bool:
        """Whether it names ids, of whatever kind."""
        return bool(self.words & {"id", "ids"}) or any(word.startswith(_IDENTIFIER) for word in self.words)

    @property
    def ids(self) -> frozenset[str]:
        """The kinds of ids that it names."""
        if self.is_link or self.words & _OPAQUE:
            return frozenset()
        if self.words & _HANDLES and not self.words & _OTHER_NETWORKS:
            return frozenset({"handle"})
        if not self.is_id:
            return frozenset()
        if self.kind:
            return frozenset({self.kind})
        return frozenset({"video", "playlist", "channel"}) if self.words & _YOUTUBE else frozenset()

    @property
    def label_rank(self) -> int | None:
        """How well it names a label: 0 is best; None when it doesn't."""
        if self.words & _NO_LABEL or self.words & _OTHERS:
            return None
        for rank, stems in enumerate(_LABELS):
            last = rank == len(_LABELS) - 1
            for word in self.words:
                stemmed = word.removesuffix("s")
                is_label = word in stems or stemmed in stems or (rank == 1 and stemmed.endswith(stems))
                if is_label and (not last or len(self.words) == 1):
                    return rank
        return None


def _is_kind(word: str) -> bool:
    return any(word.startswith(stems) for stems in _KIND_STEMS.values())


@lru_cache(maxsize=256)
def _name(text: str) -> _Name:
    spaced = _SPLIT.sub(" ", re.sub(r"you[ _-]?tube", " youtube ", text[:200], flags=re.IGNORECASE))
    words: set[str] = set()
    for word in re.findall(r"[^\W_]+", _plain(spaced)):
        compound = _COMPOUND.fullmatch(word)
        words.update(compound.groups() if compound else (word,))
    kinds = [kind for kind, stems in _KIND_STEMS.items() if any(word.startswith(stems) for word in words)]
    return _Name(frozenset(words), kinds[0] if kinds else None)


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a table hold, by their 0-based number."""

    names: tuple[str, ...] = ()
    """As in the header, in lower case; none: the table has no header."""

    links: frozenset[int] | None = None
    """Those that hold links; None: a link may stand in any."""

    ids: Mapping[int, frozenset[str]] = field(default_factory=dict)
    """Those that hold ids without a URL, and of what kinds."""

    labels: Mapping[int, int] = field(default_factory=dict)
    """The column with the label of each that holds links or ids."""

    section: int | None = None
    owner: int | None = None

    read: tuple[int, ...] = ()
    """Those that hold links or ids, in order."""

    is_list: bool = False
    """The column of links is called `url`: all of its cell is the link."""

    @property
    def is_recognised(self) -> bool:
        """Whether it is known which columns hold links."""
        return self.links is not None


def columns_of_list(header: Sequence[str]) -> Columns | None:
    """The columns of a list, whose header names the column of links `url`; None for another header."""
    names = tuple(name.strip().lower() for name in header)
    links = frozenset(at for at, name in enumerate(names) if name == "url")
    if not links:
        return None
    label = names.index("label") if "label" in names else _labels(header, dict.fromkeys(links))
    labels = dict.fromkeys(links, label) if isinstance(label, int) else label
    section, owner = _index(names, "section"), _index(names, "owner")
    return Columns(names, links, {}, labels, section, owner, tuple(sorted(links)), is_list=True)


def _index(names: Sequence[str], name: str) -> int | None:
    return names.index(name) if name in names else None


def names_columns(cells: Iterable[str]) -> bool:
    """Whether cells are a header that names a column of links or of ids."""
    names = [_name(cell) for cell in cells if cell.strip()]
    return any(name.is_link or name.ids for name in names) and not any(map(_holds_link, cells))


def _holds_link(cell: str) -> bool:
    return "/" in cell and next(find_urls(cell), None) is not None


def survey(first: Sequence[str], sample: Sequence[Sequence[str]]) -> Columns:
    """The columns of a table.

    Args:
        first: The cells of its first record: the header, if it has one.
        sample: The cells of those that follow, or of some of them.
    """
    by_cells = _ids_by_cells(first, sample)
    has_header = not any(map(_holds_link, first)) and not any(
        bare_ids(first[at], kinds) and not _is_header_word(first[at])
        for at, kinds in _ids_by_cells((), (first, *sample)).items()
        if at < len(first)
    )
    if not sample and not names_columns(first):
        has_header = False
    header = first if has_header else ()
    rows = sample if has_header else (first, *sample)
    links = frozenset(_link_columns(header, rows))
    ids = _ids_by_name(header, rows) | (by_cells if has_header else _ids_by_cells((), rows))
    ids = {at: kinds for at, kinds in ids.items() if at not in links}
    names = tuple(name.strip().lower() for name in header)
    if not links and not ids:
        return Columns(names)
    kinds = {at: _name(header[at]).kind if at < len(header) else None for at in links}
    kinds |= {at: _kind_of(kinds) for at, kinds in ids.items()}
    labels = _labels(header, kinds) if header else _labels_by_cells(rows, kinds)
    section, owner = _index(names, "section"), _index(names, "owner")
    return Columns(names, links, ids, labels, section, owner, tuple(sorted(links | ids.keys())))


def _is_header_word(cell: str) -> bool:
    name = _name(cell)
    return name.is_link or bool(name.ids) or name.kind is not None or name.label_rank is not None


def _kind_of(kinds: frozenset[str]) -> str | None:
    if kinds == {"handle"}:
        return "channel"
    return next(iter(kinds)) if len(kinds) == 1 else None


def _column(rows: Iterable[Sequence[str]], at: int) -> list[str]:
    """The cells of a column that are not empty, without the white space around them."""
    return [cell for row in rows if at < len(row) and (cell := row[at].strip())]


def _link_columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[int]:
    """Yield those that are called links and hold one, and those in which nearly every cell is a link to YouTube."""
    found, is_youtube = [], False
    for at in range(max(map(len, rows), default=0)):
        cells = _column(rows, at)
        is_named = at < len(header) and _name(header[at]).is_link
        if (is_named and any(_holds_link(cell) or _strong_id(cell) for cell in cells)) or (
            cells and not _is_other(header, at) and sum(map(_is_link, cells)) >= _NEARLY_ALL * len(cells)
        ):
            found.append(at)
            is_youtube = is_youtube or any("youtu" in cell.lower() or _strong_id(cell) for cell in cells)
    if is_youtube:
        yield from found


def _is_other(header: Sequence[str], at: int) -> bool:
    return at < len(header) and bool(_name(header[at]).words & _NO_LINK)


def _is_link(cell: str) -> bool:
    """Whether a cell holds links and little else: a formula's or Markdown's label, what parts them."""
    if "/" not in cell:
        return False
    if cell.startswith(("=", "[")):
        return _holds_link(cell)
    end, rest = 0, []
    for url in find_urls(cell):
        rest.append(cell[end : url.start])
        end = url.end
    return end > 0 and not any(map(str.isalnum, "".join([*rest, cell[end:]])))


def _ids_by_name(header: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[int, frozenset[str]]:
    """Columns that the header calls ids, and that hold them: half of the cells where it doesn't say YouTube."""
    found = {}
    has_context = any(_name(text).kind or _name(text).words & _YOUTUBE for text in header)
    for at, text in enumerate(header):
        name = _name(text)
        kinds = name.ids
        if "handle" in kinds and not has_context:
            continue
        cells = _column(rows, at)
        needed = 1 if name.words & _YOUTUBE else (len(cells) + 1) // 2
        if kinds and cells and sum(bool(bare_ids(cell, kinds)) for cell in cells) >= needed:
            found[at] = kinds
    return found


def _ids_by_cells(header: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[int, frozenset[str]]:
    """Columns in which nearly every cell has the shape of an id, and which look like chance, as ids do."""
    found = {}
    for at in range(max(map(len, rows), default=0)):
        name = _name(header[at]) if at < len(header) else _Name(frozenset(), None)
        if name.words & _OPAQUE or name.is_link:
            continue
        cells = _column(rows, at)
        for kind in ("video", "playlist", "channel"):
            is_few = kind == "video" and len(cells) < _FEW and not name.is_id
            if not is_few and cells and _are_ids(cells, kind):
                found[at] = frozenset({kind})
    return found


def _are_ids(cells: Sequence[str], kind: str) -> bool:
    needed = _NEARLY_ALL * len(cells)
    if sum(is_id(cell, kind) for cell in cells) < needed:
        return False
    mixed = [cell for cell in cells if any(map(str.isupper, cell)) and any(map(str.islower, cell))]
    # Dates and serial numbers of an id's length are alike from row to row; words have no digits.
    masks = {re.sub("[a-z]", "a", re.sub("[A-Z]", "A", re.sub("[0-9]", "0", cell))) for cell in cells}
    return len(mixed) >= needed and sum(map(_has_digit, mixed)) * 2 >= len(cells) and len(masks) * 2 >= len(set(cells))


def _has_digit(text: str) -> bool:
    return re.search("[0-9_-]", text) is not None


def _strong_id(text: str) -> str | None:
    """The kind of a text that is plainly an id, wherever it stands alone; None for any other text."""
    for kind in ("playlist", "channel", "handle", "video"):
        if is_id(text, kind):
            if kind == "handle":
                return kind
            mixed = any(map(str.isupper, text)) and any(map(str.islower, text))
            return kind if mixed and (kind != "video" or _has_digit(text)) else None
    return None


def bare_ids(cell: str, kinds: Iterable[str]) -> list[tuple[str, str, int]]:
    """The ids of a cell, each with its kind and where it stands; none when anything else is in the cell."""
    found = []
    for part in _BARE.finditer(cell):
        kind = next((kind for kind in kinds if is_id(part[0], kind)), None)
        if kind is None:
            return []
        found.append((kind, part[0], part.start()))
    return found


def plain_id(cell: str) -> list[tuple[str, str, int]]:
    """The id that a cell in a column of links holds in place of a URL, if it plainly is one."""
    text = cell.strip()
    kind = _strong_id(text)
    return [(kind, text, cell.index(text))] if kind else []


def _labels(header: Sequence[str], kinds: Mapping[int, str | None]) -> dict[int, int]:
    """The best label of each column of links: of its own kind, or of none when no other column is nearer to it."""
    order = ("video", "playlist", "channel")
    foremost = min((order.index(kind) for kind in kinds.values() if kind), default=None)
    labels = {}
    for at, kind in kinds.items():
        best = None
        for number, text in enumerate(header):
            name = _name(text)
            rank = name.label_rank
            if rank is None and kind != "channel" and len(name.words) == 1 and name.kind in {"video", "playlist"}:
                rank = len(_LABELS)  # `Video` beside `Link`
            if rank is None and kind == "channel" and len(name.words) == 1 and name.kind == "channel":
                rank = len(_LABELS)
            if rank is None or number in kinds:
                continue
            if name.kind is None and kind and foremost is not None and order.index(kind) != foremost:
                continue
            if name.kind is not None and name.kind != kind and (kind or name.kind == "channel"):
                continue
            key = (name.kind != kind, rank, len(name.words), number)
            best = min(best, key) if best else key
        if best:
            labels[at] = best[-1]
    return labels


def _labels_by_cells(rows: Sequence[Sequence[str]], kinds: Mapping[int, str | None]) -> dict[int, int]:
    """The only column of texts, for a table without a header."""
    texts = []
    for at in range(max(map(len, rows), default=0)):
        cells = _column(rows, at)
        if at not in kinds and sum(bool(_TEXT.search(cell)) and not _TIME.match(cell) for cell in cells) * 2 > len(
            rows
        ):
            texts.append(at)
    return dict.fromkeys(kinds, texts[0]) if len(texts) == 1 else {}
