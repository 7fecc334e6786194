// Package safefile reads and writes the files that the tool and the tests keep:
// replay files, records, and what is attached to them.
//
// A file is written whole or not at all:
//
//	err := safefile.Create(path, data)   // never in the place of another
//	path, err := safefile.Save(folder, name, data, same)
//	path, err := safefile.Copy(from, to, most)
//	err := safefile.Replace(path, fill)  // in the place of another
//
// The data goes to a temporary file of the same folder, is synced, and then gets its
// name by a link, which fails if the name is taken. After an error, on a full disk or
// for want of permission, nothing is left behind. So a file that is there is complete,
// and a file that was reported as written is there. What has the name already is never
// changed, but by Replace and Swap: if it has the same content, that is as good as writing it, and if it has
// another, that is an error ([fs.ErrExist]).
//
// [Read] and [Open] take regular files only. A named pipe would hold up its reader until
// somebody writes to it, and a device may never end; neither is a file that was saved.
package safefile
