// Package migrations replays the SQL migrations of Alembic, Flyway, Liquibase and plain folders, in the order of their versions.
package migrations
