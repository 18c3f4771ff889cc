extension DateWords {
    static let english = """
        month 1: january | jan
        month 2: february | feb
        month 3: march
        month 4: april | apr
        month 5: may
        month 6: june | jun
        month 7: july | jul
        month 8: august | aug
        month 9: september | sept | sep
        month 10: october | oct
        month 11: november | nov
        month 12: december | dec
        weekday 1: monday | mon
        weekday 2: tuesday | tue | tues
        weekday 3: wednesday | wed
        weekday 4: thursday | thu | thur | thurs
        weekday 5: friday | fri
        weekday 6: saturday
        weekday 7: sunday
        day 0: today | tonight | this evening | this afternoon | this morning
        day 1: tomorrow | tmrw
        day 2: the day after tomorrow | day after tomorrow
        within: within | within the next | in the next | over the next
        later: in
        hours: hours | hour | hrs | h
        days: days | day
        weeks: weeks | week
        number 1: one | a | an
        number 2: two
        number 3: three
        number 4: four
        number 5: five
        number 6: six
        number 7: seven
        number 10: ten
        number 24: twenty - four
        number 48: forty - eight
        morning: am | a.m. | in the morning
        afternoon: tonight | this evening | this afternoon | pm | p.m. | in the afternoon | in the evening
        afternoon: at night
        time 720: noon | midday
        time 540: morning
        time 1439: midnight
        time 1020: close of business | cob | close of play | end of day | eod | end of the day | end of business
        oclock: o'clock | o’clock | sharp
        end-of-week: end of the week | end of this week | end of week | weekend | the weekend
        end-of-month: end of the month | end of this month | end of month
        past: last | past | previous | ago
        next-week: next week | of next week
        until: by | until | till | before | no later than | not later than | at the latest | latest | due | ahead of
        goal: deadline | going to press | goes to press | go to press | to press | to print | publish
        goal: publication | we air | goes live | goes out | embargo | need your answer | need an answer
        goal: need a reply | need your reply | need your comment | your response | get back to me | respond
        goal: reply | filing | press time | let me know | hear from you
        zone Europe/London: london time | uk time | british time
        zone America/New_York: new york time | eastern time | eastern | east coast
        zone America/Los_Angeles: pacific time | california time | pacific
        zone Europe/Berlin: berlin time | central european time
        zone Europe/Paris: paris time
        zone Asia/Kolkata: india time | indian time | delhi time
        zone Asia/Tokyo: tokyo time | japan time
        zone Europe/Moscow: moscow time
        zone Africa/Cairo: cairo time
        filler: the | at | on | of | around | about | this | next | my | our | local | time | st | nd | rd | th
        filler: latest
        """

    static let german = """
        month 1: januar | jänner | jan
        month 2: februar | feb
        month 3: märz
        month 4: april
        month 5: mai
        month 6: juni
        month 7: juli
        month 8: august
        month 9: september | sept
        month 10: oktober | okt
        month 11: november | nov
        month 12: dezember | dez
        weekday 1: montag | montagabend | montagmorgen | montagmittag | montagnachmittag
        weekday 2: dienstag | dienstagabend | dienstagmorgen | dienstagmittag | dienstagnachmittag
        weekday 3: mittwoch | mittwochabend | mittwochmorgen | mittwochmittag | mittwochnachmittag
        weekday 4: donnerstag | donnerstagabend | donnerstagmorgen | donnerstagmittag | donnerstagnachmittag
        weekday 5: freitag | freitagabend | freitagmorgen | freitagmittag | freitagnachmittag
        weekday 6: samstag | sonnabend | samstagabend
        weekday 7: sonntag | sonntagabend
        day 0: heute | heute abend | heute nachmittag
        day 1: morgen | morgen früh | morgen abend
        day 2: übermorgen
        within: innerhalb von | innerhalb der nächsten | innerhalb | binnen | in den nächsten
        later: in
        hours: stunden | stunde | std
        days: tage | tagen | tag
        weeks: wochen | woche
        number 1: einer | eines | einem | ein
        number 2: zwei
        number 3: drei
        number 4: vier
        number 5: fünf
        number 6: sechs
        number 7: sieben
        number 10: zehn
        number 24: vierundzwanzig
        number 48: achtundvierzig
        morning: vormittags | morgens
        afternoon: nachmittags | abends | heute abend | heute nachmittag | morgen abend
        time 720: mittag | mittags | zwölf uhr mittags
        time 1439: mitternacht
        time 1020: dienstschluss | büroschluss | ende des tages | tagesende | geschäftsschluss
        oclock: uhr
        at: um
        end-of-week: ende der woche | ende dieser woche | wochenende | zum wochenende
        end-of-month: ende des monats | monatsende | ende dieses monats
        past: letzten | letzter | letzte | vergangenen | vorigen | vor
        next-week: nächste woche | kommende woche | nächster woche | kommender woche
        until: bis | bis zum | bis spätestens | spätestens | vor dem | vor | bevor | noch | zum
        goal: redaktionsschluss | frist | in druck | drucklegung | andruck | deadline | veröffentlichen
        goal: veröffentlichung | erscheint | druckschluss | sendetermin | rückmeldung | antwort brauche
        goal: brauche ich eine antwort | stellungnahme | abgabe | antworten
        zone Europe/Berlin: mez | mesz | deutscher zeit | berliner zeit | mitteleuropäischer zeit
        zone Europe/Vienna: wiener zeit
        zone Europe/Zurich: zürcher zeit
        zone America/New_York: new yorker zeit
        zone Europe/London: londoner zeit
        filler: den | dem | der | die | das | um | am | ab | gegen | kommenden | diesen | nächsten | kommender
        filler: dieser | zum
        """

    static let french = """
        month 1: janvier | janv
        month 2: février | févr
        month 3: mars
        month 4: avril
        month 5: mai
        month 6: juin
        month 7: juillet
        month 8: août
        month 9: septembre | sept
        month 10: octobre | oct
        month 11: novembre | nov
        month 12: décembre | déc
        weekday 1: lundi
        weekday 2: mardi
        weekday 3: mercredi
        weekday 4: jeudi
        weekday 5: vendredi
        weekday 6: samedi
        weekday 7: dimanche
        day 0: aujourd'hui | aujourd’hui | ce soir | cet après-midi | ce midi
        day 1: demain
        day 2: après-demain | après demain
        within: dans les | sous | dans un délai de | d'ici | d’ici
        later: dans | en
        hours: heures | heure | h
        days: jours | jour
        weeks: semaines | semaine
        number 1: une | un
        number 2: deux
        number 3: trois
        number 4: quatre
        number 5: cinq
        number 6: six
        number 7: sept
        number 10: dix
        number 24: vingt-quatre
        number 48: quarante-huit
        morning: du matin
        afternoon: ce soir | cet après-midi | de l'après-midi | de l’après-midi | du soir
        time 720: midi
        time 540: matin
        time 1080: soir
        time 1439: minuit
        time 1020: fin de journée | fin de la journée | la fin de journée
        oclock: h | heures | heure
        end-of-week: fin de la semaine | fin de semaine | fin de cette semaine | la fin de la semaine | week-end
        end-of-month: fin du mois | fin de mois | la fin du mois
        past: dernier | dernière | passé
        next-week: la semaine prochaine | semaine prochaine
        until: avant | d'ici | d’ici | jusqu'à | jusqu’à | jusqu'au | jusqu’au | pour | au plus tard | plus tard
        goal: bouclage | date limite | délai | échéance | publier | publication | parution | paraît | boucle
        goal: bouclons | impression | réponse | diffusion | diffusé | diffusée | antenne | répondre
        zone Europe/Paris: heure de paris | heure française
        zone Europe/Brussels: heure de bruxelles
        zone Europe/Zurich: heure de genève | heure suisse
        zone America/Toronto: heure de montréal
        zone Africa/Dakar: heure de dakar
        zone Africa/Casablanca: heure de casablanca
        filler: le | la | au | du | de | à | vers | ce | cette | prochain | l | les | er
        """
}
