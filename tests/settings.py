"""Settings of the suite: the product's own, cut off from this machine's .env, in a folder that is thrown away.

`TEST_DATABASE_URL` (set by `./run test` for its second session) chooses PostgreSQL; without it, SQLite.
"""

import atexit
import os
import shutil
import tempfile

_scratch = tempfile.mkdtemp(prefix="chengxuan-test-")
atexit.register(shutil.rmtree, _scratch, ignore_errors=True)

os.environ.update(
    SECRET_KEY="only-for-the-tests-0123456789-abcdefghijklmnopqrstuvwxyz",
    DEMO="1",
    DEBUG="0",
    HTTPS="0",
    VAR_DIR=_scratch,
    ALLOWED_HOSTS="127.0.0.1,localhost,testserver",
    CSRF_TRUSTED_ORIGINS="",
    PUBLIC_URL="http://testserver",
    TRUSTED_PROXIES="0",
    FIELD_KEYS="",
    DATABASE_URL=os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{_scratch}/test.sqlite3",
    CELERY_BROKER_URL="memory://",
    CACHE_URL="locmemcache://",
    EMAIL_URL="memorymail://",
    SANDBOX_BANK_HTTP="0",
)

from config.settings import *  # noqa: E402, F403

SECRET_KEY = os.environ["SECRET_KEY"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # one PBKDF2 check costs half a second
WHITENOISE_AUTOREFRESH = True
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
DATABASES["default"]["TEST"] = {"NAME": DATABASES["default"]["NAME"]}  # noqa: F405
