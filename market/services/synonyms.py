"""Words that mean the same to search: edited in the back office, seeded from a file."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.errors import DomainError
from kernel.models import User
from kernel.services import audit
from market.models import Synonym
from market.search.words import normalise, runs
from market.selectors.lexicon import forget_lexicon

SEED = Path(__file__).resolve().parent.parent / "data" / "synonyms.txt"


@transaction.atomic
def synonym_save(*, synonym: Synonym | None, words: list[str], active: bool = True, actor: User | None) -> Synonym:
    """Save a group of at least two different words; search follows at once here and within half a minute elsewhere."""
    row = Synonym.objects.select_for_update().get(pk=synonym.pk) if synonym and synonym.pk else Synonym()
    cleaned = list(dict.fromkeys(" ".join(word.split()) for word in words if any(runs(normalise(word)))))
    if len(cleaned) < 2:
        raise DomainError(
            "synonym.too_few", _("同义词组至少需要两个不同的词。"), _("请每行填写一个词。"), field="words"
        )
    row.words, row.active, row.updated_at = "\n".join(cleaned), active, clock.now()
    row.save()
    audit.record(
        stream=f"synonym:{row.pk}", action="synonym.saved", actor=actor, data={"words": cleaned, "active": active}
    )
    transaction.on_commit(forget_lexicon)
    return row


def synonyms_load(*, actor: User | None) -> int:
    """Add the groups of the file that ships with the product and are not there yet; returns how many were added."""
    known = {word for row in Synonym.objects.all() for word in row.group}
    added = 0
    for line in SEED.read_text("utf-8").splitlines():
        words = line.split()
        if len(words) > 1 and words[0] not in known:
            synonym_save(synonym=None, words=words, actor=actor)
            added += 1
    return added
