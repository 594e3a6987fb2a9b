"""German words of time."""

from .base import Language

PAST = (
    "war|waren|hatte|hatten|wurde|wurden|gab|fand|kam|ging|stand|lief|(?:ist|sind|hat"
    r"|haben)(?: \w{2,15}){0,6} ge\w{3,12}|ruckblick|passiert|(?:ist|sind|hat|haben)(?: \w{2,15}){0,6} (?:ver|be"
    r"|er|ent)\w{3,12}t|danke"
)
ORDERS = (
    r"jetzt|noch|bestell\w{0,4}|bewirb|bewerben|sichere?|sichern|registrier\w{0,3}|meldet?|kaufe?n?|starte\w{0,2}"
    r"|teste\w{0,2}"
)

GERMAN = Language(
    code="de",
    day_first=True,
    dotted=True,
    common=(
        "der die das und ist nicht ein eine einen fur mit auf von zu im den dem des sich auch wir ihr uns euch ich es"
        " wie was bei aus nach oder aber noch nur so als wenn hat haben sind wird werden mehr uber unsere unser"
    ),
    telling="heute morgen gestern woche monat jahr tage stunden bis wochenende ab uhr",
    months={
        "januar": 1, "janner": 1, "jan": 1, "februar": 2, "feb": 2, "marz": 3, "maerz": 3, "april": 4, "apr": 4,
        "mai": 5, "juni": 6, "juli": 7, "august": 8, "aug": 8, "september": 9, "sept": 9, "sep": 9, "oktober": 10,
        "okt": 10, "november": 11, "nov": 11, "dezember": 12, "dez": 12,
    },
    shy_months=frozenset({"jan", "mai", "april", "august"}),
    weekdays={
        "montag": 0, "dienstag": 1, "mittwoch": 2, "donnerstag": 3, "freitag": 4, "samstag": 5, "sonnabend": 5,
        "sonntag": 6,
    },
    bare_weekdays=True,
    short_weekdays={"mo": 0, "di": 1, "mi": 2, "do": 3, "fr": 4, "sa": 5, "so": 6},
    plural="s",
    seasons={
        "fruhling": "spring", "fruhjahr": "spring", "sommer": "summer", "herbst": "autumn", "winter": "winter",
    },
    counts={
        "ein": 1, "eine": 1, "einer": 1, "einem": 1, "zwei": 2, "drei": 3, "vier": 4, "funf": 5, "ein paar": 0,
        "wenige": 0, "wenigen": 0, "einigen": 0, "einige": 0, "sechs": 6,
        "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "zwolf": 12, "vierzehn": 14,
    },
    units={
        "minuten": "minute", "min": "minute", "stunden": "hour", "stunde": "hour", "std": "hour", "h": "hour",
        "tage": "day", "tag": "day", "tagen": "day", "wochen": "week", "woche": "week", "monate": "month",
        "monat": "month", "monaten": "month", "jahre": "year", "jahr": "year", "jahren": "year",
    },
    ordinal=r"\.",
    of="",
    joins="bis|bis zum|und|auf",
    also="und|oder|sowie",
    parts={"anfang": 10, "mitte": 20, "ende": 31, "fruhen": 10},
    moments={
        "now+0": ("heute",),
        "day+0": (
            "heute (?:abend|morgen|mittag|nachmittag|nacht|fruh|vormittag)", "heut(?: abend)?",
            "gleich geht'?s los", "in kurze", "soeben", "gerade eben", "nachher", "heute noch", "heut",
            "vor (?:kurzem|wenigen minuten)",
        ),
        "live+0": ("jetzt live", "live (?:aus|vom|von|auf|beim|im)", "gerade live", "wir sind live"),
        "soon+7": ("letzte chance", "letzte tage", "in den (?:nachsten|kommenden) tagen", "nur noch kurze zeit"),
        "soon+30": ("in den (?:nachsten|kommenden) wochen",),
        "last+0": ("letzter tag", "letzte stunden", "nur heute", "letzte chance heute"),
        "named+0": (
            "(?:alles gute|herzlichen gluckwunsch) zum geburtstag", "happy birthday",
            r"(?:welt\w{3,20}tag|internationaler tag (?:der|des|gegen|fur)(?: \w{3,20}){1,2}|tag (?:der|des) \w{3,20})",
        ),
        "day+1": ("morgen(?: (?:abend|fruh|mittag|nachmittag|vormittag))?",),
        "day+2": ("ubermorgen",),
        "day-1": ("gestern(?: abend| nacht| morgen)?", "vorgestern"),
        "week+0": ("diese woche", "in dieser woche", "die ganze woche", "ende der woche", "dieser woche"),
        "week+1": ("(?:nachste|kommende)[nr]? woche",),
        "week-1": ("(?:letzte|vergangene|vorige)[nr]? woche",),
        "weekend+0": (
            "(?:dieses|diesem|am|das ganze|kommendes|kommenden|am kommenden|das kommende) wochenende",
        ),
        "weekend+1": ("(?:nachstes|nachsten|am nachsten) wochenende",),
        "weekend-1": ("(?:letztes|letzten|vergangenes|vergangenen|am letzten) wochenende",),
        "month+0": ("diese[nms] monat(?:s)?", "ende des monats", "monatsende"),
        "month+1": ("(?:nachste|kommende)[nmrs] monats?",),
        "month-1": ("(?:letzte|vergangene)[nmrs] monats?",),
        "year+0": ("diese[sm] jahr(?:es)?", "heuer", "jahresende", "ende des jahres", "des laufenden jahres"),
        "year+1": ("(?:nachste|kommende)[snm] jahr(?:es)?",),
        "year-1": ("(?:letzte|vergangene)[snm] jahr(?:es)?",),
        "season+0": ("diese saison",),
        "season+1": ("(?:nachste|kommende) saison",),
        "newyear+0": ("(?:ins|in das) neue jahr starten", "gute vorsatze", "neujahrsvorsatze"),
    },
    countdowns=(
        "noch {n}", "nur noch {n}", "in (?:nur |genau |weniger als )?{n}",
        "{n} (?:verbleibend|ubrig|bis zum|bis zur|bis)",
        "nur {n}", "die letzten {n}", "countdown:? {n}",
    ),
    agos=("vor (?:uber |fast |genau |rund |etwa |mehr als )?{n}",),
    feasts={
        "silvester": "new_years_eve",
        "(?:frohes|gutes|gesundes|schones) (?:neues|neues jahr)(?: jahr)?|guten rutsch|prosit neujahr": "new_year_week",
        "neujahr": "new_year",
        "heilige drei konige|dreikonigstag": "epiphany",
        "valentinstag": "valentine",
        "rosenmontag|fasching|karneval|fastnacht": "carnival",
        "(?:internationaler )?frauentag|weltfrauentag": "womens_day",
        "karfreitag": "good_friday",
        "ostermontag": "easter_monday",
        "ostern|osterfest|ostersonntag|osterferien": "easter",
        "tag der arbeit|maifeiertag": "labour_day",
        "muttertag": "mothers_us",
        "vatertag": "fathers_de",
        "christi himmelfahrt|himmelfahrt": "ascension",
        "pfingstmontag": "whit_monday",
        r"pfingsten|pfingst\w{0,12}": "pentecost",
        "fronleichnam": "corpus_christi",
        "tag der deutschen einheit": "german_unity",
        "oktoberfest|wiesn": "oktoberfest",
        "halloween": "halloween",
        "allerheiligen": "all_saints",
        "black ?friday(?: week)?": "black_friday",
        "cyber ?monday": "cyber_monday",
        "nikolaus(?:tag)?": "st_nicholas",
        r"advent\w{0,10}|adventskalender": "advent",
        "heiligabend|heilig abend": "christmas_eve",
        r"weihnachten|weihnachts\w{2,12}": "christmas",
        "(?:frohe|schone) (?:festtage|feiertage)|weihnachtszeit": "holidays",
    },
    before={
        "deadline": "bis|bis zum|bis zur|bis einschliesslich|spatestens(?: am)?|vor|vor dem|einsendeschluss|frist"
            "|anmeldeschluss|endet(?: am)?|ende(?: am)?|lauft bis|gultig bis|deadline|noch bis(?: zum)?|schluss",
        "since": "seit|seit dem|nach|nach dem|von anno|geboren am|gegrundet|von|aus|aus dem jahr|im jahre",
        "on": "am|vom|zum|bis|ab|der|den|kommenden|nachsten|diesen|und|,|am kommenden|termin",
        "from": "ab|ab dem|vom|startet am|beginnt am",
        "yearly": "jeden|jedes jahr am|alljahrlich am",
        "habit": "jeden|jede|jeder|immer|ein|mein|unser|alle|montags bis|von",
        "wish": "schonen|schoner|guten|frohen|frohe|frohes|frohliche|gesegnete|tollen|happy|schone|schones",
        "this": "diesen|diesem|dieser|dieses|kommenden|kommender|am kommenden|heute",
        "next": "nachsten|nachster|nachstes|nachste",
        "last": "letzten|letzter|vergangenen|vorigen|letztes|letzte",
        "month": "im|ab|bis|bis ende|fur|seit|kommenden|nachsten|diesen",
        "month_surely": "im|bis|ab|seit|anfang|mitte|ende",
        "lone_day": "am|bis zum|ab dem|vom|bis|zum",
        "nowadays": "von|bis|noch|welt",
        "someday": "von|guten|fur|ins|das|der|das|die|wie|am|jeden|an",
        "occasion": "(?:programm|veranstaltung|treffen|sitzung) (?:von|fur)",
        "within": "im jahr|in|im",
        "target": "bis|im jahr|fur|ziel|ziele|agenda|strategie|vision|in|ab|vor",
        "version": "version|v|office|windows|server|din|iso|modell|raum",
        "month_use": "unser|unsere|der",
        "order": rf"\b(?:{ORDERS})\b[^.!?\n]{{0,40}}",
    },
    after={
        "deadline": "ist (?:einsendeschluss|anmeldeschluss|deadline)|einsendeschluss",
        "habit": r"gefuhl|motivation|tipp|s|bis (?:frei|sonn|sams)\w{2,4}|allerseits|zusammen",
        "part": r"abend|morgen|mittag|nachmittag|um|ab|,|\d|\(|@|den|dem|fruh",
        "next": "nachster woche|der nachsten woche",
        "next_week": "(?:der )?(?:nachster|nachsten|kommender) woche",
        "last": "letzter woche",
        "weekday": r"\(?(?:mo|di|mi|do|fr|sa|so)\w{0,8}",
        "end": r"[.,!?;:)\n@|-]|\Z",
        "nowadays": r"mehr denn je|und morgen|noch|, \d{1,4} ?(?:%|prozent|millionen)|wie damals",
        "someday": "stund hat gold",
        "order_end": r"[.,!?;:)\n#>-]|\Z|und|noch|den|die|das|ein|eine|fur",
        "counted": "euro|personen|menschen|teilnehmer|mitarbeiter|km|kg|stuck|worter|besucher|follower|mal"
            "|stunden|kunden|mitglieder|einwohner|meter|watt|stimmen|platze",
        "month_use": "ausgabe|newsletter|angebot|treffen|update|aktion",
        "time": r"(?: um| ab|,| -| von)? ?\d",
        "clock": r"(?:um|ab|@|,|-|:|von) ?\d",
        "ratio": "von|der|personen|sterne|aller",
    },
    about={
        "past": rf"\b(?:{PAST})\b",
        "done": r"\b(?:war|waren|wurde|wurden|gewann|finalist)\b",
        "invite": r"\b(?:komm\w{0,3}|besuch\w{1,3}|treffen|sehen uns|dabei|anmeld\w{1,4}|meldet|tickets?|live"
            r"|start\w{0,3}|beginn\w{0,3}|einlass|vortrag|workshop|party|konzert|webinar|stand|sei|seid"
            r"|veranstaltung|meetup)\b",
        "seasonal": r"\b(?:geschenk\w{0,4}|angebot\w{0,2}|rabatt\w{0,2}|aktion|menu\w{0,2}|bestell\w{0,4}"
            r"|liefer\w{0,6}|bald|steht vor der tur|markt\w{0,2}|shop|geoffnet|geschlossen|feier\w{0,2}"
            r"|wunsch\w{0,3})\b",
        "feature": r"\b(?:dashboard|verbrauch|budget|statistik\w{0,2}|ausgaben)\b",
        "hours": r"\b(?:geoffnet|offnungszeiten|taglich|werktags|jeden|mo-fr)\b",
    },
)
