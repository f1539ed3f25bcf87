package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"jingzhong/fault"
)

var errClosed = fault.New(fault.Conflict, "test.closed")

func TestCopiesStillMatchTheirOrigin(t *testing.T) {
	err := fmt.Errorf("saving: %w", errClosed.At("slot").With("n", 3).After(2))
	if !errors.Is(err, errClosed) {
		t.Fatal("a copy no longer matches")
	}
	f, ok := fault.As(err)
	if !ok || f.Field != "slot" || f.Args["n"] != 3 || f.RetryAfter != 2 {
		t.Fatalf("got %+v", f)
	}
	if errClosed.Field != "" || errClosed.Args != nil || errClosed.RetryAfter != 0 {
		t.Fatal("the declared value was changed by a copy")
	}
	if errors.Is(err, fault.New(fault.Conflict, "test.other")) {
		t.Fatal("different codes match")
	}
}

func TestCodeMeansOneThing(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Fatal("the same code with another kind was accepted")
		}
	}()
	fault.New(fault.Gone, "test.closed")
}
