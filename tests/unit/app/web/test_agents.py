"""Which programs open links by themselves."""

import pytest

from app.web.agents import APPS, NAMES, opens_links_itself

CHROME = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0 Mobile Safari/537.36"
)
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 16_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
ELECTRON = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) {} Chrome/130.0 Electron/33.0 Safari/537.36"
)

PROGRAMS = [
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Slackbot 1.0 (+https://api.slack.com/robots)",
    "Slack-ImgProxy (+https://api.slack.com/robots)",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "Twitterbot/1.0",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "facebookexternalhit/1.1;line-poker/1.0",
    "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984",
    "Facebot/1.0",
    "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
    "meta-externalfetcher/1.1",
    # iMessage
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 "
    "Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
    "WhatsApp/2.24.20.83 A",
    "WhatsApp",
    "TelegramBot (like TwitterBot)",
    "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/112.0 Safari/537.36 "
    "Edg/112.0.1722.48 MicrosoftPreview/2.0 +https://aka.ms/MicrosoftPreview",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/534+ (KHTML, like Gecko) BingPreview/1.0b",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 Google-PageRenderer Google (+https://developers.google.com/+/web/snippet/)",
    "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
    "Mozilla/5.0 (compatible; Google-InspectionTool/1.0;)",
    "GoogleOther",
    f"{CHROME} (compatible; Google-Read-Aloud; +https://support.google.com/webmasters/answer/1061943)",
    f"{CHROME} (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "AdsBot-Google (+http://www.google.com/adsbot.html)",
    "Mozilla/5.0 (compatible; redditbot/1.0; +http://www.reddit.com/feedback)",
    "Pinterest/0.2 (+http://www.pinterest.com/bot.html)",
    "http.rb/5.1.1 (Mastodon/4.2.1; +https://mastodon.example/)",
    "Embedly +support@embed.ly",
    "Iframely/1.3.1 (+https://iframely.com/docs/about) Atlassian",
    "Viber/20.0.0.0",
    "Snap URL Preview Service; bot; snapchat; https://developers.snap.com/robots",
    "Snapchat/12.60.0.30 (iPhone14,5; iOS 17.0; gzip)",
    "Mozilla/5.0 (compatible; vkShare; +http://vk.com/dev/Share)",
    "Bluesky Cardyb/1.1; +mailto:support@bsky.app",
    "Synapse (bot; +https://github.com/matrix-org/synapse)",
    "Mozilla/5.0 (compatible; January/1.0; +https://gitlab.insrt.uk/revolt/january)",
    "Valve/Steam HTTP Client 1.0 (SteamChatURLLookup)",
    "Mozilla/5.0 (compatible; archive.org_bot +http://archive.org/details/archive.org_bot)",
    "ia_archiver (+http://www.alexa.com/site/help/webmasters; crawler@alexa.com)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0; +https://openai.com/bot",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
    "Mozilla/5.0 (compatible; Baiduspider-render/2.0; +http://www.baidu.com/search/spider.html)",
    "Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)",
    "DingTalkBot-LinkService/1.0 (+https://open-doc.dingtalk.com/microapp/faquestions/ftpfeu)",
    "Chatwork LinkPreview v1",
    "ClickUpLinkUnfurler/1.0 (+https://clickup.com)",
    "Scrapy/2.11.0 (+https://scrapy.org)",
]
PEOPLE = [
    "",
    "curl/8.5.0",
    "Wget/1.21.4",
    "python-requests/2.32.3",
    "python-httpx/0.27.0",
    "Python-urllib/3.12",
    "Python/3.12 aiohttp/3.9.5",
    "Go-http-client/2.0",
    "okhttp/4.12.0",
    "axios/1.7.2",
    "node-fetch/1.0 (+https://github.com/bitinn/node-fetch)",
    "dalleserver/1.1.0",
    "Mozilla/5.0 (compatible; Google-Apps-Script; beanserver; +https://script.google.com; id: UAEmdDd)",
    "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)",
    "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/130.0 Safari/537.36",
    CHROME,
    SAFARI,
    # names of phones, and words that merely contain one
    CHROME.replace("Pixel 8", "CUBOT X30"),
    CHROME.replace("Pixel 8", "CUBOT_NOTE_S Build/NRD90M; wv"),
    CHROME.replace("Pixel 8", "CUBOT"),
    CHROME.replace("Pixel 8", "Botswana One"),
    f"{CHROME} Robotics/1.0 Bottle/2 Spiderman/3",
    # browsers inside apps, and the apps themselves: a person looks at the page
    f"{SAFARI} Instagram 300.0.0.0 (iPhone14,5; iOS 16_5)",
    f"{SAFARI} [FBAN/FBIOS;FBAV/400.0.0.0;FBDV/iPhone14,5]",
    f"{SAFARI} [Pinterest/iOS]",
    f"{SAFARI} KAKAOTALK 10.3.1",
    f"{SAFARI} Safari Line/13.7.1",
    f"{SAFARI} Snapchat/12.60.0.30 (like Safari/8615)",
    f"{SAFARI} [LinkedInApp]/9.29",
    f"{SAFARI} Twitter for iPhone/10.52",
    f"{CHROME} MetaIAB Facebook",
    ELECTRON.format("Slack/4.39.95"),
    ELECTRON.format("discord/1.0.9163"),
    ELECTRON.format("Teams/1.7.00"),
    ELECTRON.format("Notion/3.14"),
]


@pytest.mark.parametrize("user_agent", PROGRAMS)
def test_knows_a_program_that_opens_links_itself_in_any_case(user_agent: str) -> None:
    assert opens_links_itself(user_agent)
    assert opens_links_itself(user_agent.lower())
    assert opens_links_itself(user_agent.upper())


@pytest.mark.parametrize("user_agent", PEOPLE)
def test_takes_browsers_scripts_and_libraries_for_people(user_agent: str) -> None:
    assert not opens_links_itself(user_agent)
    assert not opens_links_itself(user_agent.upper())


def test_knows_each_name_of_its_table_as_a_whole_word_only() -> None:
    for name in (name for names in NAMES.values() for name in names):
        assert name == name.lower()
        assert opens_links_itself(name), name
        assert opens_links_itself(f"Mozilla/5.0 ({name.title()}/1.0)"), name
    assert not opens_links_itself("Xwhatsappx/1.0")


@pytest.mark.parametrize("app", APPS)
def test_knows_an_app_by_the_beginning_only(app: str) -> None:
    assert opens_links_itself(f"{app.title()}/1.0 CFNetwork/1410")
    assert not opens_links_itself(f"{SAFARI} {app}/1.0")


def test_looks_at_a_bounded_part() -> None:
    assert not opens_links_itself("x" * 600 + " Googlebot/2.1")
