package server

import (
	"jingzhong/org"
	"jingzhong/quiz"
	"jingzhong/ranking"
)

// contestInput is everything a trainer sets; marks and points are 1/100 point, durations ms.
type contestInput struct {
	Preset        string        `json:"preset,omitempty" maxLength:"40"`
	Title         string        `json:"title" minLength:"1" maxLength:"100"`
	Notes         string        `json:"notes,omitempty" maxLength:"4000" doc:"Shown to contestants before they start"`
	OpensAt       *stamp        `json:"opensAt,omitempty" nullable:"true"`
	ClosesAt      *stamp        `json:"closesAt,omitempty" nullable:"true"`
	LimitMS       int64         `json:"limitMs" minimum:"0" doc:"Time of one attempt"`
	HardClose     bool          `json:"hardClose,omitempty" doc:"The close cuts running attempts off"`
	AttemptsTotal int           `json:"attemptsTotal,omitempty" minimum:"0" doc:"0 = no limit"`
	AttemptsDay   int           `json:"attemptsDay,omitempty" minimum:"0" doc:"0 = no limit"`
	Kept          string        `json:"kept,omitempty" enum:"best,last,first"`
	Scoring       string        `json:"scoring,omitempty" enum:"M0,M1,M1h,M2,M3,M4"`
	PassMark      int64         `json:"passMark" minimum:"0" doc:"On a scale of 10000"`
	ExcellentMark int64         `json:"excellentMark" minimum:"0"`
	Takeover      string        `json:"takeover,omitempty" enum:"free,forbid"`
	ScoreShow     string        `json:"scoreShow,omitempty" enum:"never,submit,close,at"`
	ReviewShow    string        `json:"reviewShow,omitempty" enum:"never,submit,close,at"`
	ResultsAt     *stamp        `json:"resultsAt,omitempty" nullable:"true"`
	Audience      audienceInput `json:"audience,omitempty"`
	Rows          []rowInput    `json:"rows,omitempty" maxItems:"60" doc:"The blueprint"`
}

// audienceInput says who a contest is meant for: units with everything below and groups narrow each other;
// named people come in addition.
type audienceInput struct {
	All         bool    `json:"all,omitempty"`
	UnitIDs     []int64 `json:"unitIds,omitempty" maxItems:"2000"`
	AudienceIDs []int64 `json:"audienceIds,omitempty" maxItems:"50"`
	PersonIDs   []int64 `json:"personIds,omitempty" maxItems:"20000"`
}

func (a audienceInput) audience() org.Audience { return org.Audience(a) }

type rowInput struct {
	TopicIDs     []int64  `json:"topicIds,omitempty" maxItems:"50" doc:"Absent = any"`
	Kinds        []string `json:"kinds,omitempty" maxItems:"8" enum:"single,multiple,truefalse,fill,matching,ordering,essay,group" doc:"Absent = any"`
	DifficultyLo int      `json:"difficultyLo,omitempty" minimum:"0" maximum:"100"`
	DifficultyHi int      `json:"difficultyHi,omitempty" minimum:"0" maximum:"100"`
	Count        int      `json:"count" minimum:"1" maximum:"200"`
	Points       int64    `json:"points" minimum:"1" maximum:"1000000" doc:"1/100 point a question"`
}

func rowsIn(in []rowInput) []quiz.Row {
	rows := make([]quiz.Row, len(in))
	for i, r := range in {
		rows[i] = quiz.Row(r)
	}
	return rows
}

func (in *contestInput) contest() quiz.ContestInput {
	return quiz.ContestInput{Preset: in.Preset, Title: in.Title, Notes: in.Notes, OpensAt: in.OpensAt.ms(), ClosesAt: in.ClosesAt.ms(),
		Limit: in.LimitMS, HardClose: in.HardClose, AttemptsTotal: in.AttemptsTotal, AttemptsDay: in.AttemptsDay,
		Kept: quiz.Kept(in.Kept), Scoring: quiz.Scoring(in.Scoring), PassMark: in.PassMark, ExcellentMark: in.ExcellentMark,
		Takeover: quiz.Takeover(in.Takeover), ScoreShow: quiz.Show(in.ScoreShow), ReviewShow: quiz.Show(in.ReviewShow),
		ResultsAt: in.ResultsAt.ms(), Audience: in.Audience.audience(), Rows: rowsIn(in.Rows)}
}

// RulesView is a contest's settings as they stand.
type RulesView struct {
	Preset        string     `json:"preset"`
	Title         string     `json:"title"`
	Notes         string     `json:"notes"`
	OpensAt       *stamp     `json:"opensAt" nullable:"true"`
	ClosesAt      *stamp     `json:"closesAt" nullable:"true"`
	LimitMS       int64      `json:"limitMs"`
	HardClose     bool       `json:"hardClose"`
	AttemptsTotal int        `json:"attemptsTotal" doc:"0 = no limit"`
	AttemptsDay   int        `json:"attemptsDay" doc:"0 = no limit"`
	Kept          string     `json:"kept" enum:"best,last,first"`
	Scoring       string     `json:"scoring" enum:"M0,M1,M1h,M2,M3,M4"`
	PassMark      int64      `json:"passMark"`
	ExcellentMark int64      `json:"excellentMark"`
	Takeover      string     `json:"takeover" enum:"free,forbid"`
	ScoreShow     string     `json:"scoreShow" enum:"never,submit,close,at"`
	ReviewShow    string     `json:"reviewShow" enum:"never,submit,close,at"`
	ResultsAt     *stamp     `json:"resultsAt" nullable:"true"`
	Audience      targetView `json:"audience"`
	Rows          []rowView  `json:"rows" doc:"The blueprint; empty for contestants"`
}

type targetView struct {
	All         bool    `json:"all"`
	UnitIDs     []int64 `json:"unitIds"`
	AudienceIDs []int64 `json:"audienceIds"`
	PersonIDs   []int64 `json:"personIds"`
}

type rowView struct {
	TopicIDs     []int64  `json:"topicIds"`
	Kinds        []string `json:"kinds"`
	DifficultyLo int      `json:"difficultyLo"`
	DifficultyHi int      `json:"difficultyHi"`
	Count        int      `json:"count"`
	Points       int64    `json:"points"`
}

func rulesOf(c quiz.ContestInput) RulesView {
	return RulesView{Preset: c.Preset, Title: c.Title, Notes: c.Notes, OpensAt: stampIf(c.OpensAt), ClosesAt: stampIf(c.ClosesAt),
		LimitMS: c.Limit, HardClose: c.HardClose, AttemptsTotal: c.AttemptsTotal, AttemptsDay: c.AttemptsDay, Kept: string(c.Kept),
		Scoring: string(c.Scoring), PassMark: c.PassMark, ExcellentMark: c.ExcellentMark, Takeover: string(c.Takeover),
		ScoreShow: string(c.ScoreShow), ReviewShow: string(c.ReviewShow), ResultsAt: stampIf(c.ResultsAt),
		Audience: targetView{All: c.Audience.All, UnitIDs: notNil(c.Audience.UnitIDs), AudienceIDs: notNil(c.Audience.AudienceIDs), PersonIDs: notNil(c.Audience.PersonIDs)},
		Rows: viewsOf(c.Rows, func(r quiz.Row) rowView {
			return rowView{notNil(r.TopicIDs), notNil(r.Kinds), r.DifficultyLo, r.DifficultyHi, r.Count, r.Points}
		})}
}

// contestView is a contest as its reader may see it: contestants get the rules, not the blueprint or names.
type contestView struct {
	ID    int64  `json:"id"`
	State string `json:"state" enum:"draft,proposed,scheduled,open,closed,graded,notice,final,suspended,cancelled"`
	RulesView
	Revision    int64  `json:"revision" doc:"Send it as If-Match when you change the contest"`
	Edition     int64  `json:"edition" doc:"0 = never published"`
	Unit        ref    `json:"unit"`
	Author      ref    `json:"author"`
	Questions   int    `json:"questions" doc:"Of one paper"`
	FullMark    int64  `json:"fullMark" doc:"Of one paper"`
	SelfChecked bool   `json:"selfChecked" doc:"Published by its author alone, 本人复核"`
	StateReason string `json:"stateReason"`
	CreatedAt   stamp  `json:"createdAt"`
	UpdatedAt   stamp  `json:"updatedAt"`
	MayEdit     bool   `json:"mayEdit"`
	MayApprove  bool   `json:"mayApprove"`
	MayMonitor  bool   `json:"mayMonitor"`
}

func contestOf(c quiz.Contest) contestView {
	return contestView{ID: c.ID, State: string(c.State), RulesView: rulesOf(c.ContestInput), Revision: c.Revision, Edition: c.Edition,
		Unit: ref{c.UnitID, c.UnitName}, Author: ref{c.AuthorID, c.AuthorName}, Questions: c.Questions, FullMark: c.FullMark,
		SelfChecked: c.SelfChecked, StateReason: c.StateReason, CreatedAt: stampOf(c.CreatedAt), UpdatedAt: stampOf(c.UpdatedAt),
		MayEdit: c.MayEdit, MayApprove: c.MayApprove, MayMonitor: c.MayMonitor}
}

type presetView struct {
	Code  string    `json:"code"`
	Input RulesView `json:"input"`
}

func presetOf(p quiz.Preset) presetView { return presetView{Code: p.Code, Input: rulesOf(p.Input)} }

type fitView struct {
	Rows          []rowFitView `json:"rows"`
	Needed        int          `json:"needed"`
	Drawn         int          `json:"drawn"`
	Short         int          `json:"short" doc:"0 = the blueprint can be met"`
	Binding       int          `json:"binding" doc:"Index of the row to change; -1 = none"`
	Target        int          `json:"target" doc:"Mean difficulty, 1/100"`
	Trials        []int        `json:"trials" doc:"Mean difficulty of 200 trial papers, 1/1000; empty when short"`
	PracticeShare int          `json:"practiceShare" doc:"Share of the pool that practice may have shown, 1/100"`
}

type rowFitView struct {
	Row       int `json:"row"`
	Available int `json:"available"`
	Needed    int `json:"needed"`
	Drawn     int `json:"drawn"`
	Practised int `json:"practised"`
}

func fitOf(f quiz.Fit) fitView {
	return fitView{Rows: viewsOf(f.Rows, func(r quiz.RowFit) rowFitView { return rowFitView(r) }), Needed: f.Needed, Drawn: f.Drawn,
		Short: f.Short, Binding: f.Binding, Target: f.Target, Trials: notNil(f.Trials), PracticeShare: f.PracticeShare}
}

type factorView struct {
	Person  ref    `json:"person"`
	Percent int    `json:"percent" enum:"125,150,200"`
	Reason  string `json:"reason"`
}

func factorOf(f quiz.TimeFactor) factorView {
	return factorView{Person: ref{f.PersonID, f.PersonName}, Percent: f.Percent, Reason: f.Reason}
}

type rosterPreviewView struct {
	Count  int             `json:"count"`
	ByUnit []unitCountView `json:"byUnit"`
}

type unitCountView struct {
	Unit  ref `json:"unit"`
	Count int `json:"count"`
}

type memberView struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	Unit     ref    `json:"unit"`
	Position string `json:"position"`
}

type matchView struct {
	Found     []memberView    `json:"found"`
	Ambiguous []matchLineView `json:"ambiguous"`
	Missing   []matchLineView `json:"missing"`
}

type matchLineView struct {
	Line       int          `json:"line"`
	Text       string       `json:"text"`
	Candidates []memberView `json:"candidates"`
}

func matchOf(m org.TextMatch, units []org.Unit) matchView {
	names := map[int64]string{}
	for _, u := range units {
		names[u.ID] = u.Name
	}
	member := func(p org.Member) memberView {
		return memberView{ID: p.PersonID, Name: p.Name, Unit: ref{p.UnitID, names[p.UnitID]}, Position: p.Position}
	}
	line := func(l org.TextLine) matchLineView {
		return matchLineView{Line: l.Line, Text: l.Text, Candidates: viewsOf(l.Candidates, member)}
	}
	return matchView{Found: viewsOf(m.Found, member), Ambiguous: viewsOf(m.Ambiguous, line), Missing: viewsOf(m.Missing, line)}
}

type rosterPersonView struct {
	Person     ref    `json:"person"`
	Unit       ref    `json:"unit"`
	Position   string `json:"position"`
	Exempt     bool   `json:"exempt"`
	Reason     string `json:"reason"`
	TimeFactor int    `json:"timeFactor" doc:"Percent; 0 = none"`
}

func rosterPersonOf(factors []quiz.TimeFactor) func(ranking.RosterPerson) rosterPersonView {
	percent := map[int64]int{}
	for _, f := range factors {
		percent[f.PersonID] = f.Percent
	}
	return func(p ranking.RosterPerson) rosterPersonView {
		return rosterPersonView{Person: ref{p.PersonID, p.Name}, Unit: ref{p.UnitID, p.UnitName}, Position: p.Position,
			Exempt: p.Exempt, Reason: p.ExemptReason, TimeFactor: percent[p.PersonID]}
	}
}

// introView is a contest as its contestant sees it before the start.
type introView struct {
	Contest      contestView `json:"contest"`
	ServerTime   stamp       `json:"serverTime"`
	Eligible     bool        `json:"eligible"`
	Why          *noteView   `json:"why,omitempty" doc:"Why not eligible"`
	OnRoster     bool        `json:"onRoster"`
	RosterUnit   string      `json:"rosterUnit"`
	LimitMS      int64       `json:"limitMs" doc:"Of this person"`
	TimeFactor   int         `json:"timeFactor" doc:"Percent; 0 = none"`
	AttemptsUsed int         `json:"attemptsUsed"`
	AttemptsLeft *int        `json:"attemptsLeft,omitempty" doc:"Absent = no limit"`
	UsedToday    int         `json:"usedToday"`
	LiveAttempt  int64       `json:"liveAttempt,omitempty"`
	BestScore    *int64      `json:"bestScore,omitempty"`
	BestAttempt  int64       `json:"bestAttempt,omitempty"`
	MayStart     bool        `json:"mayStart"`
	StartWhy     *noteView   `json:"startWhy,omitempty" doc:"Why not now, though eligible"`
}

func introOf(lang string) func(quiz.Intro) introView {
	return func(i quiz.Intro) introView {
		why := func(code string) *noteView {
			if code == "" {
				return nil
			}
			most := i.Contest.AttemptsTotal
			if code == quiz.ErrAttemptsToday.Code {
				most = i.Contest.AttemptsDay
			}
			return &noteView{Code: code, Detail: sentence(lang, code, map[string]any{"max": most})}
		}
		return introView{Contest: contestOf(i.Contest), ServerTime: stampOf(i.ServerTime), Eligible: i.Eligible, Why: why(i.Why),
			OnRoster: i.OnRoster, RosterUnit: i.RosterUnit, LimitMS: i.LimitMS, TimeFactor: i.TimeFactor, AttemptsUsed: i.AttemptsUsed,
			AttemptsLeft: i.AttemptsLeft, UsedToday: i.UsedToday, LiveAttempt: i.LiveAttempt, BestScore: i.BestScore,
			BestAttempt: i.BestAttempt, MayStart: i.MayStart, StartWhy: why(i.StartWhy)}
	}
}

type homeView struct {
	ServerTime stamp         `json:"serverTime"`
	Due        *introView    `json:"due,omitempty" doc:"The one thing due now"`
	More       []introView   `json:"more" doc:"Further open contests"`
	Upcoming   []contestView `json:"upcoming"`
	Recent     []attemptView `json:"recent"`
	Standing   *ownBoardView `json:"standing,omitempty" doc:"The own unit on the board worth a look"`
}

func homeOf(lang string, h quiz.Home) homeView {
	v := homeView{ServerTime: stampOf(h.ServerTime), More: viewsOf(h.More, introOf(lang)), Upcoming: viewsOf(h.Upcoming, contestOf),
		Recent: viewsOf(h.Recent, attemptOf)}
	if h.Due != nil {
		due := introOf(lang)(*h.Due)
		v.Due = &due
	}
	return v
}
