package fault

import "time"

// LAN is a local network in which nothing goes wrong: latencies only, from 0.15
// to 1.5 ms, exponential.
func LAN() Mix {
	return Mix{Name: "lan", Rules: []Rule{
		{Kind: Latency, Shape: Exponential, Delay: Durations{150 * us, 1500 * us}},
	}}
}

// WAN is a wide network in which nothing goes wrong: latencies only. The nodes
// stand at up to eight sites; the distance of two sites is from 20 to 150 ms and
// stays the same throughout a run, and messages take from that to three times
// that, with a long tail.
func WAN() Mix {
	return Mix{Name: "wan", Rules: []Rule{
		{Kind: Latency, Sites: 8, Shape: LongTail, Delay: Durations{20 * ms, 150 * ms}},
	}}
}

// Flaky is a network that loses, doubles and reorders, with short cuts, and nodes
// that now and then stand still. No node crashes.
func Flaky() Mix {
	return Mix{Name: "flaky", Window: sec, Rules: []Rule{
		{Kind: Loss, PPM: Range{5_000, 100_000}},
		{Kind: Duplicate, PPM: Range{5_000, 50_000}},
		{Kind: Reorder, PPM: Range{10_000, 200_000}, Delay: Durations{2 * ms, 40 * ms}},
		{Kind: Cut, Rate: 100, For: Durations{10 * ms, 300 * ms}},
		{Kind: Pause, Rate: 40, For: Durations{50 * ms, 600 * ms}},
	}}
}

// Chaos is everything that can go wrong and that a preset can know of: links,
// partitions of all kinds, crashes, clocks, and at small rates disks. In ten
// virtual seconds five nodes suffer about 40 faults.
func Chaos() Mix {
	return Mix{Name: "chaos", Window: 2 * sec, Rules: []Rule{
		{Kind: Latency, Rate: 40, Shape: LongTail, Delay: Durations{ms, 300 * ms}, For: Durations{200 * ms, 2 * sec}},
		{Kind: Loss, PPM: Range{1_000, 100_000}},
		{Kind: Loss, Rate: 60, PPM: Range{100_000, Million}, For: Durations{50 * ms, sec}},
		{Kind: Duplicate, PPM: Range{1_000, 50_000}},
		{Kind: Replay, PPM: Range{1_000, 20_000}, Delay: Durations{100 * ms, 2 * sec}},
		{Kind: Reorder, PPM: Range{5_000, 200_000}, Delay: Durations{2 * ms, 100 * ms}},
		{Kind: Cut, Rate: 120, For: Durations{20 * ms, sec}},
		{Kind: Clog, Rate: 80, For: Durations{20 * ms, sec}},
		{Kind: Bandwidth, Rate: 20, Bytes: Range{2_000, 200_000}, Queue: 256, For: Durations{200 * ms, 2 * sec}},

		{Kind: Partition, Rate: 50, For: Durations{100 * ms, 2 * sec}},
		{Kind: OneWay, Rate: 50, For: Durations{100 * ms, 2 * sec}},
		{Kind: Split, Rate: 20, For: Durations{100 * ms, 2 * sec}},
		{Kind: Isolate, Rate: 40, For: Durations{100 * ms, 1500 * ms}},
		{Kind: Ring, Rate: 20, For: Durations{100 * ms, 2 * sec}},
		{Kind: Bridge, Rate: 20, For: Durations{100 * ms, 2 * sec}},
		{Kind: Flapping, Rate: 20, Period: Durations{20 * ms, 200 * ms}, For: Durations{400 * ms, 2 * sec}},
		{Kind: Swizzle, Rate: 20, Period: Durations{50 * ms, 400 * ms}, For: Durations{800 * ms, 3 * sec}},

		{Kind: Crash, Rate: 50, For: Durations{10 * ms, 1500 * ms}},
		{Kind: Pause, Rate: 40, For: Durations{20 * ms, 1500 * ms}},
		{Kind: Slow, Rate: 40, PPM: Range{100_000, 10 * Million}, Delay: Durations{0, 20 * ms}, For: Durations{200 * ms, 2 * sec}},

		{Kind: Offset, Rate: 20, Offset: Durations{ms, 2 * sec}, For: Durations{200 * ms, 3 * sec}},
		{Kind: Drift, Rate: 20, PPM: Range{50, 200_000}, For: Durations{200 * ms, 5 * sec}},
		{Kind: Jump, Rate: 20, Offset: Durations{10 * ms, 5 * sec}},

		{Kind: Torn, Rate: 4, For: Durations{500 * ms, 3 * sec}},
		{Kind: Unsynced, Rate: 4, PPM: Range{100_000, 900_000}, For: Durations{500 * ms, 3 * sec}},
		{Kind: SyncFail, Rate: 2, PPM: Range{10_000, 300_000}, For: Durations{200 * ms, sec}},
		{Kind: NoSpace, Rate: 1, Bytes: Range{0, 1 << 16}, For: Durations{200 * ms, sec}},
		{Kind: SlowDisk, Rate: 5, Delay: Durations{ms, 50 * ms}, For: Durations{200 * ms, 2 * sec}},
		{Kind: Corrupt, Rate: 1, PPM: Range{100, 5_000}, For: Durations{200 * ms, sec}},
	}}
}

const (
	us  = time.Microsecond
	ms  = time.Millisecond
	sec = time.Second
)
