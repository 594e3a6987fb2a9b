"""English words of time."""

from .base import Language
from .en_feasts import FEASTS

GENERIC = (
    "world|leaders?|youth|young|society|economy|consumers?|customers?|markets?|climate|environment|landscape"
    "|technolog(?:y|ies)|digital|workforce|workplace|business(?:es)?|generation|kids|children|students|women|men"
    "|farmers|cities|city|challenges|problems|needs|talents?|innovators|entrepreneurs|healthcare|health|energy"
    "|mobility|cars?|cloud|data|standards|era|age|culture|people|families|investors|enterprises?|companies|modern"
    "|connected|fast|competitive|complex|global|internet|web|software|developers|engineers|scientists"
)
PAST = (
    "was|were|had|did|won|held|took|went|came|gave|made|met|saw|spoke|became|began|signed|launched|founded"
    "|created|established|released|published|announced|opened|joined|attended|hosted|presented|visited|celebrated"
    "|started|introduced|received|awarded|sold|died|discovered|invented|reached|grew|ran|enjoyed|shared|raised"
    "|recap|look(?:ing)? back|throwback|happened|turned|arrived|ended|finished|completed|said|told|wrote|missed"
    r"|failed|(?:we|i|they|he|she|it|who|which|team|company) \w{3,12}ed"
)
ORDERS = (
    "order|buy|shop|sign up|register|subscribe|start|apply|download|get|try|book|contact|call|donate|learn"
    "|visit(?! us)|discover|enroll?|request|schedule|find out|claim|grab|begin|upgrade|switch|give|help|pledge"
    "|explore|join(?! us)|reserve|add|sponsor|volunteer|adopt|choose|make|support|take|install|invest|enter"
)

ENGLISH = Language(
    code="en",
    day_first=False,
    dotted=False,
    common=(
        "the a an and of to in is are we our you your for with on at this that it be have has will from by"
        " not but what how who all more new about can us now its i my get just do out up as or if was so they"
    ),
    telling="today tonight tomorrow yesterday week weekend month year days hours until ago",
    months={
        "january": 1,
        "jan": 1,
        "february": 2,
        "feb": 2,
        "march": 3,
        "mar": 3,
        "april": 4,
        "apr": 4,
        "may": 5,
        "june": 6,
        "jun": 6,
        "july": 7,
        "jul": 7,
        "august": 8,
        "aug": 8,
        "september": 9,
        "sept": 9,
        "sep": 9,
        "october": 10,
        "oct": 10,
        "november": 11,
        "nov": 11,
        "december": 12,
        "dec": 12,
    },
    shy_months=frozenset({"may", "march", "mar", "jan", "jun", "sep", "dec", "april", "june", "august"}),
    weekdays={
        "monday": 0,
        "tuesday": 1,
        "wednesday": 2,
        "thursday": 3,
        "friday": 4,
        "saturday": 5,
        "sunday": 6,
    },
    bare_weekdays=False,
    short_weekdays={
        "mon": 0,
        "tue": 1,
        "tues": 1,
        "wed": 2,
        "weds": 2,
        "thu": 3,
        "thur": 3,
        "thurs": 3,
        "fri": 4,
        "sat": 5,
        "sun": 6,
    },
    plural="s",
    seasons={"spring": "spring", "summer": "summer", "autumn": "autumn", "fall": "autumn", "winter": "winter"},
    counts={
        "one": 1,
        "two": 2,
        "three": 3,
        "four": 4,
        "five": 5,
        "six": 6,
        "seven": 7,
        "eight": 8,
        "nine": 9,
        "ten": 10,
        "a": 1,
        "an": 1,
        "a few": 0,
        "just a few": 0,
        "half an": 1,
        "a couple of": 2,
        "eleven": 11,
        "twelve": 12,
        "fifteen": 15,
        "twenty": 20,
    },
    units={
        "minutes": "minute",
        "minute": "minute",
        "mins": "minute",
        "min": "minute",
        "hours": "hour",
        "hour": "hour",
        "hrs": "hour",
        "hr": "hour",
        "h": "hour",
        "days": "day",
        "day": "day",
        "sleeps": "day",
        "weeks": "week",
        "week": "week",
        "fortnight": "fortnight",
        "wks": "week",
        "wk": "week",
        "months": "month",
        "month": "month",
        "years": "year",
        "year": "year",
        "yrs": "year",
        "yr": "year",
    },
    ordinal=r" ?(?:st|nd|rd|th)\b",
    of="(?:of )?",
    joins="to|through|thru|until|till|and",
    also="and|or",
    parts={
        "early": 10,
        "the beginning of": 10,
        "beginning of": 10,
        "the start of": 10,
        "start of": 10,
        "mid": 20,
        "middle of": 20,
        "the middle of": 20,
        "late": 31,
        "the end of": 31,
        "end of": 31,
        "later in": 31,
    },
    moments={
        "now+0": ("today", "todays", "2day"),
        "day+0": (
            "tonights?",
            "tonite",
            "2nite",
            "2night",
            "this (?:very )?(?:morning|afternoon|evening|noon|lunchtime|arvo|aft|eve|am|pm)",
            "happening (?:right )?now",
            "(?:an|half an|one) hour ago",
            "(?:moments?|minutes|hours) ago",
            "earlier today",
            "(?:until|till|by|before) midnight",
            "by (?:the )?end of (?:the )?(?:business )?day",
            "eod",
            "cob",
            "just (?:hours|minutes) (?:left|away|to go)",
            "in (?:a few|just a few) (?:hours|minutes)",
        ),
        "live+0": (
            r"watch(?: \w{1,12}){0,2} live",
            "live (?:discussion|broadcast|webcast|coverage|blog(?:ging)?|tweet(?:ing)?)",
            r"(?:we're|we are|i'm) live",
            r"(?:is|are) live (?:now|from|on (?:fb|facebook|stage|air))",
            "live from",
            "tune in now",
            "on air now",
            "(?:speaking|talking|presenting|playing|on stage|live) now",
            "now (?:speaking|talking|presenting|playing|on stage)",
            "currently (?:speaking|live|at the)",
            "up next",
            "about to (?:start|begin)",
            "on this day(?: in)?",
            "on this date",
            "this day in history",
        ),
        "soon+7": (
            "last chance",
            "final call",
            "last call",
            "(?:last|final|last few) days",
            "end(?:s|ing) (?:very )?soon",
            "(?:just |only )?days away",
            "(?:in|over) the (?:coming|next) (?:few )?days",
            "in the next couple of days",
        ),
        "soon+30": ("(?:in|over) the (?:coming|next) (?:few )?weeks",),
        "soon+180": ("(?:in|over) the (?:coming|next) (?:few )?months",),
        "last+0": ("(?:the |our |its |your )?(?:last|final) day", "(?:final|last|last few) hours"),
        "named+0": (
            r"happy (?:\d{1,3}(?:st|nd|rd|th) )?(?:birthday|b-?day|anniversary)",
            "happy bday",
            r"(?:world|international|national|european|global) (?:\w{2,15} ){1,4}day",
            r"international day (?:of|for|against)(?: the)?(?: \w{2,15}){1,3}",
        ),
        "day+1": (
            "tomorrows?",
            "tmrw",
            "tmw",
            "tmr",
            "tomoro",
            "2moro",
            "2morrow",
            "2mrw",
            "tomorow",
            "tomm?orr?ow",
        ),
        "day+2": ("the day after tomorrow", "day after tomorrow"),
        "day-1": ("yesterdays?", "last (?:night|nite)", "the other (?:day|night)"),
        "week+0": (
            "this (?:coming )?(?:week|wk)",
            "all week(?: long)?",
            "(?:the )?end of (?:the|this) week",
            "(?:the )?week ahead",
            "rest of the week",
            "(?:earlier|later) this week",
        ),
        "week+1": ("next (?:week|wk)", "the coming week", "a week from (?:today|now)", "(?:a|one) week today"),
        "week-1": ("last (?:week|wk)", "(?:this|the) past week"),
        "weekend+0": (
            "this (?:coming |past |long |holiday |bank holiday )?(?:week ?-?end|wknd|wkend)",
            "all week ?-?end(?: long)?",
            "the coming week ?-?end",
        ),
        "weekend+1": ("next (?:week ?-?end|wknd)",),
        "weekend-1": ("last (?:week ?-?end|wknd)",),
        "month+0": (
            "this month",
            "all month(?: long)?",
            "(?:the )?end of (?:the|this) month",
            "month's end",
            "rest of the month",
            r"national (?:\w{2,15} ){1,3}month",
            "(?:awareness|history|heritage|pride|appreciation) month",
            "movember",
            "dry january",
            "veganuary",
        ),
        "month+1": ("next month",),
        "month-1": ("last month", "(?:this|the) past month"),
        "quarter+0": ("this quarter",),
        "quarter+1": ("next quarter",),
        "quarter-1": ("last quarter",),
        "year+0": (
            "this (?:year|yr)",
            "(?:earlier|later) this year",
            "(?:the )?end of (?:the|this) year",
            "year[- ]?end",
            "(?:the )?year's end",
            "rest of the year",
            "the year ahead",
        ),
        "year+1": ("next (?:year|yr)", "the coming year"),
        "year-1": ("last (?:year|yr)", "(?:this|the) past year"),
        "season+0": ("this season",),
        "season+1": ("next season",),
        "season-1": ("last season",),
        "newyear+0": (
            "(?:start|starting|begin|kick off|kicking off) (?:off )?(?:the|this|your) (?:new )?year",
            "new year'?s? resolutions?",
            "new year,? new (?:you|me|start|goals?)",
        ),
    },
    countdowns=(
        "{d} away(?! from)",
        "{d} out from",
        "{n} (?:left|to go|remaining|until|till|from (?:now|today|tomorrow)|only|and counting)",
        "{n} to (?:register|apply|enter|vote|book|submit|order|save|win|get|grab|join|sign)",
        "(?:only|just) {d}(?= ?[!.])",
        "(?:only|just|last|final) {n} (?:to|before|until|for)",
        "count ?down:? {n}",
        "{n} (?:flash )?(?:sale|deal)",
        "t-minus {n}",
        "in under {d}",
        "in {n}'? time",
        "(?:for |over |in )?the next {n}",
        "(?:start|launch|begin|open|close|end|expire|arrive|happen|go|come|drop|kick|depart|land|ship|leave"
        r"|return|finish|resume|air|premiere)(?:s|es|ing)?(?: \w{1,12}){0,2} in(?: just| only| less than"
        "| exactly)? {n}",
        "(?:deadline|closing|opening|release|due|is|are|it's|be|live|here|back|again) in(?: just| only| less than"
        "| exactly)? {n}",
        "in (?:just|only|less than|exactly) {d}",
        "less than {n} (?:left|to|until|before|away)",
        "within the next {n}",
    ),
    agos=("{n} ago",),
    feasts=FEASTS,
    before={
        "deadline": (
            r"(?:until|till|til|through|thru|by|before|no later than|up to|deadlines?(?: is| for \w{1,15})?:?|ends?"
            "|ending|clos(?:es?|ing)|expir(?:es?|ing)|due|valid|last day(?: is)?:?|extended|latest)"
            "(?: on| the| this| at midnight| in){0,2}"
        ),
        "since": r"since|ever since|after|dating(?: back)? (?:to|from)|born(?: on)?|est\.?|founded in"
        "|established in|circa",
        "on": "on|of|for|this|coming|next|date:?|when:?|starts?|starting|begins?|beginning|opens?|is|it's|from"
        "|and|to|@|drops?|arrives?|airs?|launch(?:es|ing)?|happening|live|here|us|you|back|again|held|open"
        "|closed|last",
        "from": "from|starting|starts?|beginning|begins?|as of|effective|opens?",
        "yearly": "every|each|annually on|always on",
        "habit": "every|each|any|a|an|my|most|per|other|your|these|those|lazy|casual|another",
        "wish": r"happy|good|great|lovely|wonderful|fantastic|nice|beautiful|blessed|merry|have an? \w{3,12}"
        "|sunny|bright",
        "this": "this(?: coming)?|coming|upcoming",
        "next": "next",
        "next_week": "next week,?(?: on)?",
        "within": "in|during|of|throughout|for",
        "last": "last|past|previous",
        "month": "it's|is|hello|goodbye|welcome|our|happy|in|by|until|till|through|from|for|during|throughout|of"
        "|before|end|come|coming|upcoming|starting|on",
        "month_surely": "it's|in|during|throughout|this|next|last|until|till|end of|mid|early|late|through|come",
        "lone_day": "(?:on|by|until|till|before|from|through|and|deadline(?: is|:)) the",
        "nowadays": "make|own|seize|of|until|even|relevant|exists?|know it|matters?|like|facing|alive|living"
        "|still|than|before|world",
        "someday": "of|for|for a better|a better|better|a brighter|tools for|never|like|into|towards?|yesterday,"
        "|past,|no|shaping|building|build|inventing|as if|here|and|the|our|your|(?:put|putting|leave) (?:it "
        "|things )?off (?:until|till)",
        "unreal": "like|only|like it was|as if it was|as though it were",
        "occasion": "(?:events?|meeting|session|show|webinar|plans|tickets?|forecast|schedule|agenda|set"
        "|see you)(?: of| for)",
        "target": "by|in|for|before|until|towards?|through|horizon|vision|agenda|target|goals?(?: for)?|to|of|strategy",
        "version": r"version|v|office|windows|server|es|ecmascript|c\+\+|rev|model|iso|route|area|room|act",
        "month_use": "our|the|your|my",
        "order": r"(?:(?<![\w'@#,] )|(?<=and )|(?<=please )|(?<=can )|(?<=to )"
        rf"|(?<=now ))\b(?:{ORDERS})\b[^.!?\n]{{0,48}}",
    },
    after={
        "deadline": "deadline|is the (?:last|final) day|cut-?off|at the latest",
        "habit": "of (?:the|every|each) month|motivation|mood|feels?|feelings?|vibes?|blues|funday|facts?|tips?"
        "|thoughts?|quotes?|inspiration|special|round-?up|wisdom|reads?|trivia|wishes|everyone|all|folks"
        r"|friends|mornings|afternoons|nights|evenings|(?:through|to|-|thru) (?:fri|sun|sat|thurs)\w{0,5}",
        "part": r"'s?(?= \w)|we(?:'re|'ll)?|i'(?:m|ll)|our|morning|afternoon|evening|night|noon|lunchtime|at|@"
        r"|from|[-,(]|\d",
        "next": "next",
        "next_week": "(?:of )?(?:next|the following) week",
        "weekday": r"\(?(?:mon|tue|wed|thu|fri|sat|sun)\w{0,6}",
        "end": r"[.,!?;:)\n@|-]|\Z",
        "nowadays": rf"'?s (?:\w{{3,12}} )?(?:{GENERIC})|more than ever|is (?:a|an|the"
        r"|always a) \w{2,12} (?:day|time) to|matters|and (?:tomorrow|beyond|always|forever|every ?day)"
        r"|'s (?!speakers|winners|offers|orders|numbers|papers|trainers|presenters|answers)\w{2,12}(?:ers|ors"
        r"|ists|ians|ials)|for (?:a )?(?:better )?tomorrow|,? (?:\d[\d.,]{0,8}|one|two|half|nearly|over"
        "|more than|almost|an estimated|about|around|only) (?:in|out|of|%|percent|million|billion|people"
        "|women|children)|(?:face|need|expect|want|demand|prefer|still)|, (?:we live|most|many|more|people"
        "|companies|businesses|brands|everyone)",
        "someday": rf"'?s (?:\w{{3,12}} )?(?:{GENERIC})|never (?:comes|dies|knows)|together|land",
        "unreal": ",? (?:and )?today|,? (?:and )?tomorrow",
        "owner": r"'s?(?= \w)",
        "order_end": r"[.,!?;:)\n#>-]|\Z|and|to|with|on|here",
        "counted": "people|persons?|users|followers|participants|attendees|words|members|customers|students|miles"
        "|km|kg|meters|metres|feet|ft|votes|likes|points|calories|steps|times|hours|days|euros?|dollars"
        "|pounds|usd|eur|gbp|mb|gb|rpm|hp|watts?|volts?|mah|sq|units|copies|volunteers|jobs|employees|stars"
        "|seats",
        "month_use": "newsletter|issue|edition|update|recap|meet ?up|promo|promotion|offer|sale|special|release"
        "|round-?up|report|highlights|schedule|calendar|challenge|webinar|deals?|specials|events?|winners?"
        "|meeting|session|class|intake|cohort|menu",
        "time": r"(?: at| @|,| -| from)? ?\d",
        "clock": r"(?:@|at|from|,|-|,? ?[ap]m) ?\d",
        "ratio": "of|people|persons?|stars?|price|off|cup|tsp|tbsp|inch|share|full|marathon|half|done|complete|why",
    },
    about={
        "past": rf"\b(?:{PAST})\b",
        "done": r"\b(?:was|were|won|had been|finalist|wins)\b",
        "advice": r"\b(?:tools?|tips|trends|goals|resolutions|predictions|habits|strateg(?:y|ies)|checklists?"
        r"|must-haves|ideas|best practices|how to|ways to|guide to|outlook|forecasts?)\b",
        "invite": r"\b(?:join|register|rsvp|tickets?|see you|come|don't miss|sign up|save the date|meet us|book"
        "|starts?|begins?|attend|catch|hear|watch|tune|live|stop by|swing by|drop by|visit us|get your"
        "|will be|panel|talks?|session|keynote|speaking|speaks|webinar|meet ?up|workshop|party|doors|stage"
        r"|booth|kick ?off|demo|ama|chat|networking|breakfast|lunch|dinner|drinks|happy hour|present\w{0,6}"
        r"|screening)\b",
        "seasonal": r"\b(?:gifts?|sales?|offers?|deals?|discounts?|% off|menus?|order|shop|shopping|coming"
        r"|approaching|countdown|ready|soon|celebrat\w{1,4}|deliver\w{1,3}|open|closed|book|wish\w{0,3}|enjoy"
        r"|this)\b",
        "feature": r"\b(?:dashboard|usage|spent|spending|budget|stats|analytics|track\w{0,3}|total)\b",
        "hours": r"\b(?:opening|open|hours|daily|weekdays?|every)\b",
    },
)
