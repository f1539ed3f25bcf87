package quiz

import (
	"context"
	"fmt"
	"strconv"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/org"
	"jingzhong/store"
)

// AppealGroup is what several people said against the same question, as one thing to decide. Who they are stays
// hidden. ID is the first appeal's.
type AppealGroup struct {
	ID         int64
	QuestionID int64
	VersionID  int64
	Part       int
	Stem       string
	UnitName   string
	State      string
	Count      int
	Texts      []AppealText
	Note       string
	Statute    string
	Article    string
	DecidedAt  int64
	MayDecide  bool
}

// AppealText is one of them.
type AppealText struct {
	Text    string
	Context string
	At      int64 // ms UTC
}

// AppealPage is one page of groups, oldest first; Next is empty on the last one.
type AppealPage struct {
	Items []AppealGroup
	Next  string
}

// appealTextsMost is how many of a group's texts are shown.
const appealTextsMost = 20

// Appeals lists what was said against the questions one writes or reviews; state "" lists those that wait.
func (b *Bank) Appeals(ctx context.Context, by org.Actor, state string, limit int, cursor string) (AppealPage, error) {
	var page AppealPage
	tx := b.db.Read(ctx)
	r, err := reachOf(tx, by)
	if err != nil {
		return page, err
	}
	limit, after, err := pageAt(limit, cursor)
	if err != nil {
		return page, err
	}
	if state == "" {
		state = AppealFiled
	}
	var rows []struct {
		ID, QuestionID, VersionID, UnitID, DecidedAt int64
		Part, Count, Own                             int
		Note, Statute, Article                       string
	}
	err = tx.Raw(`SELECT MIN(a.id) AS id, a.question_id, a.version_id, a.part, q.unit_id, COUNT(*) AS count, MAX(a.decided_at) AS decided_at,
		MAX(a.note) AS note, MAX(a.statute) AS statute, MAX(a.article) AS article, SUM(CASE WHEN a.person_id = ? THEN 1 ELSE 0 END) AS own
		FROM appeals a JOIN questions q ON q.id = a.question_id WHERE a.state = ? AND q.unit_id IN ?
		GROUP BY a.question_id, a.version_id, a.part, q.unit_id HAVING MIN(a.id) > ? ORDER BY MIN(a.id) LIMIT ?`,
		by.PersonID, state, some(keysTrue(r.keys)), after, limit+1).Scan(&rows).Error
	if err != nil {
		return page, fmt.Errorf("quiz: appeals: %w", err)
	}
	if len(rows) > limit {
		rows = rows[:limit]
		page.Next = strconv.FormatInt(rows[limit-1].ID, 10)
	}
	ids := make([]int64, len(rows))
	for i, row := range rows {
		ids[i] = row.VersionID
	}
	versions, err := loadVersions(tx, ids)
	if err != nil {
		return page, err
	}
	for _, row := range rows {
		g := AppealGroup{ID: row.ID, QuestionID: row.QuestionID, VersionID: row.VersionID, Part: row.Part, Stem: versions[row.VersionID].stemOf(row.Part),
			UnitName: r.names[row.UnitID], State: state, Count: row.Count, Note: row.Note, Statute: row.Statute, Article: row.Article,
			DecidedAt: row.DecidedAt, MayDecide: state == AppealFiled && row.Own == 0}
		err := tx.Raw(`SELECT text, context, created_at AS at FROM appeals WHERE version_id = ? AND part = ? AND state = ? ORDER BY id LIMIT ?`,
			row.VersionID, row.Part, state, appealTextsMost).Scan(&g.Texts).Error
		if err != nil {
			return page, fmt.Errorf("quiz: appeals: %w", err)
		}
		page.Items = append(page.Items, g)
	}
	return page, nil
}

// DecideAppeal answers everybody who said something against the same question; whoever did so decides nothing about
// it. An accepted one leaves the question to be edited, which makes a new version.
func (b *Bank) DecideAppeal(ctx context.Context, by org.Actor, id int64, in AppealDecision) error {
	in, err := in.check()
	if err != nil {
		return err
	}
	return b.db.Tx(ctx, func(tx *gorm.DB) error {
		r, err := reachOf(tx, by)
		if err != nil {
			return err
		}
		var rows []struct {
			QuestionID, VersionID, UnitID int64
			Part                          int
			State                         string
		}
		err = tx.Raw(`SELECT a.question_id, a.version_id, a.part, a.state, q.unit_id FROM appeals a JOIN questions q ON q.id = a.question_id
			WHERE a.id = ?`, id).Scan(&rows).Error
		switch {
		case err != nil:
			return fmt.Errorf("quiz: appeal: %w", err)
		case len(rows) == 0 || !r.maySeeKey(rows[0].UnitID):
			return ErrAppealNotFound
		case rows[0].State != AppealFiled:
			return ErrAppealDecided
		}
		a := rows[0]
		var own int64
		err = tx.Raw(`SELECT COUNT(*) FROM appeals WHERE version_id = ? AND part = ? AND state = 'filed' AND person_id = ?`, a.VersionID, a.Part,
			by.PersonID).Scan(&own).Error
		switch {
		case err != nil:
			return fmt.Errorf("quiz: appeal: %w", err)
		case own > 0:
			return ErrAppealOwn
		}
		state := AppealRejected
		if in.Accept {
			state = AppealAccepted
		}
		n, err := store.Writing(tx).Exec(`UPDATE appeals SET state = ?, note = ?, statute = ?, article = ?, decided_by = ?, decided_at = ?
			WHERE version_id = ? AND part = ? AND state = 'filed'`, state, in.Note, in.Statute, in.Article, by.PersonID, b.db.Now(), a.VersionID, a.Part)
		if err != nil {
			return fmt.Errorf("quiz: decide appeal: %w", err)
		}
		e := b.entry(by, "appeal.decide", a.QuestionID, a.UnitID)
		e.Reason = in.Note
		e.After = map[string]any{"appeal": id, "version": a.VersionID, "part": a.Part, "state": state, "appeals": n, "statute": in.Statute, "article": in.Article}
		return audit.Append(ctx, tx, e)
	})
}
