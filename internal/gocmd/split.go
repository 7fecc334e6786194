package gocmd

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// simPath is the package by which simulation tests are known.
const simPath = "samerun/sim"

// Ordinary returns the import paths of those packages whose tests are ordinary
// Go, in the order of go list: none with choice "off", all that have tests with "on",
// and with "auto" those that do not depend on samerun/sim.
func (c *Caller) Ordinary(ctx context.Context, b *Build, choice string, patterns []string) (ordinary []string, err error) {
	if choice == "off" {
		return nil, nil
	}
	args := append([]string{"list", "-test", "-f", "{{if .ForTest}}{{else}}{{.ImportPath}} {{.Name}} {{range .Deps}} {{.}}{{end}}{{end}}"}, b.Flags()...)
	stdout, stderr, err := c.Go(ctx, append(append(args, "--"), patterns...))
	if err != nil {
		return nil, fmt.Errorf("the packages cannot be listed: %w", WithOutput(err, stderr))
	}
	var plain []string
	tested := make(map[string]bool) // packages with a test binary: whether it has simulations
	for line := range strings.Lines(stdout) {
		words := strings.Fields(line)
		if len(words) < 2 {
			continue
		}
		if path, ok := strings.CutSuffix(words[0], ".test"); ok && words[1] == "main" {
			tested[path] = slices.Contains(words[2:], simPath)
		} else {
			plain = append(plain, words[0])
		}
	}
	for _, path := range plain {
		if simulates, ok := tested[path]; ok && (!simulates || choice == "on") {
			ordinary = append(ordinary, path)
		}
	}
	return ordinary, nil
}
