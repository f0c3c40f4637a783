"""The tables that are there."""
revision = "0001"
down_revision = None


def upgrade():
    pass
