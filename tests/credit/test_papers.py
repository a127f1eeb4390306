"""Papers of a case: copied before the case is locked, and gone again when it takes no more of them."""

import pytest

from credit.services.papers import case_paper_add
from kernel.errors import DomainError, Forbidden
from kernel.services.attachments import attachment_path
from tests import factories as make
from tests.credit.made import alleged, noticed
from tests.uploads import Watched, outside, stored

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.ATTACHMENT_ROOT = tmp_path


def test_a_paper_is_copied_before_the_case_is_locked():
    file, case = Watched(), alleged(make.make_agency())
    paper = case_paper_add(case=case, file=file, name="a.pdf", actor=make.make_staff("credit_officer"))
    assert outside(file) and paper.subject == case.stream and attachment_path(paper).read_bytes() == make.PDF


def test_a_refused_paper_leaves_no_file(tmp_path):
    told, agency = noticed(make.make_agency()), make.make_agency()
    before = stored(tmp_path)
    for actor, refusal in (
        (make.make_staff("credit_officer"), DomainError),
        (make.owner_of(agency.organisation), Forbidden),
    ):
        with pytest.raises(refusal):
            case_paper_add(case=told, file=Watched(), name="a.pdf", actor=actor)
    assert stored(tmp_path) == before
