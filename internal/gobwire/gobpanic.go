package gobwire

import (
	"encoding/gob"
	"fmt"
	"runtime"
	"strings"
)

// decodeByGob calls d.Decode and turns panics of encoding/gob into errors. There are bytes on which gob itself panics: for instance it
// stores into the fields of an embedded struct through a nil pointer, and makes a map key of a value that has no hash. A panic of the
// user's code that gob calls (GobDecode, UnmarshalBinary, Read) is the user's, and goes on as if nobody had looked.
func decodeByGob(d *gob.Decoder, into any) (err error) {
	returned := false
	defer func() {
		if returned || !gobPanicked() {
			return
		}
		if r := recover(); r != nil {
			err = fmt.Errorf("gob: cannot decode into a %T: %v", into, r)
		}
	}()
	err = d.Decode(into)
	returned = true
	return err
}

// gobPanicked tells a deferred function of decodeByGob whose panic it sees. gob recovers panics and raises them anew, so the panic
// that counts is the one that lies deepest in the stack; it is gob's if the code that raised it is gob's, or the
// runtime's or reflect's on its behalf.
func gobPanicked() bool {
	var pcs [128]uintptr
	gobs, searching := false, false
	for skip := 2; ; skip += len(pcs) {
		n := runtime.Callers(skip, pcs[:])
		frames := runtime.CallersFrames(pcs[:n])
		for more := n > 0; more; {
			var f runtime.Frame
			f, more = frames.Next()
			switch name := f.Function; {
			case name == "runtime.gopanic":
				gobs, searching = false, true
			case strings.HasSuffix(name, "internal/gobwire.decodeByGob"):
				return gobs
			case searching && !ofTheLanguage(name):
				gobs, searching = strings.HasPrefix(name, "encoding/gob."), false
			}
		}
		if n < len(pcs) {
			return false
		}
	}
}

// ofTheLanguage tells of functions that panic on behalf of those that call them.
func ofTheLanguage(function string) bool {
	for _, prefix := range []string{"runtime.", "reflect.", "internal/", "type:."} { // the last are the compiler's own: how to hash a type
		if strings.HasPrefix(function, prefix) {
			return true
		}
	}
	return false
}
