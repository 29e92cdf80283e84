"""Check words that no card should carry: a card lies on a table, and says nothing of an illness or a deed.

The words of a card are four of BIP-39's list, picked by a hash of the therapist's keys (docs/token-format.md). The
lists were made for wallets and hold words that would hurt here. Nothing of the format changes: keys whose words hold
one of these, in any language of the portal, are drawn anew before anybody has seen them.
"""

from __future__ import annotations

from core import seal

_EN = """
abandon abuse accuse addict afraid alcohol alien angry anxiety arrest assault asthma attack betray bitter blame
bleak bomb broken bullet burden chaos chronic crash crazy crime cruel cry danger demise denial despair destroy dirt
disease disorder divorce dizzy dumb evil exile fat fatal fatigue fault fever fragile gloom grief guilt gun hurt ill
illegal illness injury inmate insane jealous knife lazy liar lonely mad misery mistake monster nasty neglect nerve
obscure odor orphan panic patient penalty pill pistol police poverty prison punch regret reject rifle rude sad
sadness scare shock shy sick silly skull stomach struggle stumble suffer surge symptom tobacco tragic trap trash
trouble ugly unable unfair unhappy upset useless vicious warfare weapon weasel weird worry wreck wrong
"""

_ES = """
aborto abuso acné acoso acusar adicto agonía ahogo alerta anemia asalto ataque ateo atroz bestia bicho bobina bobo
bomba borrar bruja bruto burla burro cadáver caída celoso cerdo chivo ciego cojo crimen crisis culpa cáncer cárcel
delgado delito derrota desnudo deuda diablo dolor droga débil enemigo enfado enfermo engaño fatiga feo feroz fiebre
flaco fobia fosa fracaso fraude frágil fuga furia fusil golpe gordo grave grito guerra gusano herir hostil huida
humilde hurto ilegal incapaz infiel insecto inútil ira jeringa joroba lacra ladrón larva lesión letal llaga llorar
loco locura lucha luto lágrima lástima mafia maldad malo manco matar miedo miseria morir mortal muerte multa necio
nervio náusea obeso odiar odio ogro olvido orgía pelea peligro pena perder pereza piojo pleito pobre preso prisión
puñal pánico pésimo rabia rapto rechazo rehén rencor ruina ruptura satán sexo soledad sordo sudor sufrir susto
tabaco temor terror tonto tormenta tosco trauma triste tuerto tumba tumor tóxico veneno vengar vicio vil viudo
víctima zurdo ácido úlcera
"""

#: By language, as BIP-39's list writes them: what could be read as about whoever holds the card, or frighten them.
UNFIT = {"en": frozenset(_EN.split()), "es": frozenset(_ES.split())}


def fit(sealing_public: bytes, signing_public: bytes) -> bool:
    """Whether the check words of these raw public keys can stand on a card, in each of the portal's languages."""
    return all(
        unfit.isdisjoint(seal.check_words(sealing_public, signing_public, language))
        for language, unfit in UNFIT.items()
    )
