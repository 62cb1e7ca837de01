"""The pages of YouTube that name no resource: a bare `/NAME` that is none of these is a channel."""

import re

_PAGES_WITHOUT_RESOURCE = re.compile(
    r"""
    about|aboutyoutube|accounts?|activate|ads|advertise|advertising|analytics|apps?|api|apiplayer|attribution_link|blog|browse|captions
    |categories|channels|charts|community|community_guidelines|contact|courses|cp|creators?|culture|culture_and_trends|dashboard
    |das_captcha|dev|developers|devices|disco|dmca|edit|editor|edu|education|embed_code|error|explore|fashion|features|feed
    |feedback|gaming|generate_204|hashtag|help|history|home|howtube|howyoutubeworks|html5|iframe_api|impact|index|intl|jobs
    |kids|languages|leanback|learning|library|listen|login|logout|media|members|memberships|merch|mobile|mostpopular|movies
    |moviesandshows|music|musicpremium|new|news|nonprofits|oauth|oembed|oops|opensearch|originals|pair|parents|partners?
    |permissions|player_api|playables|playlists|podcasts|policies|premieres|premium|press|privacy|product|profile
    |purchases|qr|rater|redeem|redirect|reporthistory|reporting|results|robots|s|safety|schools|search|security
    |select_language|select_site|sessions|settings|share|shopping|shows?|signin|signout|signup|sitemaps?|social|source|space
    |sports|spotlight|static|storefront|stories|supported_browsers|t|teachers|terms|testtube|ticket|timedtext|tips|topics?
    |trending|trends|trendsdashboard|trendsmap|tutorials|tv|unlimited|unplugged|unsupported_browser|upload|verify|vi|videos
    |view_all_playlists|watch_queue|yt|ytscreeningroom|youtubei|yts|ytv
    |(?:account|comment|copyright|create|get|live|my|paid|sharing|subscribe|subscription|t|user|verify|vi|video|yt)_.*
    |.*_(?:ajax|api|login|servlet)
    |.*\.(?:aspx?|css|gif|html?|ico|jpe?g|js|json|map|md|pdf|php|png|rss|svg|swf|txt|webmanifest|webp|woff2?|xml)
    """,
    re.DOTALL | re.VERBOSE,
)


def names_no_resource(page: str) -> bool:
    """Whether the first part of a path, in lower case, is one of YouTube's own pages."""
    return _PAGES_WITHOUT_RESOURCE.fullmatch(page) is not None
