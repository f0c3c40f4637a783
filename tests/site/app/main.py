"""The API of ni_site, as small as an API can be that the five documents could be about: health
and readiness that tell the truth, a version, request ids, orders that end up in a queue,
tokens that are checked with one of several keys, seven modules, metrics."""
import glob
import hashlib
import hmac
import json
import os
import sys
import time
import uuid

import psycopg2
import redis
from fastapi import FastAPI, HTTPException, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse, PlainTextResponse

MODULES = ["ci", "kazkar", "podija", "nastrij", "malya", "gallery", "calendar"]
BUCKETS = (0.05, 0.1, 0.5, 1, 2)
VERSION = open("/app/VERSION").read().strip()
HEAD = open("/app/SCHEMA").read().strip()
HOST = os.environ.get("NI_HOST", "?")
KEYS = open("/run/secrets/jwt_secrets").read().split()
STARTED = time.time()

app = FastAPI(title="ni_site", version=VERSION, docs_url="/api/docs")
app.add_middleware(CORSMiddleware, allow_methods=["GET", "POST"],
                   allow_origins=os.environ.get("CORS_ORIGINS", "").split(","))
counted = {}
hoard = []


def database(sql, *values):
    with psycopg2.connect(os.environ["DATABASE_URL"], connect_timeout=2) as link:
        with link.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchone()


def queue():
    return redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=2)


def works(look):
    try:
        return bool(look())
    except Exception:
        return False


def count(name, by=1):
    """Each worker process keeps its own counters beside those of the others."""
    counted[name] = counted.get(name, 0) + by


def count_request(status, took):
    count('http_requests_total{status="%d"}' % status)
    for most in BUCKETS:
        count('http_request_duration_seconds_bucket{le="%s"}' % most, took <= most)
    count('http_request_duration_seconds_bucket{le="+Inf"}')
    count("http_request_duration_seconds_count")
    count("http_request_duration_seconds_sum", took)
    mine = "/tmp/counted-%d" % os.getpid()
    with open(mine + ".new", "w") as out:
        json.dump(counted, out)
    os.replace(mine + ".new", mine)


@app.middleware("http")
async def with_request_id(request: Request, go_on):
    ident = request.headers.get("x-request-id") or uuid.uuid4().hex
    began = time.time()
    try:
        answer = await go_on(request)
    except Exception as error:
        answer = JSONResponse({"code": "internal", "message": str(error), "request_id": ident}, 500)
    answer.headers["X-Request-ID"] = ident
    count_request(answer.status_code, time.time() - began)
    print(json.dumps({"level": "info", "method": request.method, "path": request.url.path,
                      "status": answer.status_code, "request_id": ident, "version": VERSION,
                      "ms": int((time.time() - began) * 1000)}), flush=True)
    return answer


def resident(pid):
    try:
        with open("/proc/%s/status" % pid) as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS"))
    except (OSError, StopIteration):
        return 0  # it has ended; what it counted stays


@app.get("/health")
@app.get("/api/v1/health")
def health():
    checks = {"database": works(lambda: database("select count(*) > 0 from users")[0]),
              "redis": works(lambda: queue().ping())}
    if os.path.exists("/app/SLOW"):
        time.sleep(float(open("/app/SLOW").read()))
    if os.path.exists("/app/LEAK"):
        hoard.append(os.urandom(1 << 20))
    well = all(checks.values()) and not os.path.exists("/app/SICK")
    return JSONResponse({"status": "ok" if well else "degraded", "version": VERSION, "host": HOST,
                         "checks": checks}, 200 if well else 503)


@app.get("/ready")
def ready():
    have = database("select version_num from alembic_version")[0]
    return JSONResponse({"ready": have >= HEAD, "status": "ready" if have >= HEAD else "not ready",
                         "schema": have, "needs": HEAD}, 200 if have >= HEAD else 503)


@app.get("/api/v1/health/ready")
def ready_too():
    return ready()


@app.get("/api/v1/health/queues")
def queues():
    return {"orders": queue().llen("orders"), "celery": queue().llen("celery")}


@app.get("/")
def root():
    return {"name": "ni_site", "modules": MODULES}


@app.get("/api/v1/modules/")
def modules():
    return JSONResponse({"modules": MODULES}, headers={"Cache-Control": "max-age=60"})


@app.get("/api/v1/modules/status")
def modules_status():
    return {name: {"status": "ok"} for name in MODULES}


@app.get("/api/v1/ci/")
def module_ci():
    return {"module": "ci", "status": "ok"}


@app.post("/api/v1/profile")
def profile(request: Request):
    """What a browser may only send with the token that the page was given."""
    if not request.headers.get("x-csrf-token"):
        raise HTTPException(403, "no token of the page")
    return {"saved": True}


@app.post("/api/v1/login")
def login():
    answer = JSONResponse({"ok": True})
    answer.set_cookie("session", uuid.uuid4().hex, secure=True, httponly=True, samesite="lax")
    return answer


@app.get("/version")
def version():
    return {"version": VERSION, "host": HOST, "uptime_s": int(time.time() - STARTED)}


@app.post("/api/v1/orders", status_code=202)
def order(user: int):
    """A write that the database keeps and the worker is told of."""
    row = database("insert into orders select max(id) + 1, %s, 100, now() from orders"
                   " returning id", user)
    queue().rpush("orders", row[0])
    return {"order": row[0]}


@app.get("/api/v1/whoami")
def whoami(request: Request):
    """A token is NAME.SIGNATURE; any of the keys may have signed it."""
    name, _, signed = (request.headers.get("authorization") or "").partition(" ")[2].partition(".")
    for key in KEYS:
        if name and hmac.compare_digest(
                signed, hmac.new(key.encode(), name.encode(), hashlib.sha256).hexdigest()):
            return {"name": name}
    raise HTTPException(401, "no token that one of our keys has signed")


@app.get("/metrics")
def metrics():
    total = {"uptime_seconds": int(time.time() - STARTED)}
    paths = glob.glob("/tmp/counted-*[0-9]")
    total["process_resident_memory_bytes"] = max(
        [resident(os.getpid())] + [resident(path.split("-")[1]) for path in paths])
    for path in paths:
        with open(path) as one:
            for name, value in json.load(one).items():
                total[name] = total.get(name, 0) + value
    connections, size = database(
        "select (select count(*) from pg_stat_activity), pg_database_size(current_database())")
    total.update({"active_sessions": 1, "queue_depth": queue().llen("orders"),
                  "rate_limit_blocks_total": 0, "pg_up": 1, "pg_connections": connections,
                  "pg_database_size_bytes": size, "pg_replication_lag_seconds": 0})
    return PlainTextResponse("".join("%s %s\n" % one for one in sorted(total.items())))


if not KEYS:
    sys.exit("no key in /run/secrets/jwt_secrets")
