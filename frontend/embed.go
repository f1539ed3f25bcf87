// Package frontend carries the built browser app inside the binary: the Vite
// build writes it to dist, which is never committed, so that a program built
// without it still compiles and can say which command builds the app.
package frontend

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// FS is the built app with index.html at its root; it holds only .keep when
// the app has not been built.
var FS = mustSub(dist, "dist")

// mustSub cannot fail for a folder the embed directive above has just named.
func mustSub(root embed.FS, dir string) fs.FS {
	sub, err := fs.Sub(root, dir)
	if err != nil {
		panic(err)
	}
	return sub
}
