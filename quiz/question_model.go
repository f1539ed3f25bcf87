package quiz

import (
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"
)

type questionRow struct {
	ID               int64 `gorm:"primaryKey"`
	CurrentVersionID *int64
	DraftVersionID   *int64
	TopicID          int64
	State            string
	Use              string
	AuthorID         int64
	UnitID           int64
	ImportID         *int64
	TextHash         string
	Simhash          int64
	CreatedAt        int64 `gorm:"autoCreateTime:false"`
	UpdatedAt        int64 `gorm:"autoUpdateTime:false"`
}

// TableName is the questions' table.
func (questionRow) TableName() string { return "questions" }

// head is the newest version: the one awaiting publication, else the one in force.
func (q questionRow) head() int64 {
	if q.DraftVersionID != nil {
		return *q.DraftVersionID
	}
	return q.published()
}

// published is the version in force, 0 = none.
func (q questionRow) published() int64 {
	if q.CurrentVersionID != nil {
		return *q.CurrentVersionID
	}
	return 0
}

type versionRow struct {
	ID          int64 `gorm:"primaryKey"`
	QuestionID  int64
	No          int
	Kind        string
	Stem        string
	Explanation string
	Statute     string
	Article     string
	Paragraph   int
	LawQuote    string
	TopicID     int64
	Use         string
	Difficulty  int
	Parts       string // versionParts as JSON; empty for most kinds
	Tags        string // separated by spaces, with a space at both ends, so that " tag " finds one
	CreatedBy   int64
	CreatedAt   int64 `gorm:"autoCreateTime:false"`
}

// TableName is the versions' table.
func (versionRow) TableName() string { return "question_versions" }

type optionRow struct {
	VersionID int64 `gorm:"primaryKey;autoIncrement:false"`
	OptID     int64 `gorm:"primaryKey;autoIncrement:false"`
	Sort      int
	Text      string
	Fixed     bool
}

// TableName is the options' table.
func (optionRow) TableName() string { return "question_options" }

func joinTags(tags []string) string {
	if len(tags) == 0 {
		return ""
	}
	return " " + strings.Join(tags, " ") + " "
}

// versionParts is what a version holds besides its text and options.
type versionParts struct {
	Lefts []string       `json:"lefts,omitempty"`
	Items []QuestionPart `json:"items,omitempty"`
}

func (v versionRow) view(topics map[int64]Topic, names map[int64]string) (QuestionVersion, error) {
	parts, err := unmarshal[versionParts](v.Parts)
	return QuestionVersion{QuestionPart: QuestionPart{Kind: v.Kind, Stem: v.Stem, Lefts: parts.Lefts, Explanation: v.Explanation,
		Statute: v.Statute, Article: v.Article, Paragraph: v.Paragraph, LawQuote: v.LawQuote},
		ID: v.ID, QuestionID: v.QuestionID, No: v.No, Items: parts.Items, Topic: topics[v.TopicID], Use: v.Use, Difficulty: v.Difficulty,
		Tags: strings.Fields(v.Tags), AuthorID: v.CreatedBy, AuthorName: names[v.CreatedBy], CreatedAt: v.CreatedAt}, err
}

// withoutKey takes out what betrays the key: explanations and quotations, and the author's order where it is
// the answer.
func (v QuestionVersion) withoutKey() QuestionVersion {
	v.QuestionPart = v.QuestionPart.withoutKey()
	v.Items = slices.Clone(v.Items)
	for i := range v.Items {
		v.Items[i] = v.Items[i].withoutKey()
	}
	return v
}

func (p QuestionPart) withoutKey() QuestionPart {
	p.Explanation, p.LawQuote = "", ""
	if p.Kind == KindOrdering || p.Kind == KindMatching {
		p.Options = slices.Clone(p.Options)
		slices.SortFunc(p.Options, func(a, b Option) int { return strings.Compare(a.Text, b.Text) })
		for i := range p.Options {
			p.Options[i].ID = 0 // ids follow the author's order
		}
	}
	return p
}

// versionsOf loads versions with their options, never their keys.
func versionsOf(tx *gorm.DB, ids []int64, topics map[int64]Topic) (map[int64]QuestionVersion, error) {
	out := make(map[int64]QuestionVersion, len(ids))
	for start := 0; start < len(ids); start += bankChunk {
		part := ids[start:min(start+bankChunk, len(ids))]
		var rows []versionRow
		if err := tx.Where("id IN ?", part).Find(&rows).Error; err != nil {
			return nil, fmt.Errorf("quiz: versions: %w", err)
		}
		var options []optionRow
		if err := tx.Where("version_id IN ?", part).Order("version_id, sort").Find(&options).Error; err != nil {
			return nil, fmt.Errorf("quiz: options: %w", err)
		}
		authors := make([]int64, len(rows))
		for i, r := range rows {
			authors[i] = r.CreatedBy
		}
		names, err := personNames(tx, authors)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if out[r.ID], err = r.view(topics, names); err != nil {
				return nil, fmt.Errorf("quiz: version %d: %w", r.ID, err)
			}
		}
		for _, o := range options {
			v := out[o.VersionID]
			v.Options = append(v.Options, Option{ID: o.OptID, Text: o.Text, Fixed: o.Fixed})
			out[o.VersionID] = v
		}
	}
	return out, nil
}

// personNames reads the names of people.
func personNames(tx *gorm.DB, ids []int64) (map[int64]string, error) {
	names := map[int64]string{}
	var people []struct {
		ID   int64
		Name string
	}
	if err := tx.Table("people").Select("id, name").Where("id IN ?", some(ids)).Find(&people).Error; err != nil {
		return nil, fmt.Errorf("quiz: names: %w", err)
	}
	for _, p := range people {
		names[p.ID] = p.Name
	}
	return names, nil
}

// asQuestions builds the reader's view of question rows: the newest version where the reader works, the
// published one elsewhere, explanation and quotation only with the key.
func (b *Bank) asQuestions(tx *gorm.DB, r *reach, rows []questionRow) ([]Question, error) {
	topics, err := topicsByID(tx)
	if err != nil {
		return nil, err
	}
	versionIDs, ids, authors := make([]int64, len(rows)), make([]int64, len(rows)), make([]int64, len(rows))
	for i, q := range rows {
		ids[i], authors[i], versionIDs[i] = q.ID, q.AuthorID, q.head()
		if !r.works(q.UnitID) {
			versionIDs[i] = q.published()
		}
	}
	versions, err := versionsOf(tx, versionIDs, topics)
	if err != nil {
		return nil, err
	}
	names, err := personNames(tx, authors)
	if err != nil {
		return nil, err
	}
	held, err := embargoed(tx, ids, b.db.Now())
	if err != nil {
		return nil, err
	}
	reviews, err := lastReviews(tx, versionIDs)
	if err != nil {
		return nil, err
	}
	shown, err := exposures(tx, ids)
	if err != nil {
		return nil, err
	}
	measured, err := measuredOf(tx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Question, len(rows))
	for i, q := range rows {
		v, ok := versions[versionIDs[i]]
		if !ok {
			return nil, fmt.Errorf("quiz: question %d has lost its version %d", q.ID, versionIDs[i])
		}
		works, review := r.works(q.UnitID), reviews[v.ID]
		waits := works && q.DraftVersionID != nil
		out[i] = Question{ID: q.ID, State: q.State, Topic: topics[q.TopicID], Use: q.Use, UnitID: q.UnitID,
			UnitName: r.names[q.UnitID], AuthorID: q.AuthorID, AuthorName: names[q.AuthorID], Version: v,
			PublishedID: q.published(), Pending: waits, Embargoed: held[q.ID],
			CreatedAt: q.CreatedAt, UpdatedAt: q.UpdatedAt, Exposure: shown[q.ID], Measured: measured[q.ID],
			MayEdit:    r.mayEdit(q.UnitID) && q.State != QuestionRetired,
			MayPublish: waits && (r.mayPublish(q.UnitID, v.AuthorID) || r.mayReview(q.UnitID) && review.Decision == ReviewApprove),
			MayReview:  waits && q.State != QuestionRetired && r.mayReview(q.UnitID) && !r.ownsAlone(v.AuthorID),
			MaySeeKey:  r.maySeeKey(q.UnitID)}
		if works {
			out[i].Review = review
		}
		if !out[i].MaySeeKey {
			out[i].Version, out[i].Review.Note = out[i].Version.withoutKey(), ""
		}
	}
	return out, nil
}
