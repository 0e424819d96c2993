"""A server for tests: the part of ClickHouse's HTTP interface that a store uses, over the engine of chdb.

    clickhouse.py DATA PORT_FILE [CERTIFICATE]

It serves 127.0.0.1 at the port in the file, or at a free port, which it writes into the file; HTTPS with a folder that
has `certificate.pem` and `key.pem`. The user `default` has no password, and the password of the user `tracks` is
`sesame`.

Faults: `POST /fault?kind=KIND&times=N&skip=M&database=D` lets M requests about the database pass, and harms
the N that follow:

    unavailable   503, and nothing happens
    refused       the connection ends before an answer, and nothing happens
    cut           the request is done, and the connection ends before an answer
    torn          the request is done, and the connection ends in the middle of the answer
    failed        the request is done; the answer ends with the text of an exception, as in the middle of a query
    slow          the request is done after five seconds
    stalled       the request is done; the answer ends five seconds after its first half
"""

import base64
import os
import re
import ssl
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import chdb.session

PASSWORDS = {"default": "", "tracks": "sesame"}
STATUS = {60: 404, 81: 404, 62: 400, 516: 403, 497: 403, 202: 503}
RESERVED = {"query", "insert_deduplication_token", "max_execution_time", "database", "user", "password", "default_format", "session_id", "query_id", "compress"}

session = chdb.session.Session(sys.argv[1])
applied = {}
faults = []
lock = threading.Lock()
session.query("SET max_query_size = 1073741824")


def fault_of(text):
    """Takes the fault that is meant for a request."""
    with lock:
        for fault in faults:
            if fault["database"] and fault["database"] not in text:
                continue
            if fault["skip"] > 0:
                fault["skip"] -= 1
                return None
            fault["times"] -= 1
            if fault["times"] <= 0:
                faults.remove(fault)
            return fault["kind"]
    return None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Without these, small packets wait for each other.
    disable_nagle_algorithm = True
    wbufsize = 1 << 16

    def log_message(self, *_):
        pass

    def body(self):
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            parts = []
            while True:
                size = int(self.rfile.readline().split(b";")[0], 16)
                parts.append(self.rfile.read(size))
                self.rfile.readline()
                if size == 0:
                    return b"".join(parts)
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def answer(self, status, content, headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def exception(self, code, text):
        headers = [("X-ClickHouse-Exception-Code", str(code))]
        self.answer(STATUS.get(code, 500), text.encode(), headers)

    def is_allowed(self, asked):
        user = asked.get("user") or self.headers.get("X-ClickHouse-User")
        password = asked.get("password") or self.headers.get("X-ClickHouse-Key") or ""
        basic = self.headers.get("Authorization", "")
        if basic.startswith("Basic "):
            user, _, password = base64.b64decode(basic[6:]).decode().partition(":")
        return PASSWORDS.get(user or "default") == password

    def do_GET(self):
        self.answer(200, b"Ok.\n")

    def do_POST(self):
        address = urlsplit(self.path)
        asked = dict(parse_qsl(address.query, keep_blank_values=True))
        body = self.body()
        if address.path == "/fault":
            with lock:
                if asked["kind"] == "none":
                    faults[:] = [fault for fault in faults if fault["database"] != asked.get("database", "")]
                else:
                    number = lambda name, default: int(asked.get(name, default))
                    faults.append({"kind": asked["kind"], "times": number("times", 1), "skip": number("skip", 0),
                                   "database": asked.get("database", "")})
            return self.answer(200, b"")
        if not self.is_allowed(asked):
            text = "Code: 516. DB::Exception: Authentication failed: password is incorrect. (AUTHENTICATION_FAILED)\n"
            return self.exception(516, text)
        statement = asked.get("query") or body.decode("utf-8", "replace")
        data = body if "query" in asked else b""
        fault = fault_of(statement[:20000])
        if fault == "slow":
            time.sleep(5)
        if fault == "unavailable":
            return self.answer(503, b"the server is shutting down\n")
        if fault == "refused":
            return self.hang_up()
        try:
            content = self.run(statement, data, asked)
        except Exception as error:
            text = str(error)
            code = re.match(r"Code: (\d+)", text)
            return self.exception(int(code[1]) if code else 1002, text + "\n")
        if fault == "cut":
            return self.hang_up()
        self.stream(content, fault)

    def run(self, statement, data, asked):
        if data:
            return self.insert(statement, data, asked)
        settings = {name: value for name, value in asked.items() if name not in RESERVED and not name.startswith("param_")}
        with lock:
            new = {name: value for name, value in settings.items() if applied.get(name) != value}
            applied.update(new)
        for name, value in new.items():
            session.query(f"SET {name} = {value if value.lstrip('-').isdigit() else repr(value)}")
        params = {name[6:]: value for name, value in asked.items() if name.startswith("param_")}
        format_ = asked.get("default_format", "TabSeparated")
        answer = session.query(statement, format_, params=params) if params else session.query(statement, format_)
        return answer.bytes() or b""

    def insert(self, statement, data, asked):
        """Inserts data from a file: the engine would end those in a statement at two line breaks."""
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            query, format_ = statement.rsplit("FORMAT", 1)
            return self.run(f"{query} FROM INFILE '{file.name}' FORMAT {format_}", b"", asked)

    def stream(self, content, fault):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("X-ClickHouse-Server-Display-Name", "chdb")
        self.end_headers()
        if fault in ("torn", "stalled"):
            self.chunk(content[: len(content) // 2])
            if fault == "torn":
                return self.hang_up()
            self.wfile.flush()
            time.sleep(5)
            content = content[len(content) // 2 :]
        for first in range(0, len(content), 1 << 20):
            self.chunk(content[first : first + (1 << 20)])
        if fault == "failed":
            self.chunk(b"Code: 241. DB::Exception: Memory limit (total) exceeded. (MEMORY_LIMIT_EXCEEDED)\n")
        self.wfile.write(b"0\r\n\r\n")

    def chunk(self, content):
        if content:
            self.wfile.write(b"%x\r\n" % len(content))
            self.wfile.write(content)
            self.wfile.write(b"\r\n")

    def hang_up(self):
        self.close_connection = True
        self.wfile.flush()
        self.connection.close()


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_):
        pass


def port():
    """Returns the port of the server that had the file before, or any."""
    try:
        with open(sys.argv[2]) as known:
            return int(known.read())
    except FileNotFoundError:
        return 0


server = Server(("127.0.0.1", port()), Handler)
if len(sys.argv) > 3:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(sys.argv[3], "certificate.pem"), os.path.join(sys.argv[3], "key.pem"))
    # The handshake is for the thread of a connection.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
with open(sys.argv[2] + ".new", "w") as file:
    file.write(str(server.server_address[1]))
os.rename(sys.argv[2] + ".new", sys.argv[2])
server.serve_forever()
