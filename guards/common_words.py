"""Words that say little of what a text is about, and words that name a day: without accents, in seven languages."""

from __future__ import annotations

_SMALL = """
a about all an and are as at be been but by can do for from get has have he her his how i if in into is it its
just me more my new no not now of on or our out over she so than that the their them then there these they
this those to up us was we were what when where which who why will with you your
au aux avec c ce ces cet cette d dans de des du elle elles en est et il ils j je l la le les leur leurs m mais
mes mon n ne nos notre nous on ou par pas plus pour qu que qui s sa se ses son sont sur t ta te ton tous tout
toute tu un une vos votre vous y
auf aus bei das dem den der die ein eine einen einer es fur hat ich ihr ihre im ist mit nicht oder sie sind
und uns unser unsere von vom wir zu zum zur
al como con del el ella es lo los las mas muy nuestra nuestro o para pero por se ser su sus tu una y
alla che con da dal del della di e gli i il nel nella non per piu sono tra un una
aan bij dat de een en het hun is je met niet om ons onze op te uw van voor wij zijn
ao com da das do dos e em mais na nao nas no nos o os ou para pela pelo por que sao um uma
"""

_DAYS = """
monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat today tomorrow tonight
yesterday january february march april may june july august september october november december
jan feb mar apr jun jul aug sep sept oct nov dec
lundi mardi mercredi jeudi vendredi samedi dimanche aujourd demain hier soir
janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
montag dienstag mittwoch donnerstag freitag samstag sonntag heute morgen gestern
januar februar marz juni juli oktober dezember
lunes martes miercoles jueves viernes sabado domingo hoy manana
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
lunedi martedi mercoledi giovedi venerdi oggi domani
gennaio febbraio aprile maggio giugno luglio settembre ottobre novembre dicembre
maandag dinsdag woensdag donderdag vrijdag zaterdag zondag vandaag
januari februari maart mei augustus
segunda terca quarta quinta sexta hoje amanha
janeiro fevereiro marco maio junho julho setembro outubro novembro dezembro
"""

SMALL = frozenset(_SMALL.split())
DAYS = frozenset(_DAYS.split())
