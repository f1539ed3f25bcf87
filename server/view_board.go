package server

import (
	"jingzhong/ranking"
)

// BoardView documents what ranking renders once for all who read a board (ranking.Face).
type BoardView struct {
	Version   int64           `json:"version"`
	State     string          `json:"state" enum:"provisional,frozen_roster,frozen,final"`
	Frozen    bool            `json:"frozen" doc:"This is the pinned version; the board moves on unseen"`
	UpdatedAt stamp           `json:"updatedAt"`
	Formula   string          `json:"formula" enum:"U1,U2,U3,U4,U5"`
	Bands     []bandView      `json:"bands"`
	Items     []unitStandView `json:"items"`
}

type bandView struct {
	Key   string `json:"key"`
	From  int64  `json:"from"`
	To    int64  `json:"to" doc:"0 = no upper end"`
	Units int    `json:"units"`
}

// unitStandView is a unit on the board. Score and average are 1/100 point on a scale of 100; null = not shown.
type unitStandView struct {
	Unit              ref      `json:"unit"`
	Rank              *int     `json:"rank" doc:"Within the band"`
	OverallRank       *int     `json:"overallRank"`
	RankChange        *int     `json:"rankChange"`
	Band              string   `json:"band"`
	Status            string   `json:"status" enum:"ranked,single,gated,none"`
	Expected          int64    `json:"expected"`
	Exempt            int64    `json:"exempt"`
	Participants      int64    `json:"participants"`
	ParticipationRate *float64 `json:"participationRate"`
	Average           *int64   `json:"average"`
	PassRate          *float64 `json:"passRate"`
	Score             *int64   `json:"score"`
	Missing           int64    `json:"missing"`
	MetGoal           bool     `json:"metGoal"`
	Own               bool     `json:"own"`
	Direct            bool     `json:"direct"`
	Flags             []string `json:"flags"`
}

func bandOf(b ranking.Band) bandView { return bandView(b) }

func unitStandOf(r ranking.UnitRow) unitStandView {
	return unitStandView{Unit: ref(r.Unit), Rank: r.Rank, OverallRank: r.OverallRank, RankChange: r.RankChange, Band: r.Band, Status: r.Status,
		Expected: r.Expected, Exempt: r.Exempt, Participants: r.Participants, ParticipationRate: r.ParticipationRate, Average: r.Average,
		PassRate: r.PassRate, Score: r.Score, Missing: r.Missing, MetGoal: r.MetGoal, Own: r.Own, Direct: r.Direct, Flags: notNil(r.Flags)}
}

func boardOf(f *ranking.Face) BoardView {
	return BoardView{Version: f.Version, State: f.State, Frozen: f.Frozen, UpdatedAt: at(f.UpdatedAt.Time), Formula: f.Formula,
		Bands: viewsOf(f.Bands, bandOf), Items: viewsOf(f.Items, unitStandOf)}
}

// learnerBoardView is R10's public board with the own unit.
type learnerBoardView struct {
	BoardView
	OwnUnit *unitStandView `json:"own,omitempty" doc:"The own unit's row; null if it is not on the board"`
}

func learnerBoardOf(v ranking.LearnerView) learnerBoardView {
	out := learnerBoardView{BoardView: boardOf(v.Public)}
	if v.Own != nil {
		own := unitStandOf(*v.Own)
		out.OwnUnit = &own
	}
	return out
}

// ownBoardView is the own unit on one board, for the home page.
type ownBoardView struct {
	ContestID int64         `json:"contestId"`
	State     string        `json:"state"`
	Frozen    bool          `json:"frozen"`
	UpdatedAt stamp         `json:"updatedAt"`
	Unit      unitStandView `json:"unit"`
}

type personStandView struct {
	Rank        *int  `json:"rank" doc:"Null while the public board is frozen"`
	Person      ref   `json:"person"`
	Unit        ref   `json:"unit"`
	Score       int64 `json:"score"`
	TimeMS      int64 `json:"timeMs"`
	Attempts    int64 `json:"attempts"`
	SubmittedAt stamp `json:"submittedAt"`
	Passed      bool  `json:"passed"`
	Excellent   bool  `json:"excellent"`
	OnRoster    bool  `json:"onRoster"`
	Exempt      bool  `json:"exempt"`
}

func personStandOf(p ranking.PersonRow) personStandView {
	return personStandView{Rank: p.Rank, Person: ref(p.Person), Unit: ref(p.Unit), Score: p.Score, TimeMS: p.TimeMS, Attempts: p.Attempts,
		SubmittedAt: stampOf(p.SubmittedAt), Passed: p.Passed, Excellent: p.Excellent, OnRoster: p.OnRoster, Exempt: p.Exempt}
}

// sentenceView is a statement as a code, its values, and the sentence in the user's language.
type sentenceView struct {
	Code string         `json:"code"`
	Args map[string]any `json:"args"`
	Text string         `json:"text"`
}

func sentenceOf(lang string, s ranking.Sentence) sentenceView {
	return sentenceView{Code: s.Code, Args: s.Args, Text: sentence(lang, s.Code, s.Args)}
}

type explanationView struct {
	Unit       unitStandView   `json:"unit"`
	Formula    sentenceView    `json:"formula"`
	Components []componentView `json:"components"`
	Above      *neighbourView  `json:"above,omitempty" doc:"The next unit up"`
	Third      *neighbourView  `json:"third,omitempty" doc:"Who holds the last of the first three places"`
	Assumption *sentenceView   `json:"assumption,omitempty"`
	Moves      []moveView      `json:"moves"`
	UpOne      *moveView       `json:"upOne,omitempty" doc:"The fewest more people that move it up; null = participation alone does not"`
	TopThree   *moveView       `json:"topThree,omitempty"`
}

type componentView struct {
	Code        string `json:"code"`
	Numerator   int64  `json:"numerator"`
	Denominator int64  `json:"denominator"`
	Value       int64  `json:"value" doc:"1/10000"`
	Weight      int64  `json:"weight" doc:"Thousandths; 0 = not weighted"`
	Points      *int64 `json:"points"`
	MaxPoints   *int64 `json:"maxPoints"`
	Used        bool   `json:"used"`
}

type neighbourView struct {
	Unit       *ref            `json:"unit,omitempty"`
	Rank       int             `json:"rank"`
	Score      int64           `json:"score"`
	Gap        int64           `json:"gap"`
	Components []componentView `json:"components"`
}

type moveView struct {
	Extra int64 `json:"extra"`
	Score int64 `json:"score"`
	Rank  int   `json:"rank"`
}

func componentOf(c ranking.Component) componentView { return componentView(c) }

func neighbourOf(n *ranking.Neighbour) *neighbourView {
	if n == nil {
		return nil
	}
	v := &neighbourView{Rank: n.Rank, Score: n.Score, Gap: n.Gap, Components: viewsOf(n.Components, componentOf)}
	if n.Unit != nil {
		unit := ref(*n.Unit)
		v.Unit = &unit
	}
	return v
}

func moveOf(m *ranking.Move) *moveView {
	if m == nil {
		return nil
	}
	v := moveView(*m)
	return &v
}

func explanationOf(lang string, e ranking.Explanation) explanationView {
	v := explanationView{Unit: unitStandOf(e.Unit), Formula: sentenceOf(lang, e.Formula), Components: viewsOf(e.Components, componentOf),
		Above: neighbourOf(e.Above), Third: neighbourOf(e.Third), UpOne: moveOf(e.UpOne), TopThree: moveOf(e.TopThree),
		Moves: viewsOf(e.Moves, func(m ranking.Move) moveView { return moveView(m) })}
	if e.Assumption != nil {
		a := sentenceOf(lang, *e.Assumption)
		v.Assumption = &a
	}
	return v
}

// drillView opens a unit: unit = own + all children, and own = all people, in every column.
type drillView struct {
	Unit     unitSumsView     `json:"unit"`
	Own      unitSumsView     `json:"own" doc:"The unit's own people, 本级"`
	Children []unitSumsView   `json:"children"`
	People   []personSumsView `json:"people"`
}

type unitSumsView struct {
	Unit         ref   `json:"unit"`
	Members      int64 `json:"members"`
	Exempt       int64 `json:"exempt"`
	Expected     int64 `json:"expected"`
	Participants int64 `json:"participants"`
	Passed       int64 `json:"passed"`
	Excellent    int64 `json:"excellent"`
	SumBest      int64 `json:"sumBest"`
}

type personSumsView struct {
	Person       ref    `json:"person"`
	Position     string `json:"position"`
	OnRoster     bool   `json:"onRoster"`
	Exempt       bool   `json:"exempt"`
	Expected     int64  `json:"expected"`
	Participants int64  `json:"participants"`
	Passed       int64  `json:"passed"`
	Excellent    int64  `json:"excellent"`
	SumBest      int64  `json:"sumBest"`
	HasResult    bool   `json:"hasResult"`
	Score        int64  `json:"score"`
	TimeMS       int64  `json:"timeMs"`
	Attempts     int64  `json:"attempts"`
}

func unitSumsOf(s ranking.UnitSums) unitSumsView {
	return unitSumsView{Unit: ref(s.Unit), Members: s.Members, Exempt: s.Exempt, Expected: s.Expected, Participants: s.Participants,
		Passed: s.Passed, Excellent: s.Excellent, SumBest: s.SumBest}
}

func drillOf(d ranking.Drill) drillView {
	return drillView{Unit: unitSumsOf(d.Unit), Own: unitSumsOf(d.Own), Children: viewsOf(d.Children, unitSumsOf),
		People: viewsOf(d.People, func(p ranking.PersonSums) personSumsView {
			return personSumsView{Person: ref(p.Person), Position: p.Position, OnRoster: p.OnRoster, Exempt: p.Exempt, Expected: p.Expected,
				Participants: p.Participants, Passed: p.Passed, Excellent: p.Excellent, SumBest: p.SumBest, HasResult: p.HasResult,
				Score: p.Score, TimeMS: p.TimeMS, Attempts: p.Attempts}
		})}
}

type missingView struct {
	Person   ref    `json:"person"`
	Unit     ref    `json:"unit"`
	Position string `json:"position"`
	State    string `json:"state" enum:"not_signed_in,not_started,in_progress,leave_pending"`
}

func missingOf(m ranking.MissingPerson) missingView {
	return missingView{Person: ref(m.Person), Unit: ref(m.Unit), Position: m.Position, State: m.State}
}
