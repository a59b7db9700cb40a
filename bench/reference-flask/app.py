"""What Stoker replaces, reduced to its proxy: a Flask application that passes every request on with `requests`, streamed."""

import threading

import requests
from flask import Flask, Response, request

HOP_BY_HOP = {
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade",
}


def create_app(upstream):
    app = Flask(__name__)
    local = threading.local()

    def session():
        if not hasattr(local, "session"):
            local.session = requests.Session()
        return local.session

    @app.route("/", defaults={"path": ""}, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    @app.route("/<path:path>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def pass_on(path):
        headers = {name: value for name, value in request.headers if name.lower() not in HOP_BY_HOP | {"host"}}
        answer = session().request(
            request.method,
            f"{upstream}/{path}",
            params=request.args,
            headers=headers,
            data=request.stream if request.content_length else None,
            stream=True,
            allow_redirects=False,
            timeout=300,
        )
        kept = [(name, value) for name, value in answer.raw.headers.items() if name.lower() not in HOP_BY_HOP]
        return Response(answer.raw.stream(65536, decode_content=False), answer.status_code, kept)

    return app
