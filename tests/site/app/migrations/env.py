"""One transaction for each migration: what was done before a failure stays done."""
import os

from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(os.environ["DATABASE_URL"], poolclass=pool.NullPool)
with engine.connect() as link:
    context.configure(connection=link, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
