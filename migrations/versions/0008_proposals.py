"""Proposals of providers and their keys, stamps, and what operators decide about held quotes.

Safe with the previous release running: it adds tables, and columns that have a default or may be
empty. Undoing it drops proposals, keys and stamps, and forgets who decided about held quotes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008_proposals"
down_revision = "0007_traffic"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
EXACT = sa.Numeric().with_variant(sa.String(60), "sqlite")
NEW = (
    *("price_stamp", "api_answer", "api_key"),
    *("provider_profile", "proposal_version", "proposal"),
)
DECIDED = ("whole", "decision", "decided_by", "decided_at", "words")


def upgrade() -> None:
    with op.batch_alter_table("held_quote") as batch:
        batch.add_column(
            sa.Column("whole", sa.Text(), server_default=sa.text("''"), nullable=False)
        )
        batch.add_column(sa.Column("decision", sa.String(40), nullable=True))
        batch.add_column(sa.Column("decided_by", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("decided_at", TIME, nullable=True))
        batch.add_column(
            sa.Column("words", sa.Text(), server_default=sa.text("''"), nullable=False)
        )
    op.create_table(
        "held_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("held", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_batch")),
    )
    _proposals()
    _keys()
    _stamps()


def _by(table: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], ["account.id"], name=op.f(f"fk_{table}_{column}"))
        for column in columns
    ]


def _of_provider(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_provider_id")
    return sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=name)


def _proposals() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("first_by", sa.Integer(), nullable=True),
        sa.Column("first_at", TIME, nullable=True),
        sa.Column("first_words", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", TIME, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        _of_provider("proposal"),
        *_by("proposal", "made_by", "first_by", "decided_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_index(op.f("ix_proposal_provider_id"), "proposal", ["provider_id"])
    op.create_index(op.f("ix_proposal_state_made_at"), "proposal", ["state", "made_at"])
    op.create_table(
        "proposal_version",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_version_proposal_id")
        ),
        *_by("proposal_version", "made_by"),
        sa.PrimaryKeyConstraint("proposal_id", "version", name=op.f("pk_proposal_version")),
    )
    op.create_table(
        "provider_profile",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("contact", sa.String(200), nullable=False),
        sa.Column("descriptions", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        _of_provider("provider_profile"),
        sa.PrimaryKeyConstraint("provider_id", name=op.f("pk_provider_profile")),
    )


def _keys() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("prefix", sa.String(20), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("last_used_at", TIME, nullable=True),
        sa.Column("revoked_at", TIME, nullable=True),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        _of_provider("api_key"),
        *_by("api_key", "made_by", "revoked_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_key_token_hash")),
    )
    op.create_index(op.f("ix_api_key_provider_id"), "api_key", ["provider_id"])
    op.create_table(
        "api_answer",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("once", sa.String(255), nullable=False),
        sa.Column("question", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        _of_provider("api_answer"),
        sa.PrimaryKeyConstraint("provider_id", "once", name=op.f("pk_api_answer")),
    )
    op.create_index(op.f("ix_api_answer_at"), "api_answer", ["at"])


def _stamps() -> None:
    op.create_table(
        "price_stamp",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("rung", EXACT, nullable=False),
        sa.Column("quote_id", sa.Integer(), nullable=False),
        sa.Column("paid", EXACT, nullable=False),
        sa.Column("fee", EXACT, nullable=False),
        sa.Column("rate", EXACT, nullable=False),
        sa.Column("received", EXACT, nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_price_stamp_service_id")
        ),
        sa.ForeignKeyConstraint(["quote_id"], ["quote.id"], name=op.f("fk_price_stamp_quote_id")),
        *_by("price_stamp", "by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_stamp")),
    )
    op.create_index(op.f("ix_price_stamp_quote_id"), "price_stamp", ["quote_id"])
    op.create_index(
        op.f("ix_price_stamp_service_id_rung_at"), "price_stamp", ["service_id", "rung", "at"]
    )


def downgrade() -> None:
    for table in NEW:
        op.drop_table(table)
    op.drop_table("held_batch")
    with op.batch_alter_table("held_quote") as batch:
        for column in reversed(DECIDED):
            batch.drop_column(column)
