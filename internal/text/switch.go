package text

// Switch reads an environment variable that is on or off. It reports false for a value
// that says neither; an empty one is off.
func Switch(value string) (on, ok bool) {
	switch value {
	case "", "0", "false":
		return false, true
	case "1", "true":
		return true, true
	}
	return false, false
}
