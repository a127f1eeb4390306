"""Who belongs to a side decides nothing between the sides (回避); who watches is not offered what only operators may do."""

from types import SimpleNamespace

import pytest

from agencies.models import Agency, Listing
from kernel.errors import Forbidden
from kernel.models import Organisation, User
from kernel.services import parties
from orders.gateways import bank
from orders.models import BankDeposit, Order, Payment, Refund
from orders.services import cancel, complaint, deliver, pay, rate, refund, review_round, stray, transfer
from orders.views.acts import ACTS, offered
from orders.views.dossier import Dossier
from orders.views.sides import Side
from tests import factories
from tests.orders.lives import Life, deliver_bank_news, place_order, refused
from tests.orders.test_place import authorisation
from tests.orders.walk import act, client_of, errors, pdf

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]
RECUSED = "order.recusal"


def at_desk_too(organisation) -> User:
    """A member of the organisation who is an operator of the centre as well."""
    user = factories.make_staff()
    parties.membership_add(organisation=organisation, user=user, role="member", actor=None)
    return User.objects.get(pk=user.pk)


def both_sides(life) -> list[User]:
    return [at_desk_too(life.agency.organisation), at_desk_too(life.buyer)]


def test_a_side_does_not_verify_its_own_transfer(rulebook):
    life = Life().until("in_contract")
    attempt = pay.payment_start(order=life.order, gateway="offline", actor=life.by_buyer)
    ours = at_desk_too(life.agency.organisation)
    transfer.payment_offline_confirm(payment=attempt, actor=ours)
    for user in (ours, at_desk_too(life.buyer)):
        with refused(RECUSED):
            transfer.payment_verify(payment=attempt, arrived=True, finding="已到账", actor=user)
    transfer.payment_verify(payment=attempt, arrived=True, finding="银行回单", actor=factories.make_staff())
    assert Payment.objects.get(pk=attempt.pk).status == "settled"


def test_a_side_does_not_decide_the_complaint(rulebook):
    life = Life().until("delivered")
    row = complaint.complaint_file(order=life.order, subject_code="quality", body="数据有误", actor=life.by_buyer)
    for user in both_sides(life):
        with refused(RECUSED):
            complaint.complaint_accept(complaint=row, actor=user)
    clerk = factories.make_staff()
    complaint.complaint_accept(complaint=row, actor=clerk)
    for user in both_sides(life):
        with refused(RECUSED):
            complaint.complaint_decide(complaint=row, upheld=False, answer="数据无误", actor=user)
    complaint.complaint_decide(complaint=row, upheld=False, answer="数据无误", actor=clerk)


def test_a_side_does_not_end_the_order(rulebook):
    life = Life().until("in_service")
    for user in both_sides(life):
        with refused(RECUSED):
            cancel.order_terminate(order=life.order, reason="agreed", note="协商", refund_fen=0, actor=user)


def test_what_stands_behind_the_agency_counts(rulebook):
    """Its head office, and the organisation it is affiliated with."""
    life = Life().until("in_service")
    head, behind = factories.make_agency(), factories.make_organisation("public_body")
    Agency.objects.filter(pk=life.agency.pk).update(parent=head, affiliated_with=behind)
    for organisation in (head.organisation, behind):
        with refused(RECUSED):
            cancel.order_terminate(
                order=life.order, reason="agreed", note="协商", refund_fen=0, actor=at_desk_too(organisation)
            )


def test_so_does_whoever_is_under_one_control_with_a_side(rulebook):
    """With the buyer, with the agency, with its head office, or with the organisation it is affiliated with."""
    life = Life().until("in_service")
    head, behind = factories.make_agency(), factories.make_organisation("public_body")
    Agency.objects.filter(pk=life.agency.pk).update(parent=head, affiliated_with=behind)
    for one in (life.buyer, life.agency.organisation, head.organisation, behind):
        sister = factories.make_organisation()
        Organisation.objects.filter(pk__in=[one.pk, sister.pk]).update(control_group=f"group-{one.pk}")
        with refused(RECUSED):
            cancel.order_terminate(
                order=life.order, reason="agreed", note="协商", refund_fen=0, actor=at_desk_too(sister)
            )
    stranger = at_desk_too(factories.make_organisation())
    assert cancel.order_terminate(order=life.order, reason="agreed", note="协商", refund_fen=0, actor=stranger)


def test_a_side_does_not_enter_the_result_at_the_desk(rulebook):
    item = factories.make_item(external_review=True)
    life = Life(listing=factories.make_listing(item=item)).until("in_service")
    review_round.review_round_submit(order=life.order, paper=life.paper("review"), actor=life.by_agency)
    review_round.review_round_object(order=life.order, text="没有送审", actor=life.by_buyer)
    for user in both_sides(life):
        with refused(RECUSED):
            review_round.review_round_decide(
                order=life.order, result="first_pass", approval_number="环审 1 号", actor=user
            )
    review_round.review_round_decide(order=life.order, result="annulled", actor=factories.make_staff())


def test_without_an_objection_the_agency_enters_the_result_whoever_is_an_operator_too(rulebook):
    item = factories.make_item(external_review=True)
    life = Life(listing=factories.make_listing(item=item)).until("in_service")
    review_round.review_round_submit(order=life.order, paper=life.paper("review"), actor=life.by_agency)
    ours, theirs = both_sides(life)
    words = {"order": life.order, "result": "first_pass", "approval_number": "环审 1 号"}
    with refused(RECUSED):
        review_round.review_round_decide(actor=theirs, **words)
    assert review_round.review_round_decide(actor=ours, **words).result == "first_pass"


def test_a_side_moves_no_refund(rulebook, settings):
    settings.REFUND_TWO_PEOPLE_FEN = 1
    life = Life().until("in_service")
    for user in both_sides(life):
        with refused(RECUSED):
            refund.refund_propose(order=life.order, amount_fen=1000, reason="协商", actor=user)
    row = refund.refund_propose(order=life.order, amount_fen=1000, reason="协商", actor=factories.make_staff())
    for user in both_sides(life):
        with refused(RECUSED):
            refund.refund_grant(refund=row, actor=user)
        with refused(RECUSED):
            refund.refund_refuse(refund=row, actor=user)
    Refund.objects.update(status="failed")
    for user in both_sides(life):
        with refused(RECUSED):
            refund.refund_retry(refund=row, actor=user)


def test_a_side_sends_no_money_back(rulebook):
    """Money that came and does not fit."""
    life = Life().until("in_contract")
    attempt = pay.payment_start(order=life.order, gateway="sandbox", actor=life.by_buyer)
    BankDeposit.objects.update(amount_fen=attempt.amount_fen + 100)
    bank.deposit_decide(reference=attempt.reference, pay=True)
    deliver_bank_news()
    for user in both_sides(life):
        with refused(RECUSED):
            stray.payment_give_back(payment=attempt, reason="多付一元", actor=user)
    stray.payment_give_back(payment=attempt, reason="多付一元", actor=factories.make_staff())


def test_a_side_gives_no_rating_for_the_centre(rulebook):
    life = Life().until("approved")
    for user in both_sides(life):
        with refused(RECUSED):
            rate.official_rating_submit(order=life.order, party="centre", stars=4, actor=user)


def counter(life):
    paper = life.paper("authorisation")
    Order.objects.filter(pk=life.order.pk).update(channel="counter", authorisation=paper)
    return life.fresh


def test_a_side_places_no_order_at_the_counter(rulebook):
    """Neither the agency's own operator, nor the buyer's, who may order online."""
    life = Life()
    taken = Listing.objects.get(pk=life.listing.pk).taken
    for user in both_sides(life):
        with refused(RECUSED):
            scan = authorisation(life.buyer, user)
            place_order(life.project, life.listing, user, channel="counter", authorisation=scan)
    assert Listing.objects.get(pk=life.listing.pk).taken == taken
    clerk = factories.make_staff()
    scan = authorisation(life.buyer, clerk)
    placed = place_order(life.project, life.listing, clerk, channel="counter", authorisation=scan)
    assert placed.channel == "counter"


def test_the_agencys_operator_is_not_the_buyer_at_the_counter(rulebook):
    """Orders of the counter open the buyer's side to operators: not to the agency's own people."""
    life = Life().until("delivered")
    order, ours = counter(life), at_desk_too(life.agency.organisation)
    with pytest.raises(Forbidden):
        deliver.order_approve(order=order, paper_received=True, actor=ours)
    with refused(RECUSED):
        deliver.deliverable_hand_over(deliverable=order.deliverables.get(), actor=ours)
    assert deliver.order_approve(order=order, paper_received=True, actor=factories.make_staff()).status == "approved"


def test_the_agencys_operator_is_not_the_payer_for_the_authority(rulebook):
    life = Life()
    Order.objects.filter(pk=life.order.pk).update(payer="authority")
    life.until("approved")
    ours = at_desk_too(life.agency.organisation)
    with pytest.raises(Forbidden):
        pay.payment_start(order=life.order, gateway="offline", actor=ours)
    assert client_of(ours).get(f"/orders/{life.order.number}/pay/").status_code == 403
    attempt = pay.payment_start(order=life.order, gateway="offline", actor=factories.make_staff())
    with pytest.raises(Forbidden):
        pay.payment_cancel(payment=attempt, actor=ours)
    transfer.payment_offline_confirm(payment=attempt, actor=ours)
    attempt.refresh_from_db()
    assert attempt.agency_confirmed_at is not None and attempt.buyer_confirmed_at is None


def test_the_page_offers_no_desk_to_a_side(rulebook):
    life = Life().until("in_service")
    number, clerk = life.order.number, factories.make_staff()
    assert f"/orders/{number}/do/terminate/" in client_of(clerk).get(f"/orders/{number}/").content.decode()
    for user in both_sides(life):
        client = client_of(user)
        assert "/do/terminate/" not in client.get(f"/orders/{number}/").content.decode()
        assert act(client, number, "terminate", reason="agreed", note="协商").status_code == 403


# --- whose paper a transfer rests on ----------------------------------------------------------------------------------
@pytest.fixture
def transferred(rulebook):
    life = Life().until("in_contract")
    life.attempt = pay.payment_start(order=life.order, gateway="offline", actor=life.by_buyer)
    return life


def test_the_agency_supplies_no_slip(transferred):
    slip = transferred.paper("slip")
    with refused("payment.slip_side"):
        transfer.payment_offline_confirm(payment=transferred.attempt, slip=slip, actor=transferred.by_agency)
    transfer.payment_offline_confirm(payment=transferred.attempt, actor=transferred.by_agency)
    with refused("payment.slip"):
        transfer.payment_offline_confirm(payment=transferred.attempt, actor=transferred.by_buyer)


def test_the_page_asks_the_buyer_alone_for_the_slip(transferred):
    url = f"/orders/{transferred.order.number}/do/confirm-transfer/"
    agency, buyer = client_of(transferred.by_agency), client_of(transferred.by_buyer)
    assert 'name="slip"' not in agency.get(url).content.decode()
    assert 'name="slip"' in buyer.get(url).content.decode()
    sent = act(agency, transferred.order.number, "confirm-transfer", slip=pdf("回单.pdf"))
    assert sent.status_code == 302, errors(sent)
    transferred.attempt.refresh_from_db()
    assert transferred.attempt.slip_id is None and transferred.attempt.agency_confirmed_at is not None
    done = act(buyer, transferred.order.number, "confirm-transfer", slip=pdf("回单.pdf"))
    assert done.status_code == 302, errors(done)
    transferred.attempt.refresh_from_db()
    assert transferred.attempt.status == "settled"


# --- who watches ------------------------------------------------------------------------------------------------------
def seen_by(user, order) -> Dossier:
    return Dossier(SimpleNamespace(user=user, party=None), Order.objects.get(pk=order.pk))


OPERATORS_ONLY = {
    code for code, row in ACTS.items() if Side.STAFF in row.sides and Side.SUPERVISOR not in row.sides
}  # fmt: skip


def test_the_table_says_what_the_desk_leaves_to_operators():
    assert {
        "verify-transfer", "give-back", "propose-refund", "grant-refund", "refuse-refund", "retry-refund", "drop-refund",
        "terminate", "hand-over", "decide-review", "confirm-transfer", "cancel-payment",
        "confirm-refund",
    } == OPERATORS_ONLY  # fmt: skip


@pytest.mark.parametrize("state", ["accepted", "in_service", "delivered", "approved"])
def test_a_supervisor_is_offered_only_what_the_services_let_pass(rulebook, state):
    life = Life().until(state)
    supervisor = factories.make_staff("supervisor")
    codes = {row.code for row in offered(seen_by(supervisor, life.order))}
    assert codes == ({"message", "rate-officially"} if state == "approved" else {"message"})
    client, number = client_of(supervisor), life.order.number
    assert "/do/terminate/" not in client.get(f"/orders/{number}/").content.decode()
    for code in sorted(OPERATORS_ONLY):
        if ACTS[code].rows is None:
            assert client.get(f"/orders/{number}/do/{code}/").status_code == 403, code
    said = act(client, number, "message", body="请按期办理")
    assert said.status_code == 302, errors(said)
    if state == "approved":
        rated = act(client, number, "rate-officially", stars="4", remark="")
        assert rated.status_code == 302, errors(rated)
