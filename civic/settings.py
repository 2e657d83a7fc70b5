"""Every setting of the product, from the environment and from nowhere else.

Production is the default and refuses to start without its secrets. `./run` and the tests
set `CIVIC_MODE=local`, which fills them in and accepts only a private PostgreSQL.
"""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from civic.kernel.logs import logging_configuration

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

LOCAL = env("CIVIC_MODE", default="production") == "local"
DEMO = env.bool("CIVIC_DEMO", default=False)
VAR_DIR = Path(env("CIVIC_VAR", default=str(BASE_DIR / "var")))


def secret(name):
    """A secret of production; local mode has a fixed one, worthless outside this machine."""
    value = env(name, default="local-" * 10 if LOCAL else "")
    if len(value) < 50:
        raise ImproperlyConfigured(f"{name} must be set to 50 random characters or more.")
    return value


SECRET_KEY = secret("SECRET_KEY")
# Keys the hashes of mailboxes: it can't change without losing "one signature per person",
# so it is kept apart from SECRET_KEY, which can.
MAILBOX_KEY = secret("MAILBOX_KEY")
# Keys the hashes of people on voter rolls and lists: without it they name nobody, and with another one nobody is found.
PERSON_KEY = secret("PERSON_KEY")
DEBUG = False

# --- Addresses -------------------------------------------------------------------------
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if LOCAL else [])
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000" if LOCAL else "").rstrip("/")
if not ALLOWED_HOSTS or not SITE_URL:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS and SITE_URL must be set, e.g. fabrique.example.fr and https://fabrique.example.fr."
    )
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
ROOT_URLCONF = "civic.urls"
WSGI_APPLICATION = "civic.wsgi.application"
ASGI_APPLICATION = "civic.asgi.application"

# --- The city --------------------------------------------------------------------------
CITY = {
    "name": env("CITY_NAME", default="Échirolles"),
    "product": env("CITY_PRODUCT", default="Fabrique citoyenne"),
    "telephone": env("CITY_TELEPHONE", default="04 76 20 63 00"),
    "address": env("CITY_ADDRESS", default="Hôtel de ville, 1 place des Cinq-Fontaines, 38130 Échirolles"),
    "counters": env("CITY_COUNTERS", default="Maisons des habitantes et habitants"),
    "email": env("CITY_EMAIL", default="fabrique@echirolles.example"),
    "postal_code": env("CITY_POSTAL_CODE", default="38130"),
    # Of its open data; nobody's until the city gives its own.
    "siret": env("CITY_SIRET", default="00000000000000"),
}

# --- Moderation ------------------------------------------------------------------------
# What an account of fewer than so many days writes is read before it is shown, until so many of its texts were.
NEWCOMER_DAYS = env.int("NEWCOMER_DAYS", default=30)
NEWCOMER_CONTRIBUTIONS = env.int("NEWCOMER_CONTRIBUTIONS", default=1)

# --- Applications ----------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "channels",
    "civic.kernel",
    "civic.territory",
    "civic.audit",
    "civic.realtime",
    "civic.accounts",
    "civic.notifications",
    "civic.moderation",
    "civic.comments",
    "petitions",
    "consultations",
    "livestream",
    "civic.portal",
]
if DEMO:
    INSTALLED_APPS.append("civic.demo")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "civic.kernel.middleware.KnownMethodsMiddleware",
    "civic.kernel.middleware.Utf8Middleware",
    "civic.kernel.uploads.UploadsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "civic.kernel.middleware.PoliciesMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "civic.kernel.middleware.PathLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "civic.accounts.middleware.SessionUserMiddleware",
    "civic.kernel.middleware.RequestLogMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "civic.accounts.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "civic.kernel.middleware.DomainErrorMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "civic.kernel.context.page",
            ],
        },
    }
]
FORM_RENDERER = "civic.kernel.forms.FormRenderer"

# --- Database, cache, work -------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default="" if LOCAL else environ.Env.NOTSET)}
POOL = env.int("DATABASE_POOL", default=12)
DATABASES["default"] |= {
    "ENGINE": "civic.kernel.postgresql",
    "OPTIONS": DATABASES["default"].get("OPTIONS", {})
    | {
        # Of cursors that bind on the server alone (civic.kernel.postgresql).
        "prepare_threshold": 1,
        "connect_timeout": 5,
        "options": "-c statement_timeout=15s -c lock_timeout=5s -c timezone=UTC",
    },
}
if POOL:
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": POOL,
        "timeout": 5,
        # Short, since a pool that goes on trying waits twice as long each time: after 40 s without
        # PostgreSQL it served again 22 s late. One that gave up tries when it is next asked.
        "reconnect_timeout": 2,
    }
else:
    # 0: each thread keeps a connection (civic/wsgi.py).
    DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {
        "default": {"BACKEND": "civic.kernel.redis_cache.RedisOrMemory", "LOCATION": REDIS_URL},
        "limits": {
            "BACKEND": "civic.kernel.redis_cache.RedisOrMemory",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "limits",
        },
    }
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            # A Redis that takes connections and never answers must hold nobody up.
            "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_connect_timeout": 1, "socket_timeout": 1}]},
        }
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "kernel_cache",
            # Of 300 rows, Django's default, a busy quarter of an hour would throw the limits of sign-in away.
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        },
        # Counted per process: a limit is a brake, never a rule that correctness rests on.
        "limits": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 50_000}},
    }
# What is the same on every page (the foot) is rendered once in a while; Django looks for this name.
CACHES["template_fragments"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "fragments"}
# With Redis too: here a session comes with its account in one statement, from there the account was a second trip.
SESSION_ENGINE = "civic.accounts.session_store"

EMAIL_BACKEND = "civic.notifications.backend.OutboxBackend"
# Where the outbox hands mail over; the demo keeps it and shows it on a page.
vars().update(
    {k: v for k, v in env.email_url("EMAIL_URL", default="smtp://localhost:25").items() if k != "EMAIL_BACKEND"}
)
DELIVERY_BACKEND = (
    "django.core.mail.backends.dummy.EmailBackend" if LOCAL else "django.core.mail.backends.smtp.EmailBackend"
)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default=f"{CITY['product']} <{CITY['email']}>")

# --- Accounts --------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["civic.accounts.backends.AccountBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "civic.accounts.passwords.LeakedPasswordValidator"},
]
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
# Typed from a mail, often on another device: digits only. 10^8 against the few tries below.
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}
ACCOUNT_ADAPTER = "civic.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "civic.accounts.forms.LoginForm", "signup": "civic.accounts.forms.SignupForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "civic.accounts.adapter.display_name"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 30 * 60
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
# Offered to new addresses only, it would tell which address has an account.
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = False
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
# Ten minutes, as ASVS 5.0 (6.5.5) asks for codes that open an account.
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGIN_TIMEOUT = 30 * 60
ACCOUNT_LOGOUT_ON_GET = ACCOUNT_CONFIRM_EMAIL_ON_GET = False
# Django ends all other sessions when a password changes; the one that changed it stays.
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PREVENT_ENUMERATION = ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = None  # asked at sign-in, unticked: many sign in on a shared machine
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if LOCAL else "https"
# By account tightly (another way in stays open: code, password or passkey), by network loosely,
# so that a library's shared address goes on while one of its machines attacks an account.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "60/m/ip,10/15m/key",
    "signup": "60/m/ip",
    "request_login_code": "60/m/ip,5/15m/key",
    "reset_password": "60/m/ip,5/15m/key",  # nosec B105 - rates, not passwords
    "reset_password_from_key": "60/m/ip",  # nosec B105
    "confirm_email": "3/m/key,10/h/key",
    "change_password": "5/m/user",  # nosec B105
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
}
MFA_ADAPTER = "civic.accounts.adapter.SecondFactorAdapter"
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = f"{CITY['product']} – {CITY['name']}"
# No wider: a code used once is remembered for one period only.
MFA_TOTP_TOLERANCE = 0
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = MFA_TRUST_ENABLED = MFA_ALLOW_UNVERIFIED_EMAIL = False
# A passkey opens an account alone, so the device must have asked for a finger, a face or its code.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL
USERSESSIONS_ADAPTER = "civic.accounts.adapter.SessionsAdapter"
USERSESSIONS_TRACK_ACTIVITY = False

# --- Security --------------------------------------------------------------------------
COOKIE_PREFIX = "" if LOCAL else "__Host-"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}session"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # unless one asked to stay signed in
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "civic.kernel.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_SSL_REDIRECT = not LOCAL
SECURE_HSTS_SECONDS = 0 if LOCAL else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not LOCAL
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "report-uri": "/csp-reports",
}
# Closed to our pages and to whatever would be framed in them.
PERMISSIONS_POLICY = (
    *("accelerometer", "camera", "geolocation", "gyroscope", "magnetometer", "microphone", "payment", "usb"),
)
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
FILE_UPLOAD_HANDLERS = ["civic.kernel.uploads.NoUploads"]

# --- Languages and times ---------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True

# --- Static files ----------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# What is filmed. Where the front server sends it, the place in its configuration that stands for this folder
# (nginx: an `internal` location, for X-Accel-Redirect), with a slash at its end; empty, Django sends it.
VIDEO_DIR = VAR_DIR / "video"
VIDEO_ACCEL = env("VIDEO_ACCEL", default="")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "civic.kernel.storage.StaticStorage"},
}

LOGGING = logging_configuration(as_json=not LOCAL, level=env("LOG_LEVEL", default="WARNING" if LOCAL else "INFO"))


# --- Local and demo modes stay on this machine -------------------------------------------
def is_on_private_socket(database):
    """Whether it can only be one Unix socket: a second host, an address or a service would win over it."""
    options = database["OPTIONS"]
    host = options.get("host", "")
    is_one_socket = host.startswith("/") and "," not in host and not database.get("HOST")
    return is_one_socket and options.keys() <= {"host", "options", "pool", "prepare_threshold", "connect_timeout"}


if LOCAL and not is_on_private_socket(DATABASES["default"]):
    raise ImproperlyConfigured("CIVIC_MODE=local accepts only a PostgreSQL on a Unix socket; use `./run`.")
if DEMO and not LOCAL:
    raise ImproperlyConfigured("The demo can't be switched on in production: start it with `./run`.")
