package runner

import (
	"fmt"

	"samerun/internal/text"
)

// OutlivedRemark says of a package that processes which its tests had started went on when the
// test process had ended, in so many of them.
func OutlivedRemark(pkg string, n int) string {
	return fmt.Sprintf("%s: processes that a test had started were still running when the tests were over, in %s, and held their output, so that samerun ended them: end them in the test, such as by t.Cleanup", pkg, text.Count(n, "run"))
}
