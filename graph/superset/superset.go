// Package superset reads the assets that Superset exports: databases, datasets, charts and dashboards.
package superset
