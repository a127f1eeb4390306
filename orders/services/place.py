"""Placing an order from a listing (首次申请)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Listing, ListingVersion, Practitioner, ServiceItem
from agencies.selectors.regions import service_area
from agencies.services.capacity import listing_take
from credit.selectors.grades import standing
from kernel import access, clock
from kernel.access import Role
from kernel.errors import DomainError
from kernel.models import Attachment, Organisation, User
from kernel.services import audit
from kernel.services.counters import monthly_reference
from orders.access import require_unconcerned
from orders.models import Order, Project
from orders.services.moves import begin, service_name, tell
from orders.terms import Terms, is_whole, papers_of, terms_of

Channel, Payer = Order.Channel, Order.Payer


@transaction.atomic
def order_place(
    *,
    project: Project,
    listing: Listing,
    version: ListingVersion,
    quantity_milli: int,
    token: str,
    matter: str,
    payer: str = Payer.BUYER,
    not_secret: bool,
    invoice_title: str,
    invoice_tax_number: str = "",
    lead: Practitioner | None = None,
    note: str = "",
    channel: str = Channel.ONLINE,
    authorisation: Attachment | None = None,
    actor: User,
) -> Order:
    """Freeze the version's terms into a new order and take a slot of the listing.

    The same ``token`` gives the same order again. ``quantity_milli`` in thousandths of the unit. Refusals (DomainError):
    ``order.token``, ``order.item``, ``order.not_secret``, ``order.quantity``, ``order.payer``, ``order.lead``,
    ``order.self``, ``order.affiliated``, ``order.recusal``, ``order.region``, ``order.public_money``, ``order.standing``,
    ``order.version``, ``listing.full``, ``listing.not_open``, ``pricing.*``.
    """
    buyer = project.buyer
    _require_right(buyer, listing, channel, authorisation, actor)
    if earlier := Order.objects.filter(token=token).first():
        return _same(earlier, buyer, listing)
    item = listing.item
    terms = terms_of(version, item, quantity_milli)
    _check_request(item, version, quantity_milli, payer, not_secret, invoice_title)
    _check_parties(buyer, listing, lead)
    _check_region(project, listing.agency)
    _check_money(project, listing, terms)
    try:
        with transaction.atomic():
            held = listing_take(listing=listing, actor=actor)
            _check_version(held, version)
            order = Order.objects.create(
                number=monthly_reference(prefix="CX"),
                project=project,
                buyer=buyer,
                agency_id=listing.agency_id,
                listing=listing,
                version=version,
                item=item,
                category_id=item.category_id,
                channel=channel,
                token=token,
                title=version.title,
                unit=version.unit,
                quantity_milli=quantity_milli,
                unit_price_fen=version.unit_price_fen,
                fee_fen=terms.fee_fen,
                days=terms.days,
                limit_days=terms.limit_days,
                external_review=item.external_review,
                papers=papers_of(item),
                baseline_fee_fen=terms.baseline_fee_fen,
                baseline_days=terms.baseline_days,
                matter=matter.strip() or item.matter_served,
                payer=payer,
                not_secret=not_secret,
                invoice_title=invoice_title.strip(),
                invoice_tax_number=invoice_tax_number.strip(),
                note=note.strip(),
                copies=version.copies,
                lead=lead,
                placed_by=actor,
                placed_at=clock.now(),
                authorisation=authorisation,
            )
    except IntegrityError:
        # The same request in another tab was faster: its order is the order, and the slot taken here is given back.
        earlier = Order.objects.filter(token=token).first()
        if earlier is None:
            raise
        return _same(earlier, buyer, listing)
    _after(order, authorisation, actor)
    return order


def _after(order: Order, authorisation: Attachment | None, actor: User) -> None:
    if authorisation is not None:
        authorisation.subject = order.stream
        authorisation.save(update_fields=["subject"])
    audit.record(
        stream=order.stream,
        action="order.placed",
        actor=actor,
        on_behalf_of=order.buyer,
        to_state=order.status,
        data={"listing": order.listing_id, "version": order.version_id, "fee_fen": order.fee_fen, "days": order.days},
    )
    begin("order.accept", subject=order.stream, party=order.agency.organisation)
    tell(order, "agency", _("收到新订单，请在 1 个工作日内受理"), body=service_name(order), sms=True)


def _require_right(
    buyer: Organisation, listing: Listing, channel: str, authorisation: Attachment | None, actor: User
) -> None:
    if channel == Channel.ONLINE:
        access.require(access.belongs_to(actor, buyer), "order.buyer_side")
        return
    if channel != Channel.COUNTER:
        raise DomainError("order.channel", _("办理渠道不正确。"), field="channel")
    access.require_role(actor, Role.OPERATOR)
    require_unconcerned(Order(buyer=buyer, agency=listing.agency), actor)
    if authorisation is None:
        raise DomainError(
            "order.authorisation", _("窗口代办须附企业的授权书。"), _("请先上传授权书扫描件。"), field="authorisation"
        )
    access.require(
        authorisation.subject == f"organisation:{buyer.pk}" or authorisation.uploaded_by_id == actor.pk,
        "order.authorisation_foreign",
    )


def _same(order: Order, buyer: Organisation, listing: Listing) -> Order:
    if order.buyer_id != buyer.pk or order.listing_id != listing.pk:
        raise DomainError("order.token", _("这份订单表单已经用过。"), _("请重新打开下单页面再提交。"))
    return order


def _check_request(
    item: ServiceItem, version: ListingVersion, quantity_milli: int, payer: str, not_secret: bool, invoice_title: str
) -> None:
    if not (item.active and item.orderable):
        raise DomainError("order.item", _("该服务事项暂不接受网上下单。"), _("请在事项页查看办理方式。"))
    if not not_secret:
        raise DomainError(
            "order.not_secret",
            _("涉密项目不能在平台下单。"),
            _("不涉密的项目请勾选声明；涉密项目请按保密规定另行委托。"),
            field="not_secret",
        )
    if not is_whole(version.unit, quantity_milli):
        raise DomainError("order.quantity", _("该服务按整数计量。"), _("请填写整数数量。"), field="quantity")
    if not invoice_title.strip():
        raise DomainError("order.invoice_title", _("请填写开票抬头。"), field="invoice_title")
    fitting = {"owner": [Payer.BUYER], "authority": [Payer.AUTHORITY]}.get(item.who_pays, list(Payer))
    if payer not in fitting:
        raise DomainError(
            "order.payer",
            _("该事项的服务费由%(payer)s承担。") % {"payer": fitting[0].label},
            _("请改选付费方；依规定由审批部门付费的，不得转嫁给项目业主。"),
            field="payer",
        )


def _check_parties(buyer: Organisation, listing: Listing, lead: Practitioner | None) -> None:
    agency = listing.agency
    if buyer.pk == agency.organisation_id:
        raise DomainError("order.self", _("不能向本单位下单。"), _("请切换到项目业主身份。"))
    if agency.affiliated_with_id == buyer.pk:
        raise DomainError(
            "order.affiliated",
            _("该机构隶属或挂靠于贵单位，不得承接贵单位的中介服务（国办发〔2015〕31号）。"),
            _("请选择没有隶属关系的机构。"),
        )
    if lead is not None:
        check_lead(lead, agency.pk)


def _check_region(project: Project, agency: Agency) -> None:
    """The agency serves the project's place: its county, or the city or province around it. One that names no region
    serves everywhere."""
    if not service_area(agency).covers(project.region):
        raise DomainError(
            "order.region",
            _("该机构的服务区域不包括%(region)s。") % {"region": project.region},
            _("请选择服务该地区的机构，或与机构确认后请其更新服务区域。"),
        )


def check_lead(lead: Practitioner, agency_id: int) -> None:
    """A registered person of the agency who may lead projects. DomainError ``order.lead``."""
    if lead.agency_id != agency_id or not lead.can_lead or lead.ended_on is not None:
        raise DomainError(
            "order.lead",
            _("该人员不能担任项目负责人。"),
            _("请从机构在册、可任项目负责人的人员中选择。"),
            field="lead",
        )


def _check_money(project: Project, listing: Listing, terms: Terms) -> None:
    public = project.fund != Project.Fund.PRIVATE
    if public:
        check_public_money(terms.fee_fen)
    found = standing(listing.agency, public_money=public)
    if not found.allowed:
        raise DomainError("order.standing", found.sentence, found.remedy)


def check_public_money(fee_fen: int) -> None:
    """Public money above the local threshold goes to a selection notice, not into a direct order."""
    if fee_fen > settings.PUBLIC_DIRECT_LIMIT_FEN:
        raise DomainError(
            "order.public_money",
            _("使用公共资金且服务费超过 %(n)s 万元，不能直接下单。")
            % {"n": f"{settings.PUBLIC_DIRECT_LIMIT_FEN // 1_000_000}"},
            _("请改为发布选取公告，由机构公开报价。"),
        )


def _check_version(listing: Any, version: ListingVersion) -> None:
    if listing.version_id != version.pk:
        raise DomainError(
            "order.version",
            _("机构刚刚更新了这项服务的内容或价格。"),
            _("请返回服务页，核对最新版本后重新下单。"),
        )
