"""Name every category that tables, model and outputs share, in one fixed order.

A code in a column is the position of the name in its tuple; codes are stored in
outputs as names, never as numbers.
"""

from __future__ import annotations

SECTORS: tuple[str, ...] = (
    "hbo",
    "wo",
    "po_vo_mbo",
    "umc",
    "research",
    "health_welfare",
    "industry",
    "business_services",
    "other",
    "none",
)
"""Sectors of table 3.1; `none` stands for no job."""

HBO, WO, NO_JOB = 0, 1, 9
RESEARCH, UMC = 4, 3
OUTSIDE_FROM = 2
OUTSIDE_SECTORS: tuple[str, ...] = SECTORS[OUTSIDE_FROM:NO_JOB]

KINDS: tuple[str, ...] = ("hbo", "wo", "outside", "none")
"""Kinds of employer: the sectors with all outside ones together, and having none."""

OUTSIDE_KIND, NO_KIND = 2, 3

REGIONS: tuple[str, ...] = ("north", "east", "south", "west")

ROLES: tuple[str, ...] = (
    "phd_candidate",
    "postdoc",
    "university_lecturer",
    "other_academic",
    "professor",
    "lecturer",
    "lector",
    "professional",
    "job_seeker",
)
"""`professor` includes associate professors; `other_academic` includes small junior jobs."""

(
    PHD_CANDIDATE,
    POSTDOC,
    UNIVERSITY_LECTURER,
    OTHER_ACADEMIC,
    PROFESSOR,
    LECTURER,
    LECTOR,
    PROFESSIONAL,
    JOB_SEEKER,
) = range(9)

WO_ROLES: tuple[int, ...] = (0, 1, 2, 3, 4)
HBO_ROLES: tuple[int, ...] = (5, 6)

FIELDS: tuple[str, ...] = ("law", "economics", "arts_teaching", "medical", "engineering", "other")
SEXES: tuple[str, ...] = ("male", "female")
EDUCATION: tuple[str, ...] = ("other", "hbo_bachelor", "master", "phd")
OTHER_EDUCATION, HBO_BACHELOR, MASTER, PHD = range(4)

CONTRACTS: tuple[str, ...] = (
    "permanent",
    "temporary_with_prospect",
    "temporary_without_prospect",
    "none",
)
PERMANENT, WITH_PROSPECT, WITHOUT_PROSPECT, NO_CONTRACT = range(4)

AGE_BANDS: tuple[str, ...] = ("under_25", "25_35", "35_54", "55_plus")
AGE_EDGES: tuple[int, ...] = (25, 35, 55)
EXPERIENCE_BANDS: tuple[str, ...] = ("under_10", "10_20", "over_20")
EXPERIENCE_EDGES: tuple[int, ...] = (10, 20)
HOURS_BANDS: tuple[str, ...] = ("under_24", "24_31", "32_35", "36_plus")
HOURS_EDGES: tuple[int, ...] = (24, 32, 36)

PRIOR_SITUATIONS: tuple[str, ...] = (
    "school_leaver",
    "employed",
    "unemployed",
    "disabled",
    "other",
)

EXIT_REASONS: tuple[str, ...] = (
    "early_retirement",
    "retirement",
    "disabled_full",
    "disabled_part_lost_job",
    "disabled_part_kept_job",
    "dismissed",
    "contract_expired",
    "declined_renewal",
    "reorganisation",
    "resigned",
)
"""Reasons of table 2.2, in its order."""

CHANNELS: tuple[str, ...] = (
    "newspaper_ad",
    "internet_ad",
    "open_application",
    "job_fair",
    "acquaintances",
    "asked_by_employer",
    "internship_school",
    "temp_agency",
    "headhunter",
    "public_employment_service",
    "previous_employer",
    "other",
)
"""Channels of table 3.4, in its order."""

MOVER_GROUPS: tuple[str, ...] = ("hbo_in", "wo_out", "hbo_out", "wo_in")

FLOW_KINDS: tuple[str, ...] = (
    "move",
    "hire",
    "separation",
    "step",
    "entry",
    "departure",
    "second_job_start",
    "second_job_end",
    "dual_start",
    "dual_end",
    "secondment_start",
    "secondment_end",
    "swap",
    "swap_back",
)
"""`move`: employer to employer; `hire`: from no job; `separation`: to no job; `step`: another role
with the same employer; `entry` and `departure`: into and out of the modelled population. The last
six come from levers alone: a joint appointment, a secondment and a swap of jobs start and end,
which are no moves."""

VACANCY_OUTCOMES: tuple[str, ...] = ("filled", "withdrawn", "open")
"""What comes of a vacancy; `open`: it stands open at the end of the run."""

ENTRANT_BLOCKS: dict[str, tuple[str, ...]] = {
    "prior_situation": PRIOR_SITUATIONS,
    "age": AGE_BANDS,
    "education_level": EDUCATION,
    "experience": EXPERIENCE_BANDS,
    "sex": SEXES,
}
"""What tables 2.1, 3.2 and 3.3 say of who enters, with its categories."""
