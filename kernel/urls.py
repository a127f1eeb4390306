from django.urls import path

from kernel.views import checks, drafts, notices, party, sign_up, styleguide, work

app_name = "kernel"
urlpatterns = [
    path("accounts/signup/again/", sign_up.again, name="sign_up_again"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("drafts/", drafts.draft, name="draft"),
    path("check/uscc/", checks.check_uscc, name="check_uscc"),
    path("work/", work.home, name="work"),
    path("notices/", notices.centre, name="notices"),
    path("notices/read/", notices.read_all, name="notices_read_all"),
    path("notices/<int:pk>/", notices.open_one, name="notice"),
    path("notices/settings/", notices.preferences, name="notice_preferences"),
    path("parties/new/", party.register, name="party_register"),
    path("parties/switch/", party.switch, name="party_switch"),
    path("parties/<int:pk>/", party.page, name="party"),
    path("parties/<int:pk>/invite/", party.invite, name="party_invite"),
    path("parties/memberships/<int:pk>/end/", party.end_membership, name="membership_end"),
    path("invitations/<str:token>/", party.accept, name="invitation"),
]
