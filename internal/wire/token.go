package wire

import (
	"fmt"
	"os"
	"path/filepath"

	"samerun/internal/safefile"
)

// List is the environment variable that makes a test process say which simulation
// tests it has, and run none. Like [Trials] it makes tests pass that did not run, so
// that both hold only as long as the tool is there: their value is the path of a token,
// which the tool makes and takes away again.
const List = "SAMERUN_LIST"

// tokenText is the content of a token.
const tokenText = "samerun speaks to the processes of its tests by the variable that names this file\n"

// NewToken makes a token in a folder of the tool.
func NewToken(folder string) (path string, err error) {
	path = filepath.Join(folder, "token")
	return path, os.WriteFile(path, []byte(tokenText), 0o600)
}

// CheckToken says whether the tool set one of its two variables. A value that somebody
// else set, or that was left behind, is an error, and an empty one is none at all.
func CheckToken(variable, value string) (set bool, err error) {
	if value == "" {
		return false, nil
	}
	text, err := safefile.Read(value, int64(len(tokenText)))
	if err != nil || string(text) != tokenText {
		return false, fmt.Errorf("%s is %q in the environment, and only the tool samerun may set it, since the tests would not run; unset it", variable, value)
	}
	return true, nil
}
