extension DateWords {
    static let spanish = """
        month 1: enero | ene
        month 2: febrero | feb
        month 3: marzo
        month 4: abril
        month 5: mayo
        month 6: junio
        month 7: julio
        month 8: agosto
        month 9: septiembre | setiembre
        month 10: octubre
        month 11: noviembre | nov
        month 12: diciembre | dic
        weekday 1: lunes
        weekday 2: martes
        weekday 3: miércoles
        weekday 4: jueves
        weekday 5: viernes
        weekday 6: sábado
        weekday 7: domingo
        day 0: hoy | esta tarde | esta noche
        day 1: mañana
        day 2: pasado mañana
        within: en las próximas | en los próximos | dentro de | en un plazo de
        later: en
        hours: horas | hora | h | hs
        days: días | día
        weeks: semanas | semana
        number 1: una | un
        number 2: dos
        number 3: tres
        number 4: cuatro
        number 5: cinco
        number 6: seis
        number 7: siete
        number 10: diez
        number 24: veinticuatro
        number 48: cuarenta y ocho
        morning: de la mañana | a.m. | am
        afternoon: esta tarde | esta noche | de la tarde | de la noche | p.m. | pm
        time 720: mediodía
        time 1439: medianoche
        time 1020: final del día | fin del día | el final de la jornada | final de la jornada
        oclock: h | hs | horas | hora
        at: a las | a la | las
        end-of-week: final de la semana | fin de semana | finales de semana | fin de la semana
        end-of-month: fin de mes | final de mes | finales de mes
        past: pasado | pasada | último
        next-week: la próxima semana | próxima semana | la semana que viene | semana que viene
        until: antes del | antes de | antes | hasta | para | a más tardar | como muy tarde | como máximo
        goal: plazo | fecha límite | cierre | cerramos | publicar | publicamos | publicación | imprenta
        goal: impresión | respuesta | sale | emite | responder
        zone Europe/Madrid: hora de madrid | hora peninsular | hora española | horas peninsulares
        zone America/Mexico_City: hora de méxico | hora de ciudad de méxico
        zone America/Argentina/Buenos_Aires: hora de buenos aires | hora argentina
        zone America/Bogota: hora de bogotá | hora colombiana
        zone America/Santiago: hora de santiago | hora de chile
        zone America/Lima: hora de lima | hora peruana
        filler: el | la | las | los | del | de | a | este | esta | próximo | sobre | que | viene | al | día
        """

    static let portuguese = """
        month 1: janeiro | jan
        month 2: fevereiro | fev
        month 3: março
        month 4: abril
        month 5: maio
        month 6: junho
        month 7: julho
        month 8: agosto
        month 9: setembro
        month 10: outubro
        month 11: novembro | nov
        month 12: dezembro | dez
        weekday 1: segunda-feira | segunda
        weekday 2: terça-feira | terça
        weekday 3: quarta-feira | quarta
        weekday 4: quinta-feira | quinta
        weekday 5: sexta-feira | sexta
        weekday 6: sábado
        weekday 7: domingo
        day 0: hoje | hoje à tarde | hoje à noite
        day 1: amanhã
        day 2: depois de amanhã
        within: nas próximas | nos próximos | dentro de | no prazo de
        later: em
        hours: horas | hora | h
        days: dias | dia
        weeks: semanas | semana
        number 1: uma | um
        number 2: duas | dois
        number 3: três
        number 4: quatro
        number 5: cinco
        number 6: seis
        number 7: sete
        number 10: dez
        number 24: vinte e quatro
        number 48: quarenta e oito
        morning: da manhã
        afternoon: hoje à tarde | hoje à noite | da tarde | da noite
        time 720: meio-dia | meio dia
        time 1439: meia-noite | meia noite
        time 1020: fim do dia | final do dia | fim do expediente
        oclock: h | horas | hora
        at: às | as
        end-of-week: fim da semana | final da semana | fim de semana | fim desta semana
        end-of-month: fim do mês | final do mês
        past: passada | passado | última | último
        next-week: semana que vem | próxima semana | a próxima semana
        until: até | antes de | antes da | antes do | antes | para | no máximo | o mais tardar | impreterivelmente
        goal: prazo | fechamento | fecho | fechamos | data limite | publicar | publicamos | publicação
        goal: impressão | gráfica | resposta | vai ao ar | responder
        zone America/Sao_Paulo: horário de brasília | hora de brasília | horário de são paulo
        zone Europe/Lisbon: hora de lisboa | horário de lisboa | hora de portugal
        filler: o | a | as | os | do | da | de | no | na | às | à | ao | este | esta | próxima | próximo | feira
        filler: dia | desta
        """
}
