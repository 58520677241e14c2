"""Words that say nothing alone, per language: no phrase begins or ends with one.

Short lists of our own, folded as `monitor.normalise.text.fold` does: function words and what every
review says ("ordered", "bought" are left in, they make phrases). Negations stand apart: "not
delivered" is a phrase, "not" is none.
"""

from __future__ import annotations

from monitor.normalise.text import fold

_RUSSIAN = """
и а но да или либо что чтобы как так же то это этот эта эти этого этой этом этому этим этих тот
та те того той том тому тех тем всё все весь вся всех всем всего я мы ты вы он она оно они меня
мне мной нас нам нами тебя тебе вас вам вами его ему ей её их им ими него нее ней них нему свой
своей свои своего мой моя мое мои мою моего моей наш наша ваш ваша ваши себя себе в во на с со к
ко по о об от до из у за над под при про для через между после перед около кроме если когда где
куда откуда пока потом тогда теперь сейчас уже еще тоже также только лишь даже вот вообще просто
очень слишком более менее самый самая был была было были есть быть будет будут буду бы ли ведь
который которая которые которого которой которую кто чего чем кому какой какая какие такой такая
такие там тут здесь потому поэтому хотя раз один одна одно два два раза можно нужно надо может
могут мол типа какая-то какой-то что-то кто-то как-то итак ну
"""
_RUSSIAN_NOT = "не ни нет без никогда нигде никак никто ничего нельзя"

_CZECH = """
a i ale nebo anebo že aby když jak jako tak tedy tím to ten ta ty ti toho té tom tomu těch těm
tu tuto tento tato toto tyto této tohoto já my vy on ona ono oni mě mne mi mně nás nám námi vás
vám vámi ho jej jeho mu jí jejich je jim nich něj ní svůj své svou svého můj moje mou mého náš
naše váš vaše se si sebe sobě v ve na s se k ke ku po o od do z ze za u pro při před přes mezi
nad pod podle bez kromě protože proto pokud jestli kde kam odkud kdy pak potom teď nyní už již
ještě také taky jen jenom pouze jsem jsi jsme jste jsou je být byl byla bylo byli byly bude
budou budu bych by byste bychom který která které kterou kterého kteří co kdo čeho čemu čím jaký
jaká jaké takový tam tady zde velmi moc hodně docela prostě vůbec asi snad možná ani však sice
pořád zase opět jeden jedna jedno dva dvě má mám máme mají mít může můžu mohu musím musí chci
"""
_CZECH_NOT = "ne není nejsou nebyl nebyla nebylo nebyly nikdy nikdo nic nelze žádný žádná žádné"

_PERSIAN = """
و یا اما ولی که تا را رو از به با در بر برای این آن اون این‌که اینکه آنکه همین همان هم نیز چون
زیرا پس اگر اگه وقتی هر همه هیچ چه چی چرا کی کجا کدام چند یک یه من تو او ما شما آنها آن‌ها اونا
ایشان خود خودم خودش خودشون است هست هستم هستید هستند بود بودم بودند بوده باشد باشه باشم شد شده
شود میشود میشه می‌شود می‌شه شدن شدم کرد کرده کردم کردن کردند کند کنم کنه می‌کند می‌کنم می‌کنه
می‌کنند کنید دارد داره دارم دارند داشت داشتم خواهد خیلی بسیار فقط حتی دیگر دیگه باز هنوز الان
اکنون بعد قبل روی زیر بین طی مثل مانند بدون‌شک البته یعنی مورد طور اینجا آنجا باید شاید می نمی
ها های ای تر ترین ام ات اش
"""
_PERSIAN_NOT = "نه نیست نیستند نبود نشد نکرد نکردند ندارد نداره ندارند نداشت هیچ‌وقت بدون نمی"

_ENGLISH = """
a an the and or but so that this these those it its it's i i'm i've i'd i'll me my mine we we're
us our you you're your he she him his her they they're them their who whom whose which what when
where why how is are was were be been being am do does did doing have has had having can could
will would shall should may might must of to in on at by for from with about into onto over
under after before between through during up down out off again then than as if because while
until since though although also just only even very too really quite still yet already now here
there all any some both each few more most other such own same one two get got gets getting go
goes going went there's that's he's she's let lets im ive u ur one's
"""
_ENGLISH_NOT = """
not no never none nothing nobody without cannot can't cant couldn't couldnt don't dont doesn't
doesnt didn't didnt isn't isnt aren't wasn't wasnt weren't won't wont wouldn't wouldnt haven't
hasn't hasnt hadn't shouldn't
"""


def _folded(words: str) -> frozenset[str]:
    return frozenset(map(fold, words.split()))


_STOP = {
    "ru": _folded(_RUSSIAN),
    "cs": _folded(_CZECH),
    "fa": _folded(_PERSIAN),
    "en": _folded(_ENGLISH),
}
_NOT = {
    "ru": _folded(_RUSSIAN_NOT),
    "cs": _folded(_CZECH_NOT),
    "fa": _folded(_PERSIAN_NOT),
    "en": _folded(_ENGLISH_NOT),
}
_STOP = {language: words - _NOT[language] for language, words in _STOP.items()}
_NOTHING: frozenset[str] = frozenset()


def stop_words(language: str) -> frozenset[str]:
    """Folded words that neither begin nor end a phrase; none for a language we have no list of."""
    return _STOP.get(language, _NOTHING)


def negations(language: str) -> frozenset[str]:
    """Folded words that may begin a phrase, but neither end it nor stand alone."""
    return _NOT.get(language, _NOTHING)
