// Package web holds the map page, built by Vite into dist and embedded into the
// program, so that one file is the whole service.
package web

import (
	"embed"
	"io/fs"
)

// The prefix all: keeps dist/.gitkeep, without which a tree whose page has not
// been built yet would not compile.
//
//go:embed all:dist
var dist embed.FS

// Files is the page as built: index.html, and assets/ whose names carry a hash
// of their content. Before the first build there is no index.html in it.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return files
}
