"""French words of time."""

from .base import Language

EVENTS = (
    "reunion|conference|conf|soiree|evenement|atelier|webinaire|webinar|concert|match|journee|rencontre|tirage"
    "|live|formation|session|apero|petit[- ]dejeuner|dejeuner|diner|rdv|rendez-vous|emission|seance|visite|fete"
    "|matinee|programme|agenda|menu|planning|cours|meteo|spectacle|marathon|course|etape|tournoi|debat|tirage"
    "|direct"
)
PAST = (
    "(?:ont|avons|avez|ai|sommes|s'est|se sont|nous etions|j'etais)(?: ete| bien| deja"
    r"| tous)? (?!jusqu)(?:\w{2,14}(?:e|es|ee|ees|i|is|ie|ies|u|us|ue|ues)|mis|pris|fait|ouvert|offert|dit|ecrit"
    "|permis)|etait|etaient|fut|furent|(?:a|est|sont|a ete|ont ete) (?:eu|fait|lance|lancee|ouvert|ouverte|publie"
    "|publiee|signe|recu|gagne|remporte|annonce|annoncee|presente|cree|creee|organise|accueilli|permis|pris|mis"
    "|dit|tue|tuee|obtenu|reussi|decouvert|participe|sortie?s?|nee?s?|morte?|partie?s?|arrivee?s?|venue?s?"
    "|devenue?s?|passee?s?|parue?s?|vote|fete)|merci a|retour sur|nous avions|j'avais|il y avait|c'etait"
)
ORDERS = (
    "commandez|inscrivez|inscris-toi|abonnez|abonne-toi|telechargez|achetez|essayez|testez|contactez|demandez"
    "|commencez|adoptez|appelez|lancez|optez|rejoignez(?!-nous)|creez|passez a"
)

FRENCH = Language(
    code="fr",
    day_first=True,
    dotted=True,
    common=(
        "le la les un une des du de et en est pour que qui dans sur pas vous nous avec votre vos notre nos par plus au"
        " a aux ce cette ces il elle on je tu ne se son sa ses mais ou tout tous bien faire d l j c qu y sont avez etes"
    ),
    telling="aujourd demain hier semaine mois jours ans jusqu prochain prochaine dernier derniere soir heures noel",
    months={
        "janvier": 1,
        "janv": 1,
        "jan": 1,
        "fevrier": 2,
        "fevr": 2,
        "fev": 2,
        "mars": 3,
        "avril": 4,
        "avr": 4,
        "mai": 5,
        "juin": 6,
        "juillet": 7,
        "juil": 7,
        "aout": 8,
        "septembre": 9,
        "sept": 9,
        "octobre": 10,
        "oct": 10,
        "novembre": 11,
        "nov": 11,
        "decembre": 12,
        "dec": 12,
    },
    shy_months=frozenset({"mars", "sept", "mai", "jan", "dec"}),
    weekdays={"lundi": 0, "mardi": 1, "mercredi": 2, "jeudi": 3, "vendredi": 4, "samedi": 5, "dimanche": 6},
    bare_weekdays=True,
    short_weekdays={"lun": 0, "mar": 1, "mer": 2, "jeu": 3, "ven": 4, "sam": 5, "dim": 6},
    plural="s",
    seasons={"printemps": "spring", "ete": "summer", "automne": "autumn", "hiver": "winter"},
    counts={
        "un": 1,
        "une": 1,
        "deux": 2,
        "trois": 3,
        "quatre": 4,
        "quelques": 0,
        "qq": 0,
        "qques": 0,
        "cinq": 5,
        "six": 6,
        "sept": 7,
        "huit": 8,
        "neuf": 9,
        "dix": 10,
        "douze": 12,
        "quinze": 15,
        "vingt": 20,
    },
    units={
        "minutes": "minute",
        "minute": "minute",
        "min": "minute",
        "mn": "minute",
        "petits jours": "day",
        "heures": "hour",
        "heure": "hour",
        "h": "hour",
        "jours": "day",
        "jour": "day",
        "j": "day",
        "dodos": "day",
        "dodo": "day",
        "semaines": "week",
        "semaine": "week",
        "mois": "month",
        "ans": "year",
        "an": "year",
        "annees": "year",
        "annee": "year",
    },
    ordinal=r"(?:er|eme|e|°|o)\b|°",
    rank=r"(?:e|eme)\b",
    of="(?:de |d')?",
    joins="au|a|jusqu'au|et le|et au|-",
    also="et|ou|puis|et le|et les",
    parts={
        "debut": 10,
        "le debut": 10,
        "mi": 20,
        "fin": 31,
        "la fin": 31,
        "courant": 31,
        "1ere quinzaine": 15,
        "premiere quinzaine": 15,
        "1re quinzaine": 15,
        "1er quinzaine": 15,
        "1° quinzaine": 15,
        "2eme quinzaine": 31,
        "2e quinzaine": 31,
        "deuxieme quinzaine": 31,
        "seconde quinzaine": 31,
        "premiere semaine": 8,
        "derniere semaine": 31,
        "milieu": 20,
    },
    moments={
        "now+0": ("aujourd'? ?hui", "auj", "ajd", "aujourdhui"),
        "day+0": (
            "ce (?:matin|midi|soir)",
            "c'? ?t?e?t? ?aprem",
            "cet(?:te)? (?:aprem|aprm)",
            "c'aprem",
            "aprem",
            "cet(?:te)? apres[- ]?(?:midi|m|mid)",
            "cette (?:nuit|soiree|matinee|journee)",
            "tout a l'heure",
            "tantot",
            "dans (?:la|l') ?(?:journee|soiree|apres-midi)",
            "(?:jusqu'a|avant) minuit",
            "en fin (?:de journee|d'apres-midi|de matinee)",
            "en debut (?:de soiree|d'apres-midi)",
            "(?:dans|d'ici) (?:quelques|un quart d'|une demi-? ?) ?(?:minutes|heures?|instants)",
            "a l'instant",
            "jour j",
            r"h ?- ?\d{1,2}",
        ),
        "live+0": (
            "en direct (?:de|du|des|d'|au|aux|sur|depuis|avec|a|maintenant|live)",
            "en ce moment meme",
            "en ce moment",
            r"suivez(?: \w{1,12}){0,3} en direct",
            "c'est parti pour",
            "la maintenant",
            "ca commence",
            "(?:il y a|ya|y a) (?:quelques|un quart d'|une demi-? ?) ?(?:minutes|heures?|instants)",
        ),
        "named+0": (
            "(?:joyeux|bon|heureux) anniversaire",
            "bonne fete",
            "journees? (?:mondiale|internationale|nationale|europeenne)s? (?:de |des |du |d'|contre |pour "
            r"|sans )(?:la |le |les |l')?(?:\w{2,15} ?){1,3}",
        ),
        "soon+7": (
            "derniers jours",
            "derniere chance",
            "dernier appel",
            "ces prochains jours",
            "bientot fini",
            "(?:dans|d'ici) les (?:prochains jours|jours (?:qui viennent|a venir))",
        ),
        "soon+30": ("(?:dans|d'ici) les (?:prochaines semaines|semaines (?:qui viennent|a venir))",),
        "soon+180": ("dans les (?:prochains mois|mois (?:qui viennent|a venir))",),
        "last+0": (
            "dernier jour",
            "dernieres heures",
            "derniers instants",
            "derniere journee",
            "derniere chance aujourd'hui",
        ),
        "day+1": ("demain(?: (?:soir|matin|midi|apres[- ]?midi|aprem))?", "dem1", "2main"),
        "day+2": ("apres[- ]demain",),
        "day-1": ("hier(?: soir| matin| apres[- ]?midi| aprem| midi)?", "avant[- ]hier", "la nuit derniere"),
        "week+0": (
            "cette semaine",
            "fin de semaine",
            "dans la semaine",
            "le reste de la semaine",
            "ces jours-? ?ci",
            "toute la semaine",
            "fin de (?:la |cette )?semaine",
            "la semaine en cours",
            "de la semaine en cours",
        ),
        "week+1": (
            r"(?:la )?sem(?:aine|\.)? (?:prochaine|proch\.?|pro)",
            "la semaine qui vient",
            "la semaine d'apres",
        ),
        "week-1": ("(?:la )?semaine (?:derniere|passee)",),
        "weekend+0": (
            "ce (?:long |grand )?(?:week[- ]?end|w-?e|wk)",
            "tout ce week[- ]?end",
            "tout le (?:long )?week[- ]?end",
            "tout le we",
            "le week[- ]?end (?:arrive|approche|commence)",
        ),
        "weekend+1": ("(?:le )?week[- ]?end prochain", "(?:le )?we pro(?:chain)?"),
        "weekend-1": ("(?:le )?week[- ]?end (?:dernier|passe)",),
        "month+0": (
            "octobre rose",
            "movember",
            "dry january",
            "mois sans tabac",
            "veganuary",
            "mars bleu",
            "ce mois(?:-ci| ci)?",
            "tout le mois",
            "(?:la )?fin du mois",
            "(?:la )?fin de ce mois",
            "du mois en cours",
        ),
        "month+1": ("(?:le )?mois prochain",),
        "month-1": ("(?:le )?mois (?:dernier|passe)",),
        "quarter+0": ("ce trimestre",),
        "quarter+1": ("(?:le )?trimestre prochain",),
        "year+0": (
            "en cette (?:nouvelle )?annee",
            "fin '?annee",
            "l'annee en cours",
            "cette annee",
            "(?:la )?fin de l'annee",
            "(?:la )?fin d'annee",
            "fin de cette annee",
            "d'ici la fin de l'annee",
        ),
        "year+1": ("(?:l')?an prochain", "(?:l')?annee prochaine"),
        "year-1": ("(?:l')?an (?:dernier|passe)", "(?:l')?annee (?:derniere|passee|ecoulee)"),
        "season+0": ("cette saison",),
        "season+1": ("(?:la )?saison prochaine",),
        "season-1": ("(?:la )?saison (?:derniere|passee)",),
        "newyear+0": (
            "(?:commencer|commencez|debuter|debutez|demarrer|demarrez|attaquer|bien commencer) (?:bien )?(?:l'"
            "|la nouvelle |cette nouvelle )annee",
            "bonnes resolutions",
            "debut d'annee",
        ),
    },
    countdowns=(
        "(?:dans|ds) (?:seulement |moins de |moins d'|a peine |exactement |tout juste )?{n}",
        "plus que {n}",
        "plus qu'{n}",
        "(?:reste|restent)(?: encore| plus que| que| seulement| moins de| donc| environ| a peine){0,2} {n}",
        "encore {n} (?:pour|avant|et)",
        "{n} (?:restants?|restantes?|avant (?:le|la|les|l'|de|noel|notre))",
        "d'ici {n}",
        "(?:code promo|offre|promo|vente flash|flash|plus que) {n}(?: seulement| chrono| top chrono)?",
        "valables? {h}",
        "{n} (?:seulement|chrono)",
        "plus que quelques {n}",
        "les {n} prochaines",
        "(?:les )?derniere?s {n}",
        "a {n} (?:du|de la|de l'|des)",
    ),
    agos=(
        "{n} plus tot",
        "(?:il )?y'? ?a(?: deja| environ| plus de| pres de| exactement| tout juste| maintenant)? {n}",
        "voila {n}",
        "ca fait {n} que",
    ),
    feasts={
        "saint[- ]?sylvestre|(?:le )?reveillon du (?:31|nouvel an|jour de l'an)": "new_years_eve",
        "(?:bonne|belle|heureuse|meilleure|excellente|superbe|douce|tres belle) (?:et heureuse "
        "|et belle )?(?:nouvelle )?annee(?: a tous)?|meilleurs voeux|nos voeux|mes voeux|voeux": "new_year_month",
        "nouvel an|jour de l'an|premier de l'an": "new_year",
        "nouvel an chinois|nouvel an lunaire|annee (?:du|de la|de l') ?(?:rat|boeuf|buffle|tigre|lapin|dragon"
        "|serpent|cheval|chevre|singe|coq|chien|cochon)": "chinese_new_year",
        "ramadan": "ramadan",
        "aid el[- ]fitr|aid moubarak": "eid_fitr",
        "journee (?:mondiale )?(?:de lutte )?contre le cancer": "cancer_day",
        "journee (?:mondiale )?de l'eau": "water_day",
        "journee (?:internationale )?du bonheur": "happiness_day",
        "journee (?:mondiale )?de la sante": "health_day",
        "journee (?:mondiale )?de l'environnement": "environment_day",
        "journee (?:mondiale )?(?:de lutte )?contre le sida": "aids_day",
        "journee (?:mondiale )?(?:des )?oceans": "oceans_day",
        "world cleanup day|journee (?:mondiale )?du nettoyage": "heritage_fr",
        "journee (?:mondiale )?du (?:coeur)": "heart_day",
        "journee (?:mondiale )?du diabete": "diabetes_day",
        "international women'?s ?day|iwd": "womens_day",
        "epiphanie|galettes? des rois": "epiphany",
        "chandeleur": "candlemas",
        "(?:st|saint)[- ]?valentin": "valentine",
        "mardi gras": "carnival",
        "journee (?:internationale |mondiale )?(?:des droits )?(?:des |de la )(?:droits des )?femmes?": "womens_day",
        "fete des grand[- ]?(?:s[- ])?meres": "grandmothers_fr",
        "poissons? d'avril": "april_fools",
        "jour de la terre|journee (?:mondiale )?de la terre": "earth_day",
        "dimanche des rameaux": "palm_sunday",
        "vendredi saint": "good_friday",
        "lundi de paques": "easter_monday",
        "paques|pascal": "easter",
        "fete du travail": "labour_day",
        "(?:jeudi de l'|pont de l'|l'|week-end de l')ascension": "ascension",
        "lundi de pentecote": "whit_monday",
        "pentecote": "pentecost",
        "fetes? des meres|fete des mamans": "mothers_fr",
        "fetes? des peres|fete des papas": "fathers_us",
        "fete de la musique": "music_fr",
        "fete nationale": "bastille",
        "(?:l')?assomption": "assumption",
        "journees? (?:europeennes? )?du patrimoine": "heritage_fr",
        "(?:la |cette |bonne |belle |de |pour la )?rentree(?: scolaire| litteraire| des classes)?": "back_to_school",
        "halloween": "halloween",
        "toussaint": "all_saints",
        "armistice": "armistice",
        "beaujolais nouveau": "beaujolais",
        "black ?friday(?: week(?: ?end)?)?": "black_friday",
        "cyber ?monday": "cyber_monday",
        "calendriers? de l'avent|l'avent": "advent",
        "saint[- ]?nicolas": "st_nicholas",
        "(?:le )?reveillon de noel|veille de noel": "christmas_eve",
        "noels?|pere[- ]noel|reveillonner": "christmas",
        "reveillon": "new_years_eve",
        "(?:joyeuses|bonnes|belles|heureuses) fetes(?: de fin d'annee)?|fetes de fin d'annee|(?:pour les|vos|les"
        "|nos|des|ces|tables? de|repas de|menus? de|tenues? de) fetes?(?! d| na)": "holidays",
        "soldes d'hiver": "winter_sales",
        "soldes d'ete": "summer_sales",
        "soldes": "sales",
    },
    before={
        "deadline": (
            "jusqu'au|jusqu'a|jusqu'en|avant|avant le|avant la|d'ici|d'ici le|d'ici au|d'ici a"
            "|au plus tard(?: le)?|date limite(?: le)?|dernier delai|cloture(?: le)?|prend fin(?: le)?"
            "|se termine(?: le)?|fin le|ferme(?: le)?|expire(?: le)?|valables?(?: jusqu'au)?|echeance|limite"
        ),
        "since": "depuis|depuis le|depuis l'|apres|des annees|ne le|nee le|datant du|date du|paru le|publie le"
        "|fonde en|cree en",
        "on": "le|la|ce|du|au|a|des|de|pour|samedi|date|rdv|rendez-vous|en|et|et le|et au|entre le|des le"
        "|partir du|jusqu'au|avant le|avant|depuis le|ouvert|ouverts|ferme|notez|agenda",
        "from": "a partir du|des le|des|a compter du|debut|demarre|commence",
        "yearly": "chaque|tous les|toutes les",
        "habit": "chaque|tous les|toutes les|le|les|un|une|du|mes|nos|par|au|aux|certains|quelques|tous nos|toute la",
        "wish": "bon|bonne|beau|belle|joyeux|joyeuse|heureux|heureuse|excellent|excellente|super|merveilleux|doux"
        "|joyeuses|bonnes|belles|tres bon|tres bonne|tres joyeux|magnifique|magique",
        "this": "ce|cet|cette|pour l'|ces",
        "next": "prochain|prochaine",
        "last": "dernier|derniere",
        "month": "c'est|deja|de|d'|en|au mois de|du mois de|mois de|d'ici|jusqu'en|pour|courant|des|depuis"
        "|en ce mois de|ce mois de|a partir de|le mois de|au mois d'",
        "month_surely": "en|mois de|d'ici|jusqu'en|courant|debut|fin",
        "lone_day": "jusqu'au|avant le|d'ici le|d'ici au|des le|a partir du|le|du|au",
        "nowadays": "d'|des|encore|comme|jusqu'a|jusqu'|meme|a l'heure|agir|vivre|monde|toujours|qu'|d'hier et",
        "someday": "de|pour|a|dessine|dessiner|construire|construit|imaginer|inventer|inventons|preparer|prepare"
        "|comme|un|autre|vers|ecrire|et|hui et|que|le|notre|penser|d'aujourd'hui et",
        "unreal": "comme|comme si c'etait|semble que c'etait",
        "next_week": r"sem(?:aine|\.)? proch(?:aine|\.)?[., ]{1,3}(?:(?:puis|le|depart|et) ){0,2}",
        "within": "en|de|au cours de|courant|durant|pendant",
        "occasion": f"(?:{EVENTS})s? (?:de|d'|pour)",
        "target": "en|d'ici|pour|horizon|a l'horizon|objectif|objectifs|cap|agenda|vision|avant|strategie"
        "|ambition|plan",
        "version": "version|v|office|windows|server|es|modele|norme|iso|n°|rue|salle|chambre|bureau|lot|route"
        "|paris|lyon",
        "month_use": "notre|nos|votre",
        "order": rf"\b(?:{ORDERS})\b[^.!?\n]{{0,40}}",
    },
    after={
        "deadline": "dernier delai|au plus tard|inclus date limite",
        "habit": "du mois|de chaque|sur deux|motivation|ressources|astuce|conseil|demo|inspiration|fun|a vendredi"
        "|au vendredi|au samedi|au dimanche|au jeudi|gras|apres-midis|soirs|matins|a tous|a toutes"
        "|tout le monde",
        "part": r"matin|soir|midi|apres-midi|a|des|de|@|\d|[,(-]|prochain|dernier|\?|!",
        "next": "prochain|prochaine|qui vient|a venir|suivant|suivante",
        "last": "dernier(?! delai)|derniere|passe|passee",
        "end": r"[.,!?;:)\n@|-]|\Z",
        "order_end": r"[.,!?;:)\n#>-]|\Z|et|pour|sur|avec|en|votre|notre|a|le|la|les|un|une|des|vos|nos",
        "nowadays": "plus que jamais|encore|comme hier|(?:et|comme|que|ou) (?:pour )?demain|et toujours|,? (?:la"
        "|le|les) (?:majorite|plupart|entreprises|marques|clients|consommateurs|francais|jeunes|gens|femmes"
        "|hommes|medias|reseaux|outils|usages|salaries|enfants|parents)|,? (?:plus de |pres de |environ "
        r"|seuls? |seulement )?\d[\d.,]{0,6} ?(?:%|francais|personnes|millions|milliards|\w{2,15} sur)"
        r"|,? (?:un|une) (?:\w{2,15}) sur",
        "someday": r"(?:est|sera) un autre jour|les (?:\w{2,15} )?(?:entreprises|francais|jeunes|enfants|marques)",
        "next_week": "(?:de )?(?:la )?semaine prochaine",
        "weekday": r"\(?(?:lun|mar|mer|jeu|ven|sam|dim)\w{0,5}",
        "counted": "personnes|euros?|abonnes|participants|km|kg|mots|clients|membres|places|points|vues|fois"
        "|calories|heures|jours|habitants|eleves|etudiants|salaries|m2|metres|watts|ml|emplois|benevoles"
        "|visiteurs|pieces",
        "time": r"(?: a| vers| des|,| -| @| de| entre|:)? ?\d",
        "clock": r"(?:a|des|@|de|,|-|:) ?\d",
        "ratio": "sur|personnes|etoiles|des|de|finale|points|francais|tour",
        "month_use": r"prochain|\d",
    },
    about={
        "done": r"\b(?:a ete une|a ete un|etait|etaient|fut|laureat|laureate|laureats|finaliste|gagnant"
        r"|a remporte|avait|merci a)\b",
        "past": rf"\b(?:{PAST})\b",
        "advice": r"\b(?:outils?|conseils|astuces|tendances?|objectifs|resolutions|previsions|predictions|habitudes"
        r"|strategies?|incontournables|idees|bonnes pratiques|comment|facons de|guides?|perspectives)\b",
        "invite": r"\b(?:retrouvez|retrouvons|rejoignez|venez|rdv|rendez-vous|inscri\w{2,9}|reserv\w{2,6}"
        r"|billet\w{0,6}|on vous attend|vous attend\w{0,3}|a bientot|participez|soyez|debut\w{0,3}"
        r"|demarr\w{1,3}|ouvre\w{0,3}|on se retrouve|ne (?:manquez|ratez)|places|suivez|a partir de|commence"
        "|conference|atelier|soiree|concert|apero|reunion|conf|table ronde|meetup|barcamp|webinaire|emission"
        r"|dejeuner|diner|cafe|portes)\b",
        "thanks": r"\b(?:merci|bravo|retour sur|retour en images|photos?|souvenirs?)\b",
        "seasonal": r"\b(?:cadeaux?|offres?|promo\w{0,5}|soldes|menus?|command\w{1,5}|livr\w{1,6}|approche\w{0,3}"
        r"|bientot|plein|arrive\w{0,2}|preparez|prets?|coffrets?|marches?|shopping|boutiques?|fermeture"
        r"|ouvert\w{0,4}|special\w{0,3}|idees?|reductions?|ateliers?|concours|chargee?|souhait\w{1,4}"
        r"|derniers?|dernieres?)\b",
        "feature": r"\b(?:dashboard|tableau de bord|depense\w{0,3}|budget|stats|statistiques|total|conso\w{0,8})\b",
        "hours": r"\b(?:ouvert\w{0,2} (?:de|du|tous)|horaires?|tous les|chaque|du lundi|du mardi"
        r"|quotidien\w{0,4})\b",
    },
)
