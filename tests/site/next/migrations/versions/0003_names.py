"""No two users have the same name."""
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade():
    op.execute("create unique index users_name on users (name)")
