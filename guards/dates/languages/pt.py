"""Portuguese words of time."""

from .base import Language

PAST = (
    "foi|foram|era|eram|esteve|teve|tivemos|houve|fizemos|ganhamos|lancamos|publicamos|nasceu|morreu|assinou"
    "|(?:tem|temos|tinha) sido|obrigad[oa]s?|recordamos"
)
ORDERS = (
    "compre|peca|encomende|reserve|inscreva-se|inscreva|registe|baixe|experimente|comece|assine|contacte|visite"
    "|descubra|aproveite|participe|ligue|solicite|garanta|a partir de|ja"
)
WEEK = {"segunda": 0, "terca": 1, "quarta": 2, "quinta": 3, "sexta": 4}

PORTUGUESE = Language(
    code="pt",
    day_first=True,
    dotted=False,
    common=(
        "o a os as um uma de do da dos das e em no na nos nas que por para com nao se seu sua mais mas ao este esta"
        " todo todos nosso nossa muito ja voce ou como sao ser foi pelo pela ate sem"
    ),
    telling="hoje amanha ontem semana mes ano dias horas ate proximo proxima noite fim",
    months={
        "janeiro": 1, "jan": 1, "fevereiro": 2, "fev": 2, "marco": 3, "mar": 3, "abril": 4, "abr": 4, "maio": 5,
        "mai": 5, "junho": 6, "jun": 6, "julho": 7, "jul": 7, "agosto": 8, "ago": 8, "setembro": 9, "set": 9,
        "outubro": 10, "out": 10, "novembro": 11, "nov": 11, "dezembro": 12, "dez": 12,
    },
    shy_months=frozenset({"mar", "mai", "ago", "set", "out", "dez", "jan", "marco"}),
    weekdays={**WEEK, **{f"{day}-feira": number for day, number in WEEK.items()}, "sabado": 5, "domingo": 6},
    bare_weekdays=False,
    short_weekdays={"seg": 0, "ter": 1, "qua": 2, "qui": 3, "sex": 4, "sab": 5, "dom": 6},
    plural="s",
    seasons={"primavera": "spring", "verao": "summer", "outono": "autumn", "inverno": "winter"},
    counts={
        "um": 1, "uma": 1, "dois": 2, "duas": 2, "tres": 3, "quatro": 4, "poucos": 0, "poucas": 0, "alguns": 0,
        "algumas": 0, "cinco": 5, "seis": 6, "sete": 7, "oito": 8,
        "nove": 9, "dez": 10, "doze": 12, "quinze": 15, "vinte": 20,
    },
    units={
        "minutos": "minute", "minuto": "minute", "horas": "hour", "hora": "hour", "h": "hour", "dias": "day",
        "dia": "day", "semanas": "week", "semana": "week", "meses": "month", "mes": "month", "anos": "year",
        "ano": "year",
    },
    ordinal=r"(?:º|o)\b|º",
    of="(?:de |do )?",
    joins="a|ao|ate|ate ao|e o",
    also="e|ou|e o",
    parts={"inicio de": 10, "comeco de": 10, "meados de": 20, "fim de": 31, "final de": 31, "finais de": 31},
    moments={
        "now+0": ("hoje",),
        "day+0": (
            "hoje (?:a noite|a tarde|de manha)", "esta (?:noite|tarde|manha)", "daqui a pouco", "ha (?:minutos|pouco)",
            "em (?:instantes|poucos minutos)", "so hoje",
        ),
        "live+0": (
            "ao vivo (?:de|do|da|em|no|na|agora)", "em direto (?:de|do|da|no|na)", "estamos ao vivo", "agora mesmo",
        ),
        "soon+7": ("ultima (?:oportunidade|chance)", "ultimos dias", "nos proximos dias"),
        "soon+30": ("nas proximas semanas",),
        "last+0": ("ultimo dia", "ultimas horas"),
        "named+0": (
            "feliz aniversario", "parabens pelo aniversario",
            r"dia (?:mundial|internacional|nacional) (?:de |do |da |dos |das |contra )(?:o |a )?(?:\w{2,15} ?){1,3}",
        ),
        "day+1": ("amanha(?: (?:a noite|a tarde|de manha))?",),
        "day+2": ("depois de amanha",),
        "day-1": ("ontem", "anteontem"),
        "week+0": ("(?:esta|essa|nesta|nessa) semana", "toda a semana", "a semana toda"),
        "week+1": ("(?:na |a )?(?:proxima semana|semana que vem)",),
        "week-1": ("(?:na |a )?(?:semana passada|ultima semana)",),
        "weekend+0": ("(?:este|esse|neste|nesse) (?:fim de semana|fds|final de semana)", "todo o fim de semana"),
        "weekend+1": ("(?:no |o )?proximo (?:fim de semana|final de semana)", "fim de semana que vem"),
        "weekend-1": ("(?:no |o )?(?:fim de semana passado|ultimo fim de semana)",),
        "month+0": ("(?:este|esse|neste|nesse) mes", "fim do mes", "final do mes", "o mes todo"),
        "month+1": ("(?:no |o )?(?:proximo mes|mes que vem)",),
        "month-1": ("(?:no |o )?mes passado",),
        "year+0": ("(?:este|esse|neste|nesse) ano", "fi(?:m|nal) do ano", "ate o fim do ano"),
        "year+1": ("(?:no |o )?(?:proximo ano|ano que vem)",),
        "year-1": ("(?:no |o )?ano passado",),
        "season+0": ("(?:esta|nesta) temporada",),
        "season+1": ("(?:na |a )?proxima temporada",),
        "newyear+0": ("(?:comecar|comece|iniciar) (?:bem )?o (?:novo )?ano", "resolucoes de ano novo"),
    },
    countdowns=(
        "(?:faltam|falta|restam|resta)(?: so| apenas| somente| menos de)? {n}", "daqui a {n}", "dentro de {n}",
        "(?:em|so mais|mais) (?:apenas|so) {n}", "(?:apenas|ultim[oa]s|so) {n}(?= ?[!.]| para)",
        "(?:comeca|termina|acaba|abre) em {n}",
    ),
    agos=("(?:ha|faz)(?: mais de| quase| cerca de| exatamente)? {n}", "{n} atras"),
    feasts={
        "reveillon|passagem de ano|vespera de ano novo": "new_years_eve",
        "(?:feliz|prospero|bom) ano(?: novo)?": "new_year_week",
        "ano novo": "new_year",
        "dia de reis": "epiphany",
        "dia dos namorados|sao valentim": "valentine",
        "carnaval": "carnival",
        "dia (?:internacional )?da mulher": "womens_day",
        "sexta[- ]feira santa": "good_friday",
        "pascoa": "easter",
        "dia da terra": "earth_day",
        "dia do trabalhador|dia do trabalho": "labour_day",
        "dia da mae|dia das maes": "mothers_us",
        "dia de portugal": "portugal_day",
        "volta as aulas|regresso as aulas": "back_to_school_us",
        "halloween|dia das bruxas": "halloween",
        "dia de todos os santos|finados": "all_saints",
        "black ?friday(?: week)?": "black_friday",
        "cyber ?monday": "cyber_monday",
        "vespera de natal|consoada": "christmas_eve",
        "natal|natalin[oa]s?|natalicias?": "christmas",
        "boas festas": "holidays",
    },
    before={
        "deadline": "ate|ate o|ate ao|ate a|ate dia|antes de|antes do|prazo|termina(?: em| a)?|encerra(?: em| a)?"
            "|valido ate|fecha(?: em| a)?|data limite|acaba(?: em| a)?",
        "since": "desde|desde o|apos|depois de|nascido em|fundada em|fundado em|no ano de",
        "on": "em|no|na|dia|no dia|neste|nesta|proximo|proxima|este|esta|de|a|e|ate|do|da|para",
        "from": "a partir de|desde|comeca em|comeca dia",
        "yearly": "cada|todo|todos os",
        "habit": "cada|todo|toda|todos os|todas as|aos|as|um|uma|por|os",
        "wish": "feliz|bom|boa|lindo|linda|otima|otimo|boas|excelente",
        "this": "este|esta|neste|nesta|nessa|proximo|proxima",
        "next": "proximo|proxima",
        "last": "passado|passada|ultimo|ultima",
        "month": "em|de|ate|para|desde|durante|este|mes de",
        "month_surely": "em|ate|durante|mes de",
        "lone_day": "ate dia|ate ao dia|ate o dia|no dia|dia|a partir do dia",
        "nowadays": "de|ate|desde|ainda|como|mundo|mesmo",
        "someday": "de|do|para o|o|um|pelo|ao|e",
        "occasion": "(?:evento|concerto|show|reuniao|jogo|sessao) (?:de|para)",
        "within": "em|durante|de",
        "target": "em|ate|para|horizonte|objetivo|objetivos|agenda|antes de|plano|visao|rumo a",
        "version": "versao|v|office|windows|server|norma|iso|modelo|sala",
        "month_use": "nosso|nossa",
        "order": rf"\b(?:{ORDERS})\b[^.!?\n]{{0,40}}",
    },
    after={
        "deadline": "e o ultimo dia|ultimo dia",
        "habit": "a sexta|a domingo|a sabado|santa|parte|vez|edicao|geracao|onda|a todos|temporada|feira de",
        "part": r"a noite|a tarde|de manha|as|,|\d|\(|@|pelas",
        "next": "que vem|proximo|proxima",
        "next_week": "da (?:proxima semana|semana que vem)",
        "last": "passado|passada",
        "weekday": r"\(?(?:seg|ter|qua|qui|sex|sab|dom)\w{0,6}",
        "end": r"[.,!?;:)\n@|-]|\Z",
        "nowadays": r"mais do que nunca|mais que nunca|em dia|e (?:sempre|amanha)|,? \d{1,4} ?(?:%|em cada|milhoes)",
        "someday": "sera outro dia",
        "order_end": r"[.,!?;:)\n#>-]|\Z|e|para|com|o|a|mesmo",
        "counted": "pessoas|euros?|reais|seguidores|participantes|km|kg|palavras|clientes|membros|votos|pontos"
            "|vezes|horas|dias|habitantes|metros",
        "month_use": r"proximo|passado|\d",
        "time": r"(?: as| pelas|,| -| a partir das)? ?\d",
        "clock": r"(?:as|pelas|@|,|-|:|das) ?\d",
        "ratio": "de|pessoas|estrelas|dos",
    },
    about={
        "past": rf"\b(?:{PAST})\b",
        "done": r"\b(?:foi|foram|era|ganhou|finalista)\b",
        "invite": r"\b(?:junte-se|venha\w{0,1}|inscri\w{2,9}|inscreva\w{0,4}|bilhetes?|ingressos?|nos vemos"
            "|esperamos|vivo|direto|comeca|evento|concerto|show|webinar|workshop|reserve|abertura|nao perca"
            r"|participe|palestra)\b",
        "seasonal": r"\b(?:presentes?|prendas?|ofertas?|descontos?|saldos|menus?|encomend\w{1,4}|compr\w{1,4}"
            r"|entreg\w{1,3}|chega\w{0,3}|aproxima\w{0,2}|em breve|prepar\w{1,4}|mercado|loja|abert\w{1,2}"
            r"|fechad\w{1,2}|celebr\w{1,4}|desej\w{1,5})\b",
        "feature": r"\b(?:painel|gasto|gastos|orcamento|estatisticas|consumo)\b",
        "hours": r"\b(?:aberto|horario|todos os dias|cada|de segunda a|diariamente)\b",
    },
)
