"""Print the OpenAPI document, from which clients are generated: `python -m api.openapi`.

It takes neither a database nor a secret: nothing is connected to, and no setting is in the document.
"""

import json
import sys

from api.app import create_app
from services.settings import Settings

if __name__ == "__main__":
    settings = Settings.model_construct(database_url="")
    json.dump(create_app(settings).openapi(), sys.stdout, indent=1)
    sys.stdout.write("\n")
