// Package lakefs reads lakeFS: actions, and where code writes to branches.
package lakefs
