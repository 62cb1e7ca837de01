"""The JSON API: endpoints, the types of their documents, and the OpenAPI description generated from them."""
