"""What a complaint means, by tables of the words that providers and gateways use.

A code that is exactly known decides at once. Everything else is searched for words, in the order of `MEANINGS`: a
gateway wraps the provider's error in one of its own, so a more particular meaning comes before a more general one.
"""

import re

from dalle.errors import AuthRefused, ContentBlocked, GenerationError, ModelGone, QuotaExhausted, RateLimited
from dalle.painters.openai.answers.complaints import Complaint
from dalle.painters.openai.answers.fields import joined

Kind = type[GenerationError]

BY_CODE: dict[str, Kind] = {
    "moderation_blocked": ContentBlocked,
    "content_policy_violation": ContentBlocked,
    "content_filter": ContentBlocked,
    "insufficient_quota": QuotaExhausted,
    "billing_hard_limit_reached": QuotaExhausted,
    "credit_balance_exhausted": QuotaExhausted,
    "invalid_api_key": AuthRefused,
    "model_not_found": ModelGone,
    "rate_limit_exceeded": RateLimited,
    "slow_down": RateLimited,
}
"""OpenAI's codes; where there are several, the first here decides."""

CODE_WORDS: dict[Kind, tuple[str, ...]] = {
    ContentBlocked: (
        "moderation", "moderated", "contentpolicy", "contentfilter", "contentviolation", "contentblocked", "safety",
        "responsibleai", "sensitivecontent", "sensitiveword", "sensitiveinformation", "prohibitedcontent",
        "datainspection", "nsfw", "unsafe", "risknotpass", "policyviolation", "promptblocked", "promptfiltered",
        "inappropriate", "illegaldetected", "auditfailed", "harmfulcontent",
    ),
    QuotaExhausted: (
        "insufficientquota", "insufficientuserquota", "insufficientbalance", "insufficientcredit", "insufficientfunds",
        "outofcredit", "notenoughcredit", "nocredits", "paymentrequired", "arrearage", "overdue", "hardlimitreached",
        "spendlimitexceeded", "usagelimitexceeded", "creditbalance", "balancenotenough", "billing", "quotaexhausted",
        "quotafailed", "exceededcurrentquota", "budgetexceeded",
    ),
    AuthRefused: (
        "apikeyinvalid", "invalidapikey", "incorrectapikey", "invalidauthentication", "accountdeactivated",
        "accountsuspended", "accessterminated", "apikeyexpired", "expiredapikey", "nodbconnection",
    ),
    ModelGone: (
        "modelnotfound", "modelnotexist", "modelnotavailable", "modelnotopen", "modelnotsupported", "invalidmodel",
        "unknownmodel", "nosuchmodel", "unsupportedmodel", "modeldeprecated", "modeldecommissioned", "modelretired",
        "deploymentnotfound", "deprecatedmodel",
    ),
    RateLimited: (
        "ratelimit", "throttl", "toomanyrequests", "resourceexhausted", "requestburst", "concurrencylimit",
        "quotaexceeded",
    ),
}  # fmt: skip
"""Words in a code, which is compared without what stands between its words."""
PARAMETER_CODE = re.compile(r"invalid|unsupported|unknown|unexpected|missing|identifier|setting|toleran")
"""A code with one of these names a parameter, such as `moderation`, that was not accepted."""

IN_TEXTS: dict[Kind, str] = {
    ContentBlocked: (
        r"\bsafety\b(?![ -]?(settings?|identifier|tolerance|level|threshold|categor|parameter|number))"
        r"|\bmoderation\b(?! (parameter|field|value|setting|level|option|argument|endpoint|api|model|must|should|may))"
        r"|\bmoderated\b|\bunsafe\b|\bnsfw\b|\bresponsible ?ai\b"
        r"|\bcontent[ _-]?(polic(y|ies)|filter\w*|management policy|violation|guidelines?|restrictions?)\b"
        r"|\b(usage|acceptable use|community|use) (polic(y|ies)|guidelines|standards)\b"
        r"|\b(sensitive|prohibited|disallowed|inappropriate|harmful|explicit|sexual|violent|adult|offensive"
        r"|illegal|graphic) (content|words?|information|images?|imagery|material|text|prompts?)\b"
        r"|\b(prompt|image|input|output|content)(?![ -](type|length|encoding|range|disposition|security))\b"
        r".{0,40}\b(blocked|flagged|filtered|inappropriate|prohibited|disallowed)\b"
        r"|\b(prompt|image|input|output|content|request)\b.{0,60}\bviolat\w+ .{0,40}(polic|guideline|terms|standards)"
        r"|finish_?reason\W{1,5}(image_)?safety|敏感|违规|不安全|审核"
    ),
    QuotaExhausted: (
        r"exceeded (your|the) current quota|billing (hard )?limit"
        r"|\bbilling\b.{0,40}\b(not|disabled|inactive|required)\b"
        r"|\b(check|update|enable|set up)\b.{0,30}\bbilling\b|billing issue|payment (is )?required|requires payment"
        r"|\b(insufficient|not enough|out of|no|low|lack of|exhausted|without)\b.{0,20}"
        r"\b(credits?|balance|funds|quota|money)\b"
        r"|\b(credits?|balance|quota|funds|budget)\b.{0,40}"
        r"\b(exhausted|exceeded|too low|insufficient|depleted|used up|ran out|run out|reached|empty)\b"
        r"|add (more )?(credits|funds)|余额不足|额度不足|欠费"
    ),
    AuthRefused: (
        r"\b(incorrect|invalid|wrong|expired|revoked|missing|unknown|no) (api|access|secret)[ _-]?key\b"
        r"|\bapi[ _-]?key\b.{0,40}\b(invalid|not valid|incorrect|expired|revoked|disabled|not found|missing)\b"
    ),
    ModelGone: (
        r"litellm\.notfounderror|\bno such model\b|\b(unknown|invalid|unsupported) model\b|\bno endpoints found\b"
        r"|\b(model|deployment)s?\b\W{0,3}(\S{0,99}[^\s:,] )?(for this resource )?((is|was|has been|does|do) )?"
        r"(not exist|not found|not available|not supported|not a valid model|deprecated|decommissioned|retired|removed"
        r"|shut ?down|no longer)\b"
        r"|\bmodels?\b\W{0,3}(\S{0,99}[^\s:,] )?doesn't exist\b"
        r"|\b(could|can) ?not find (the )?(model|deployment)\b|no available channel for model|无可用渠道"
    ),
    RateLimited: r"\brate[ _-]?limit|ratelimiterror|too many requests|requests per|\bthrottl|slow down",
}
"""Words in a sentence, in lower case and without URLs and quoted names."""
PATTERNS = {kind: re.compile(words) for kind, words in IN_TEXTS.items()}
PER_TIME = re.compile(r"\b(per|a|each) (second|minute|hour)\b|\b(rpm|tpm|ipm)\b")
ACCOUNT = re.compile(
    r"\b(account|organi[sz]ation|project|api key)\b.{0,40}\b(has been|have been|was|is) (\w+ )?"
    r"(deactivated|suspended|banned|terminated|disabled|blocked|flagged)\b"
    r"|\b(blocked|disabled)\b.{0,20}\byour (account|organi[sz]ation|project)\b"
)
"""An account that is refused for what it did before; a warning that one may be is no such thing."""
PLACE = re.compile(r"\b(country|region|territory|user location)\b")
NAMED_PARAMETER = re.compile(
    r"(\b(?:unknown|unsupported|unexpected|unrecognized|invalid) (?:parameter|argument|field|property|option|value)s?"
    r"|\b(?:parameter|argument|field|property|option)s?:)[\s:]{1,4}[\w.\[\]-]{1,60}"
)
CODE_IN_TEXT = re.compile(r"\b(" + "|".join(BY_CODE) + r")\b")
MEANINGS: tuple[Kind, ...] = (ContentBlocked, QuotaExhausted, AuthRefused, ModelGone, RateLimited)

IN_PLACE_OF_STATUS: dict[str, int] = {
    "invalidrequesterror": 400, "invalidargument": 400, "badrequest": 400, "badrequesterror": 400,
    "unprocessableentity": 422, "validationerror": 422,
    "unauthenticated": 401, "unauthorized": 401, "authenticationerror": 401, "authenticationfailed": 401,
    "permissiondenied": 403, "permissionerror": 403, "permissiondeniederror": 403, "forbidden": 403,
    "accessdenied": 403, "billingerror": 402, "notfounderror": 404, "notfound": 404,
    "servererror": 503, "internalerror": 503, "internalservererror": 503, "internal": 503, "unavailable": 503,
    "serviceunavailable": 503, "overloaded": 503, "overloadederror": 503, "engineoverloaded": 503, "apierror": 503,
    "timeout": 504, "deadlineexceeded": 504, "badgateway": 502,
}  # fmt: skip
"""General codes: the status that an answer of status 200 means by them."""


def verdict(complaint: Complaint) -> Kind | None:
    """Return which error a complaint means, or None if it does not say."""
    codes = [joined(code) for code in complaint.codes]
    exact = next((kind for code, kind in BY_CODE.items() if joined(code) in codes), None)
    if exact:
        return exact
    if complaint.blocked:
        return ContentBlocked
    text = plain(complaint.texts)
    quoted = CODE_IN_TEXT.findall(text)
    exact = next((kind for code, kind in BY_CODE.items() if code in quoted), None)
    if exact:
        return exact
    if ACCOUNT.search(text):
        return AuthRefused
    return next((kind for kind in MEANINGS if _means(kind, codes, without_names(text))), None)


def status_meant(complaint: Complaint) -> int:
    """Return the HTTP status that a complaint stands for; 0 if it does not say."""
    if complaint.status:
        return complaint.status
    codes = (IN_PLACE_OF_STATUS.get(joined(code), 0) for code in complaint.codes)
    return next((status for status in codes if status), 0)


def _means(kind: Kind, codes: list[str], text: str) -> bool:
    for code in codes:
        named = any(word in code for word in CODE_WORDS[kind])
        if named and not (kind is ContentBlocked and PARAMETER_CODE.search(code)):
            return True
    if kind is ContentBlocked and PLACE.search(text):
        return False
    if kind is QuotaExhausted and PER_TIME.search(text):
        return False  # a quota for a minute is a rate limit
    return bool(PATTERNS[kind].search(text))


def plain(texts: tuple[str, ...]) -> str:
    """Return sentences as one text in lower case, without the URLs in them: they name pages about anything."""
    return re.sub(r"https?://[^\s'\"]{0,2000}", " ", "\n".join(dict.fromkeys(texts))[:8000].lower())


def without_names(text: str) -> str:
    """Return a text without the parameters that it names: 'moderation' may be one."""
    text = re.sub(r"(['\"`])[\w.\[\]-]{1,60}\1", " ", text)
    text = NAMED_PARAMETER.sub(r"\1", text)
    return re.sub(r"\s+", " ", text)
