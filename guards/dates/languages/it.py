"""Italian words of time."""

from .base import Language

PAST = (
    "era|erano|fu|furono|aveva|avevano|nacque|c'era|(?:ha|hanno|abbiamo|ho|e|sono|siamo"
    r"|stat[oaie])(?: stat[oaie])? \w{2,12}(?:at[oaie]|ut[oaie]|it[oaie]|tt[oaie]|st[oaie]|rs[oaie])|grazie"
)
ORDERS = (
    "acquista|compra|ordina|prenota|iscriviti|registrati|scarica|prova|inizia|unisciti|contattaci|visita|scopri"
    "|approfitta|partecipa|chiama|richiedi|gia da|da"
)

ITALIAN = Language(
    code="it",
    day_first=True,
    dotted=False,
    common=(
        "a il lo la i gli le un una di del della e in che per con non si su sul sono come piu ma al alla dei delle nel"
        " nella questo questa tutti tutto anche ci noi voi vi nostro nostra o ha dal dalla se"
    ),
    telling="oggi domani ieri settimana mese anno giorni ore fino prossimo prossima stasera weekend entro",
    months={
        "gennaio": 1, "gen": 1, "febbraio": 2, "feb": 2, "marzo": 3, "mar": 3, "aprile": 4, "apr": 4, "maggio": 5,
        "mag": 5, "giugno": 6, "giu": 6, "luglio": 7, "lug": 7, "agosto": 8, "ago": 8, "settembre": 9, "set": 9,
        "sett": 9, "ottobre": 10, "ott": 10, "novembre": 11, "nov": 11, "dicembre": 12, "dic": 12,
    },
    shy_months=frozenset({"mar", "set", "ago", "gen", "dic"}),
    weekdays={
        "lunedi": 0, "martedi": 1, "mercoledi": 2, "giovedi": 3, "venerdi": 4, "sabato": 5, "domenica": 6,
    },
    bare_weekdays=True,
    short_weekdays={"lun": 0, "mer": 2, "gio": 3, "ven": 4, "sab": 5, "dom": 6},
    plural="s",
    seasons={"primavera": "spring", "estate": "summer", "autunno": "autumn", "inverno": "winter"},
    counts={
        "un": 1, "una": 1, "due": 2, "tre": 3, "quattro": 4, "pochi": 0, "poche": 0, "qualche": 0, "alcuni": 0,
        "cinque": 5, "sei": 6, "sette": 7, "otto": 8, "nove": 9,
        "dieci": 10, "dodici": 12, "quindici": 15, "venti": 20,
    },
    units={
        "minuti": "minute", "minuto": "minute", "ore": "hour", "ora": "hour", "h": "hour", "giorni": "day",
        "giorno": "day", "settimane": "week", "settimana": "week", "mesi": "month", "mese": "month", "anni": "year",
        "anno": "year",
    },
    ordinal="°",
    of="(?:di |del |d')?",
    joins="al|a|fino al|e il",
    also="e|o|ed|e il",
    parts={"inizio": 10, "inizi di": 10, "meta": 20, "fine": 31},
    moments={
        "now+0": ("oggi",),
        "day+0": (
            "stasera", "stamattina", "stanotte", "questa (?:sera|mattina|notte)", "questo pomeriggio",
            "oggi pomeriggio",
            "(?:tra|fra) (?:poco|pochi minuti|poche ore)", "poco fa", "pochi minuti fa",
        ),
        "live+0": ("in diretta (?:da|dal|ora|su)", "siamo (?:live|in diretta)", "live (?:dal|da|ora)"),
        "soon+7": ("ultima occasione", "ultimi giorni", "nei prossimi giorni"),
        "soon+30": ("nelle prossime settimane",),
        "last+0": ("ultimo giorno", "ultime ore", "solo (?:per )?oggi"),
        "named+0": (
            "buon compleanno", "buon anniversario",
            "giornata (?:mondiale|internazionale|nazionale|europea) (?:di |del |della |dell'|dei |contro "
            r"|per )(?:la |il )?(?:\w{2,15} ?){1,3}",
        ),
        "day+1": ("domani(?: (?:sera|mattina|pomeriggio))?",),
        "day+2": ("dopodomani",),
        "day-1": ("ieri(?: sera| mattina)?", "l'altro ieri"),
        "week+0": ("questa settimana", "tutta la settimana", "fine settimana lavorativa"),
        "week+1": ("(?:la )?(?:prossima settimana|settimana prossima)",),
        "week-1": ("(?:la )?(?:scorsa settimana|settimana scorsa)",),
        "weekend+0": ("(?:questo|tutto il) (?:week ?-?end|fine settimana)",),
        "weekend+1": ("(?:il )?prossimo (?:week ?-?end|fine settimana)",),
        "weekend-1": ("(?:lo )?scorso (?:week ?-?end|fine settimana)",),
        "month+0": ("questo mese", "fine mese", "fine del mese", "tutto il mese"),
        "month+1": ("(?:il )?(?:prossimo mese|mese prossimo)",),
        "month-1": ("(?:lo )?(?:scorso mese|mese scorso)",),
        "year+0": ("quest'anno", "questo anno", "fine (?:dell')?anno"),
        "year+1": ("(?:il |l')?(?:prossimo anno|anno prossimo)",),
        "year-1": ("(?:lo |l')?(?:scorso anno|anno scorso)",),
        "season+0": ("questa stagione",),
        "season+1": ("(?:la )?prossima stagione",),
        "newyear+0": ("(?:iniziare|inizia|cominciare) (?:bene )?(?:l'|il nuovo )anno", "buoni propositi"),
    },
    countdowns=(
        "(?:mancano|manca|restano|resta)(?: solo| ancora| meno di| appena)? {n}", "(?:tra|fra)(?: soli| sole"
            "| meno di)? {n}",
        "ancora (?:solo )?{n}", "(?:solo|ultimi|ultime) {n}(?= ?[!.]| per)", "meno {n}",
    ),
    agos=("{n} fa",),
    feasts={
        "capodanno|san silvestro": "new_years_eve",
        "(?:buon|felice|sereno) anno(?: nuovo)?": "new_year_week",
        "epifania|befana": "epiphany",
        "san valentino": "valentine",
        "carnevale|martedi grasso": "carnival",
        "festa della donna|giornata (?:internazionale )?della donna": "womens_day",
        "festa del papa": "fathers_catholic",
        "venerdi santo": "good_friday",
        "pasquetta|lunedi dell'angelo": "easter_monday",
        "pasqua": "easter",
        "giornata della terra": "earth_day",
        "festa del lavoro|primo maggio": "labour_day",
        "festa della mamma": "mothers_us",
        "ferragosto": "assumption",
        "ritorno a scuola|back to school": "back_to_school_us",
        "halloween": "halloween",
        "ognissanti": "all_saints",
        "black ?friday(?: week)?": "black_friday",
        "cyber ?monday": "cyber_monday",
        "immacolata": "immaculate",
        "vigilia(?: di natale)?": "christmas_eve",
        "natale|natalizi[aeo]?": "christmas",
        "santo stefano": "boxing_day",
        "buone feste|feste natalizie": "holidays",
        "saldi invernali": "winter_sales",
        "saldi estivi": "summer_sales",
    },
    before={
        "deadline": "fino al|fino a|entro|entro il|entro le|prima del|prima di|scade(?: il)?|scadenza"
            "|termina(?: il)?|chiude(?: il)?|valido fino al|non oltre(?: il)?|ultimo giorno",
        "since": "dopo|dopo il|nato il|fondata nel|fondato nel|dal lontano",
        "on": "il|del|al|di|per il|questo|prossimo|e|dal|giorno|data",
        "from": "a partire dal|dal|da|inizia il|parte il",
        "yearly": "ogni|tutti i",
        "habit": "ogni|tutti i|tutte le|il|la|i|le|un|una|di|al|per",
        "wish": "buon|buona|felice|buoni|bella|bel|sereno|serena|buone",
        "this": "quest|questo|questa|prossimo|per questo",
        "next": "prossimo|prossima",
        "last": "scorso|scorsa|ultimo",
        "month": "a|ad|in|di|entro|fino a|per|da|nel mese di|mese di|questo",
        "month_surely": "a|in|entro|mese di|fine|inizio|meta",
        "lone_day": "fino al|entro il|prima del|il giorno|dal|il|al",
        "nowadays": "d'|di|fino a|ancora|anche|come|mondo|ad|gia da",
        "someday": "di|del|per il|verso il|un|il|al|a|e",
        "occasion": "(?:evento|concerto|riunione|partita|incontro|serata) (?:di|per)",
        "within": "nel|durante|di",
        "target": "nel|entro il|per il|entro|obiettivo|obiettivi|agenda|orizzonte|piano|visione|verso il|al",
        "version": "versione|v|office|windows|server|norma|iso|modello|sala",
        "month_use": "nostro|nostra",
        "order": rf"\b(?:{ORDERS})\b[^.!?\n]{{0,40}}",
    },
    after={
        "deadline": "e l'ultimo giorno|ultimo giorno",
        "habit": "a venerdi|al venerdi|alla domenica|a tutti|santo|grasso",
        "part": r"sera|mattina|pomeriggio|alle|ore|,|\d|\(|@|dalle",
        "next": "prossimo|prossima",
        "next_week": "della prossima settimana",
        "last": "scorso|scorsa",
        "weekday": r"\(?(?:lun|mar|mer|gio|ven|sab|dom)\w{0,6}",
        "end": r"[.,!?;:)\n@|-]|\Z",
        "nowadays": r"piu che mai|e (?:domani|sempre)|,? \d{1,4} ?(?:%|italiani|milioni)|come ieri",
        "someday": "e un altro giorno",
        "order_end": r"[.,!?;:)\n#>-]|\Z|e|per|con|il|la|stesso|su",
        "counted": "persone|euro|follower|partecipanti|km|kg|parole|clienti|membri|voti|punti|volte|ore|giorni"
            "|abitanti|metri|posti",
        "month_use": r"prossimo|scorso|\d",
        "time": r"(?: alle| ore|,| -| dalle)? ?\d",
        "clock": r"(?:alle|ore|@|,|-|:|dalle|h) ?\d",
        "ratio": "di|persone|stelle|degli",
    },
    about={
        "past": rf"\b(?:{PAST})\b",
        "done": r"\b(?:era|erano|fu|vinse|finalista|e stato|e stata|sono stati)\b",
        "invite": r"\b(?:unisciti|vieni|venite|iscri\w{2,8}|registra\w{1,4}|bigliett\w|ci vediamo|vi aspettiamo"
            r"|ti aspettiamo|diretta|inizia|inizio|evento|concerto|webinar|workshop|prenota\w{0,3}|apertura"
            r"|non perdere|partecipa\w{0,2})\b",
        "seasonal": r"\b(?:regal\w{1,2}|offert\w|scont\w|saldi|menu|ordin\w{1,4}|spedi\w{2,6}|consegn\w{1,3}"
            r"|arriva\w{0,2}|si avvicina|presto|prepara\w{0,3}|mercatin\w|negozi\w{0,2}|apert\w|chius\w"
            r"|festegg\w{1,5}|augur\w{1,4})\b",
        "feature": r"\b(?:dashboard|spesa|spese|budget|statistiche|consumo)\b",
        "hours": r"\b(?:aperto|orari\w?|ogni|tutti i giorni|dal lunedi)\b",
    },
)
