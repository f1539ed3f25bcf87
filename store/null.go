package store

import "context"

// Null returns a committer without a database behind it: each operation runs at once, every statement says
// that it changed one row and every query is answered by fill. bench/ puts it in the real one's place to
// see what a request costs apart from its store; nothing else uses it.
func Null(fill func(query string, dest []any) (found bool)) *Committer { return &Committer{null: fill} }

func (c *Committer) doNull(ctx context.Context, fn func(*Batch) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return fn(&Batch{groupRun: &groupRun{null: c.null}})
}
