package server

import (
	"fmt"
	"strings"

	qr "github.com/piglig/go-qr"
)

// svg draws a code as one path in black on white, with the quiet zone of four modules scanners ask for.
func svg(code *qr.QrCode) string {
	const quiet = 4
	n := code.Size()
	var path strings.Builder
	for y := range n {
		for x := range n {
			if code.Module(x, y) {
				fmt.Fprintf(&path, "M%d,%dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	size := n + 2*quiet
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges">`+
		`<rect width="%d" height="%d" fill="#fff"/><path d="%s" fill="#000"/></svg>`, size, size, size, size, path.String())
}
