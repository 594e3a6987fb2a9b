"""Spanish words of time."""

from .base import Language

PAST = (
    "fue|fueron|era|eran|estuvo|estuvimos|tuvo|hubo|hicimos|ganamos|lanzamos|publicamos|celebramos|firmo|nacio"
    r"|murio|(?:ha|han|hemos|he) \w{2,12}(?:ado|ido|cho|sto|rto)|gracias|recordamos"
)
ORDERS = (
    "compra|pide|reserva|inscribete|registrate|descarga|prueba|empieza|suscribete|unete|contacta|visita|descubre"
    "|aprovecha|consigue|participa|llama|solicita|desde|a partir de"
)

SPANISH = Language(
    code="es",
    day_first=True,
    dotted=False,
    common=(
        "a el la los las un una de del y en que es por para con no se su sus lo como mas pero al este esta todo todos"
        " nos nuestro nuestra muy ya si tu te ha hay son ser desde sobre o cuando vuestro"
    ),
    telling="hoy manana ayer semana mes ano dias horas hasta proximo proxima fin noche tarde",
    months={
        "enero": 1, "ene": 1, "febrero": 2, "feb": 2, "marzo": 3, "mar": 3, "abril": 4, "abr": 4, "mayo": 5,
        "may": 5, "junio": 6, "jun": 6, "julio": 7, "jul": 7, "agosto": 8, "ago": 8, "septiembre": 9, "setiembre": 9,
        "sept": 9, "sep": 9, "octubre": 10, "oct": 10, "noviembre": 11, "nov": 11, "diciembre": 12, "dic": 12,
    },
    shy_months=frozenset({"mar", "may", "ago", "ene", "jun", "dic"}),
    weekdays={
        "lunes": 0, "martes": 1, "miercoles": 2, "jueves": 3, "viernes": 4, "sabado": 5, "sabados": 5, "domingo": 6,
        "domingos": 6,
    },
    bare_weekdays=True,
    short_weekdays={"lun": 0, "mie": 2, "jue": 3, "vie": 4, "sab": 5, "dom": 6},
    plural="es",
    seasons={"primavera": "spring", "verano": "summer", "otono": "autumn", "invierno": "winter"},
    counts={
        "un": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "pocos": 0, "pocas": 0, "unos": 0, "unas": 0,
        "unos pocos": 0, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9,
        "diez": 10, "doce": 12, "quince": 15, "veinte": 20,
    },
    units={
        "minutos": "minute", "minuto": "minute", "horas": "hour", "hora": "hour", "h": "hour", "dias": "day",
        "dia": "day", "semanas": "week", "semana": "week", "meses": "month", "mes": "month", "anos": "year",
        "ano": "year",
    },
    ordinal=r"(?:º|o|er)\b|º",
    of="(?:de |del )?",
    joins="al|a|hasta el|y el",
    also="y|o|y el|e",
    parts={"principios de": 10, "inicios de": 10, "comienzos de": 10, "mediados de": 20, "finales de": 31,
    "fines de": 31},
    moments={
        "now+0": ("hoy",),
        "day+0": (
            "esta (?:noche|tarde|manana|madrugada|mediodia)", "este mediodia", "hoy mismo a las", "hace un rato",
            "hace unas? (?:minutos|horas?)", "en unos minutos",
        ),
        "live+0": (
            "en directo (?:desde|ahora)", "en vivo (?:desde|ahora)", "estamos en (?:directo|vivo)", "ahora mismo",
        ),
        "soon+7": ("ultima oportunidad", "ultimos dias", "en los proximos dias"),
        "soon+30": ("en las proximas semanas",),
        "last+0": ("ultimo dia", "ultimas horas", "solo hoy"),
        "named+0": (
            "feliz cumpleanos",
            "feliz aniversario","dia (?:mundial|internacional|nacional) (?:de |del |de la |de los |contra "
                r"|para )(?:el |la )?(?:\w{2,15} ?){1,3}",),
        "day+1": ("manana(?: por la (?:manana|tarde|noche))?",),
        "day+2": ("pasado manana",),
        "day-1": ("ayer", "anoche", "anteayer"),
        "week+0": ("esta semana", "toda la semana", "fin de semana laboral"),
        "week+1": ("(?:la )?(?:proxima semana|semana que viene|semana proxima)",),
        "week-1": ("(?:la )?(?:semana pasada|pasada semana)",),
        "weekend+0": ("este (?:fin de semana|finde)", "todo el fin de semana"),
        "weekend+1": ("(?:el )?(?:proximo fin de semana|fin de semana que viene|proximo finde)",),
        "weekend-1": ("(?:el )?(?:pasado fin de semana|fin de semana pasado)",),
        "month+0": ("este mes", "fin de mes", "final(?:es)? de mes", "todo el mes"),
        "month+1": ("(?:el )?(?:proximo mes|mes que viene|mes proximo)",),
        "month-1": ("(?:el )?(?:mes pasado|pasado mes)",),
        "year+0": ("este ano", "fin(?:al(?:es)?)? de ano", "antes de que acabe el ano"),
        "year+1": ("(?:el )?(?:proximo ano|ano que viene|ano proximo)",),
        "year-1": ("(?:el )?(?:ano pasado|pasado ano)",),
        "season+0": ("esta temporada",),
        "season+1": ("(?:la )?proxima temporada",),
        "newyear+0": ("(?:empezar|empieza|comenzar|comienza) (?:bien )?el (?:nuevo )?ano", "propositos de ano nuevo"),
    },
    countdowns=(
        "(?:quedan|queda|faltan|falta)(?: solo| tan solo| solamente| apenas| menos de| unos)? {n}", "dentro de {n}",
        "(?:en|a) (?:solo|tan solo|apenas) {n}", "a {n} (?:de|del|para)", "ultim[oa]s {n}",
        "(?:empieza|comienza|termina|acaba|abre|cierra|llega) en {n}", "(?:solo|solamente) {n}(?= ?[!.])",
    ),
    agos=("hace(?: ya| mas de| casi| unos| exactamente)? {n}", "{n} atras"),
    feasts={
        "nochevieja|fin de ano": "new_years_eve",
        "(?:feliz|prospero|buen) (?:y prospero )?ano(?: nuevo)?": "new_year_week",
        "ano nuevo": "new_year",
        "reyes magos|dia de reyes|noche de reyes|roscon(?: de reyes)?|epifania": "epiphany",
        "san valentin|dia de los enamorados": "valentine",
        "carnaval(?:es)?": "carnival",
        "dia (?:internacional )?de la mujer": "womens_day",
        "dia del padre": "fathers_catholic",
        "domingo de ramos": "palm_sunday",
        "viernes santo": "good_friday",
        "semana santa|pascua": "easter",
        "dia del libro|sant jordi": "book_day",
        "dia de la tierra": "earth_day",
        "dia del trabajo|dia del trabajador": "labour_day",
        "dia de la madre": "mothers_es",
        "vuelta al cole": "back_to_school_us",
        "dia de la hispanidad|fiesta nacional": "hispanic_day",
        "halloween": "halloween",
        "todos los santos|dia de (?:los )?muertos|dia de los difuntos": "all_saints",
        "black ?friday(?: week)?|viernes negro": "black_friday",
        "cyber ?monday": "cyber_monday",
        "dia de la constitucion": "constitution_es",
        "nochebuena": "christmas_eve",
        "navidad(?:es)?|navidenos?|navidenas?": "christmas",
        "felices fiestas|fiestas navidenas": "holidays",
        "rebajas de invierno": "winter_sales",
        "rebajas de verano": "summer_sales",
    },
    before={
        "deadline": "hasta|hasta el|antes del|antes de|plazo|fecha limite|cierra(?: el)?|termina(?: el)?"
            "|finaliza(?: el)?|acaba(?: el)?|a mas tardar(?: el)?|valido hasta(?: el)?|como maximo(?: el)?"
            "|vence(?: el)?",
        "since": "desde|desde el|tras|despues de|despues del|nacido el|fundada en|fundado en|en el ano",
        "on": "el|del|al|de|para el|este|proximo|y|hasta el|desde el|dia|fecha",
        "from": "a partir del|desde el|a partir de|desde",
        "yearly": "cada|todos los",
        "habit": "cada|todos los|los|un|una|al|por|algunos",
        "wish": "feliz|buen|buenos|bonito|lindo|felices|gran|bonita",
        "this": "este|esta|para este|proximo|el proximo",
        "next": "proximo|proxima",
        "last": "pasado|pasada|ultimo",
        "month": "en|de|hasta|para|desde|durante|este|todo|el mes de|mes de",
        "month_surely": "en|hasta|este|durante|mes de",
        "lone_day": "hasta el|antes del|el dia|del|el|desde el|a partir del",
        "nowadays": "de|hasta|desde|aun|incluso|como|todavia|mundo|por",
        "someday": "del|de|por la|la|cada|una|para el|el|buena|de la|a la|hacia el|un|esta",
        "occasion": "(?:evento|concierto|reunion|partido|sesion|charla|programa) (?:de|para)",
        "within": "en|durante|de",
        "target": "en|para|antes de|horizonte|objetivo|objetivos|agenda|hasta|plan|vision|estrategia|hacia",
        "version": "version|v|office|windows|server|norma|iso|modelo|sala|ruta",
        "month_use": "nuestro|nuestra",
        "order": rf"\b(?:{ORDERS})\b[^.!?\n]{{0,40}}",
    },
    after={
        "deadline": "es el ultimo dia|es la fecha limite|fecha limite",
        "habit": "a viernes|a domingo|a sabado|a jueves|santo|motivacion|por la noche siempre|a todos",
        "part": r"por|a|,|\d|\(|@|noche|tarde",
        "next": "proximo|que viene|proxima",
        "next_week": "de la (?:proxima semana|semana que viene)",
        "last": "pasado|pasada",
        "weekday": r"\(?(?:lun|mar|mie|jue|vie|sab|dom)\w{0,6}",
        "end": r"[.,!?;:)\n@|-]|\Z",
        "nowadays": r"mas que nunca|en dia|y (?:siempre|manana)|,? \d{1,4} ?(?:%|de cada|millones)",
        "someday": "sera otro dia",
        "order_end": r"[.,!?;:)\n#>-]|\Z|y|para|con|tu|en|mismo",
        "counted": "personas|euros?|seguidores|participantes|km|kg|palabras|clientes|miembros|votos|puntos|veces"
            "|horas|dias|habitantes|alumnos|dolares|pesos|metros|plazas",
        "month_use": r"proximo|pasado|\d",
        "time": r"(?: a las| a la|,| -| desde las| de)? ?\d",
        "clock": r"(?:a las|@|,|-|:|de|desde las) ?\d",
        "ratio": "de|personas|estrellas|parte",
    },
    about={
        "past": rf"\b(?:{PAST})\b",
        "done": r"\b(?:fue|fueron|era|gano|finalista)\b",
        "invite": r"\b(?:unete|ven|venid|inscri\w{2,9}|registr\w{2,6}|entradas?|nos vemos|te esperamos"
            r"|os esperamos|directo|empieza|comienza|charla|taller|webinar|concierto|evento|reserva\w{0,3}"
            r"|apertura|no te pierdas|acompananos)\b",
        "seasonal": r"\b(?:regal\w{1,4}|ofertas?|descuentos?|rebajas|menus?|pedidos?|compr\w{1,4}|entrega\w{0,2}"
            r"|llega\w{0,2}|se acerca\w{0,1}|pronto|prepara\w{0,4}|mercad\w{1,4}|tienda|abiert\w{1,2}"
            r"|cerrad\w{1,2}|celebra\w{0,4}|dese\w{1,5})\b",
        "feature": r"\b(?:panel|gasto|gastos|presupuesto|estadisticas|consumo)\b",
        "hours": r"\b(?:abierto|horario|todos los|cada|de lunes|diario)\b",
    },
)
