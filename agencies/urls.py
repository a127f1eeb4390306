"""Routes of agencies: the agency's back room, the review desk, and the public notice of entries."""

from django.urls import path

from agencies import urls_roster
from agencies.views import application, desk, home, papers, picture, publicity, shop

app_name = "agencies"
urlpatterns = [
    # The back room
    path("agency/", home.home, name="home"),
    path("agency/start/", home.start, name="start"),
    path("agency/application/<slug:step>/", application.application, name="application"),
    path("agency/profile/", home.profile, name="profile"),
    path("agency/profile/change/", home.change, name="change"),
    path("agency/confirm/", home.confirm_data, name="confirm"),
    path("agency/exit/", home.leave, name="exit"),
    path("agency/restart/", home.restart, name="restart"),
    path("agency/certificates/", papers.certificates, name="certificates"),
    path("agency/certificates/add/", papers.certificate_add, name="certificate_add"),
    path("agency/certificates/<int:pk>/renew/", papers.certificate_renew, name="certificate_renew"),
    path("agency/people/", papers.people_list, name="people"),
    path("agency/people/add/", papers.person_add, name="person_add"),
    path("agency/people/<int:pk>/end/", papers.person_end, name="person_end"),
    path("agency/storefront/", shop.storefront, name="storefront"),
    path("agency/storefront/picture/<slug:kind>/remove/", shop.picture_remove, name="picture_remove"),
    path("agency/storefront/pause/", shop.storefront_pause, name="storefront_pause"),
    path("agency/listings/", shop.listing_list, name="listings"),
    path("agency/listings/new/", shop.listing_new, name="listing_new"),
    path("agency/listings/<int:pk>/", shop.listing, name="listing"),
    path("agency/listings/<int:pk>/edit/", shop.listing_edit, name="listing_edit"),
    path("agency/listings/<int:pk>/preview/", shop.listing_preview, name="listing_preview"),
    path("agency/listings/<int:pk>/versions/<int:number>/", shop.listing_version, name="listing_version"),
    *(
        path(
            f"agency/listings/<int:pk>/{act}/", shop.listing_act, {"act": act}, name=f"listing_{act.replace('-', '_')}"
        )
        for act in ("pause", "resume", "withdraw", "capacity", "take-back")
    ),
    # The review desk
    path("desk/review/", desk.queue, name="review_queue"),
    path("desk/review/<int:pk>/", desk.case, name="review"),
    *(
        path(f"desk/review/<int:pk>/{act}/", desk.act, {"act": act}, name=f"review_{act}")
        for act in ("return", "publicise", "approve")
    ),
    *(
        path(f"desk/review/<int:pk>/{way}/", desk.neighbour, {"way": way}, name=f"review_{way}")
        for way in ("previous", "next")
    ),
    path("desk/objections/<int:pk>/", desk.objection, name="objection_decide"),
    *(
        path(f"desk/certificates/<int:pk>/{act}/", desk.certificate, {"act": act}, name=f"certificate_{act}")
        for act in ("confirm", "reject")
    ),
    path("desk/agencies/<int:pk>/", desk.agency, name="desk_agency"),
    *(
        path(f"desk/agencies/<int:pk>/{act}/", desk.agency_act, {"act": act}, name=f"agency_{act}")
        for act in ("suspend", "resume", "remove")
    ),
    *urls_roster.urlpatterns,
    # For everybody
    path("shop-pictures/<int:pk>/<slug:kind>-<slug:digest>.webp", picture.shop_picture, name="shop_picture"),
    path("publicity/", publicity.listing, name="publicity_list"),
    path("publicity/<int:pk>/", publicity.case, name="publicity"),
    path("publicity/<int:pk>/objection/", publicity.objection, name="objection"),
]
