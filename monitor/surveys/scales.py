"""Words of five- and seven-point scales in four languages, best answer first.

Each scale is written as its points from best to worst, the ways to say one point separated by `;`.
`scale_words` makes what people's tools write comparable: case, accents, `spokojen(a)`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from monitor.tables.headings import fold

Scale = dict[str, float]

# `spokojen(a)`, `spokojen/á`, `доволен (довольна)`
_GENDER = re.compile(r"(?<=\w)\s*[(/]\s*\w{1,2}\)?(?!\w)|(?<=\b(\w{3}))(\w*)\s*\(\1\w*\)")
_IDLE = {"a", "the", "هستم", "ام", "بودم"}


@lru_cache(maxsize=8192)
def scale_words(text: str) -> str:
    """`Velmi spokojen(a).` -> `velmi spokojen`."""
    return " ".join(word for word in fold(_GENDER.sub(r"\2", text)).split() if word not in _IDLE)


def _scale(*points: str, best: int | None = None) -> Scale:
    top = best if best is not None else len(points)
    return {
        scale_words(words): float(top - place)
        for place, point in enumerate(points)
        for words in point.split(";")
    }


def _merged(*scales: Scale) -> Scale:
    merged: Scale = {}
    for scale in scales:
        merged.update(scale)
    return merged


_SATISFACTION = _merged(
    _scale(
        "very satisfied; extremely satisfied; completely satisfied; very happy",
        "satisfied; somewhat satisfied; rather satisfied; mostly satisfied; happy",
        "neither satisfied nor dissatisfied; neutral; neither; undecided; mixed",
        "dissatisfied; unsatisfied; somewhat dissatisfied; rather dissatisfied; unhappy",
        "very dissatisfied; extremely dissatisfied; very unsatisfied; completely dissatisfied;"
        "very unhappy",
    ),
    _scale(
        "очень доволен; очень довольна; полностью доволен; полностью довольна; абсолютно доволен;"
        "очень удовлетворен; очень удовлетворена; полностью удовлетворен; полностью удовлетворена",
        "доволен; довольна; скорее доволен; скорее довольна; удовлетворен; удовлетворена;"
        "скорее удовлетворен; скорее удовлетворена; в основном доволен; в основном довольна",
        "нейтрально; нейтрален; нейтральна; ни доволен ни недоволен; ни довольна ни недовольна;"
        "и доволен и недоволен; отчасти доволен отчасти нет; средне; затрудняюсь оценить",
        "недоволен; недовольна; скорее недоволен; скорее недовольна; не удовлетворен;"
        "не удовлетворена; неудовлетворен; неудовлетворена; скорее не удовлетворен",
        "очень недоволен; очень недовольна; полностью недоволен; полностью недовольна;"
        "совершенно недоволен; совершенно недовольна; полностью не удовлетворен",
    ),
    _scale(
        "velmi spokojen; velmi spokojená; velmi spokojena; zcela spokojen; zcela spokojena;"
        "naprosto spokojen; naprosto spokojena; velmi spokojený; velmi spokojeni",
        "spokojen; spokojena; spokojený; spokojená; spíše spokojen; spíše spokojena; spokojeni",
        "ani spokojen ani nespokojen; ani spokojena ani nespokojena; neutrální; neutrálně; napůl",
        "nespokojen; nespokojena; nespokojený; nespokojená; spíše nespokojen; spíše nespokojena",
        "velmi nespokojen; velmi nespokojena; zcela nespokojen; zcela nespokojena;"
        "naprosto nespokojen; naprosto nespokojena; velmi nespokojený; velmi nespokojená",
    ),
    _scale(
        "خیلی راضی; کاملا راضی; کاملاً راضی; بسیار راضی; خیلی راضیم",
        "راضی; نسبتا راضی; نسبتاً راضی; تا حدی راضی; راضیم",
        "نه راضی نه ناراضی; نه راضی و نه ناراضی; خنثی; متوسط; بی‌نظر; معمولی",
        "ناراضی; نسبتا ناراضی; نسبتاً ناراضی; تا حدی ناراضی; ناراضیم",
        "خیلی ناراضی; کاملا ناراضی; کاملاً ناراضی; بسیار ناراضی; خیلی ناراضیم",
    ),
)

_SATISFACTION_ONE_WAY = _merged(
    _scale(
        "extremely satisfied",
        "very satisfied",
        "somewhat satisfied; moderately satisfied",
        "not so satisfied; slightly satisfied",
        "not at all satisfied; not satisfied at all",
    ),
    _scale(
        "чрезвычайно доволен; чрезвычайно довольна",
        "очень доволен; очень довольна",
        "в некоторой степени доволен; в некоторой степени довольна",
        "не очень доволен; не очень довольна",
        "совсем не доволен; совсем не довольна",
    ),
)

_QUALITY = _merged(
    _scale(
        "excellent; great; perfect",
        "good",
        "average; fair; ok; okay; acceptable",
        "poor; bad",
        "very poor; very bad; terrible; awful",
    ),
    _scale(
        "отлично; превосходно; отличное; отличный",
        "хорошо; хорошее; хороший",
        "удовлетворительно; нормально; средне; так себе",
        "плохо; неудовлетворительно; плохое",
        "очень плохо; ужасно; отвратительно",
    ),
    _scale(
        "výborné; výborný; výborná; výborně; skvělé; vynikající",
        "dobré; dobrý; dobrá; dobře",
        "průměrné; průměrný; průměrná; průměr; ucházející",
        "špatné; špatný; špatná; špatně",
        "velmi špatné; velmi špatný; velmi špatná; hrozné; velmi špatně",
    ),
    _scale(
        "عالی; بسیار خوب",
        "خوب",
        "متوسط; معمولی; قابل قبول",
        "بد; ضعیف",
        "خیلی بد; خیلی ضعیف; بسیار بد; افتضاح",
    ),
)

_QUALITY_ONE_MORE = _merged(
    _scale("excellent", "very good", "good", "fair", "poor"),
    _scale("отлично", "очень хорошо", "хорошо", "удовлетворительно", "плохо"),
    _scale("výborně", "chvalitebně", "dobře", "dostatečně", "nedostatečně"),
    _scale("عالی", "خیلی خوب", "خوب", "متوسط", "بد; ضعیف"),
)

_AGREEMENT = _merged(
    _scale(
        "strongly agree; completely agree; totally agree",
        "agree; somewhat agree; rather agree",
        "neither agree nor disagree; neutral; undecided",
        "disagree; somewhat disagree; rather disagree",
        "strongly disagree; completely disagree; totally disagree",
    ),
    _scale(
        "полностью согласен; полностью согласна; совершенно согласен; определенно да",
        "согласен; согласна; скорее согласен; скорее согласна; скорее да",
        "нейтрально; ни согласен ни не согласен; и да и нет",
        "не согласен; не согласна; скорее не согласен; скорее не согласна; скорее нет",
        "полностью не согласен; полностью не согласна; совершенно не согласен; определенно нет",
    ),
    _scale(
        "rozhodně souhlasím; zcela souhlasím; rozhodně ano; určitě ano",
        "souhlasím; spíše souhlasím; spíše ano",
        "ani souhlasím ani nesouhlasím; neutrální; ani ano ani ne; napůl",
        "nesouhlasím; spíše nesouhlasím; spíše ne",
        "rozhodně nesouhlasím; zcela nesouhlasím; rozhodně ne; určitě ne",
    ),
    _scale(
        "کاملا موافقم; کاملاً موافقم; کاملا موافق; بسیار موافقم",
        "موافقم; موافق; نسبتا موافقم",
        "نه موافق نه مخالف; نظری ندارم; بی‌نظر; خنثی",
        "مخالفم; مخالف; نسبتا مخالفم",
        "کاملا مخالفم; کاملاً مخالفم; کاملا مخالف; بسیار مخالفم",
    ),
)

_EASE = _merged(
    _scale(
        "very easy; extremely easy; strongly agree",
        "easy; agree",
        "somewhat easy; rather easy; somewhat agree",
        "neither easy nor difficult; neutral; neither agree nor disagree; undecided",
        "somewhat difficult; rather difficult; somewhat disagree",
        "difficult; hard; disagree",
        "very difficult; very hard; extremely difficult; strongly disagree",
    ),
    _scale(
        "очень легко; очень просто; полностью согласен; полностью согласна",
        "легко; просто; согласен; согласна",
        "скорее легко; скорее просто; скорее согласен; скорее согласна",
        "ни легко ни сложно; ни легко ни трудно; нейтрально",
        "скорее сложно; скорее трудно; скорее не согласен; скорее не согласна",
        "сложно; трудно; не согласен; не согласна",
        "очень сложно; очень трудно; полностью не согласен; полностью не согласна",
    ),
    _scale(
        "velmi snadné; velmi jednoduché; velmi snadno; zcela souhlasím; rozhodně souhlasím",
        "snadné; jednoduché; snadno; souhlasím",
        "spíše snadné; spíše jednoduché; spíše snadno; spíše souhlasím",
        "ani snadné ani obtížné; neutrální; ani souhlasím ani nesouhlasím",
        "spíše obtížné; spíše složité; spíše těžké; spíše nesouhlasím",
        "obtížné; složité; těžké; nesouhlasím",
        "velmi obtížné; velmi složité; velmi těžké; zcela nesouhlasím; rozhodně nesouhlasím",
    ),
    _scale(
        "خیلی آسان; خیلی راحت; بسیار آسان; کاملا موافقم",
        "آسان; راحت; موافقم",
        "نسبتا آسان; نسبتاً آسان; نسبتا راحت; نسبتا موافقم",
        "نه آسان نه سخت; متوسط; خنثی; نظری ندارم",
        "نسبتا سخت; نسبتاً سخت; نسبتا مخالفم",
        "سخت; دشوار; مخالفم",
        "خیلی سخت; بسیار سخت; خیلی دشوار; کاملا مخالفم",
    ),
)

_LIKELIHOOD_ENDS: Scale = {
    scale_words(words): value
    for value, sayings in (
        (10.0, "extremely likely; very likely to recommend; точно порекомендую; определенно да"),
        (10.0, "určitě ano; rozhodně doporučím; حتما; حتماً; قطعا"),
        (0.0, "not at all likely; extremely unlikely; точно не порекомендую; определенно нет"),
        (0.0, "určitě ne; rozhodně nedoporučím; اصلا; اصلاً; به هیچ وجه"),
    )
    for words in sayings.split(";")
}
"""Of the scale 0-10 tools name only the ends."""

_FIVE = (_SATISFACTION, _SATISFACTION_ONE_WAY, _QUALITY, _QUALITY_ONE_MORE, _AGREEMENT)

SCALES: dict[str, tuple[Scale, ...]] = {
    "nps": (_LIKELIHOOD_ENDS,),
    "csat": _FIVE,
    "stage": _FIVE,
    "ces": (_EASE,),
}
"""Measure -> scales its answers may be on; of equally good ones the first."""

_NO_ANSWER = """
n/a;na;none;null;nan;no answer;not answered;not applicable;does not apply;skip;skipped;don't know;
i don't know;not sure;prefer not to answer;no opinion;нет ответа;не знаю;затрудняюсь ответить;
не применимо;неприменимо;не пользовался;не пользовалась;nevím;bez odpovědi;netýká se;netýká se mě;
nehodnotím;nemohu posoudit;نمی‌دانم;نمیدانم;بدون پاسخ;بی‌پاسخ;مرتبط نیست;استفاده نکردم
"""

BLANK = frozenset(fold(words) for words in _NO_ANSWER.split(";"))
"""Ways to write that there is no answer, folded."""
