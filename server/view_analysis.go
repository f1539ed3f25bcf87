package server

import "jingzhong/quiz"

type analysisView struct {
	ContestID int64          `json:"contestId"`
	Title     string         `json:"title"`
	State     string         `json:"state"`
	At        stamp          `json:"at"`
	Paper     paperStatView  `json:"paper"`
	Items     []itemStatView `json:"items"`
}

// paperStatView: scores in 1/100 point; null = it could not be formed.
type paperStatView struct {
	Attempts   int      `json:"attempts"`
	Items      int      `json:"items" doc:"On one paper"`
	Same       bool     `json:"same" doc:"Everybody had the same questions; else there is no consistency"`
	FullMark   int64    `json:"fullMark"`
	Mean       float64  `json:"mean"`
	Deviation  *float64 `json:"deviation"`
	CIC        *float64 `json:"cic" doc:"Coefficient of internal consistency, percent; negative = not reliable"`
	ErrorRatio *float64 `json:"errorRatio" doc:"Percent"`
	SEM        *float64 `json:"sem" doc:"Standard error of measurement"`
	Skewness   *float64 `json:"skewness"`
	Kurtosis   *float64 `json:"kurtosis"`
}

type itemStatView struct {
	QuestionID int64              `json:"questionId"`
	VersionID  int64              `json:"versionId"`
	Part       int                `json:"part" doc:"1.. within a group; 0 = stands alone"`
	Kind       string             `json:"kind"`
	Stem       string             `json:"stem"`
	Expected   int                `json:"expected" doc:"The setter's difficulty, 1/100"`
	Attempts   int                `json:"attempts"`
	Facility   float64            `json:"facility"`
	Corrected  *float64           `json:"corrected" doc:"Without what guessing earns"`
	Deviation  *float64           `json:"deviation" doc:"Of the marks, points"`
	Index      *float64           `json:"index" doc:"Discrimination index, percent"`
	Efficiency *float64           `json:"efficiency" doc:"Discrimination efficiency, percent"`
	Weight     *float64           `json:"weight" doc:"Effective weight, percent"`
	UpperLower *float64           `json:"upperLower" doc:"Facility of the best 27 % less that of the weakest"`
	Answers    threeGroupsView    `json:"answers"`
	Blank      threeGroupsView    `json:"blank"`
	Options    []optionPickedView `json:"options"`
	Flags      []itemFlagView     `json:"flags"`
}

type threeGroupsView struct {
	Hi  int `json:"hi" doc:"The best 27 %"`
	Mid int `json:"mid"`
	Lo  int `json:"lo" doc:"The weakest 27 %"`
}

type optionPickedView struct {
	ID     int64           `json:"id"`
	Text   string          `json:"text"`
	Key    bool            `json:"key"`
	Picked threeGroupsView `json:"picked"`
}

type itemFlagView struct {
	Code   string `json:"code" enum:"too_easy,too_hard,low_discrimination,wrong_key,dead_distractor"`
	Option int64  `json:"option" doc:"The option it is about; 0 = the whole question"`
}

func analysisOf(a quiz.Analysis) analysisView {
	p := a.Paper
	return analysisView{ContestID: a.ContestID, Title: a.Title, State: string(a.State), At: stampOf(a.At), Items: viewsOf(a.Items, itemOf),
		Paper: paperStatView{Attempts: p.Attempts, Items: p.Items, Same: p.Same, FullMark: p.FullMark, Mean: p.Mean, Deviation: p.Deviation, CIC: p.CIC,
			ErrorRatio: p.ErrorRatio, SEM: p.SEM, Skewness: p.Skewness, Kurtosis: p.Kurtosis}}
}

func itemOf(i quiz.ItemStatistics) itemStatView {
	return itemStatView{QuestionID: i.QuestionID, VersionID: i.VersionID, Part: i.Part, Kind: i.Kind, Stem: i.Stem, Expected: i.Expected,
		Attempts: i.Attempts, Facility: i.Facility, Corrected: i.Corrected, Deviation: i.Deviation, Index: i.Index, Efficiency: i.Efficiency,
		Weight: i.Weight, UpperLower: i.UpperLower, Answers: threeGroupsView(i.Answers), Blank: threeGroupsView(i.Blank),
		Options: viewsOf(i.Options, func(o quiz.OptionStatistics) optionPickedView {
			return optionPickedView{o.ID, o.Text, o.Key, threeGroupsView(o.Picked)}
		}),
		Flags: viewsOf(i.Flags, func(f quiz.Flag) itemFlagView { return itemFlagView(f) })}
}

type measuredView struct {
	Difficulty float64 `json:"difficulty" doc:"Expected share of right answers as the answers show it, 0-1"`
	Answers    int     `json:"answers"`
	VersionID  int64   `json:"versionId" doc:"The version it was measured on"`
}

func measuredOf(m *quiz.Measured) *measuredView {
	if m == nil {
		return nil
	}
	return &measuredView{m.Difficulty, m.Answers, m.VersionID}
}

type questionStatisticsView struct {
	Measured *measuredView     `json:"measured,omitempty" doc:"Absent before its first contest"`
	Contests []contestStatView `json:"contests"`
}

type contestStatView struct {
	ContestID int64        `json:"contestId"`
	Title     string       `json:"title" doc:"Empty where I do not organise the contest"`
	ClosedAt  stamp        `json:"closedAt"`
	VersionNo int          `json:"versionNo"`
	Item      itemStatView `json:"item"`
}

func questionStatisticsOf(q quiz.QuestionStatistics) questionStatisticsView {
	return questionStatisticsView{Measured: measuredOf(q.Measured), Contests: viewsOf(q.Contests, func(c quiz.ContestStatistics) contestStatView {
		return contestStatView{c.ContestID, c.Title, stampOf(c.ClosedAt), c.VersionNo, itemOf(c.Item)}
	})}
}

type keyAlarmView struct {
	Contest  ref          `json:"contest"`
	RaisedAt stamp        `json:"raisedAt"`
	Item     itemStatView `json:"item"`
}

func keyAlarmOf(a quiz.KeyAlarm) keyAlarmView {
	return keyAlarmView{ref{a.ContestID, a.ContestTitle}, stampOf(a.RaisedAt), itemOf(a.Item)}
}
