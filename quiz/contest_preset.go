package quiz

// Preset is a rule set a trainer starts from. Its name and description are the app's words for its code;
// the figures are those of real notices of the same type. Topics are left open: any.
type Preset struct {
	Code  string
	Input ContestInput
}

const minute = 60_000

// presets in the order the wizard shows them.
var presets = []Preset{
	// A county's yearly contest: three tries, the best counts.
	{"county", ContestInput{Limit: 20 * minute, HardClose: true, AttemptsTotal: 3, Kept: KeptBest, Scoring: ScoringM0, PassMark: 6000,
		ExcellentMark: 9000, Takeover: TakeoverFree, ScoreShow: ShowSubmit, ReviewShow: ShowClose,
		Rows: []Row{{Kinds: []string{KindSingle}, Count: 14, Points: 500}, {Kinds: []string{KindMultiple}, Count: 4, Points: 500},
			{Kinds: []string{KindTrueFalse}, Count: 2, Points: 500}}}},
	// Twenty single choices in twenty minutes, as often as one likes.
	{"open_practice", ContestInput{Limit: 20 * minute, HardClose: true, Kept: KeptBest, Scoring: ScoringM0, PassMark: 6000, ExcellentMark: 9000,
		Takeover: TakeoverFree, ScoreShow: ShowSubmit, ReviewShow: ShowClose, Rows: []Row{{Kinds: []string{KindSingle}, Count: 20, Points: 500}}}},
	// Six questions, three minutes: a quiz over lunch.
	{"lunch", ContestInput{Limit: 3 * minute, HardClose: true, AttemptsTotal: 1, Kept: KeptBest, Scoring: ScoringM0, PassMark: 6000, ExcellentMark: 9000,
		Takeover: TakeoverFree, ScoreShow: ShowSubmit, ReviewShow: ShowClose,
		Rows: []Row{{Kinds: []string{KindSingle}, Count: 4, Points: 1500}, {Kinds: []string{KindTrueFalse}, Count: 2, Points: 2000}}}},
	// Ten questions a day, three tries, over weeks.
	{"daily", ContestInput{Limit: 10 * minute, HardClose: true, AttemptsDay: 3, Kept: KeptBest, Scoring: ScoringM1h, PassMark: 6000, ExcellentMark: 9000,
		Takeover: TakeoverFree, ScoreShow: ShowSubmit, ReviewShow: ShowClose, Rows: []Row{{Count: 10, Points: 1000}}}},
	// The final at the party school: one try, all kinds, results announced after the close.
	{"final", ContestInput{Limit: 60 * minute, HardClose: true, AttemptsTotal: 1, Kept: KeptBest, Scoring: ScoringM0, PassMark: 6000, ExcellentMark: 9000,
		Takeover: TakeoverForbid, ScoreShow: ShowClose, ReviewShow: ShowClose,
		Rows: []Row{{Kinds: []string{KindSingle}, Count: 20, Points: 200}, {Kinds: []string{KindMultiple}, Count: 10, Points: 300},
			{Kinds: []string{KindTrueFalse}, Count: 10, Points: 100}, {Kinds: []string{KindFill}, Count: 10, Points: 200}}}},
}

// Presets returns the rule sets a contest can start from.
func Presets() []Preset { return presets }
