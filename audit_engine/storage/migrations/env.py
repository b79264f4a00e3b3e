"""Let Alembic run on the connection that ``storage.schema`` hands over."""

from __future__ import annotations

from alembic import context

from audit_engine.storage.all_models import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    user_module_prefix="models.",
    compare_type=False,
)
with context.begin_transaction():
    context.run_migrations()
