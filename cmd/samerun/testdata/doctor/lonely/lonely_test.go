package lonely

import "testing"

func BenchmarkOnly(b *testing.B) {}
