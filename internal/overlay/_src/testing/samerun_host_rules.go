package testing

// Rule begins a rule of a fault on links, in the flat form of samerun/internal/overlay/leaf/rule.
func (*samerunHost) Rule(nums []int64, names []string) { samerunBeginRule(nums, names) }

// EndRule ends the rules of an index.
func (*samerunHost) EndRule(index int) { samerunEndRule(index) }

// Hits returns how often the rules of an index took effect.
func (*samerunHost) Hits(index int) int64 {
	hits, _, _ := samerunRuleHits(index)
	return max(0, hits)
}

// OnHit has fn called when a rule takes effect by chance, with its index and with the pick that does
// the same. It is called in the middle of things, and must not wait.
func (*samerunHost) OnHit(fn func(index int, what string)) { samerunOnRuleHit(fn) }

// Traffic returns the last of what the test has sent over links, in the flat form of
// samerun/internal/overlay/leaf/traffic. A run that is not made for a report knows of nothing.
func (*samerunHost) Traffic(most int) (nums []int64, texts []string) { return samerunTraffic(most) }
