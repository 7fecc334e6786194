package faultscript

import (
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
)

// world begins anew, with the given nodes.
func (s *Script) world(t *testing.T, d *datadriven.TestData) string {
	*s = Script{nodes: list(d, "nodes"), latency: 10 * time.Millisecond, seed: 1, kinds: s.kinds, observe: s.observe}
	duration(t, d, "latency", &s.latency)
	d.MaybeScanArgs(t, "seed", &s.seed)
	return ""
}
