package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// lockFile keeps two processes from opening the same folder. The operating system drops the lock when the
// process ends, however it ends.
const lockFile = "jingzhong.lock"

func lockFolder(dir string) (*os.File, error) {
	path := filepath.Join(dir, lockFile)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lockExclusive(f); err != nil {
		f.Close()
		return nil, fmt.Errorf("another jingzhong uses %s (%s is locked)", dir, path)
	}
	return f, nil
}
