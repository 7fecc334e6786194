package overlay

import (
	"embed"
	"io/fs"
	"path"

	"samerun/internal/overlay/bundle"
	"samerun/internal/pick"
)

// leafFiles are packages of ours that need nothing of the package of the standard
// library that they join.
//
//go:embed leaf/*/*.go
var leafFiles embed.FS

// joined says what is bundled into a package of the standard library.
type joined struct {
	into    string
	leaves  []string // below the folder leaf, or import paths of those in others
	allowed []string // what they may import besides each other
}

var leaves = []joined{
	{into: "runtime", leaves: []string{"mix", "setting", "place", "latency", "words", "diskrule", "journal", "callbook", pickPath}},
	{into: "testing", leaves: []string{"mix", "place", "picture", "rule", "diskrule", "plan"}, allowed: []string{"fmt", "slices", "strconv", "strings", "time"}},
	{into: "net", leaves: []string{"instant", "mix", "queue", "pipe", "mailbox", "ports", "binding", "host", "shape", "rule", "link", "traffic"}, allowed: []string{"math/bits", "net/netip", "slices", "strconv", "time"}},
}

// elsewhere are the leaves that are not below the folder leaf, by import path.
var elsewhere = map[string]fs.FS{pickPath: pick.Source()}

// pickPath is the package of the strategies, which package sched has as well.
const pickPath = "samerun/internal/pick"

// leafPath is the import path of the folder leaf.
const leafPath = "samerun/internal/overlay/leaf"

// bundled returns the leaves, as files of the packages that they join.
func bundled() ([]file, error) {
	var all []file
	for _, j := range leaves {
		var list []bundle.Leaf
		for _, name := range j.leaves {
			leaf := bundle.Leaf{Path: name, Source: elsewhere[name]}
			if leaf.Source == nil {
				dir, err := fs.Sub(leafFiles, path.Join("leaf", name))
				if err != nil {
					return nil, err
				}
				leaf = bundle.Leaf{Path: path.Join(leafPath, name), Source: dir}
			}
			list = append(list, leaf)
		}
		files, err := bundle.Files(j.into, list, j.allowed...)
		if err != nil {
			return nil, err
		}
		for name, text := range files {
			all = append(all, file{path.Join(j.into, name), text})
		}
	}
	return all, nil
}
