// Package cube reads the data models of Cube: cubes and views in YAML, and in JavaScript where they are plain object literals.
package cube
