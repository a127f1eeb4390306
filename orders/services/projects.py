"""A buyer's undertaking, to which orders belong."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, clock
from kernel.access import Role
from kernel.errors import DomainError
from kernel.models import Organisation, Region, User
from kernel.services import audit
from orders.models import Project


@transaction.atomic
def project_create(
    *,
    buyer: Organisation,
    name: str,
    region: Region,
    code: str = "",
    fund: str = Project.Fund.PRIVATE,
    actor: User | None,
) -> Project:
    """A member of the buyer, or an operator at the counter, opens a project. ``fund`` is one of Project.Fund."""
    access.require(actor is None or access.belongs_to(actor, buyer) or access.holds(actor, Role.OPERATOR))
    if not buyer.is_buyer:
        raise DomainError("project.buyer", _("这类单位不能作为项目业主。"), _("请切换到企业、公共机构或个人身份。"))
    if not name.strip():
        raise DomainError("project.name", _("请填写项目名称。"), field="name")
    if fund not in Project.Fund.values:
        raise DomainError("project.fund", _("请选择资金来源。"), field="fund")
    project = Project.objects.create(
        buyer=buyer, name=name.strip(), code=code.strip(), fund=fund, region=region, created_at=clock.now()
    )
    audit.record(
        stream=f"project:{project.pk}",
        action="project.created",
        actor=actor,
        on_behalf_of=buyer,
        data={"name": project.name},
    )
    return project
