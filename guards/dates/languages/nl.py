"""Dutch words of time."""

from .base import Language

PAST = (
    "was|waren|had|hadden|werd|werden|ging|kwam|deed|won|hield|vond plaats|(?:is|zijn|heeft"
    r"|hebben)(?: \w{2,15}){0,6} (?:ge|ver|be|ont)\w{3,12}|terugblik|bedankt"
)
ORDERS = (
    "bestel|koop|reserveer|schrijf|registreer|download|probeer|begin|start|neem|bezoek|ontdek|profiteer|doe|bel"
    "|vraag|vanaf|nog"
)

DUTCH = Language(
    code="nl",
    day_first=True,
    dotted=False,
    common=(
        "de het een en van in is op te dat die voor met zijn niet aan er om ook als bij naar we wij je jij jullie ons"
        " onze maar of nog wel dit deze door over uit meer kan wordt hebben heeft"
    ),
    telling="vandaag morgen gisteren week maand jaar dagen uur tot volgende weekend vanavond",
    months={
        "januari": 1, "jan": 1, "februari": 2, "feb": 2, "maart": 3, "mrt": 3, "april": 4, "apr": 4, "mei": 5,
        "juni": 6, "juli": 7, "augustus": 8, "aug": 8, "september": 9, "sept": 9, "sep": 9, "oktober": 10, "okt": 10,
        "november": 11, "nov": 11, "december": 12, "dec": 12,
    },
    shy_months=frozenset({"mei", "jan", "dec", "april", "juni"}),
    weekdays={
        "maandag": 0, "dinsdag": 1, "woensdag": 2, "donderdag": 3, "vrijdag": 4, "zaterdag": 5, "zondag": 6,
    },
    bare_weekdays=True,
    short_weekdays={"ma": 0, "di": 1, "wo": 2, "do": 3, "vr": 4, "za": 5, "zo": 6},
    plural="s|en",
    seasons={"lente": "spring", "voorjaar": "spring", "zomer": "summer", "herfst": "autumn", "najaar": "autumn",
    "winter": "winter"},
    counts={
        "een": 1, "twee": 2, "drie": 3, "vier": 4, "een paar": 0, "enkele": 0, "vijf": 5, "zes": 6, "zeven": 7,
        "acht": 8, "negen": 9, "tien": 10,
        "twaalf": 12, "veertien": 14, "twintig": 20,
    },
    units={
        "minuten": "minute", "minuut": "minute", "uur": "hour", "uren": "hour", "u": "hour", "dagen": "day",
        "dag": "day", "nachtjes": "day", "weken": "week", "week": "week", "maanden": "month", "maand": "month",
        "jaar": "year", "jaren": "year",
    },
    ordinal=r"e\b",
    of="",
    joins="tot|t/m|tot en met|en",
    also="en|of",
    parts={"begin": 10, "half": 20, "medio": 20, "midden": 20, "eind": 31, "einde": 31},
    moments={
        "now+0": ("vandaag",),
        "day+0": (
            "vanavond", "vanmiddag", "vanochtend", "vanmorgen", "vannacht", "zojuist", "zo meteen", "straks",
            "over (?:enkele|een paar) minuten", "alleen vandaag",
        ),
        "live+0": ("nu live", "live (?:vanaf|vanuit|op)", "we zijn live"),
        "soon+7": ("laatste kans", "laatste dagen", "de komende dagen"),
        "soon+30": ("de komende weken",),
        "last+0": ("laatste dag", "laatste uren"),
        "named+0": (
            "(?:gefeliciteerd|fijne verjaardag)",
            r"(?:wereld\w{3,20}dag|internationale dag (?:van|voor|tegen)(?: de| het)?(?: \w{2,15}){1,2})",),
        "day+1": ("morgen(?:avond|middag|ochtend|vroeg)?",),
        "day+2": ("overmorgen",),
        "day-1": ("gisteren(?:avond|middag|ochtend)?", "eergisteren"),
        "week+0": ("deze week", "de hele week", "eind van de week"),
        "week+1": ("(?:volgende|komende) week",),
        "week-1": ("(?:vorige|afgelopen) week",),
        "weekend+0": ("(?:dit|komend|het hele) weekend",),
        "weekend+1": ("volgend weekend",),
        "weekend-1": ("(?:vorig|afgelopen) weekend",),
        "month+0": ("deze maand", "eind(?:e)? van de maand"),
        "month+1": ("(?:volgende|komende) maand",),
        "month-1": ("(?:vorige|afgelopen) maand",),
        "year+0": ("dit jaar", "eind(?:e)? van het jaar", "jaareinde"),
        "year+1": ("(?:volgend|komend) jaar",),
        "year-1": ("(?:vorig|afgelopen) jaar",),
        "season+0": ("dit seizoen",),
        "season+1": ("volgend seizoen",),
        "newyear+0": ("goede voornemens", "het nieuwe jaar beginnen"),
    },
    countdowns=(
        "nog(?: maar| slechts| precies)? {n}", "over(?: precies| minder dan)? {n}", "{n} te gaan", "laatste {n}",
        "(?:slechts|maar) {n}(?= ?[!.])", "binnen {n} (?:is|start|begint)",
    ),
    agos=("{n} geleden",),
    feasts={
        "oudejaarsavond|oudjaar|oud en nieuw": "new_years_eve",
        "gelukkig nieuwjaar|(?:een )?(?:gelukkig|gezond|goed) nieuw ?jaar|beste wensen": "new_year_week",
        "nieuwjaar(?:sdag)?": "new_year",
        "driekoningen": "epiphany",
        "valentijn(?:sdag)?": "valentine",
        "carnaval": "carnival",
        "internationale vrouwendag|vrouwendag": "womens_day",
        "goede vrijdag": "good_friday",
        "tweede paasdag|paasmaandag": "easter_monday",
        r"pasen|paas\w{2,10}": "easter",
        "koningsdag": "kings_day",
        "dag van de arbeid": "labour_day",
        "moederdag": "mothers_us",
        "vaderdag": "fathers_us",
        "hemelvaart(?:sdag)?": "ascension",
        "tweede pinksterdag": "whit_monday",
        "pinksteren": "pentecost",
        "halloween": "halloween",
        "sint ?maarten": "armistice",
        "black ?friday(?: week)?": "black_friday",
        "cyber ?monday": "cyber_monday",
        "sinterklaas|pakjesavond": "st_nicholas",
        r"advent\w{0,9}": "advent",
        "kerstavond": "christmas_eve",
        "tweede kerstdag": "boxing_day",
        r"kerst(?:mis|dag|fee?st|\w{3,10})?": "christmas",
        "(?:fijne|prettige) (?:feestdagen|kerstdagen)|feestdagen": "holidays",
    },
    before={
        "deadline": "tot|tot en met|t/m|voor|uiterlijk(?: op)?|eindigt(?: op)?|sluit(?: op)?|geldig tot|deadline"
            "|verloopt(?: op)?",
        "since": "sinds|na|vanaf het jaar|geboren op|opgericht in|uit",
        "on": "op|van|tot|en|komende|deze|aanstaande|volgende|,|datum",
        "from": "vanaf|start op|begint op",
        "yearly": "elke|elk jaar op|iedere",
        "habit": "elke|iedere|een|mijn|onze|alle|van|op elke|s",
        "wish": "fijne|goede|mooie|prettige|vrolijke|vrolijk|fijn|gezellige|zonnige|happy|gelukkige|zalig",
        "this": "deze|komende|aanstaande|aankomende|dit",
        "next": "volgende|volgend",
        "last": "afgelopen|vorige|laatste",
        "month": "in|tot|voor|vanaf|eind|begin|deze|komende|van",
        "month_surely": "in|tot|vanaf|eind|begin",
        "lone_day": "op de|tot de|voor de|op|vanaf de",
        "nowadays": "van|tot|nog|ook|zoals|vanaf|hedendaagse",
        "someday": "van|voor|de|goede|elke|in de|tot|het|die|in",
        "occasion": "(?:bijeenkomst|programma|concert|wedstrijd) (?:van|voor)",
        "within": "in|tijdens|van",
        "target": "in|tegen|voor|doel|doelen|agenda|strategie|visie|tot",
        "version": "versie|v|office|windows|server|norm|iso|model|zaal",
        "month_use": "onze|ons",
        "order": rf"\b(?:{ORDERS})\b[^.!?\n]{{0,40}}",
    },
    after={
        "deadline": "is de laatste dag|deadline",
        "habit": "tot en met|t/m|motivatie|allemaal|s",
        "part": r"avond|middag|ochtend|om|vanaf|,|\d|\(|@",
        "next": "volgende week|aanstaande|as",
        "next_week": "(?:van )?volgende week",
        "last": "jongstleden|vorige week",
        "weekday": r"\(?(?:ma|di|wo|do|vr|za|zo)\w{0,8}",
        "end": r"[.,!?;:)\n@|-]|\Z",
        "nowadays": r"de dag|meer dan ooit|en morgen|,? \d{1,4} ?(?:%|procent|miljoen)",
        "someday": "is er weer een dag",
        "order_end": r"[.,!?;:)\n#>-]|\Z|en|voor|met|de|het|nog",
        "counted": "euro|personen|mensen|volgers|deelnemers|km|kg|woorden|klanten|leden|stemmen|punten|keer|uur"
            "|dagen|inwoners|meter",
        "month_use": "editie|nieuwsbrief|actie|aanbieding|update",
        "time": r"(?: om| vanaf|,| -)? ?\d",
        "clock": r"(?:om|vanaf|@|,|-|:|van) ?\d",
        "ratio": "van|personen|sterren|op",
    },
    about={
        "past": rf"\b(?:{PAST})\b",
        "done": r"\b(?:was|waren|werd|won|finalist)\b",
        "invite": r"\b(?:kom|komt|bezoek|schrijf|meld|tickets?|kaarten|tot dan|live|start|begint|aanvang|webinar"
            r"|workshop|evenement|concert|reserveer|mis het niet|doe mee|borrel|lezing|bijeenkomst)\b",
        "seasonal": r"\b(?:cadeau\w{0,4}|aanbieding\w{0,2}|korting\w{0,2}|actie|menu\w{0,2}|bestel\w{0,3}"
            r"|lever\w{0,4}|komt eraan|bijna|voor de deur|markt\w{0,3}|winkel\w{0,2}|open|gesloten|vier\w{0,2}"
            r"|wens\w{0,2})\b",
        "feature": r"\b(?:dashboard|verbruik|budget|statistieken|uitgaven)\b",
        "hours": r"\b(?:geopend|openingstijden|dagelijks|elke|ma-vr)\b",
    },
)
