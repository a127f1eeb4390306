"""Routes of credit: for everybody, for an agency about itself, and the credit desk."""

from django.urls import path

from credit.views import agency, case, guidance, month, queue, ranking, records, rulebook, score

app_name = "credit"
urlpatterns = [
    # For everybody
    path("credit/agencies/<int:pk>/", score.score, name="score"),
    path("credit/rulebook/", rulebook.rulebook, name="rulebook"),
    path("credit/rulebook/<slug:sha256>.json", rulebook.rulebook_file, name="rulebook_file"),
    path("credit/rankings/", ranking.rankings, name="rankings"),
    path("credit/rankings/<slug:number>/", ranking.ranking, name="ranking"),
    path("credit/rankings/<slug:number>/comment/", ranking.comment, name="ranking_comment"),
    # A case has one page, for the officers and for the agency it is about
    path("credit/cases/<slug:number>/", case.case, name="case"),
    path("credit/cases/<slug:number>/<slug:act>/", case.act, name="case_act"),
    # An agency about itself
    path("agency/credit/", agency.home, name="home"),
    path("agency/credit/records/", agency.records, name="records"),
    # The credit desk
    path("desk/credit/", queue.queue, name="desk"),
    path("desk/credit/cases/new/", queue.intake, name="intake"),
    path("desk/credit/rankings/", month.months, name="desk_rankings"),
    path("desk/credit/rankings/<slug:period>/<slug:act>/", month.act, name="month_act"),
    path("desk/credit/ranking/<slug:number>/<slug:act>/", month.act_one, name="ranking_act"),
    path("desk/credit/agencies/<int:pk>/", records.desk_records, name="desk_records"),
    path("desk/credit/agencies/<int:pk>/honour/", records.honour, name="honour"),
    path("desk/credit/records/<int:pk>/void/", records.void, name="void"),
    path("desk/credit/guidance/", guidance.directory, name="desk_guidance"),
    path("desk/credit/guidance/<int:pk>/<slug:act>/", guidance.act, name="guidance_act"),
]
