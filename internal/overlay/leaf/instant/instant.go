// Package instant says what time it is in the network of a test: by one clock, whatever clocks
// the nodes have that send and receive. Package net, which it joins, sets that clock.
package instant

import "time"

// Clock is what time it is.
var Clock = time.Now

// Now returns what Clock says.
func Now() time.Time { return Clock() }
