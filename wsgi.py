"""Give any WSGI server the site: ``gunicorn wsgi:application``."""

from audit_engine.web import create_app

application = create_app()
