package gobwire

import (
	"bytes"
	"encoding/gob"
	"testing"
)

var benchArgs = &appendArgs{Term: 3, Leader: 1, Prev: 17, Entries: []entry{{3, "put k v"}}}

func BenchmarkAppend(b *testing.B) {
	buf := make([]byte, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		buf, _ = Append(buf[:0], benchArgs)
	}
}

func BenchmarkDecode(b *testing.B) {
	data, _ := Append(nil, benchArgs)
	b.ReportAllocs()
	for b.Loop() {
		var got appendArgs
		if err := Decode(data, &got); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendInterface(b *testing.B) {
	v := &holder{Any: entry{3, "put k v"}, List: []any{entry{1, "x"}, 5}}
	buf := make([]byte, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		buf, _ = Append(buf[:0], v)
	}
}

func BenchmarkDecodeInterface(b *testing.B) {
	data, _ := Append(nil, &holder{Any: entry{3, "put k v"}, List: []any{entry{1, "x"}, 5}})
	b.ReportAllocs()
	for b.Loop() {
		var got holder
		if err := Decode(data, &got); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendMap(b *testing.B) {
	v := map[string]string{"a": "1", "b": "2", "c": "3", "d": "4"}
	buf := make([]byte, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		buf, _ = Append(buf[:0], v)
	}
}

func BenchmarkDecodeMap(b *testing.B) {
	data, _ := Append(nil, map[string]string{"a": "1", "b": "2", "c": "3", "d": "4"})
	b.ReportAllocs()
	for b.Loop() {
		var got map[string]string
		if err := Decode(data, &got); err != nil {
			b.Fatal(err)
		}
	}
}

// The same with a fresh codec of encoding/gob for each message, as labrpc has always done it.

func BenchmarkGobEncode(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		var w bytes.Buffer
		if err := gob.NewEncoder(&w).Encode(benchArgs); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGobDecode(b *testing.B) {
	data, _ := Append(nil, benchArgs)
	b.ReportAllocs()
	for b.Loop() {
		var got appendArgs
		if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&got); err != nil {
			b.Fatal(err)
		}
	}
}
