"""Pages of orders, for buyers, agencies and the centre's desks."""

from django.urls import path

from orders.views import act, counter, deliverable, desk, lists, order, pay, place, project, record

app_name = "orders"
urlpatterns = [
    # Lists and desks
    path("orders/", lists.of_buyer, name="orders"),
    path("agency/orders/", lists.of_agency, name="agency_orders"),
    path("desk/orders/", lists.of_desk, name="desk_orders"),
    path("desk/complaints/", desk.complaints, name="desk_complaints"),
    path("desk/complaints/<str:number>/", desk.complaint, name="desk_complaint"),
    path("desk/ratings/", desk.ratings, name="desk_ratings"),
    path("desk/counter/", counter.find, name="counter"),
    path("desk/counter/register/", counter.register, name="counter_register"),
    path("desk/counter/<int:buyer_id>/", counter.choose, name="counter_choose"),
    path("desk/counter/<int:buyer_id>/<int:listing_id>/", counter.place, name="counter_place"),
    # Placing
    path("orders/new/<int:listing_id>/", place.place, name="place"),
    path("orders/new/<int:listing_id>/fee/", place.fee, name="place_fee"),
    path("orders/project/new/", project.place, name="project_place"),
    path("orders/project/remove/", project.remove, name="project_remove"),
    path("orders/project/<int:pk>/", project.page, name="project"),
    # Complaints by number, payments by reference
    path("orders/complaints/", desk.mine, name="my_complaints"),
    path("orders/payments/<str:reference>/", pay.returned, name="payment_return"),
    # One order
    path("orders/<str:number>/", order.order, name="order"),
    path("orders/<str:number>/work/", order.work, name="work"),
    path("orders/<str:number>/money/", order.money, name="money"),
    path("orders/<str:number>/messages/", order.messages, name="messages"),
    path("orders/<str:number>/ratings/", order.ratings, name="ratings"),
    path("orders/<str:number>/complaints/", order.complaints, name="complaints"),
    path("orders/<str:number>/contract/", order.contract, name="contract"),
    path("orders/<str:number>/pay/", pay.pay, name="pay"),
    path("orders/<str:number>/repeat/", place.repeat, name="repeat"),
    path("orders/<str:number>/deliverables/<int:n>/", deliverable.download, name="deliverable"),
    # Documents
    path("orders/<str:number>/ordered/", record.ordered, name="ordered"),
    path("orders/<str:number>/process-record/", record.process_record, name="process_record"),
    path("orders/<str:number>/record/", record.transaction_record, name="transaction_record"),
    path("orders/<str:number>/sign-off/", record.sign_off, name="sign_off"),
    path("orders/<str:number>/transfer-slip/", record.transfer_slip, name="transfer_slip"),
    path("orders/<str:number>/receipt/", record.receipt, name="receipt"),
    # Acts
    path("orders/<str:number>/do/<slug:act>/", act.act, name="act"),
    path("orders/<str:number>/do/<slug:act>/<int:pk>/", act.act, name="act_row"),
]
