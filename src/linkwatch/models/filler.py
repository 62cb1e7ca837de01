"""Words that say nothing of what a link leads to: in a label, and where a label is compared with a title."""

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d+(?:st|nd|rd|th|h|m|s|min|mins|hr|hrs|p|k|x)?|x{0,3}(?:ix|iv|vi{0,3}|i{1,3})|xx+")

COMMON_WORDS = frozenset(
    _WORD.findall(
        """
        a about all an and are as at be but by can do does for from go how in into is it its my not of on or our
        that the their there this to up us vs was we what when where why will with you your
        best class classes clip collection complete course courses crash edition episode fall free full hd here
        intro introduction lecture lectures lesson lessons link list new official online part playlist playlists
        seminar series session sessions spring summer talk talks tba tbd tutorial tutorials university video videos vol
        volume watch winter youtube
        """
    )
)
"""Words of so many titles that sharing them says nothing."""

_LABEL_WORDS = frozenset(
    _WORD.findall(
        """
        also available check chapter click clips com demo demos details download embed ep episodes example examples
        explanation film films find following handout handouts info information learn links listen live livestream
        material materials module more movie notes open original our out page play please post preview read record
        recorded recording recordings ref reference references resource resources see season show site slide slides
        solution solutions some source stream streaming subscribe screencast subtitles text these they title trailer
        transcript
        unit url view visit web webinar website week www yt youtu
        am pm day days today date time morning afternoon evening monday tuesday wednesday thursday friday saturday
        sunday mon tue tues wed thu thur thurs fri sat sun january february march april may june july august september
        october november december jan feb mar apr jun jul aug sep sept oct nov dec
        english german french spanish portuguese italian russian chinese japanese korean arabic hindi dutch polish
        turkish deutsch francais espanol portugues italiano nederlands polski turkce en de fr es pt it ru zh ja ko
        日本語 한국어 русский 中文 英文 英語
        aufzeichnung aufnahme folien vorlesung vortrag hier ansehen anschauen film filme tag teil woche kapitel zum
        zur das der die und auf im quelle mitschnitt
        ici voir regarder enregistrement diapos diapositives cours conference partie jour semaine lien le la les du
        des et sur chaine vues
        aqui ver grabacion grabaciones diapositivas clase charla parte dia semana enlace el los las y en del gravacao
        assistir aula palestra semana ligacao
        qui guarda registrazione lezione parte giorno settimana collegamento
        bekijk opname les deel
        видео здесь тут ссылка смотреть запись слайды лекция часть день плейлист ютуб
        视频 視頻 影片 动画 链接 連結 录像 錄影 回放 观看 觀看 点击 点击这里 这里 在线 讲座 幻灯片 第 部分 播放列表
        動画 ビデオ リンク 録画 こちら 再生 スライド 講義 見る
        영상 동영상 링크 녹화 여기 보기 슬라이드 강의
        """
    )
)
"""Words of labels that stand for any video: "Recording", "slides", "Day 1", "English"."""


_KINDS = frozenset(
    _WORD.findall(
        """
        class classes course courses episode intro introduction lecture lectures lesson lessons seminar series session
        sessions talk talks tutorial tutorials recordings trailer demo vorlesung vortrag cours charla clase palestra
        """
    )
)
"""Those that say, in the text around a link, what is linked: "Introduction: [video](…)"."""


@lru_cache(maxsize=4096)
def is_filler(label: str) -> bool:
    """Whether a label would fit any link: nothing but such words, numbers, dates and signs."""
    for word in _words(label):
        if word not in COMMON_WORDS and word not in _FOLDED and not _NUMBER.fullmatch(word):
            return False
    return True


@lru_cache(maxsize=4096)
def is_name(text: str) -> bool:
    """Whether the text around a link says more of it than that there is one."""
    return not is_filler(text) or any(word in _KINDS for word in _words(text))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower() if text.isascii() else _folded(text))


def _folded(text: str) -> str:
    if text.isascii():  # most labels are, and a list may have 100,000 of them
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


_FOLDED = frozenset(map(_folded, _LABEL_WORDS))
