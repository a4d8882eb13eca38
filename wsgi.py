"""What a web server loads."""

from app.factory import create_app
from config import BadSetting, Settings

try:
    app = create_app(Settings.from_env())
except BadSetting as error:
    raise SystemExit(f"Huiswaarts cannot start: {error}") from error
