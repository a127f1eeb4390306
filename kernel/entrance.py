"""Steps of signing in that wait for a code, without shutting the other doors.

allauth leads every visit to its sign-in and sign-up pages back to the code that is awaited. Whoever mistyped a number, or gave one
that has an account already, would never get out: here the code waits, and so do the other ways in."""

from __future__ import annotations

from allauth.account import stages
from django.http import HttpRequest


class _Waits:
    def is_resumable(self, request: HttpRequest) -> bool:
        return False


class PhoneVerificationStage(_Waits, stages.PhoneVerificationStage):
    """The code that proves the mobile number of a new account."""


class LoginByCodeStage(_Waits, stages.LoginByCodeStage):
    """The one-time code in place of a password."""
