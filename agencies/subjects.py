"""How the kernel meets our subjects: who may read their papers, where they are shown, what they are called."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from agencies.models import Agency, Claim, Listing, Review, Storefront
from kernel import access
from kernel.registries import Subject, subjects


def _member_or_staff(user: Any, organisation_id: int | None) -> bool:
    return access.belongs_to(user, organisation_id) or access.is_staff(user)


def _of_agency(user: Any, pk: int) -> bool:
    return _member_or_staff(user, Agency.objects.filter(pk=pk).values_list("organisation_id", flat=True).first())


def _of_review(user: Any, pk: int) -> bool:
    return _member_or_staff(
        user, Review.objects.filter(pk=pk).values_list("agency__organisation_id", flat=True).first()
    )


def _of_listing(user: Any, pk: int) -> bool:
    rows = Listing.objects.filter(pk=pk).values_list("agency__organisation_id", flat=True)
    return _member_or_staff(user, rows.first())


def _agency_label(pk: int) -> str:
    return str(Agency.objects.select_related("organisation").get(pk=pk))


def _review_label(pk: int) -> str:
    return str(Review.objects.select_related("agency__organisation").get(pk=pk))


def _listing_label(pk: int) -> str:
    return str(Listing.objects.select_related("item", "agency__organisation").get(pk=pk))


def _of_claim(user: Any, pk: int) -> bool:
    return access.is_staff(user) or Claim.objects.filter(pk=pk, user_id=user.pk).exists()


def _claim_label(pk: int) -> str:
    return str(Claim.objects.select_related("user", "agency__organisation").get(pk=pk))


def _of_storefront(user: Any, pk: int) -> bool:
    rows = Storefront.objects.filter(pk=pk).values_list("agency__organisation_id", flat=True)
    return _member_or_staff(user, rows.first())


def _storefront_label(pk: int) -> str:
    return str(Storefront.objects.select_related("agency__organisation").get(pk=pk))


subjects.register("storefront")(Subject(_of_storefront, lambda pk: reverse("agencies:storefront"), _storefront_label))
subjects.register("agency")(Subject(_of_agency, lambda pk: reverse("agencies:desk_agency", args=[pk]), _agency_label))
subjects.register("review")(Subject(_of_review, lambda pk: reverse("agencies:review", args=[pk]), _review_label))
subjects.register("listing")(Subject(_of_listing, lambda pk: reverse("agencies:listing", args=[pk]), _listing_label))
subjects.register("claim")(Subject(_of_claim, lambda pk: reverse("agencies:claim_case", args=[pk]), _claim_label))
