package maprange

import (
	"maps"
	"reflect"
	"slices"
	"sort"
	"sync"
)

func flagged(m map[string]int, s *sync.Map) (total int) {
	for _, v := range m { // want:maprange
		total += v
	}
	for k := range m { // want:maprange
		delete(m, k)
	}
	for k := range maps.Keys(m) { // want:maprange
		total += len(k)
	}
	values := slices.Collect(maps.Values(m))              // want:maprange
	s.Range(func(_, _ any) bool { return true })          // want:maprange
	for it := reflect.ValueOf(m).MapRange(); it.Next(); { // want:maprange
	}
	return total + len(values)
}

type table map[int]bool

func generic[M ~map[K]V, K comparable, V any](m M) (n int) {
	for k := range m { // want:maprange
		_ = k
		n++
	}
	return n
}

func collectedButNotSorted(m table) []int {
	var keys []int
	for k := range m { // want:maprange
		keys = append(keys, k)
	}
	return keys
}

func sortedTooLate(m table) []int {
	var keys []int
	for k := range m { // want:maprange
		keys = append(keys, k)
	}
	println(keys[0])
	slices.Sort(keys)
	return keys
}

func otherSliceSorted(m table) []int {
	var keys, others []int
	for k := range m { // want:maprange
		keys = append(keys, k)
	}
	slices.Sort(others)
	return keys
}

func valuesCollected(m map[int]int) []int {
	var values []int
	for _, v := range m { // want:maprange
		values = append(values, v)
	}
	slices.Sort(values)
	return values
}

type byLength []string

func (s byLength) Len() int           { return len(s) }
func (s byLength) Less(i, j int) bool { return len(s[i]) < len(s[j]) }
func (s byLength) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }

func fine(m map[string]int, t table) {
	for range m {
	}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		println(k)
	}
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	switch {
	case len(keys) > 0:
		keys = nil
		for k := range m {
			keys = append(keys, k)
		}
		sort.Sort(byLength(keys))
	}
	var state struct{ ids []int }
	for id := range t {
		state.ids = append(state.ids, id)
	}
	sort.Slice(state.ids, func(i, j int) bool { return state.ids[i] < state.ids[j] })
	for i := range 3 {
		println(i)
	}
}
