"""An example of deploy/ as it is, names, ports, certificates and all; or the gateway, which is asked the same.

Runs in namespaces of its own (mounts and network), where contoso.azurecr.io, its data endpoint and a storage account are this program,
on port 443, with a certificate that the machine trusts. Prints what each request was answered with, and what reached the servers, as JSON.

    unshare -rmn python3 unmodified.py nginx|caddy|gateway SERVER EXAMPLE CERTIFICATE KEY FOLDER
"""

import http.client
import http.server
import json
import os
import socket
import ssl
import subprocess
import sys
import threading

KIND, SERVER, EXAMPLE, CERTIFICATE, KEY, FOLDER = sys.argv[1:]
REGISTRY = "contoso.azurecr.io"
STORAGE = "x.blob.core.windows.net"
DATA = "contoso.westeurope.data.azurecr.io"
# Where they are. The gateway connects to no loopback address.
ADDRESS = "10.0.0.1"
REDIRECTS = {
    "storage": f"https://{STORAGE}/ab//c?sig=a%2Fb%3D&se=1",
    "data": f"https://{DATA}/ab//c?sig=a%2Fb%3D",
    "refusing": f"https://{STORAGE}/refusing?sig=1",
    "elsewhere": "https://evil.example/x?y=1",
    "other": "https://fabrikam.westeurope.data.azurecr.io/x?y=1",
}
GOVERNING = [
    "Set-Cookie", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Clear-Site-Data", "Refresh", "Service-Worker-Allowed",
    "X-Accel-Redirect", "X-Accel-Expires", "X-Accel-Limit-Rate", "X-Sendfile", "CDN-Cache-Control", "Surrogate-Control", "Expires", "Age",
]
if KIND != "nginx":
    # nginx can only be told what to hide.
    GOVERNING += ["Customer-Id", "1x", "_x"]
# Fields of a request that no registry reads, by all that a name can begin with.
UNREAD = [
    "Cookie", "X-MS-TOKEN-AAD-ID-TOKEN", "Cf-Access-Jwt-Assertion", "Remote-User", "X-Forwarded-User", "Accept-Language", "User-Agent",
    "Correlation-Context", "Csrf-Token", "Customer-Id", "Ce-Id", "Content-Location", "Content-Language", "Conversation-Id", "1x", "_x", "!x",
]
# What no registry client has in a path, plain and escaped.
HOSTILE = [
    "/..;/", "/;", "/%0a", "/%5c", "//b", "/b%2f%2fc", "/%252e", "/%00", "/./", "/%2e%2e/x", "/%ff", "/%80", "/%c0%ae%c0%ae", "/%e2%80%ae",
    "/%C3%A9", "/\xc3\xa9", "/\xff",
]
reached = []


class Azure(http.server.BaseHTTPRequestHandler):
    """Registry, data endpoint and storage, by the host that is asked for."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", fields=()):
        self.send_response(status)
        for name in GOVERNING:
            self.send_header(name, "planted")
        for name, value in fields:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def do_GET(self):
        host, body = self.headers["Host"], self.body().decode()
        fields = {name.lower(): value for name, value in self.headers.items()}
        reached.append({"host": host, "method": self.command, "target": self.path, "fields": fields, "body": body})
        if host != REGISTRY:
            return self.answer(403 if "refusing" in self.path else 200, f"blob of {host}".encode())
        for name, location in REDIRECTS.items():
            if self.path == f"/v2/a/blobs/{name}":
                return self.answer(307, fields=[("Location", location), ("Docker-Content-Digest", "sha256:7")])
        if self.path == "/v2/cached":
            return self.answer(200, b"{}", [("Cache-Control", "max-age=5")])
        if self.path == "/v2/redirect":
            return self.answer(301, fields=[("Location", "https://evil.example/")])
        if self.path == "/v2/basic":
            return self.answer(401, b"{}", [("WWW-Authenticate", 'Basic realm="x"')])
        if self.path == "/v2/bearer":
            challenge = f'Bearer realm="https://{REGISTRY}/oauth2/token",service="{REGISTRY}",scope="repository:a:pull,push"'
            return self.answer(401, b"{}", [("WWW-Authenticate", challenge)])
        self.answer(200, b"{}", [("Content-Type", "application/json"), ("Link", '</v2/x>; rel="next"')])

    do_POST = do_PATCH = do_PUT = do_DELETE = do_GET


def azure():
    server = http.server.ThreadingHTTPServer((ADDRESS, 443), Azure)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, KEY)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.serve_forever()


def names():
    """A name server that knows one address."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.53", 53))
    while True:
        query, client = server.recvfrom(512)
        question, end = query[12:], 0
        while question[end]:
            end += question[end] + 1
        question = question[: end + 5]
        known = question[-4:-2] == b"\0\1"
        address = b"\xc0\x0c\0\1\0\1\0\0\0\5\0\4" + socket.inet_aton(ADDRESS) if known else b""
        server.sendto(query[:2] + b"\x81\x80\0\1\0" + bytes([known]) + b"\0\0\0\0" + question + address, client)


def server():
    """Starts the server with the example and waits until it listens."""
    if KIND == "caddy":
        environment = {**os.environ, "HOME": FOLDER, "SSL_CERT_FILE": CERTIFICATE}
        command = [SERVER, "run", "--adapter", "caddyfile", "--config", EXAMPLE]
    elif KIND == "gateway":
        environment = dict(os.environ)
        command = [SERVER, "serve", "--registry", REGISTRY, "--ca-file", CERTIFICATE]
    else:
        environment, command = dict(os.environ), [SERVER, "-p", FOLDER, "-c", f"{FOLDER}/nginx.conf"]
        paths = "".join(f"{name}_temp_path {FOLDER}/{name}; " for name in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"])
        with open(f"{FOLDER}/nginx.conf", "w") as around:
            around.write(
                f"user root; daemon off; master_process off; pid {FOLDER}/pid; error_log stderr; events {{ worker_connections 128; }} "
                f"http {{ access_log off; {paths} include {EXAMPLE}; }}"
            )
    process = subprocess.Popen(command, env=environment, stdout=sys.stderr, stderr=sys.stderr)
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", 8080)).close()
            return process
        except OSError:
            pass
    sys.exit(f"{command} ended")


def ask(method, path, fields=(), body=None):
    connection = http.client.HTTPConnection("127.0.0.1", 8080, timeout=30)
    # A path may hold bytes that no client would send.
    connection._encode_request = lambda line: line.encode("latin-1")
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in [("Host", "localhost:8080"), *fields]:
        connection.putheader(name, value)
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    answer = connection.getresponse()
    fields = {name.lower(): value for name, value in answer.getheaders()}
    return {"status": answer.status, "fields": fields, "body": answer.read().decode("utf-8", "replace")}


def main():
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    subprocess.run(["ip", "address", "add", f"{ADDRESS}/32", "dev", "lo"], check=True)
    with open(f"{FOLDER}/hosts", "w") as hosts:
        hosts.write(f"127.0.0.1 localhost\n{ADDRESS} {REGISTRY} {STORAGE} {DATA}\n")
    subprocess.run(["mount", "--bind", f"{FOLDER}/hosts", "/etc/hosts"], check=True)
    if KIND == "nginx":
        subprocess.run(["mount", "--bind", CERTIFICATE, "/etc/ssl/certs/ca-certificates.crt"], check=True)
    for serve in [azure, names]:
        threading.Thread(target=serve, daemon=True).start()
    process = server()
    api = "/registries/contoso"
    unread = [(name, "secret") for name in UNREAD]
    read = [("Authorization", "Bearer t"), ("Range", "bytes=0-1"), ("X-Ms-Client-Request-Id", "id"), *unread]
    paths = [
        "/v2/a%2Fb/manifests/x", "/v2/a/manifests/build-0123456789abcdef.1", "/v2/a/manifests/build-0123456789abcdef.js", "/v2/cached", "/v2/basic",
        "/v2/bearer", "/v2/redirect",
    ]
    answers = {path: ask("GET", api + path, read) for path in paths}
    answers |= {name: ask("GET", f"{api}/v2/a/blobs/{name}", read) for name in REDIRECTS}
    form = [("Content-Type", "application/x-www-form-urlencoded")]
    answers["token"] = ask("POST", f"{api}/oauth2/token", form, b"grant_type=password")
    answers["upload"] = ask("PATCH", f"{api}/v2/a/blobs/uploads/u?_state=x", [("Content-Range", "0-5")], b"layers")
    for name, value in [
        ("Origin", "https://evil.example"), ("Origin", "null"), ("Origin", "http://localhost:8080"), ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-origin"),
    ]:
        answers[f"{name}: {value}"] = ask("POST", f"{api}/v2/a/blobs/uploads/", [(name, value)], b"")
    before = len(reached)
    for part in HOSTILE:
        answers[f"hostile {part}"] = ask("GET", f"{api}/v2/a{part}")
    for path in ["/registries%2fcontoso/v2/", "/registries/other/v2/", "/registries/contoso/admin", "/registries/contoso/v22/"]:
        answers[f"elsewhere {path}"] = ask("GET", path)
    print(json.dumps({"answers": answers, "reached": reached, "reached_by_hostile": len(reached) - before}))
    process.terminate()
    process.wait()


main()
