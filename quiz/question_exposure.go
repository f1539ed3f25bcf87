package quiz

import (
	"fmt"
	"maps"
	"slices"

	"gorm.io/gorm"

	"jingzhong/store"
)

// Exposure is how many people have had a question on a graded paper, over all its versions, and how many of them
// answered it. A question seen by many is known.
type Exposure struct {
	Drawn    int64
	Answered int64
}

// expose adds what graded papers have shown, by version. It is called where papers are graded, never while
// somebody answers; versions go in order so that two gradings do not wait for each other crosswise.
func expose(tx *gorm.DB, seen map[int64]Exposure) error {
	for _, id := range slices.Sorted(maps.Keys(seen)) {
		_, err := store.Writing(tx).Exec(`INSERT INTO question_exposure (version_id, drawn, answered) VALUES (?, ?, ?)
			ON CONFLICT (version_id) DO UPDATE SET drawn = question_exposure.drawn + excluded.drawn,
			answered = question_exposure.answered + excluded.answered`, id, seen[id].Drawn, seen[id].Answered)
		if err != nil {
			return fmt.Errorf("quiz: exposure of version %d: %w", id, err)
		}
	}
	return nil
}

// shown notes one slot of an attempt: a case with several slots is one version, shown once.
func (g *gradedAttempt) shown(versionID int64, answered bool) {
	if g.versions == nil {
		g.versions = map[int64]bool{}
	}
	g.versions[versionID] = g.versions[versionID] || answered
}

// addTo counts the attempt's versions.
func (g gradedAttempt) addTo(seen map[int64]Exposure) {
	for id, answered := range g.versions {
		e := seen[id]
		e.Drawn++
		if answered {
			e.Answered++
		}
		seen[id] = e
	}
}

// exposures returns how often questions were shown.
func exposures(tx *gorm.DB, questionIDs []int64) (map[int64]Exposure, error) {
	out := map[int64]Exposure{}
	for start := 0; start < len(questionIDs); start += bankChunk {
		var rows []struct{ QuestionID, Drawn, Answered int64 }
		err := tx.Raw(`SELECT v.question_id, SUM(e.drawn) AS drawn, SUM(e.answered) AS answered FROM question_versions v
			JOIN question_exposure e ON e.version_id = v.id WHERE v.question_id IN ? GROUP BY v.question_id`,
			questionIDs[start:min(start+bankChunk, len(questionIDs))]).Scan(&rows).Error
		if err != nil {
			return nil, fmt.Errorf("quiz: exposure: %w", err)
		}
		for _, row := range rows {
			out[row.QuestionID] = Exposure{row.Drawn, row.Answered}
		}
	}
	return out, nil
}
