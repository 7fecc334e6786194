//go:build bug

package power

// Careless is whether stores are told not to sync, and have their mistakes: with -tags bug.
const Careless = true
