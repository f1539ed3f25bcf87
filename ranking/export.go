package ranking

import (
	"context"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/org"
)

// namesWithoutReason is how many people's names may leave in a file without a reason (security.md, exports).
const namesWithoutReason = 200

// Book is what goes into the Excel file, restricted to what the actor may see. The server writes the sheets
// and the words of each language.
type Book struct {
	Title   string
	State   string
	Frozen  bool
	At      int64 // ms UTC
	Version int64
	Bands   []Band
	Units   []UnitRow
	People  []PersonRow
	Missing []MissingPerson
	Words   []Sentence // the formula sheet
}

// Export returns the board as rows for a file and records that it left. A reason is required for more than
// 200 names.
func (s *Service) Export(ctx context.Context, by org.Actor, boardID int64, reason string) (Book, error) {
	b, v, err := s.see(ctx, by, boardID)
	if err != nil {
		return Book{}, err
	}
	face, err := s.UnitStandings(ctx, by, boardID)
	if err != nil {
		return Book{}, err
	}
	book := Book{Title: b.Title, State: b.State, Frozen: face.Frozen, At: face.UpdatedAt.UnixMilli(), Version: face.Version,
		Bands: face.Bands, Units: face.Items, Words: b.words()}
	if book.People, err = s.people(ctx, b, v); err != nil {
		return Book{}, err
	}
	for _, prefix := range v.prefixes() {
		part, err := s.missing(ctx, b, prefix)
		if err != nil {
			return Book{}, err
		}
		book.Missing = append(book.Missing, part...)
	}
	names := len(book.People) + len(book.Missing)
	if names > namesWithoutReason && strings.TrimSpace(reason) == "" {
		return Book{}, ErrReasonRequired.At("reason").With("names", names)
	}
	err = s.db.Tx(ctx, func(tx *gorm.DB) error {
		return s.log(ctx, tx, by, b, audit.Entry{Action: "board.export", UnitID: by.UnitID, Reason: reason,
			After: map[string]any{"units": len(book.Units), "names": names, "version": book.Version}})
	})
	return book, err
}

// WordCodes are the codes of the sentences this package speaks in, besides its faults.
var WordCodes = []string{"formula.U1", "formula.U2", "formula.U3", "formula.U4", "formula.U5", "assume.unit_average",
	"assume.board_average", "assume.pass_mark", "board.roster", "board.participant", "board.average", "board.bands",
	"board.small", "board.ties", "board.rounding", "board.gate"}

// words explains the board in sentences: what counts, how units and people are ordered, what is rounded.
func (b Board) words() []Sentence {
	limits := make([]string, len(b.Rule.BandLimits))
	for i, limit := range b.Rule.BandLimits {
		limits[i] = strconv.FormatInt(limit, 10)
	}
	words := []Sentence{
		b.Rule.sentence(),
		{Code: "board.roster", Args: map[string]any{"frozenAt": b.RosterFrozenAt, "state": b.State}},
		{Code: "board.participant", Args: map[string]any{"kept": b.Kept}},
		{Code: "board.average", Args: map[string]any{"full": b.Rule.FullMark, "pass": b.Rule.PassMark}},
		{Code: "board.bands", Args: map[string]any{"limits": strings.Join(limits, " / "), "least": leastInBand}},
		{Code: "board.small", Args: map[string]any{"least": leastRanked}},
		{Code: "board.ties", Args: map[string]any{"timeUnitMs": b.TimeUnitMS}},
		{Code: "board.rounding", Args: map[string]any{}},
	}
	if b.Rule.LeastShare > 0 || b.Rule.LeastPeople > 0 {
		words = append(words, Sentence{Code: "board.gate", Args: map[string]any{"share": b.Rule.LeastShare, "people": b.Rule.LeastPeople}})
	}
	return words
}
