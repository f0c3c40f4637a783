"""Makes an administrator: python -m scripts.create_first_admin MAIL --password-stdin"""
import hashlib
import os
import sys

import psycopg2

mail, password = sys.argv[1], sys.stdin.readline().rstrip("\n")
if sys.argv[2:] != ["--password-stdin"] or len(password) < 12:
    sys.exit("an address, and a password of twelve letters on standard input")
with psycopg2.connect(os.environ["DATABASE_URL"], connect_timeout=2) as link:
    with link.cursor() as at:
        at.execute("create table if not exists admins (mail text primary key, hash text)")
        at.execute(
            "insert into admins values (%s, %s)",
            (mail, hashlib.sha256(password.encode()).hexdigest()),
        )
print("made", mail)
