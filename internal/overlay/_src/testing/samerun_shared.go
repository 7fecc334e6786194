package testing

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	_ "unsafe" // for go:linkname
)

// These are in package runtime (samerun_shared.go).

//go:linkname samerunWatchShared
func samerunWatchShared(words []uintptr) (problem string)

//go:linkname samerunSharedFound
func samerunSharedFound(from int) (variable int, nodes [4]uint64, itself, full bool)

//go:linkname samerunNodesMade
func samerunNodesMade() int

//go:linkname samerunNodeNameInTesting
func samerunNodeNameInTesting(node uint32) string

// samerunSharedAsked says that SAMERUN_SHARED names a file: variables that two nodes write are
// looked for.
var samerunSharedAsked bool

// samerunReadShared reads that file: numbers.
func samerunReadShared() {
	name := os.Getenv("SAMERUN_SHARED")
	if name == "" {
		return
	}
	samerunSharedAsked = true
	data, err := samerunReadRecord(name)
	var words []uintptr
	for word := range strings.FieldsSeq(string(data)) {
		if err != nil {
			break
		}
		var n uint64
		n, err = strconv.ParseUint(word, 10, strconv.IntSize)
		words = append(words, uintptr(n))
	}
	if err == nil {
		if problem := samerunWatchShared(words); problem != "" {
			err = errors.New(name + ": " + problem)
		}
	}
	if err != nil {
		samerunGiveUp("what SAMERUN_SHARED names cannot be used; samerun doctor makes it", err)
	}
}

// samerunSharedJSON is the part of the line of results that is about the nodes of a test, and the
// variables that two of them wrote.
func samerunSharedJSON() string {
	made := samerunNodesMade()
	if made == 0 {
		return ""
	}
	text := fmt.Sprintf(`,"nodes":%d`, made)
	if !samerunSharedAsked {
		return text
	}
	var found []string
	more := false
	for i := 0; ; i++ {
		variable, nodes, itself, full := samerunSharedFound(i)
		if more = full; variable < 0 {
			break
		}
		i = variable
		var names []string
		for node := range 64 * len(nodes) {
			if nodes[node/64]&(1<<(node%64)) != 0 {
				names = append(names, samerunJSON(samerunNodeNameInTesting(uint32(node))))
			}
		}
		found = append(found, fmt.Sprintf(`{"variable":%d,"itself":%t,"nodes":[%s]}`, variable, itself, strings.Join(names, ",")))
	}
	return text + fmt.Sprintf(`,"shared":{"full":%t,"variables":[%s]}`, more, strings.Join(found, ","))
}
