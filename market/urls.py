from django.urls import path

from market.views import (
    basket,
    catalogue,
    compare,
    directory,
    favourites,
    figures,
    listing,
    search,
    storefront,
    waiting,
)

app_name = "market"
urlpatterns = [
    path("waiting/", waiting.waiting, name="waiting"),
    path("search/", search.search, name="search"),
    path("search/order/", search.order_of_results, name="order_of_results"),
    path("categories/", catalogue.categories, name="categories"),
    path("categories/<slug:code>/", catalogue.category, name="category"),
    path("items/<slug:code>/", catalogue.item, name="item"),
    path("listings/<int:pk>/", listing.listing, name="listing"),
    path("listings/<int:pk>/versions/<int:number>/", listing.version, name="listing_version"),
    path("agencies/<int:pk>/", storefront.storefront, name="storefront"),
    path("agencies/<int:pk>/qr.svg", storefront.qr, {"kind": "svg"}, name="storefront_qr"),
    path("agencies/<int:pk>/qr.png", storefront.qr, {"kind": "png"}, name="storefront_qr_png"),
    path("agencies/<int:pk>/card.svg", storefront.card, name="storefront_card"),
    path("compare/", compare.compare, name="compare"),
    path("compare/change/", compare.change, name="compare_change"),
    path("compare/export/", compare.export, name="compare_export"),
    path("compare/lock/", compare.lock, name="compare_lock"),
    path("compare/locked/<str:number>/", compare.locked, name="compare_locked"),
    path("basket/", basket.basket, name="basket"),
    path("basket/change/", basket.change, name="basket_change"),
    path("favourites/", favourites.favourites, name="favourites"),
    path("favourites/change/", favourites.change, name="favourite_change"),
    path("directory/", directory.directory, name="directory"),
    path("figures/", figures.figures, name="figures"),
    path("figures/<slug:code>/", figures.figure, name="figure"),
]
