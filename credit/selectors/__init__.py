"""What other rooms ask credit. The published grade is the public one; the live score is provisional."""

from credit.selectors.explanation import Explanation, explanation
from credit.selectors.grades import (
    Grade,
    Standing,
    grade_rows,
    live_score,
    live_scores,
    order_notes,
    published_grade,
    published_grades,
    standing,
)
from credit.selectors.guidance import grounds, guidance_entries, guidance_of
from credit.selectors.ranking import latest_publication, publication_by_number, publications, scale_from
from credit.selectors.rules import Rules, rules_on, words
from credit.selectors.story import period_name, ranking_title

__all__ = [
    "Explanation",
    "Grade",
    "Rules",
    "Standing",
    "explanation",
    "grade_rows",
    "grounds",
    "guidance_entries",
    "guidance_of",
    "latest_publication",
    "live_score",
    "live_scores",
    "order_notes",
    "period_name",
    "publication_by_number",
    "publications",
    "published_grade",
    "published_grades",
    "ranking_title",
    "rules_on",
    "scale_from",
    "standing",
    "words",
]
