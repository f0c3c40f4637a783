"""Users may have a nickname."""
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.execute("alter table users add column nickname text")
