package ranking

import (
	"slices"
	"testing"
)

func TestBandsMergeUpward(t *testing.T) {
	many := func(n int, size int64) []int64 { return slices.Repeat([]int64{size}, n) }
	for _, c := range []struct {
		name   string
		limits []int64
		sizes  []int64
		want   []Band
	}{
		{"three of three", nil, slices.Concat(many(7, 10), many(31, 11), many(12, 51)),
			[]Band{{"1-10", 1, 10, 7}, {"11-50", 11, 50, 31}, {"51+", 51, 0, 12}}},
		{"two small ones join the middle", nil, slices.Concat(many(2, 5), many(4, 30), many(3, 60)),
			[]Band{{"1-50", 1, 50, 6}, {"51+", 51, 0, 3}}},
		{"a thin middle joins the large", nil, slices.Concat(many(3, 5), many(2, 50), many(1, 51)),
			[]Band{{"1-10", 1, 10, 3}, {"11+", 11, 0, 3}}},
		{"the largest has none above and joins the one below", nil, slices.Concat(many(3, 5), many(5, 20), many(2, 51)),
			[]Band{{"1-10", 1, 10, 3}, {"11+", 11, 0, 7}}},
		{"too few for any", nil, []int64{5, 60}, []Band{{"1+", 1, 0, 2}}},
		{"nobody", nil, nil, []Band{{"1+", 1, 0, 0}}},
		{"a province's four", []int64{20, 100, 500}, slices.Concat(many(3, 20), many(3, 21), many(3, 500), many(3, 501)),
			[]Band{{"1-20", 1, 20, 3}, {"21-100", 21, 100, 3}, {"101-500", 101, 500, 3}, {"501+", 501, 0, 3}}},
	} {
		got := bands(c.limits, c.sizes)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v", c.name, got)
		}
		for _, size := range c.sizes {
			b := got[bandOf(got, size)]
			if size < b.From || (b.To != 0 && size > b.To) {
				t.Errorf("%s: %d fell into %s", c.name, size, b.Key)
			}
		}
	}
}
