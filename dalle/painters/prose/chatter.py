"""What language models say to their users around the text that was asked for.

The words are data. They are those of an answer that speaks of itself ("Here is the enhanced prompt:"), so that a text
that begins with "Here" or has a colon in it stays as it is.
"""

import re

STRONG = (
    r"(?:sure(?:\s+thing)?|certainly|of\s+course|absolutely|ok(?:ay)?|alright|all\s+right|got\s+it|understood|"
    r"great\s+(?:idea|choice|prompt)|no\s+problem|with\s+pleasure|my\s+pleasure|happy\s+to\s+help|sounds\s+good)"
)
ASSENT = rf"(?:{STRONG}|definitely|gladly|yes|great|perfect|wonderful|excellent|hello|hi(?:\s+there)?)"
KIND = r"(?:(?:the|your|my|an?|this|that|one|some)[ \t]+)?(?:[\w’'-]+,?[ \t]+){0,6}?"
TEXT = (
    r"(?:prompts?|versions?|descriptions?|rewrit(?:e|es|ing|ten)|revisions?|rendition|rephrasing|paraphrase|"
    r"enhancements?)"
)
BEHIND = r"(?:[ \t]+(?:for|of|with|based|that|which|below|in|you|as|to|from|crafted|written|is|reads)\b[^:\n]{0,120}?)?"
ANSWER = r"(?:paragraphs?|captions?|results?|output|answer|response|interpretation|attempt|text|take)"
"""Of these, only "Here is the result:" is an announcement, not "Here is the result of a storm: …"."""
OFFER = (
    r"(?:here(?:['’]s|\s+is|\s+are)|below\s+is|this\s+is|the\s+following\s+is|"
    r"(?:i['’]?ve|i\s+have|i|i['’]?d|i\s+would|i['’]?ll|i\s+will|let\s+me|let['’]s|as)\b[^:\n]{0,120}?)"
)
BRIEF = rf"(?:{OFFER}\s*{KIND}(?:{TEXT}|{ANSWER})|here\s+(?:you\s+go|it\s+is))"
FULL = rf"(?:{OFFER}\s*{KIND}{TEXT}{BEHIND})"
QUALITY = (
    r"(?:enhanced|improved|rewritten|revised|refined|expanded|enriched|detailed|final|new|image|dall[·-]?e|vivid|"
    r"polished|optimi[sz]ed|updated|rephrased|generated|full|complete|suggested|art|visual)[ \t]+"
)
ARTICLE = r"(?:(?:the|your|my|an?)[ \t]+)?"
LABEL = (
    rf"(?:{ARTICLE}(?:{QUALITY}){{0,3}}(?:prompt|description)|{ARTICLE}(?:{QUALITY}){{1,3}}(?:version|text|answer)|"
    r"answer|output|result|response|assistant|rewrite|enhanced|rewritten|revised|improved|refined)"
)
MARKUP = r"[ \t]*(?:\#{1,6}[ \t]*)?[*_]{0,3}"

LABELLED = re.compile(rf"{MARKUP}{LABEL}(?:[ \t]+is)?[*_]{{0,3}}[ \t]*:[ \t]*[*_]{{0,3}}\s*", re.IGNORECASE)
HEADING = re.compile(rf"[ \t]*(?:\#{{1,6}}[ \t]*[*_]{{0,3}}|[*_]{{2,3}}){LABEL}[*_]{{0,3}}[ \t]*\n\s*", re.IGNORECASE)
LATER_LABEL = re.compile(
    rf"^{MARKUP}{ARTICLE}(?:{QUALITY}){{0,3}}prompt[*_]{{0,3}}[ \t]*:[ \t]*[*_]{{0,3}}[ \t]*\n?",
    re.IGNORECASE | re.MULTILINE,
)
ANNOUNCED = re.compile(
    rf"[*_]{{0,3}}(?:{ASSENT}\b[\s,.!:;—–-]*)?(?:{FULL}|{BRIEF})[ \t]*[*_]{{0,3}}:[ \t]*[*_]{{0,3}}\s*", re.IGNORECASE
)
DASHED = re.compile(
    rf"(?:{ASSENT}\b[\s,.!:;—–-]*)?here(?:['’]s|\s+is)\s+{KIND}prompt(?:[ \t]+you[^:\n—–]{{0,60}})?[ \t]+[—–-][ \t]+",
    re.IGNORECASE,
)
ANNOUNCED_LINE = re.compile(rf"[*_]{{0,3}}(?:{ASSENT}\b[\s,.!:;—–-]*)?{BRIEF}[ \t.!*_]*\n\s*", re.IGNORECASE)
HERE_LINE = re.compile(
    rf"[*_]{{0,3}}(?:{ASSENT}\b[\s,.!:;—–-]*)?here(?:['’]s|\s+is)\s[^:\n]{{1,150}}:[*_]{{0,3}}[ \t]*\n[ \t]*\n\s*",
    re.IGNORECASE,
)
ASSENTING_LINE = re.compile(rf"[*_]{{0,3}}{ASSENT}\s*[,!.;:—–-][^\n]{{0,300}}:[ \t*_]*\n\s*", re.IGNORECASE)
ASSENTING = re.compile(rf"(?:{STRONG}\s*[!.](?=\s|$)|{ASSENT}[ \t]*[!.,:]?[ \t]*\n)\s*", re.IGNORECASE)
HELPING = re.compile(
    r"(?:i['’]?d|i\s+would)\s+(?:be\s+(?:happy|glad|delighted)|love)\s+to\s+(?:help|assist|rewrite|enhance|create)\b"
    r"[^.!\n]{0,120}[.!](?:\s+|$)",
    re.IGNORECASE,
)
OPENINGS = (HEADING, LABELLED, ANNOUNCED, DASHED, ANNOUNCED_LINE, HERE_LINE, ASSENTING_LINE, ASSENTING, HELPING)

CHANGE = r"(?:adjust|chang|refin|tweak|modif|mak|creat|generat|writ|provid|add|try|render|expand|shorten)\w*"
CLOSING = re.compile(
    rf"""[*_(\[]{{0,3}}(?:
      (?:please\s+)?let\s+me\s+know(?:\s+(?:if|what|how|whether|when|in\s+case|which|should|your\s+thoughts)\b|[!.]?\s*$)
    | you\s+can\s+(?:adjust|tweak|modify|customi[sz]e|adapt)\b
    | (?:i\s+)?hope\s+(?:this|that|it)\s+(?:helps|works|meets|captures|fits|suits|gives|is\s+what|prompt|version)
    | (?:i\s+)?hope\s+you\s+(?:like|enjoy|find|love)\b
    | (?:please\s+)?feel\s+free\s+to\b
    | would\s+you\s+like\s+(?:me|any|another|a\s+different|to\s+{CHANGE})\b
    | (?:do\s+you\s+)?want\s+me\s+to\b | (?:shall|should)\s+i\s+{CHANGE}\b
    | if\s+you(?:['’]?d|\s+want|\s+need|\s+would|\s+have|\s+like|\s+prefer)\b[^\n]{{0,200}}?
      \b(?:let\s+me|i\s+can|i['’]ll|i['’]?m\s+happy|feel\s+free|just|please|{CHANGE})
    | (?:i\s+can\s+(?:also\s+)?|i['’]?d\s+be\s+happy\s+to\s+|i['’]?m\s+happy\s+to\s+|happy\s+to\s+){CHANGE}\s+
      (?:it|this|the|any|another|more|further|changes|adjustments|edits|variations)\b
    | is\s+there\s+anything\s+else\b | enjoy[!.]?\s*$ | happy\s+(?:creating|painting|prompting|generating)\b
    | this\s+(?:(?:enhanced|revised|rewritten|new|improved|expanded)\s+)?(?:prompt|version|description|rewrite)\b
    | the\s+(?:(?:enhanced|revised|rewritten|new|improved)\s+)(?:prompt|version|description)\b
    | i(?:['’]ve|\s+have)?\s+(?:kept|added|made|tried|used|included|removed|changed|preserved|maintained|enhanced)\b
      [^\n]{{0,120}}?\b(?:prompt|description|original|facts?|details|elements|wording|version)\b
    | (?:please\s+)?(?:provide|share|paste|send)\s+(?:me\s+)?(?:the|your|a)\b[^.\n]{{0,60}}\b(?:prompt|description)\b
    | (?:word\s+count\b|\d+\s+words\b)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
SECTION = re.compile(
    r"""^[ \t]*(?:\#{1,6}[ \t]*)?[*_]{0,3}(?:
      (?:original|negative|previous|initial)\s+(?:prompt|description)
    | (?:key\s+)?(?:changes|improvements|enhancements)(?:\s+(?:made|explained))?
    | explanation | rationale | why\s+(?:this|it)\s+works | alternative\s+(?:versions?|prompts?) | word\s+count
    | notes?(?=[*_]{0,3}:[*_]{0,3}\s*(?:i\b|this\b|the\s+(?:prompt|original|description)\b|you\b))
    )[*_]{0,3}[ \t]*:""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
BREAK = re.compile(r"(?<=[.!?…\"”)*])\s+|\n+")
RULE = r"[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*"
RULE_BEFORE = re.compile(rf"{RULE}\n\s*")
RULE_BEHIND = re.compile(rf"\n{RULE}$")

DECLINES = r"(?:can(?:['’]?t|not|\s+not)|won['’]?t|['’]?m\s+(?:unable|not\s+able)\s+to|am\s+(?:unable|not\s+able)\s+to)"
LONGEST_SENTENCE = 2000
REFUSAL = re.compile(
    r"(?:(?:(?:i['’]?m|i\s+am)\s+(?:very\s+|so\s+)?sorry|sorry|i\s+apologi[sz]e|unfortunately|as\s+an\s+ai)\b"
    rf"[^.\n]{{0,120}}?\b)?(?:i|we)\s*{DECLINES}\s+"
    r"(?:help|assist|fulfil|comply|provide|create|generate|write|rewrite|enhance|do\s+that|engage|process)",
    re.IGNORECASE,
)


def is_refusal(text: str) -> bool:
    """Return whether the model declines in plain words."""
    return REFUSAL.match(text) is not None


def is_opening(text: str) -> bool:
    """Return whether all of the text announces another one."""
    return not without_opening(f"{text}\n").strip()


def is_closing(text: str) -> bool:
    """Return whether all of the text is said about another one."""
    return not without_closing(text).strip()


def without_opening(text: str) -> str:
    """Return the text without the phrases that announce it; behind a label, what the label names."""
    for pattern in OPENINGS:
        if found := pattern.match(text):
            return text[found.end() :]
    labels = list(LATER_LABEL.finditer(text))
    if labels and text[labels[-1].end() :].strip():
        return text[labels[-1].end() :]
    return text


def without_closing(text: str) -> str:
    """Return the text without sections about it, without rules, and without what is said to the user at its end."""
    if section := SECTION.search(text):
        text = text[: section.start()]
    text = RULE_BEFORE.sub("", text.strip(), count=1) if RULE_BEFORE.match(text.strip()) else text.strip()
    while text:
        paragraph = text.rpartition("\n\n")[2]
        breaks = list(BREAK.finditer(text[-LONGEST_SENTENCE:]))
        sentence = text[-LONGEST_SENTENCE:][breaks[-1].end() :] if breaks else text
        last = next((part for part in (paragraph, sentence) if CLOSING.match(part.lstrip())), None)
        if last is not None:
            text = text[: len(text) - len(last)].rstrip()
        elif rule := RULE_BEHIND.search(text):
            text = text[: rule.start()].rstrip()
        else:
            break
    return text
