"""The programs that open links by themselves, known by their User-Agent: previews in chats, crawlers, archives.

They follow a link as it is written, `?generate=1` included, and nobody meant that to cost money. Scripts and libraries
(curl, python-requests, …) are not among them: a person who runs one means what it sends.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache

NAMES: Mapping[str, tuple[str, ...]] = {
    "Slack": ("slackbot", "slack-imgproxy"),
    "Discord": ("discordbot",),
    "Telegram": ("telegrambot",),
    "WhatsApp; Signal uses its name": ("whatsapp",),
    "Meta; iMessage uses its name": (
        *("facebookexternalhit", "facebot", "facebookcatalog", "meta-externalagent", "meta-externalfetcher"),
        *("meta-externalads", "meta-externalhit", "meta-webindexer"),
    ),
    "X": ("twitterbot",),
    "Apple": ("applebot", "imessagelinkpreviews"),
    "LinkedIn": ("linkedinbot",),
    "Microsoft": ("microsoftpreview", "skypeuripreview", "bingbot", "bingpreview", "adidxbot", "msnbot"),
    "Google": (
        *("googlebot", "googleother", "google-inspectiontool", "google-pagerenderer", "google-read-aloud"),
        *("google-safety", "google-site-verification", "google-extended", "google-notebooklm", "google web preview"),
        *("google favicon", "googleimageproxy", "googleproducer", "feedfetcher-google", "mediapartners-google"),
        *("apis-google", "duplexweb-google", "chrome-lighthouse", "google page speed insights"),
        "developers.google.com/+/web/snippet",
    ),
    "Reddit": ("redditbot",),
    "Pinterest": ("pinterestbot", "pinterest.com/bot"),
    "Snapchat": ("snap url preview service", "snapurlpreview", "snapchatads"),
    "VK, Odnoklassniki": ("vkshare", "vkrobot", "odklbot"),
    "LINE, KakaoTalk, Naver, Daum": ("line-poker", "linespider", "kakaotalk-scrap", "yeti", "daum", "daumoa"),
    "Bluesky": ("cardyb",),
    "the fediverse": (
        *("mastodon", "misskey", "summaly", "summalybot", "pleroma", "akkoma", "lemmy", "friendica", "pixelfed"),
        "gotosocial",
    ),
    "Matrix, Revolt": ("synapse", "january"),
    "Mattermost, Zulip": ("mattermost-bot", "zulipurlpreview"),
    "Steam": ("valve/steam", "steamchaturllookup"),
    "forums, notes, newsreaders": ("discourse forum onebox", "evernoterichlinkbot", "hatena", "flipboardproxy"),
    "mail": ("yahoomailproxy", "fastmailua", "shortwave image fetcher"),
    "services for others": ("embedly", "iframely", "opengraph.io", "github-camo", "twilioproxy", "outbrain"),
    "language models": (
        *("gptbot", "chatgpt-user", "oai-searchbot", "claudebot", "claude-user", "claude-web", "claude-searchbot"),
        *("anthropic-ai", "perplexitybot", "perplexity-user", "mistralai-user", "cohere-ai", "ccbot", "bytespider"),
    ),
    "search": ("slurp", "baiduspider", "yandexbot", "yandex.com/bots", "duckduckbot", "petalbot", "qwantify"),
    "archives": ("ia_archiver", "archive.org_bot", "heritrix", "wayback", "archivebox", "archive-it", "httrack"),
    "checks of pages": ("w3c_validator", "w3c-checklink", "pingdom", "pingdomtms"),
    "crawlers in general": ("scrapy", "nutch", "prerender", "80legs", "dataprovider", "censysinspect"),
}
"""Who opens links → the names, in lower case. They count as whole words, anywhere in the User-Agent."""

APPS = ("bluesky", "instagram", "kakaotalk", "line", "notion", "pinterest", "snapchat", "tiktok", "tumblr", "viber")
"""Apps that fetch a link for its preview themselves, when the User-Agent begins with their name. The browsers inside
these apps begin with `Mozilla/5.0` and name them further behind: there it is a person who has followed the link."""

ENDINGS = (
    *("bot", "bots", "crawler", "crawl", "spider", "archiver", "scraper"),
    *("preview", "previews", "previewer", "unfurl", "unfurler", "linkcheck", "linkchecker"),
)
"""How the words end by which all the others name themselves: `AhrefsBot/7.0`, `DingTalkBot-LinkService`."""

LIBRARIES = ("google-apps-script", "anyevent-http")
"""They follow the custom of crawlers, and people write scripts with them."""

CUSTOM = r"compatible;[^()]{0,200}\+ ?https?:"
"""The custom of crawlers to give a page about themselves: `Mozilla/5.0 (compatible; January/1.0; +https://…)`."""

LONGEST = 512
"""Characters of a User-Agent that are looked at; the longest of a known program has some 300."""


def _any(words: tuple[str, ...]) -> str:
    return f"(?:{'|'.join(re.escape(word) for word in words)})"


@cache  # and not at the start, of which it is a hundredth
def _pattern() -> re.Pattern[str]:
    return re.compile(
        "|".join(
            (
                rf"\A{_any(APPS)}\b",
                rf"(?<![a-z0-9]){_any(tuple(name for names in NAMES.values() for name in names))}(?![a-z0-9])",
                rf"(?<!\bcu){_any(ENDINGS)}(?![a-z])",  # Cubot makes phones, which browsers name
                CUSTOM,
            )
        )
    )


@lru_cache(256)
def opens_links_itself(user_agent: str) -> bool:
    """Returns whether a User-Agent is that of a program that opens links which nobody asked it to act on."""
    text = user_agent[:LONGEST].lower()
    return not any(name in text for name in LIBRARIES) and _pattern().search(text) is not None
