package quiz

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"jingzhong/media"
	"jingzhong/org"
)

// ShowPicture returns a picture to who brought it and to who may see a question that shows it: those who write
// and review the question, contestants whose open or reviewable paper holds it, its markers, and everybody
// for whom it is practice. For all others there is no such picture.
func (s *Contests) ShowPicture(ctx context.Context, by org.Actor, hash string) (media.Picture, error) {
	if !pictureHash.MatchString(hash) {
		return media.Picture{}, ErrPictureNotFound
	}
	tx := s.db.Read(ctx)
	for _, may := range []func(context.Context, *gorm.DB, org.Actor, string) (bool, error){
		s.ownPaperShows, s.practiceShows, s.bankShows, s.markingShows} {
		yes, err := may(ctx, tx, by, hash)
		if err != nil {
			return media.Picture{}, err
		}
		if yes {
			return findPicture(tx, hash)
		}
	}
	return media.Picture{}, ErrPictureNotFound
}

// bankShows is what a writer or reviewer may see.
func (s *Contests) bankShows(_ context.Context, tx *gorm.DB, by org.Actor, hash string) (bool, error) {
	if !by.Has(org.Author) && !by.Has(org.Review) {
		return false, nil
	}
	found, err := usablePictures(tx, by, s.db.Now(), []string{hash})
	return found[hash] != "", err
}

// usablePictures finds those of the pictures that a writer or reviewer brought or sees in the bank, with their
// sizes as #WxH. A picture of the explanation is seen only with the key.
func usablePictures(tx *gorm.DB, by org.Actor, now int64, hashes []string) (map[string]string, error) {
	r, err := reachOf(tx, by)
	if err != nil {
		return nil, err
	}
	shown := r.visible(tx.Table("question_pictures AS p").Select("p.hash").
		Joins("JOIN question_versions v ON v.id = p.version_id").Joins("JOIN questions q ON q.id = v.question_id"), now).
		Where("p.hash IN ?", hashes).
		Where("(q.unit_id IN ? OR v.id = q.current_version_id)", some(r.work)).
		Where("(p.note = ? OR q.unit_id IN ?)", false, some(keysTrue(r.keys)))
	var rows []struct {
		Hash          string
		Width, Height int
	}
	err = tx.Table("pictures AS x").Select("x.hash, x.width, x.height").Where("x.hash IN ?", hashes).
		Where("(x.hash IN (SELECT u.hash FROM picture_uploads u WHERE u.created_by = ?) OR x.hash IN (?))", by.PersonID, shown).
		Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("quiz: pictures: %w", err)
	}
	sizes := make(map[string]string, len(rows))
	for _, p := range rows {
		sizes[p.Hash] = fmt.Sprintf("#%dx%d", p.Width, p.Height)
	}
	return sizes, nil
}

// ownPaperShows looks through the reader's own attempts whose edition has the picture: the paper of one that
// runs on this device shows its questions, that of one that may be reviewed the explanations too.
func (s *Contests) ownPaperShows(ctx context.Context, tx *gorm.DB, by org.Actor, hash string) (bool, error) {
	var attempts []attemptRow
	err := tx.Where(`person_id = ? AND EXISTS (SELECT 1 FROM contest_items i JOIN question_pictures p ON p.version_id = i.version_id
		WHERE i.contest_id = attempts.contest_id AND i.edition = attempts.edition AND p.hash = ?)`, by.PersonID, hash).
		Order("id DESC").Limit(pageMost).Find(&attempts).Error
	if err != nil {
		return false, fmt.Errorf("quiz: picture's attempts: %w", err)
	}
	now := s.db.Now()
	for _, a := range attempts {
		running := a.State == string(AttemptInProgress) && now <= a.DeadlineAt+Grace && a.LeaseSession == by.SessionID && a.LeaseSession != ""
		c, err := findContestRow(tx, a.ContestID)
		if err != nil {
			return false, err
		}
		reviewed := s.attemptView(c, a, by, now).ReviewOpen
		if !running && !reviewed {
			continue
		}
		if yes, err := s.paperShows(ctx, tx, a, hash, reviewed); yes || err != nil {
			return yes, err
		}
	}
	return false, nil
}

// paperShows reports whether a version on the attempt's own paper shows the picture, with notes also beside the key.
func (s *Contests) paperShows(ctx context.Context, tx *gorm.DB, a attemptRow, hash string, notes bool) (bool, error) {
	e, paper, err := s.paperOf(ctx, a)
	if err != nil {
		return false, err
	}
	ids := make([]int64, len(paper))
	for i, p := range paper {
		ids[i] = e.questions[p.item].versionID
	}
	q := tx.Model(&shownRow{}).Where("hash = ? AND version_id IN ?", hash, some(ids))
	if !notes {
		q = q.Where("note = ?", false)
	}
	var n int64
	if err := q.Count(&n).Error; err != nil {
		return false, fmt.Errorf("quiz: picture's papers: %w", err)
	}
	return n > 0, nil
}

// practiceShows reports whether a question that the reader may practise shows the picture: published by the own
// unit or one above, not for contests alone, and held back for none.
func (s *Contests) practiceShows(_ context.Context, tx *gorm.DB, by org.Actor, hash string) (bool, error) {
	var n int64
	err := tx.Table("question_pictures AS p").Joins("JOIN questions q ON q.current_version_id = p.version_id").
		Joins("JOIN units u ON u.id = q.unit_id").
		Where("p.hash = ? AND q.state = ? AND q.use <> ?", hash, QuestionPublished, UseContest).
		Where("SUBSTR(?, 1, LENGTH(u.path)) = u.path", by.UnitPath).
		Where("NOT EXISTS (SELECT 1 FROM question_embargoes e WHERE e.question_id = q.id AND (e.until = 0 OR e.until > ?))", s.db.Now()).
		Count(&n).Error
	if err != nil {
		return false, fmt.Errorf("quiz: picture's practice: %w", err)
	}
	return n > 0, nil
}

// markingShows reports whether an answer that waits for the reader's mark was given to a question that shows it.
func (s *Contests) markingShows(ctx context.Context, tx *gorm.DB, by org.Actor, hash string) (bool, error) {
	if !by.Has(org.SeeKeys) {
		return false, nil
	}
	var attempts []attemptRow
	err := tx.Where(`awaiting > 0 AND state IN ('submitted','expired') AND EXISTS (SELECT 1 FROM contest_items i
		JOIN question_pictures p ON p.version_id = i.version_id
		WHERE i.contest_id = attempts.contest_id AND i.edition = attempts.edition AND p.hash = ?)`, hash).
		Order("id").Limit(pageMost).Find(&attempts).Error
	if err != nil {
		return false, fmt.Errorf("quiz: picture's marking: %w", err)
	}
	for _, a := range attempts {
		if _, err := s.organised(ctx, by, a.ContestID, org.SeeKeys); err != nil {
			continue // a contest of somebody else
		}
		if yes, err := s.paperShows(ctx, tx, a, hash, true); yes || err != nil {
			return yes, err
		}
	}
	return false, nil
}
