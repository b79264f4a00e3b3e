"""What do the domain notes (section A1) say that the three Section 11 audits hold?

Written down apart from the YAML files, so that a slip in one shows up beside the other.
"""

from __future__ import annotations

from collections.abc import Mapping


def _ids(text: str) -> tuple[str, ...]:
    return tuple(f"s11.{word}" for word in text.split())


GRADED_2022 = _ids(
    """
    LG.1 LG.2 LG.3 LG.4 LG.5 LG.6 LG.7 LG.8 LG.12 CU.1 CU.2 CU.3 CU.4 CU.5 VC.1 VC.2 VC.3 VC.4 VC.5 VC.6 VC.8 IR.1
    IR.2 IR.3 IR.4 IR.5 IR.6 IR.7 IR.8 IR.9 IR.10 IR.14 IR.15 IS.1 IS.2 IS.3 IS.4 IS.5 IS.6 IS.7 EC.1 EC.2 EC.3 EC.4
    EC.5 SR.1 SR.2 SR.3 SR.4 SR.5 SR.6 SR.7 SR.8 AL.1 AL.2 AL.3 AL.4 AL.5 TS.1 TS.2 TS.3 TS.4 TS.5 TS.6 TS.7 TS.8
    TS.9 OS.1 OS.2 OS.4 LI.1 LI.2 LI.3 LI.4 LI.5 LI.6 CO.1 CO.2 CO.3 CO.4 CO.6
    """
)

GRADED_2024 = _ids(
    """
    LG.1 LG.2 LG.7 LG.9 CU.1 CU.6 VC.1 VC.2 VC.5 VC.6 VC.7 VC.9 VC.10 IR.2 IR.7 IR.11 IR.12 IR.13 IR.14 IR.15 IS.1
    IS.3 IS.4 IS.6 IS.7 EC.1 EC.2 EC.3 EC.6 SR.1 SR.2 SR.3 SR.6 SR.8 SR.9 AL.1 AL.2 AL.3 AL.6 TS.1 TS.2 TS.5 TS.6
    TS.11 OS.1 OS.2 OS.3 LI.1 LI.2 LI.3 LI.6 CO.1 CO.5 CO.6
    """
)

GRADED_2026 = _ids(
    """
    LG.1 LG.7 LG.9 LG.10 CU.1 CU.6 VC.1 VC.5 VC.6 VC.7 VC.11 VC.12 VC.13 IR.2 IR.7 IR.11 IR.12 IR.13 IR.14 IR.15
    IR.16 IS.1 IS.3 IS.4 IS.6 IS.7 IS.9 IS.10 IS.11 EC.1 EC.2 EC.3 EC.6 SR.1 SR.2 SR.3 SR.6 SR.8 SR.9 SR.11 AL.1
    AL.2 AL.3 AL.6 TS.1 TS.2 TS.5 TS.6 TS.10 TS.11 OS.1 OS.3 OS.5 LI.1 LI.3 LI.8 CO.1 CO.5 CO.6
    """
)

UNGRADED_2026 = _ids("LG.11 IR.19 OS.6")

MERGED_2024: Mapping[str, tuple[str, ...]] = {
    "s11.LG.9": _ids("LG.3 LG.4"),
    "s11.CU.6": _ids("CU.2 CU.5"),
    "s11.VC.9": _ids("VC.8 LG.12"),
    "s11.VC.10": _ids("VC.3 VC.4 CU.4"),
    "s11.IR.12": _ids("IR.5 IR.6"),
    "s11.EC.6": _ids("EC.4 EC.5"),
    "s11.SR.9": _ids("SR.4 SR.5"),
    "s11.AL.6": _ids("AL.4 AL.5"),
    "s11.TS.11": _ids("TS.3 TS.4"),
    "s11.CO.5": _ids("CO.2 CO.3 CO.4"),
}
MERGED_2026: Mapping[str, tuple[str, ...]] = {
    "s11.VC.13": _ids("VC.2 VC.10"),
    "s11.LI.8": _ids("LI.2 LI.6"),
}

DROPPED_2024 = _ids(
    """
    LG.5 LG.6 LG.8 CU.3 IR.3 IR.8 IR.9 IR.10 IS.2 IS.5 SR.7 TS.7 TS.8 TS.9 OS.4 LI.4 LI.5
    """
)
MOVED_2024 = {"s11.IR.1": "section-11-staff"}
MOVED_2026 = {"s11.OS.2": "online-safety-follow-up"}
NEW_2024 = _ids("VC.7 IR.13 OS.3")
NEW_2026 = _ids("LG.10 IR.16 IS.10 IS.11 SR.11 TS.10 OS.5")
WIDENED_2026 = _ids("LG.1 VC.6 IR.15 IS.1")
CRITICAL = _ids("LG.1 CU.1 IR.2 SR.3 SR.8 AL.1")

TAGGED: Mapping[str, tuple[str, ...]] = {
    "leadership": _ids("LG.1 LG.2 LG.3 LG.4 LG.5 LG.9"),
    "partnership": _ids("LG.6"),
    "policy": _ids("LG.7 LG.8"),
    "priorities": _ids("LG.10"),
    "lgr": _ids("LG.11"),
    "identity": _ids("LG.12 VC.5 VC.8 VC.9 VC.11 VC.12"),
    "whistleblowing": _ids("CU.1 CU.2 CU.6"),
    "culture": _ids("CU.2 CU.5 CU.6"),
    "conduct": _ids("CU.3"),
    "voice": _ids("CU.4 VC.1 VC.2 VC.3 VC.4 VC.6 VC.10 VC.13"),
    "interpreters": _ids("VC.5"),
    "send": _ids("VC.6"),
    "father-inclusive": _ids("VC.7 IS.9"),
    "adultification": _ids("VC.12"),
    "recognition": _ids("IR.1"),
    "thresholds": _ids("IR.2"),
    "early-help": _ids("IR.3 IR.19"),
    "neglect": _ids("IR.4 IR.11"),
    "exploitation": _ids("IR.5 IR.12 OS.3"),
    "missing": _ids("IR.6 IR.12"),
    "domestic-abuse": _ids("IR.7"),
    "prevent": _ids("IR.8"),
    "harmful-practices": _ids("IR.9"),
    "private-fostering": _ids("IR.10"),
    "cumulative-harm": _ids("IR.11"),
    "under-1s": _ids("IR.13"),
    "was-not-brought": _ids("IR.14"),
    "think-family": _ids("IR.15 IS.10"),
    "csa": _ids("IR.16"),
    "information-sharing": _ids("IS.1 IS.2 IS.3 IS.4 IS.6 IS.7 IS.9 IS.10 IS.11"),
    "records": _ids("IS.4 IS.5 IS.6"),
    "escalation": _ids("EC.1 EC.2 EC.3 EC.4 EC.5 EC.6"),
    "supervision": _ids("EC.6 TS.5 TS.6 TS.7 TS.8"),
    "safer-recruitment": _ids("SR.1 SR.2 SR.3 SR.4 SR.5 SR.6 SR.7 SR.8 SR.9 SR.11"),
    "vcse": _ids("SR.6 CO.6"),
    "dbs": _ids("SR.8"),
    "training": _ids("SR.11 TS.1 TS.2 TS.3 TS.4 TS.5 TS.10 TS.11 OS.2"),
    "lado": _ids("AL.1 AL.2 AL.3 AL.4 AL.5 AL.6"),
    "workforce": _ids("TS.9 TS.10"),
    "online-safety": _ids("OS.1 OS.2 OS.3 OS.4 OS.5 OS.6"),
    "learning": _ids("LI.1 LI.3 LI.4"),
    "audit": _ids("LI.2 LI.8"),
    "actions": _ids("LI.3"),
    "data": _ids("LI.5"),
    "impact": _ids("LI.6 LI.8"),
    "commissioning": _ids("CO.1 CO.2 CO.3 CO.4 CO.5 CO.6"),
}

DEPENDS_ON: Mapping[str, tuple[str, ...]] = {
    "sector": _ids("LG.5"),
    "in_reorganisation": _ids("LG.11"),
    "direct_work": _ids("VC.1 OS.3"),
    "babies": _ids("IR.13"),
    "appointments": _ids("IR.14"),
    "invited_to_meetings": _ids("IS.3"),
    "knows_adult_risk": _ids("IS.10"),
    "duty_basis": _ids("IS.11"),
    "regulated_activity": _ids("SR.8"),
    "public_facing": _ids("TS.10"),
    "children_online": _ids("OS.4"),
    "commissions": _ids("CO.1 CO.2 CO.3 CO.4 CO.5"),
    "lets_or_grants": _ids("CO.6"),
}

IN_STAFF_SURVEY: Mapping[str, tuple[str, ...]] = {
    "ss.5": _ids("LG.1 LG.2"),
    "ss.6": _ids("TS.5"),
    "ss.7": _ids("LG.7"),
    "ss.8": _ids("TS.1"),
    "ss.9": _ids("TS.2 TS.11"),
    "ss.10": _ids("TS.11"),
    "ss.11": _ids("TS.6"),
    "ss.12": _ids("SR.2 SR.11"),
    "ss.13": _ids("IR.11"),
    "ss.14": _ids("IR.12"),
    "ss.15": _ids("IR.2"),
    "ss.16": _ids("IS.1"),
    "ss.17": _ids("IS.7"),
    "ss.18": _ids("EC.2"),
    "ss.19": _ids("EC.1"),
    "ss.19b": _ids("EC.6"),
    "ss.20": _ids("VC.1"),
    "ss.21": _ids("AL.1 AL.3"),
    "ss.22": _ids("VC.7"),
    "ss.23": _ids("OS.3"),
    "ss.24": _ids("IR.15"),
    "ss.25": _ids("CU.6 CU.1"),
}
