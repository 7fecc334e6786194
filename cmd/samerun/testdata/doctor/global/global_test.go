package global

import (
	"testing"
	"time"
)

var cache = make(map[string]int)

// find takes its time for what is not in the cache.
func find(key string) int {
	if n, ok := cache[key]; ok {
		return n
	}
	time.Sleep(time.Second)
	cache[key] = len(key)
	return cache[key]
}

func TestApples(t *testing.T) { find("apples") }

func TestPears(t *testing.T) { find("pears") }

func TestPlums(t *testing.T) { time.Sleep(time.Second) }

func TestPearsAgain(t *testing.T) { find("pears") }
