package fault

import "testing"

func BenchmarkParse(b *testing.B) {
	b.SetBytes(int64(len(golden)))
	for b.Loop() {
		if _, err := Parse([]byte(golden)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkChaos(b *testing.B) {
	nodes := names(5)
	m := Chaos()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		m.Draw(uint64(i), nodes, 10*sec)
	}
}
