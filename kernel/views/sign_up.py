"""Out of a sign-up whose number was wrong."""

from __future__ import annotations

from urllib.parse import urlencode

from allauth.account.internal import stagekit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from kernel.services.sign_up import sign_up_withdraw


@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Forget the code that is awaited and the account that was to be proved by it; back to the empty form. The answer
    is the same for a number that has an account already: the page tells nobody whose numbers are registered."""
    login = stagekit.unstash_login(request)
    stagekit.clear_login(request)
    if login and login.signup and login.user:
        sign_up_withdraw(user=login.user, actor=None)
    target = request.POST.get("next", "")
    return redirect(reverse("account_signup") + (f"?{urlencode({'next': target})}" if target else ""))
