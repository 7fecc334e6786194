package hosttest

import (
	"fmt"

	"samerun/internal/overlay/leaf/diskrule"
)

// disks is what a host was told of disks. It loses nothing at a crash.
type disks struct {
	dirs  map[int]string
	level map[int]int
	rules []diskRuled
	tell  func(index int, what string)
	notes []string
}

type diskRuled struct {
	rule diskrule.DiskRule
	hits int64
	over bool
}

func (h *Host) Disk(node int, dir string, level int, key uint64) {
	d := &h.disks
	if d.dirs == nil {
		d.dirs, d.level = map[int]string{}, map[int]int{}
	}
	d.dirs[node], d.level[node] = dir, level
}

func (h *Host) DiskRule(nums []int64, file string) {
	r, problem := diskrule.DiskRuleOf(nums, file)
	if problem != "" {
		panic(problem)
	}
	h.disks.rules = append(h.disks.rules, diskRuled{rule: r})
}

func (h *Host) EndDiskRule(index int) {
	for i := range h.disks.rules {
		if r := &h.disks.rules[i]; index < 0 || r.rule.Index == index {
			r.over = true
		}
	}
}

func (h *Host) DiskHits(index int) (hits int64) {
	for i := range h.disks.rules {
		if r := &h.disks.rules[i]; r.rule.Index == index {
			hits += r.hits
		}
	}
	return hits
}

func (h *Host) OnDisk(fn func(index int, what string)) { h.disks.tell = fn }

func (h *Host) DiskNotes() []string { return h.disks.notes }

// DiskOf returns what Disk was last given for a node.
func (h *Host) DiskOf(node int) (dir string, level int) {
	return h.disks.dirs[node], h.disks.level[node]
}

// DiskRules returns the rules of disks in force, in words: "torn 1 wal".
func (h *Host) DiskRules() (list []string) {
	for i := range h.disks.rules {
		if r := &h.disks.rules[i]; !r.over {
			list = append(list, fmt.Sprint(r.rule.Kind, " ", r.rule.Node, " ", r.rule.File))
		}
	}
	return list
}

// DiskStrike counts a hit for the rules of an index, and tells what chance has done.
func (h *Host) DiskStrike(index int, what string) {
	for i := range h.disks.rules {
		if r := &h.disks.rules[i]; r.rule.Index == index {
			r.hits++
		}
	}
	if h.disks.tell != nil {
		h.disks.tell(index, what)
	}
}
