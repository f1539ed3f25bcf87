package quiz

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/org"
	"jingzhong/quiz/exchange"
)

// Key is the right answer of one version: option ids for single, multiple and true/false, in the right order
// for an ordering, one for each left of a matching; the accepted answers of each blank for fill-in; the rubric
// of an essay; the key of each question of a group. Weights, one an option, are what M4 pays. It is read in this file only: to grade, to show it to those who may
// see it, and to export it for them.
type Key struct {
	Options []int64    `json:"options,omitempty"`
	Blanks  [][]string `json:"blanks,omitempty"`
	Rubric  string     `json:"rubric,omitempty"`
	Weights []int64    `json:"weights,omitempty"`
	Parts   []Key      `json:"parts,omitempty"`
}

// equal compares two keys.
func (k Key) equal(other Key) bool {
	return slices.Equal(k.Options, other.Options) && k.Rubric == other.Rubric && slices.Equal(k.Weights, other.Weights) &&
		slices.EqualFunc(k.Parts, other.Parts, Key.equal) &&
		slices.EqualFunc(k.Blanks, other.Blanks, func(a, b []string) bool { return slices.Equal(a, b) })
}

// keyRow is a row of the keys' own table.
type keyRow struct {
	VersionID int64 `gorm:"primaryKey;autoIncrement:false"`
	Answer    string
}

// TableName is the keys' table.
func (keyRow) TableName() string { return "question_keys" }

// keyOf returns the key of one version. Only grading and the key views of this file call it.
func keyOf(tx *gorm.DB, versionID int64) (Key, error) {
	keys, err := keysOf(tx, []int64{versionID})
	if err != nil {
		return Key{}, err
	}
	key, ok := keys[versionID]
	if !ok {
		return Key{}, fmt.Errorf("quiz: version %d has no key", versionID)
	}
	return key, nil
}

// keysOf returns the keys of many versions at once, for grading and export.
func keysOf(tx *gorm.DB, versionIDs []int64) (map[int64]Key, error) {
	keys := make(map[int64]Key, len(versionIDs))
	for start := 0; start < len(versionIDs); start += bankChunk {
		part := versionIDs[start:min(start+bankChunk, len(versionIDs))]
		var rows []keyRow
		if err := tx.Where("version_id IN ?", part).Find(&rows).Error; err != nil {
			return nil, fmt.Errorf("quiz: keys: %w", err)
		}
		for _, row := range rows {
			var key Key
			if err := json.Unmarshal([]byte(row.Answer), &key); err != nil {
				return nil, fmt.Errorf("quiz: key of version %d: %w", row.VersionID, err)
			}
			keys[row.VersionID] = key
		}
	}
	return keys, nil
}

// answeredKey is the key of a question that its learner has answered; before the answer nobody gets it.
func answeredKey(tx *gorm.DB, q frozenQuestion, a practiceAnswerRow) (Key, error) {
	if a.RunID == 0 || a.VersionID != q.versionID || a.Part != q.part {
		return Key{}, fmt.Errorf("quiz: version %d part %d is not answered", q.versionID, q.part)
	}
	key, err := keyOf(tx, q.versionID)
	if err != nil {
		return Key{}, err
	}
	return q.keyIn(key), nil
}

// writeKeys stores the keys of new versions; after that the versions are sealed.
func writeKeys(tx *gorm.DB, keys map[int64]Key) error {
	rows := make([]keyRow, 0, len(keys))
	for versionID, key := range keys {
		answer, err := json.Marshal(key)
		if err != nil {
			return fmt.Errorf("quiz: key: %w", err)
		}
		rows = append(rows, keyRow{VersionID: versionID, Answer: string(answer)})
	}
	if err := tx.CreateInBatches(rows, bankBatch).Error; err != nil {
		return fmt.Errorf("quiz: write keys: %w", err)
	}
	return nil
}

// viewKey returns the key for a reader who may see it and records that it was seen.
func (b *Bank) viewKey(ctx context.Context, tx *gorm.DB, by org.Actor, q Question) (*Key, error) {
	key, err := keyOf(tx, q.Version.ID)
	if err != nil {
		return nil, err
	}
	e := b.entry(by, "question.key_view", q.ID, q.UnitID)
	e.After = map[string]any{"version": q.Version.ID, "no": q.Version.No}
	if err := audit.Append(ctx, tx, e); err != nil {
		return nil, err
	}
	return &key, nil
}

// itemsWithKeys turns questions whose keys the reader may see into items of an export.
func itemsWithKeys(tx *gorm.DB, questions []Question) ([]exchange.Item, error) {
	ids := make([]int64, len(questions))
	for i, q := range questions {
		ids[i] = q.Version.ID
	}
	keys, err := keysOf(tx, ids)
	if err != nil {
		return nil, err
	}
	items := make([]exchange.Item, len(questions))
	for i, q := range questions {
		key, ok := keys[q.Version.ID]
		if !ok {
			return nil, fmt.Errorf("quiz: version %d has no key", q.Version.ID)
		}
		items[i] = q.item()
		kinds[q.Version.Kind].export(q.Version, key, &items[i])
	}
	return items, nil
}

// copyKey gives a version that asks the same the key of another, unread; after that it is sealed.
func copyKey(tx *gorm.DB, from, to int64) error {
	res := tx.Exec(`INSERT INTO question_keys (version_id, answer) SELECT ?, answer FROM question_keys WHERE version_id = ?`, to, from)
	if res.Error != nil {
		return fmt.Errorf("quiz: copy key: %w", res.Error)
	}
	if res.RowsAffected != 1 {
		return fmt.Errorf("quiz: version %d has no key", from)
	}
	return nil
}
