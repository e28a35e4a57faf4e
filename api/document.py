"""What FastAPI cannot know of the API, added to the OpenAPI document."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from api.access import MAX_KEY
from api.problems import MEDIA_TYPE, ProblemShape

_PROBLEM = {"schema": {"$ref": f"#/components/schemas/{ProblemShape.__name__}"}}
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same body within a day answers the same, and does it once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY},
}


class DocumentedApi(FastAPI):
    """An application whose document tells the media type of errors, and the key that POST takes."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document."""
        if self.openapi_schema is None:
            for path, operations in super().openapi()["paths"].items():
                for method, operation in operations.items():
                    for response in operation["responses"].values():
                        if _PROBLEM in response.get("content", {}).values():
                            response["content"] = {MEDIA_TYPE: _PROBLEM}
                    if method == "post" and path.startswith("/api/"):
                        operation.setdefault("parameters", []).append(_IDEMPOTENCY_KEY)
        return super().openapi()


def serve_page(app: FastAPI) -> None:
    """Serve `/docs`: Swagger UI, from the installed files of `fastapi-offline` and no CDN."""
    files = "/docs/files"

    async def page() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url="/openapi.json",
            title=app.title,
            swagger_js_url=f"{files}/swagger-ui-bundle.js",
            swagger_css_url=f"{files}/swagger-ui.css",
            swagger_favicon_url=f"{files}/favicon.png",
        )

    app.add_api_route("/docs", page, include_in_schema=False)
    app.mount(files, StaticFiles(packages=[("fastapi_offline", "static")]))
