"""What is kept: SQLAlchemy tables, their migrations, and one module for each kind of thing."""
