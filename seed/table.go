package seed

import (
	"fmt"
	"strings"
)

// table splits an embedded TSV file into rows of n cells, without its header. The files are part of the
// program, so a malformed one is an error of ours.
func table(name, text string, n int) ([][]string, error) {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	rows := make([][]string, 0, len(lines)-1)
	for i, line := range lines {
		cells := strings.Split(line, "\t")
		if len(cells) != n {
			return nil, fmt.Errorf("seed: %s line %d has %d cells, not %d", name, i+1, len(cells), n)
		}
		if i > 0 {
			rows = append(rows, cells)
		}
	}
	return rows, nil
}
