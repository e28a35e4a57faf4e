"""What a text that came in says about consent.

A person may revoke consent in any reasonable manner. STOP, QUIT, END, REVOKE, OPT OUT, CANCEL and UNSUBSCRIBE are
such by definition, and so is any wording that a reasonable person would take for it: 47 CFR 64.1200(a)(10). Twilio
hears a message that is one of its keywords and nothing else; the sentences are left to us.

- STOP and its like are an opt-out wherever they are a whole clause ("Stop. Wrong number"); END, QUIT, CANCEL and
  other words of everyday use as the whole message: "cancel", but not "yes, cancel" to a question of ours.
- A sentence is one where it is about the messages, the list or the number, in English or Spanish. What is about a
  visit ("stop by", "cancel my appointment") or a while ("don't text me before 9") is not.
- START, UNSTOP, SUBSCRIBE and OPT IN, alone, opt in again: consent must be plain. YES does so for Twilio, but is the
  answer to any question, so not for us.
- A phone's reaction that quotes our text (Liked “… reply STOP to opt out”) says nothing.

What remains open is a reply, and a person of the company reads it.
"""

import re
import unicodedata
from enum import StrEnum


class Meaning(StrEnum):
    """What somebody asks for who writes nothing but that."""

    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    HELP = "help"


def _phrases(listed: str) -> frozenset[str]:
    return frozenset(listed.split(", "))


_AS_A_CLAUSE = _phrases(
    "stop, stopall, unsubscribe, unsub, optout, revoke, revoke all, parar, pare, paren, desuscribir"
)
_AS_A_WHOLE = _phrases(
    "end, end all, quit, quit all, cancel, cancel all, cease, cease and desist, remove, dnc, no more, go away, "
    "get lost, fuck off, piss off, alto, baja, basta, cancelar, detener, fin, no mas, para, salir, terminar"
)
_OPT_IN = _phrases("start, unstop, subscribe, resubscribe, optin")
_HELP = _phrases("help, info, ayuda")


def _patterns(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, patterns))


# Spelling ---------------------------------------------------------------------------------------
_APOSTROPHES = re.compile("['’‘`´]")  # noqa: RUF001 — what phones put into "don't"
_SPELLED_OUT = re.compile(r"\b(?:[a-z][ .*_-]){2,}[a-z]\b")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_PUNCTUATION = r"[.,;:!?¡¿()\n\r—–]+"  # noqa: RUF001 — dashes end a clause
_CLAUSE_ENDS = re.compile(rf"{_PUNCTUATION}|\s-|\b(?:please|pls|plz|por ?favor|porfa)\b")
_STOP_SIGN = "\N{OCTAGONAL SIGN}"
_WORD = re.compile(r"[^\W_]+")
_SHORT = {
    "u": "you", "ur": "your", "txt": "text", "txts": "texts", "txting": "texting", "msg": "message",
    "msgs": "messages", "stopp": "stop", "donot": "dont", "dnt": "dont", "yall": "you",
}  # fmt: skip
_ONE_WORD = (
    (re.compile(r"\b(?:do not|don t|does not|doesnt)\b"), "dont"),
    (re.compile(r"\bdid not\b"), "didnt"),
    (re.compile(r"\bopt(?:ing|ed)? out\b"), "optout"),
    (re.compile(r"\bopt in\b"), "optin"),
    (re.compile(r"\bstop all\b"), "stopall"),
    (re.compile(r"\bun ?su(?:b|s|bs)c?r?ib(?:e|ed|ing)\b"), "unsubscribe"),
    (re.compile(r"^stop ?(?:2|to) ?(?:stop|end|quit|cancel|optout|unsubscribe)$"), "stop"),
    (re.compile(r"^(\w+)(?: \1)+$"), r"\1"),
    (re.compile(r"\b(?:thank you|the hell|the fuck|right now|at once)\b"), ""),
)
_NOISE = _phrases(
    "just, ever, kindly, immediately, now, asap, thanks, thx, already, again, really, fucking, damn, freaking, "
    "gracias, ya"
)

# English ----------------------------------------------------------------------------------------
_STOP = "(?:stop(?:all)?|quit|cease|discontinue|end|cancel|halt)"
_TEXTS = (
    "(?:texts?|messages?|sms|calls?|emails?|spam|junk|notifications?|alerts?|updates?|promotions?|promos?|ads?|"
    "marketing|solicitations?|communications?|subscription)"
)
_SUCH = (
    "(?:(?:all|any|the|these|this|those|your|my|of|more|further|such|with|to|me|us|sending|receiving|getting|text|"
    "sms|marketing|automated|unwanted|stupid|annoying) )*"
)
_REACH = "(?:contact|text|message|call|phone|email|write|bother|spam|disturb|solicit|reach out)"
_REACH_AND = rf"{_REACH}(?: (?:or|and|nor) {_REACH})*"
_REACHING = "(?:contacting|texting|messaging|calling|emailing|writing|bothering|spamming|harassing|soliciting)"
_MINE = r"(?:my|our|this) (?:\w+ )?(?:number|phone|cell|name|info|information|contact|data)"
_WE = rf"(?:me|us|{_MINE}|here|anymore|any more|any longer|list|registry|at all|further)"
_STOP_LEAD = (
    "(?:no|yes|ok|okay|hi|hello|hey|sir|guys|seriously|enough|i (?:said|texted)|reply|text|"
    "(?:can|could|would|will) you|you (?:need to|have to|must|should)|"
    "(?:i want )?this (?:to|needs to|has to|must)|make (?:it|this))"
)
_STOP_TAIL = "(?:stop|it|this|that|these|all|of|everything|sending|forever|for good|ok|okay|sir|maam|man|bro|dude|guys)"

_ABOUT_STOPPING = _patterns(
    rf"^(?:{_STOP_LEAD} )*stop(?: {_STOP_TAIL})*$",
    r"^stop (?:i|im|ive|we|weve|you|youre|wrong|not|no|dont|never|this is|who|why)\b",
    rf"\b{_STOP} (?:with )?(?:the |this |these |your )?{_REACHING}\b",
    rf"\b{_STOP} {_SUCH}{_TEXTS}\b",
    rf"\b{_STOP} sending(?: (?:me|us|this|these|those|stuff|things|anything|crap|shit))*$",
    r"\b(?:unsubscribe|optout|opt (?:me|us) out)\b",
)
_ABOUT_REACHING = _patterns(
    rf"\b(?:dont|never|not|no longer) (?:you dare )?{_REACH_AND}(?: to)? {_WE}\b",
    r"\b(?:dont|never) (?:contact|text|message|call)(?: (?:or|and|nor) (?:text|message|call|email))*$",
    rf"\b(?:dont|never) send (?:me |us )?{_SUCH}(?:{_TEXTS}\b|anything|any ?more|stuff|this$|these$)",
)
_PLAIN = _patterns(
    rf"\b(?:dont|never|not|no longer) (?:want|wish|like|need|care)(?: to| for)? (?:you (?:guys )?to {_REACH}\b|"
    rf"be {_REACH}ed\b|(?:receive |get )?{_SUCH}{_TEXTS}\b|(?:receive|get) (?:this|these|any)|"
    r"hear from you|be on (?:this|your|the) (?:\w+ )?list)",
    rf"\bno (?:more|further) {_SUCH}(?:{_TEXTS}\b|contact\b|texting|messaging|this$|these$)",
    rf"^(?:no|zero) {_SUCH}(?:{_TEXTS}|contact|texting|solicit(?:ing|ors))$",
    rf"\b(?:remove|delete|erase|purge|scrub) (?:me|us|{_MINE})\b",
    rf"\b(?:take|get|drop|keep|strike) (?:me|us|{_MINE}) off\b",
    rf"\btake (?:me|us|{_MINE}) out of (?:your|the|this) (?:\w+ )?(?:list|database|system|records)\b",
    rf"\b(?:want|wish|like|need|ask|asked|request|have|get) (?:to be|me|us|{_MINE}) "
    r"(?:removed|taken off|deleted)\b",
    rf"\b(?:be|me|us|{_MINE}) (?:removed|taken off) from (?:this|your|the) (?:\w+ )?list\b",
    r"\b(?:told|asked|telling|asking|want|need|begging|get) (?:you|them|this|these|the|your)"
    r"(?: guys| people| texts| messages| calls)? to stop\b(?! (?:by|over|in|at|on|for)\b)",
    r"\bleave (?:me|us) (?:\w+ ){0,3}alone\b",
    r"\b(?:lose|forget) (?:my|this) (?:\w+ )?number\b",
    rf"\bon (?:your|the|a) (?:dont|no) {_REACH}\b",
    r"^(?:i think )?(?:(?:this is|you (?:have|got)) )?(?:the |a )?wrong (?:number|person)$",
    r"\b(?:revoke|withdraw|rescind) (?:(?:my|all|any|our) )*(?:consent|permission)\b",
    rf"\b(?:no|not|never|dont|didnt) (?:\w+ ){{0,4}}(?:permission|consent) to {_REACH}\b",
)
_CALLS = re.compile(r"\b(?:call|calls|calling|phone)\b")
_TEXT_INSTEAD = re.compile(
    r"(?<!dont )(?<!not )(?<!or )(?<!and )\btext (?:me|us|instead|only)\b|\b(?:by|via|prefer|only|rather) texts?\b|"
    r"\btext(?:s|ing)? (?:is|are|works?) (?:ok|okay|fine|good|better|best)\b"
)
_NOT_STOPPING = re.compile(
    r"(?<!you )(?<!why )\b(?:dont|didnt|never|not|wont|shouldnt)(?: want)?(?: you)?(?: mean)?(?: to)?$|"
    r"\b(?:did|will|would) (?:i|it|we|they)$|\bdid you$|(?<!do )(?<!can )\b(?:i|we|it|they|ill|accidentally)$|"
    r"\bmeant? to$"
)
_NOT_WANTED = re.compile(r"(?<!you )\b(?:dont|didnt|never|not)(?: want(?: you)?(?: to)?)?$")
_NOT_ASKED = re.compile(
    r"(?<!told )(?<!asked )(?<!tell )\b(?:you|i|they|we|he|she|if|why)$|\b(?:did|why) \w+$"
)
_DAY = "(?:today|tomorrow|tonight|mon|tues?|wed|thur?s?|fri|satur|sun)(?:nes|rs)?(?:day)?s?"
_FOR_A_WHILE = re.compile(
    r" (?:back|before|until|till?|while|during|unless|except|so (?:early|late)|when|whenever|"
    rf"(?:on|this|next) {_DAY}|{_DAY}|(?:at|after|past|before) (?:\d\w*|work|night|noon|hours|dark|dinner|lunch)|"
    r"by (?:phone|e?mail)|on (?:weekends|holidays)|in the (?:morning|evening)|this (?:week|early|late|morning))\b"
)
_A_VISIT = re.compile(r" (?:by|over|in|at|on|off|back|around|through|here|there|for)\b")
_THEIR_BUSINESS = re.compile(
    r" (?:of |from |off |on )*(?:the |your |my |that |this |a )*(?:\w+ )?(?:schedule|calendar|appointments?|appt|slot|"
    rf"visit|inspection|estimate|quote|contract|invoice|title|deed|crew|job|roof|speaker|hold|{_DAY})\b"
)
_BY_MISTAKE = re.compile(r"\bby (?:mistake|accident)\b")

# Spanish, without accents -----------------------------------------------------------------------
_SPANISH = _patterns(
    r"\bno (?:me|nos) (?:vuelvas? a |vuelvan a )?(?:escrib|contact|molest|text|llam)\w+",
    r"\bno (?:me|nos) (?:mand|envi)\w+(?: (?:mas|nada|esto|estos|mensajes?|textos?))+",
    r"\bno (?:me|nos) (?:mand|envi)\w+$",
    r"\b(?:deja|deje|dejen|dejar|dejes|paren?|para) de (?:escrib|contact|molest|text|llam|mand|envi)\w+",
    r"\bno (?:quiero|deseo|queremos) (?:(?:recibir|que me|mas) )*(?:mas|mensajes?|textos?|esto|escrib\w+)",
    r"\bno mas (?:mensajes?|textos?)\b",
    r"(?<!no )\b(?:deten|cancel|par|termin)\w* (?:(?:de|los|estos|sus|mas|todos) )*(?:mensajes?|textos?)\b",
    r"\b(?:quit|borr|elimin|saqu|remuev)\w+(?:me|nos)\b",
    r"\b(?:quite|quiten|borre|borren|elimine|eliminen) mi (?:numero|nombre|telefono)\b",
    r"\b(?:dar|darme|darse|deme|denme) de baja\b|^(?:baja|cancelar suscripcion|cancelar mensajes)$",
    r"\bdej[ae]n?me (?:en paz|tranquil[oa])\b",
)
_SPANISH_WHILE = re.compile(r" (?:antes|hasta|despues|cuando|hoy|manana|si|por la)\b")

_REACTION = re.compile(
    r"\s*(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted .{1,20} to|removed an? .{1,30} from|"
    r"a? ?le (?:gustó|encantó)|\W{1,8} to)\s+[\"“„«]",
    re.IGNORECASE,
)


def meaning(body: str) -> Meaning | None:
    """What the text asks for; None for all that is to be read by a person."""
    if _REACTION.match(body):
        return None
    clauses = _clauses(body)
    whole = " ".join(clauses)
    if not whole and _STOP_SIGN in body:
        return Meaning.OPT_OUT
    if whole in _AS_A_WHOLE or any(map(_opts_out, clauses)) or _opts_out(whole):
        return Meaning.OPT_OUT
    if whole in _OPT_IN:
        return Meaning.OPT_IN
    return Meaning.HELP if whole in _HELP else None


def _clauses(body: str) -> list[str]:
    """The clauses in small letters, one space between two words, without accents and polite words."""
    text = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", body)).casefold()
    text = "".join(c for c in text if unicodedata.category(c) not in ("Mn", "Cf", "Me"))
    text = _SPELLED_OUT.sub(lambda match: "".join(_WORD.findall(match[0])), text)
    text = _STRETCHED.sub(r"\1", text)
    clauses = [_plain(clause) for clause in _CLAUSE_ENDS.split(text)]
    if _TEXT_INSTEAD.search(" ".join(clauses)):
        clauses = [" ".join(_CALLS.sub("", clause).split()) for clause in clauses]
    return [clause for clause in clauses if clause]


def _plain(clause: str) -> str:
    words = " ".join(_SHORT.get(word, word) for word in _WORD.findall(clause))
    for spelling, word in _ONE_WORD:
        words = spelling.sub(word, words)
    return " ".join(word for word in words.split() if word not in _NOISE)


def _opts_out(clause: str) -> bool:
    return (
        clause in _AS_A_CLAUSE
        or _says(
            clause, _ABOUT_STOPPING, not_after=_NOT_STOPPING, not_before=(_A_VISIT, _BY_MISTAKE)
        )
        or _says(clause, _ABOUT_REACHING, not_after=_NOT_ASKED, not_before=(_FOR_A_WHILE,))
        or _says(clause, _PLAIN, not_after=_NOT_WANTED, not_before=(_FOR_A_WHILE, _THEIR_BUSINESS))
        or _says(clause, _SPANISH, not_before=(_SPANISH_WHILE,))
    )


def _says(
    clause: str,
    patterns: tuple[re.Pattern[str], ...],
    *,
    not_after: re.Pattern[str] | None = None,
    not_before: tuple[re.Pattern[str], ...] = (),
) -> bool:
    for pattern in patterns:
        for match in pattern.finditer(clause):
            before, after = clause[: match.start()].rstrip(), clause[match.end() :]
            denied = not_after and not_after.search(before)
            if not denied and not any(other.match(after) for other in not_before):
                return True
    return False
