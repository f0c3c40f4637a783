"""The API of ni_site, as small as an API can be that the five documents could be about: health
and readiness that tell the truth, a version, request ids, orders that end up in a queue, and
tokens that are checked with one of several keys."""
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
from fastapi.responses import JSONResponse

VERSION = open("/app/VERSION").read().strip()
HEAD = open("/app/SCHEMA").read().strip()
HOST = os.environ.get("NI_HOST", "?")
KEYS = open("/run/secrets/jwt_secrets").read().split()
STARTED = time.time()

app = FastAPI(title="ni_site", version=VERSION, docs_url="/api/docs")


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


@app.middleware("http")
async def with_request_id(request: Request, go_on):
    ident = request.headers.get("x-request-id") or uuid.uuid4().hex
    began = time.time()
    try:
        answer = await go_on(request)
    except Exception as error:
        answer = JSONResponse({"code": "internal", "message": str(error), "request_id": ident}, 500)
    answer.headers["X-Request-ID"] = ident
    print(json.dumps({"level": "info", "method": request.method, "path": request.url.path,
                      "status": answer.status_code, "request_id": ident, "version": VERSION,
                      "ms": int((time.time() - began) * 1000)}), flush=True)
    return answer


@app.get("/health")
@app.get("/api/v1/health")
def health():
    checks = {"database": works(lambda: database("select count(*) > 0 from users")[0]),
              "redis": works(lambda: queue().ping())}
    well = all(checks.values()) and not os.path.exists("/app/SICK")
    return JSONResponse({"status": "ok" if well else "degraded", "version": VERSION, "host": HOST,
                         "checks": checks}, 200 if well else 503)


@app.get("/ready")
def ready():
    have = database("select version_num from alembic_version")[0]
    return JSONResponse({"ready": have >= HEAD, "schema": have, "needs": HEAD},
                        200 if have >= HEAD else 503)


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
    return JSONResponse({"uptime_s": int(time.time() - STARTED)})


if not KEYS:
    sys.exit("no key in /run/secrets/jwt_secrets")
