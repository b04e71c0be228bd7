"""The OpenAPI 3.1 document and the list shapes of /api/v1; routes live in the packages."""

from typing import Any

from flask import Flask
from flask_smorest import Api
from marshmallow import Schema, fields

from elearn.kernel.page import Page


class QuietApi(Api):  # type: ignore[misc]
    """flask-smorest without its own error pages: web/errors.py answers for pages and API alike."""

    def _register_error_handlers(self) -> None:
        """Register none."""


def init_app(app: Flask) -> Any:
    """Make the API object that collects the packages' blueprints."""
    app.config.update(
        API_TITLE="elearn",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
            "security": [{"bearer": []}],
        },
    )
    return QuietApi(app)


class PageSchema(Schema):
    """What every list carries beside its items."""

    total = fields.Int(required=True)
    page = fields.Int(required=True)
    page_size = fields.Int(required=True)


def page_body(page: Page[Any]) -> dict[str, Any]:
    """A page as its JSON body."""
    return {"items": page.items, "total": page.total, "page": page.page, "page_size": page.page_size}
