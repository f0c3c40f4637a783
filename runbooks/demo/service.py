"""The small web service of the tour: python3 service.py FOLDER

Serves /health and /version on a free port of 127.0.0.1, reads what is live from the file
`live` at each request, writes its port to the file `port` and each request to `access.log`.
Ends when its standard input does, so that nothing is left behind.
"""

import http.server
import json
import os
import sys
import threading

folder = sys.argv[1]


def live():
    with open(os.path.join(folder, "live"), encoding="utf-8") as f:
        return json.load(f)


class Greeter(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            now = live()
            answer = {
                "/health": {"status": "ok"},
                "/version": {"version": now["version"], "says": now["says"]},
            }.get(self.path)
            status = 200 if answer else 404
        except (OSError, ValueError, KeyError) as fault:
            answer, status = {"status": "broken", "why": str(fault)}, 503
        body = json.dumps(answer or {"status": "no such page"}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, fmt, *args):
        with open(os.path.join(folder, "access.log"), "a", encoding="utf-8") as f:
            f.write("%s %s\n" % (self.log_date_time_string(), fmt % args))


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Greeter)
threading.Thread(target=server.serve_forever, daemon=True).start()
name = os.path.join(folder, "port")
with open(name + ".new", "w", encoding="utf-8") as f:
    f.write(str(server.server_address[1]))
os.rename(name + ".new", name)
sys.stdin.buffer.read()
