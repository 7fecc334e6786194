// Package checkout gives the tool the code of another commit beside that of the tree: a working
// tree of git in a folder of the caller's, which is there for that long.
//
//	tree, err := checkout.Of(ctx, os.Environ(), dir, "HEAD~1", tmp)
//	if err != nil { … }
//	defer tree.Remove()
//	build(tree.Dir)   // what dir was in that commit
//
// Nothing of the repository's own tree, index or branches is touched, and no hook runs.
package checkout
