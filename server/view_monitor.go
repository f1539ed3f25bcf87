package server

import "jingzhong/quiz"

type monitorView struct {
	ContestID    int64             `json:"contestId"`
	Title        string            `json:"title"`
	State        string            `json:"state"`
	Version      int64             `json:"version"`
	ServerTime   stamp             `json:"serverTime"`
	OpensAt      stamp             `json:"opensAt"`
	ClosesAt     stamp             `json:"closesAt"`
	Expected     int               `json:"expected"`
	Guests       int               `json:"guests"`
	NotStarted   int               `json:"notStarted"`
	InProgress   int               `json:"inProgress"`
	Disconnected int               `json:"disconnected"`
	Suspended    int               `json:"suspended"`
	Submitted    int               `json:"submitted"`
	Units        []monitorUnitView `json:"units"`
	Store        storeHealthView   `json:"store"`
}

type monitorUnitView struct {
	Unit       ref `json:"unit"`
	Expected   int `json:"expected"`
	Started    int `json:"started"`
	InProgress int `json:"inProgress"`
	Submitted  int `json:"submitted"`
}

type storeHealthView struct {
	Queued     int64   `json:"queued" doc:"Answers waiting for their commit"`
	Operations int64   `json:"operations"`
	Groups     int64   `json:"groups"`
	Refused    int64   `json:"refused"`
	Replayed   int64   `json:"replayed"`
	P50MS      float64 `json:"p50Ms"`
	P99MS      float64 `json:"p99Ms"`
}

func monitorOf(m quiz.Monitor) monitorView {
	return monitorView{ContestID: m.ContestID, Title: m.Title, State: string(m.State), Version: m.Version, ServerTime: stampOf(m.ServerTime),
		OpensAt: stampOf(m.OpensAt), ClosesAt: stampOf(m.ClosesAt), Expected: m.Expected, Guests: m.Guests, NotStarted: m.NotStarted,
		InProgress: m.InProgress, Disconnected: m.Disconnected, Suspended: m.Suspended, Submitted: m.Submitted,
		Units: viewsOf(m.Units, func(u quiz.MonitorUnit) monitorUnitView {
			return monitorUnitView{ref{u.UnitID, u.Name}, u.Expected, u.Started, u.InProgress, u.Submitted}
		}),
		Store: storeHealthView{Queued: m.Store.Queued, Operations: m.Store.Operations, Groups: m.Store.Groups, Refused: m.Store.Refused,
			Replayed: m.Store.Replayed, P50MS: m.Store.P50.Seconds() * 1000, P99MS: m.Store.P99.Seconds() * 1000}}
}

type monitorPersonView struct {
	Person      ref    `json:"person"`
	Unit        ref    `json:"unit"`
	Position    string `json:"position"`
	AttemptID   int64  `json:"attemptId" doc:"0 before the start"`
	AttemptNo   int    `json:"attemptNo"`
	State       string `json:"state" enum:"not_started,in_progress,disconnected,suspended,submitted,voided"`
	Reason      string `json:"reason"`
	Answered    int    `json:"answered"`
	Questions   int    `json:"questions"`
	StartedAt   *stamp `json:"startedAt" nullable:"true"`
	DeadlineAt  *stamp `json:"deadlineAt" nullable:"true"`
	SubmittedAt *stamp `json:"submittedAt" nullable:"true"`
	SubmitKind  string `json:"submitKind"`
	LastSeenAt  *stamp `json:"lastSeenAt" nullable:"true"`
	Score       *int64 `json:"score"`
	LateAnswers int    `json:"lateAnswers" doc:"Kept as evidence, not graded"`
	TimeFactor  int    `json:"timeFactor"`
}

func monitorPersonOf(p quiz.MonitorPerson) monitorPersonView {
	return monitorPersonView{Person: ref{p.PersonID, p.Name}, Unit: ref{p.UnitID, p.UnitName}, Position: p.Position, AttemptID: p.AttemptID,
		AttemptNo: p.AttemptNo, State: p.State, Reason: p.Reason, Answered: p.Answered, Questions: p.Questions, StartedAt: stampIf(p.StartedAt),
		DeadlineAt: stampIf(p.DeadlineAt), SubmittedAt: stampIf(p.SubmittedAt), SubmitKind: p.SubmitKind, LastSeenAt: stampIf(p.LastSeen),
		Score: p.Score, LateAnswers: p.LateAnswers, TimeFactor: p.TimeFactor}
}
