"""PostgreSQL: tables, row-level security, migrations, and every SQL statement of the product."""
