"""English words of time."""

from .base import Language

GENERIC = (
    "world|leaders?|youth|young|society|economy|consumers?|customers?|markets?|climate|environment|landscape"
    "|technolog(?:y|ies)|digital|workforce|workplace|business(?:es)?|generation|kids|children|students|women|men"
    "|farmers|cities|city|challenges|problems|needs|talents?|innovators|entrepreneurs|healthcare|health|energy"
    "|mobility|cars?|cloud|data|standards|era|age|culture|people|families|investors|enterprises?|companies"
    "|modern|connected|fast|competitive|complex|global|internet|web|software|developers|engineers|scientists"
)
PAST = (
    "was|were|had|did|won|held|took|went|came|gave|made|met|saw|spoke|became|began|signed|launched|founded|created"
    "|established|released|published|announced|opened|joined|attended|hosted|presented|visited|celebrated|started"
    "|introduced|received|awarded|built|sold|died|discovered|invented|reached|grew|ran|enjoyed|loved|shared|raised"
    "|recap|look(?:ing)? back|throwback|happened|turned|arrived|ended|finished|completed|hit|said|told|wrote"
)
ORDERS = (
    "order|buy|shop|sign up|register|subscribe|start|apply|download|get|try|book|contact|call|donate|learn|visit"
    "|discover|enroll?|request|schedule|find out|claim|grab|begin|upgrade|switch|give|help|pledge|check|explore|join"
    "|reserve|add|sponsor|volunteer|adopt|choose|make|follow|support|take|install|invest|enter"
)

DUTCH = Language(
    code="nl",
    day_first=False,
    dotted=False,
    common=(
        "the a an and of to in is are we our you your for with on at this that it be have has will from by"
        " not but what how who all more new about can us now its i my get just do out up as or if was so they"
    ),
    telling="today tonight tomorrow yesterday week weekend month year days hours until ago",
    months={
        "january": 1, "jan": 1, "february": 2, "feb": 2, "march": 3, "mar": 3, "april": 4, "apr": 4, "may": 5,
        "june": 6, "jun": 6, "july": 7, "jul": 7, "august": 8, "aug": 8, "september": 9, "sept": 9, "sep": 9,
        "october": 10, "oct": 10, "november": 11, "nov": 11, "december": 12, "dec": 12,
    },
    shy_months=frozenset({"may", "march", "mar", "jan", "jun", "sep", "dec", "april", "june", "august"}),
    weekdays={
        "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
    },
    bare_weekdays=False,
    short_weekdays={
        "mon": 0, "tue": 1, "tues": 1, "wed": 2, "weds": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4, "sat": 5,
        "sun": 6,
    },
    seasons={"spring": "spring", "summer": "summer", "autumn": "autumn", "fall": "autumn", "winter": "winter"},
    counts={
        "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
        "a": 1, "an": 1, "twelve": 12, "fifteen": 15, "twenty": 20,
    },
    units={
        "hours": "hour", "hour": "hour", "hrs": "hour", "hr": "hour", "h": "hour", "days": "day", "day": "day",
        "sleeps": "day", "weeks": "week", "week": "week", "months": "month", "month": "month", "years": "year",
        "year": "year", "yrs": "year",
    },
    ordinal=r" ?(?:st|nd|rd|th)\b",
    of="(?:of )?",
    joins="to|through|thru|until|till|and",
    also="and|or",
    parts={"early": 10, "the beginning of": 10, "beginning of": 10, "the start of": 10, "mid": 20, "middle of": 20,
           "the middle of": 20, "late": 31, "the end of": 31, "end of": 31},
    moments={
        "day+0": (
            "today", "2day", "tonight", "tonite", "2nite", "2night", "this (?:morning|afternoon|evening|noon)",
            "happening (?:right )?now", "within the hour",
        ),
        "live+0": (
            r"watch(?: \w{1,12}){0,2} live", "live (?:discussion|broadcast|tweeting|tweet|stream|webcast)(?:ing)?",
            r"(?:we're|we are|i'm) live(?: now)?", "live from", "tune in now", "on air now",
        ),
        "last+0": ("last day", "final day", "final hours", "last few hours", "last hours", "ends soon today"),
        "day+1": ("tomorrow", "tmrw", "tmw", "tmr", "tomoro?", "2moro", "2morrow", "tomorow"),
        "day+2": ("the day after tomorrow", "day after tomorrow"),
        "day-1": ("yesterday", "last night"),
        "week+0": ("this week", "all week(?: long)?", "end of the week", "the week ahead"),
        "week+1": ("next week", "the coming week"),
        "week-1": ("last week", "this past week", "the past week"),
        "weekend+0": ("(?:this|the) (?:coming|past) week ?-?end", "(?:this|all) week ?-?end(?: long)?"),
        "weekend+1": ("next week ?-?end",),
        "weekend-1": ("last week ?-?end",),
        "month+0": ("this month", "all month(?: long)?", "(?:the )?end of (?:the|this) month", "month's end"),
        "month+1": ("next month",),
        "month-1": ("last month", "this past month", "the past month"),
        "quarter+0": ("this quarter",),
        "quarter+1": ("next quarter",),
        "quarter-1": ("last quarter",),
        "year+0": ("this year", "(?:the )?end of (?:the|this) year", "year[- ]?end", "(?:the )?year's end"),
        "year+1": ("next year", "the coming year"),
        "year-1": ("last year", "this past year", "the past year"),
        "season+0": ("this season",),
        "season+1": ("next season",),
        "season-1": ("last season",),
        "newyear+0": (
            "(?:start|starting|begin|kick off|kicking off) (?:off )?(?:the|this|your) (?:new )?year",
            "new year'?s? resolutions?",
        ),
    },
    countdowns=(
        "{n} (?:left|to go|remaining|away|until|till|out|from (?:now|today))", "{n} more (?:until|till|to go)",
        "(?:only|just|last|final) {n} (?:to|before|until|for)", "(?:only|just) {n} only", "{n} only",
        r"(?:start|launch|begin|open|close|end|expire|arrive|happen|go|come|drop|kick|depart|land)(?:s|es|ing)?"
        r"(?: \w{1,12}){0,2} in(?: just| only| less than| exactly)? {n}",
        "(?:is|are|it's|be|live|here|back|again|you|off|out|due|there) in(?: just| only| less than| exactly)? {n}",
        "in (?:just|only|less than|exactly) {n}", "less than {n} (?:left|to|until|before|away)", "next {n} only",
        "{n} from now", "within the next {n}", "ends in {n}", "last {n} to", "t-minus {n}",
    ),
    agos=("{n} ago(?: today)?",),
    feasts={
        "new year'?s eve|\\bnye\\b": "new_years_eve",
        "happy new year|new year'?s? wishes": "new_year_month",
        "new year'?s(?: day)?": "new_year",
        "epiphany": "epiphany",
        "world cancer day": "cancer_day",
        "(?:st\\.? ?|saint )?valentine'?s?(?: ?day)?": "valentine",
        "mardi gras|pancake day|shrove tuesday": "carnival",
        "(?:international )?women'?s'? ?day|\\biwd\\b": "womens_day",
        "pi ?day": "pi_day",
        "(?:st\\.? ?|saint )patrick'?s?(?: ?day)?|st\\.? ?paddy'?s(?: ?day)?": "st_patrick",
        "world water ?day": "water_day",
        "april fools?'?(?: ?day)?": "april_fools",
        "world health ?day": "health_day",
        "earth ?day": "earth_day",
        "palm sunday": "palm_sunday",
        "good friday": "good_friday",
        "easter monday": "easter_monday",
        "easter(?: sunday| weekend)?": "easter",
        "may ?day": "labour_day",
        "may the (?:4|four)th|star ?wars ?day": "star_wars_day",
        "mother'?s'? ?day": "mothers_us",
        "mothering sunday": "mothers_uk",
        "memorial day(?: weekend)?": "memorial_day",
        "world environment ?day": "environment_day",
        "father'?s'? ?day": "fathers_us",
        "juneteenth": "juneteenth",
        "(?:fourth|4 ?th) of july|july (?:4th|fourth)|independence day": "independence_us",
        "bastille day": "bastille",
        "labor day(?: weekend)?": "labor_day_us",
        "back[- ]to[- ]school": "back_to_school_us",
        "oktoberfest": "oktoberfest",
        "halloween|trick[- ]or[- ]treat": "halloween",
        "all saints'? day": "all_saints",
        "veterans'? day|remembrance day|armistice day": "armistice",
        "singles'? day": "singles_day",
        "thanksgiving|turkey ?day": "thanksgiving",
        "black ?friday(?: week(?: ?end)?)?": "black_friday",
        "small business saturday": "small_business",
        "cyber ?(?:monday|week)": "cyber_monday",
        "giving ?tuesday": "giving_tuesday",
        "world aids ?day": "aids_day",
        "advent(?: calendar)?": "advent",
        "christmas eve": "christmas_eve",
        "christmas|x-?mas": "christmas",
        "boxing day": "boxing_day",
        "happy holidays|season'?s greetings|(?:the )?holiday season|festive season|holiday shopping": "holidays",
    },
    before={
        "deadline": (
            "until|till|til|through|thru|by|before|no later than|up to|deadlines?(?: is| for \\w+)?:?|ends?|ending"
            "|clos(?:es?|ing)|expir(?:es?|ing)|due|valid|last day(?: is)?:?|extended|latest"
        ),
        "since": "since|ever since|after|dating(?: back)? (?:to|from)|back in|as of|back on|born(?: on)?|est\\.?",
        "on": "on|of|for|this|coming|next|date:?|when:?|starts?|starting|begins?|beginning|opens?|is|it's|from|and|to|@"
              "|drops?|arrives?|airs?|launch(?:es|ing)?|happening|live|here|us|you|back|again|held|open|closed|last",
        "from": "from|starting|starts?|beginning|begins?|as of|effective|opens?",
        "habit": "every|each|any|all|a|an|my|most|per|other|your|these|those|lazy|casual|of|another|on (?:every|each)",
        "wish": "happy|good|great|lovely|wonderful|fantastic|nice|beautiful|blessed|merry|have an? \\w+|sunny|bright",
        "this": "this(?: coming)?|coming|upcoming",
        "next": "next",
        "last": "last|past|previous",
        "month": "in|by|until|till|through|from|for|during|throughout|of|before|end|come|coming|upcoming|starting|on|since",
        "month_surely": "in|during|throughout|this|next|last|until|till|end of|mid|early|late|through|since",
        "lone_day": "on the|by the|until the|till the|before the|from the|deadline(?: is|:) the|and the|through the",
        "figure": "of|for a better|a better|better|a brighter|tools for|ready for|never|like|until|even|as if|here|born"
                  "|shaping|building|build|inventing|towards?|into|like there's no|yesterday,|past,|no",
        "target": "by|in|for|before|until|toward|towards|through|horizon|vision|agenda|target|goals?(?: for)?|to|of|strategy",
        "version": "version|v|office|windows|server|es|ecmascript|c\\+\\+|edition|rev|model|iso|route|area|room|act|pc",
        "month_use": "our|the|your|my",
        "order": f"\\b(?:{ORDERS})\\b[^.!?\\n]{{0,48}}",
        "open": "open|hours:?|from",
    },
    after={
        "deadline": "deadline|is the (?:last|final) day|cutoff|at the latest|latest",
        "habit": "motivation|mood|feels?|feelings?|vibes?|blues|funday|fact|facts|tip|tips|thoughts?|quotes?|inspiration"
                 "|special|roundup|wisdom|reads?|trivia|wishes|everyone|all|folks|friends|mornings|afternoons|nights"
                 "|evenings|(?:through|to|-|thru) (?:fri|sun|sat|thurs)\\w*",
        "part": "morning|afternoon|evening|night|noon|lunchtime|at|@|from|[-,(]|\\d",
        "figure": f"'s (?:\\w+ )?(?:{GENERIC})|more than ever|and (?:tomorrow|beyond|always|every ?day)"
                  f"|(?:is|are) (?:built|made|shaped|won)|never (?:comes|dies|knows)|together|land|\\?s",
        "end": "[.,!?;:)\\n@|-]|\\Z",
        "order_end": "[.,!?;:)\\n#>-]|\\Z|and|to|with|on|at https|here|link",
        "clock": "(?:@|at|from|,|-|,? ?[ap]m) ?\\d",
        "range": "-|to|until",
        "counted": "people|persons?|users|followers|participants|attendees|words|members|customers|students|miles|km|kg"
                   "|meters|metres|feet|ft|votes|likes|points|calories|steps|times|hours|days|euros?|dollars|pounds"
                   "|usd|eur|gbp|mb|gb|rpm|hp|watts?|volts?|mah|sq|units|copies|volunteers|jobs|employees|stars|seats",
        "month_use": "newsletter|issue|edition|update|recap|meet ?up|promo|promotion|offer|sale|special|release|round-?up"
                     "|report|highlights|schedule|calendar|challenge|webinar|deals?|specials",
        "time": "(?: at| @|,| -| from)? ?\\d",
        "ratio": "of|people|persons?|stars?|price|off|cup|tsp|tbsp|inch|share|full|marathon|half|done|complete|why",
    },
    about={
        "past": f"\\b(?:{PAST})\\b",
        "invite": "\\b(?:join|register|rsvp|tickets?|see you|come|don't miss|sign up|save the date|meet us|book|starts?"
                  "|begins?|attend|catch|hear|watch|tune|live|stop by|swing by|drop by|visit us|get your|will be)\\b",
        "thanks": "\\b(?:thanks?|thank you|recap|photos?|pics|throwback|tbt|looking back|great (?:time|night|day) at)\\b",
        "seasonal": "\\b(?:gifts?|sales?|offers?|deals?|discounts?|% off|menus?|order|shop|shopping|coming|approaching"
                    "|countdown|ready|soon|celebrat\\w{1,4}|deliver\\w{1,3}|this|our|open|closed|book|weekend|today"
                    "|tonight|wish\\w{0,3}|enjoy)\\b",
        "feature": "\\b(?:dashboard|usage|spent|spending|budget|stats|analytics|track\\w{0,3}|total)\\b",
        "commemorated": "\\b(?:world|international|national) (?:\\w{2,15} ){1,4}day\\b",
        "awareness_month": "\\b(?:(?:national|awareness|history|heritage|pride) (?:\\w{2,15} ){0,3}month"
                           "|movember|dry january|veganuary|stoptober)\\b",
        "hours": "\\b(?:open(?:ing)?|hours|daily|weekdays?|mon-|every)\\b",
    },
)
