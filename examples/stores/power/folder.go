package power

import "os"

// FolderSynced syncs the folder when a store has been opened, for stores that do not: a new file's
// name may be lost otherwise, whatever is synced of its content.
func FolderSynced(open Open) Open {
	return func(dir string) (Store, error) {
		store, err := open(dir)
		if err != nil {
			return store, err
		}
		folder, err := os.Open(dir)
		if err != nil {
			return store, err
		}
		defer folder.Close()
		return store, folder.Sync()
	}
}
