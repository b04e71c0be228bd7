"""Says in people's words where a competency stands and why; finds and decides nothing."""

from flask_babel import gettext as _

from elearn.competency.facts import LessonHours
from elearn.competency.rules import (
    CompetencyKind,
    EvidenceFact,
    EvidenceKind,
    EvidenceState,
    LessonHoursState,
    Reason,
    ReasonCode,
    StandingKind,
    Supervision,
    YearBasis,
)
from elearn.kernel.errors import Invalid
from elearn.web.filters import show_date, show_score


def why(reason: Reason) -> str:
    """One sentence that says why a competency stands where it stands."""
    if reason.code is ReasonCode.NO_EVIDENCE:
        if not reason.values["required"]:
            return str(_("No evidence yet."))
        return str(_("No evidence yet; the position requires level %(level)s.", level=reason.values["required"]))
    evidence: EvidenceFact = reason.values["evidence"]
    words = {
        "level": evidence.level,
        "source": _source(evidence),
        "date": show_date(evidence.observed_on),
        "details": _details(evidence),
    }
    if reason.code in (ReasonCode.PROPOSED, ReasonCode.PROPOSED_OVER_CONFIRMED):
        return _why_proposed(words, reason.values["confirmed"])
    if reason.code is ReasonCode.BORN_CONFIRMED:
        return _why_born_confirmed(words, evidence)
    if reason.code is ReasonCode.EXPIRED:
        words["end"] = show_date(evidence.valid_until)
        return str(_("Level %(level)s from %(source)s on %(date)s%(details)s was valid until %(end)s.", **words))
    return _why_decided(words, reason.code, evidence)


def _why_proposed(words: dict[str, object], confirmed: int) -> str:
    if not confirmed:
        return str(
            _(
                "Level %(level)s proposed from %(source)s on %(date)s%(details)s; awaiting confirmation by HR.",
                **words,
            )
        )
    return str(
        _(
            "Level %(level)s proposed from %(source)s on %(date)s%(details)s; awaiting confirmation by HR, "
            "level %(confirmed)s is confirmed.",
            confirmed=confirmed,
            **words,
        )
    )


def _why_born_confirmed(words: dict[str, object], evidence: EvidenceFact) -> str:
    if evidence.kind is EvidenceKind.HR_DECISION:
        grounds = _grounds(evidence.source)
        return str(_("Level %(level)s set by a decision of HR on %(date)s%(grounds)s.", grounds=grounds, **words))
    return str(_("Level %(level)s confirmed by %(source)s on %(date)s%(details)s.", **words))


def _why_decided(words: dict[str, object], code: ReasonCode, evidence: EvidenceFact) -> str:
    words |= {"decided": show_date(evidence.decided_at), "grounds": _grounds(evidence.decided_reason)}
    if code is ReasonCode.REJECTED:
        return str(
            _(
                "Level %(level)s from %(source)s on %(date)s%(details)s was rejected by HR on %(decided)s%(grounds)s.",
                **words,
            )
        )
    if code is ReasonCode.WITHDRAWN:
        return str(
            _(
                "Level %(level)s from %(source)s on %(date)s%(details)s was withdrawn by HR on %(decided)s%(grounds)s.",
                **words,
            )
        )
    return str(
        _(
            "Level %(level)s from %(source)s on %(date)s%(details)s, confirmed by HR on %(decided)s%(grounds)s.",
            **words,
        )
    )


def _grounds(reason: str) -> str:
    text = reason.strip().rstrip(".")
    return f": {text}" if text else ""


def _source(evidence: EvidenceFact) -> str:
    if evidence.kind is EvidenceKind.EXAM:
        return str(_("exam %(name)s", name=evidence.source))
    if evidence.kind is EvidenceKind.ASSESSMENT:
        return str(_("assessment %(name)s", name=evidence.source))
    if evidence.kind is EvidenceKind.COURSE:
        return str(_("course %(name)s", name=evidence.source))
    return str(_("a decision of HR"))


def _details(evidence: EvidenceFact) -> str:
    if evidence.kind is EvidenceKind.HR_DECISION:
        return ""
    details = [] if evidence.score_bp is None else [_("score %(score)s", score=show_score(evidence.score_bp))]
    is_watched = evidence.supervision is Supervision.SUPERVISED
    details.append(_("supervised") if is_watched else _("unsupervised"))
    if evidence.level < evidence.claimed_level:
        details.append(_("capped from level %(level)s", level=evidence.claimed_level))
    return f" ({', '.join(details)})"


def nothing_chosen() -> str:
    """What is said where evidence is to be confirmed and none is chosen."""
    return str(_("Choose at least one piece of evidence."))


def problem(error: Invalid) -> str:
    """Why a required level cannot be set or evidence not be decided, and what to do."""
    words: dict[str, str] = {
        "nothing_chosen": nothing_chosen(),
        "too_many": _("Choose at most one page of evidence at once."),
        "reason_required": _("Write the reason, in at most 1,000 characters. Nothing was changed."),
        "reason_too_long": _("Write the reason, in at most 1,000 characters. Nothing was changed."),
        "requirement_same_day": _("A level from that day is on record already. Choose another day."),
        "legal_basis_required": _("Write the legal basis."),
    }
    return words.get(error.code, str(_("This value cannot be used.")))


def competency_kind(kind: CompetencyKind) -> str:
    """Managerial, sociocultural or technical."""
    return {
        CompetencyKind.MANAGERIAL: str(_("Managerial")),
        CompetencyKind.SOCIOCULTURAL: str(_("Sociocultural")),
        CompetencyKind.TECHNICAL: str(_("Technical")),
    }[kind]


def evidence_kind(kind: EvidenceKind) -> str:
    """Exam, assessment, decision or course."""
    return {
        EvidenceKind.EXAM: str(_("Exam")),
        EvidenceKind.ASSESSMENT: str(_("Assessment")),
        EvidenceKind.HR_DECISION: str(_("Decision of HR")),
        EvidenceKind.COURSE: str(_("Course")),
    }[kind]


def supervision(value: Supervision) -> str:
    """Whether somebody watched."""
    return str(_("supervised") if value is Supervision.SUPERVISED else _("unsupervised"))


def standing(value: StandingKind) -> tuple[str, str]:
    """The chip of a standing: its colour and its words."""
    return {
        StandingKind.NONE: ("plain", str(_("No level yet"))),
        StandingKind.PROPOSED: ("info", str(_("Proposed"))),
        StandingKind.CONFIRMED: ("ok", str(_("Confirmed"))),
    }[value]


def evidence_state(value: EvidenceState, is_expired: bool) -> tuple[str, str]:
    """The chip of a piece of evidence: its colour and its words."""
    if is_expired and value in (EvidenceState.PROPOSED, EvidenceState.CONFIRMED):
        return "plain", str(_("Expired"))
    return {
        EvidenceState.PROPOSED: ("info", str(_("Awaiting HR"))),
        EvidenceState.CONFIRMED: ("ok", str(_("Confirmed"))),
        EvidenceState.REJECTED: ("bad", str(_("Rejected"))),
        EvidenceState.WITHDRAWN: ("plain", str(_("Evidence withdrawn"))),
    }[value]


def level(value: int, names: dict[int, str]) -> str:
    """A level with its name, or a dash where there is none."""
    if not value:
        return "–"
    return f"{value} · {names[value]}" if value in names else str(value)


def lesson_hours(hours: LessonHours) -> str:
    """One sentence on the lesson hours of the year against the duty."""
    words = {"earned": hours.earned, "year": hours.year, "target": hours.target, "cap": hours.cap}
    if hours.state is LessonHoursState.REACHED:
        return str(_("%(earned)s of at least %(target)s JP in %(year)s: the duty is met.", **words))
    if hours.state is LessonHoursState.SHORT:
        words["missing"] = (hours.target or 0) - hours.earned
        return str(_("%(earned)s of at least %(target)s JP in %(year)s: %(missing)s JP to go.", **words))
    if hours.state is LessonHoursState.OVER_CAP:
        return str(_("%(earned)s JP in %(year)s, more than the ceiling of %(cap)s JP; learning stays open.", **words))
    return str(_("%(earned)s of at most %(cap)s JP in %(year)s.", **words))


def year_basis(basis: YearBasis) -> str:
    """How the year was found."""
    return {
        YearBasis.CALENDAR_YEAR: str(_("Counted by calendar year.")),
        YearBasis.CONTRACT_YEAR: str(_("Counted by contract year.")),
        YearBasis.CALENDAR_YEAR_ASSUMED: str(
            _("Counted by calendar year, since the first day of the contract is not recorded.")
        ),
    }[basis]


def enrollment_state(code: str) -> tuple[str, str]:
    """The chip of an enrolment on a person's page: its colour and its words."""
    return {
        "active": ("info", str(_("In progress"))),
        "completed": ("ok", str(_("All lessons completed"))),
        "withdrawn": ("plain", str(_("Withdrawn"))),
    }.get(code, ("plain", code))


def certificate_state(code: str) -> tuple[str, str]:
    """The chip of a certificate on a person's page: its colour and its words."""
    return {
        "valid": ("gold", str(_("VALID"))),
        "sample": ("info", str(_("SAMPLE"))),
        "expired": ("warn", str(_("EXPIRED"))),
        "revoked": ("bad", str(_("REVOKED"))),
        "superseded": ("info", str(_("REPLACED"))),
    }.get(code, ("plain", code))
