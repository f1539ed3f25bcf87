package quiz

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"gorm.io/gorm"

	"jingzhong/org"
)

// practiceLeaf is one answerable question that practice may show.
type practiceLeaf struct {
	questionID int64
	versionID  int64
	unitID     int64
	topicID    int64
	part, of   int
	kind       string
	group      bool
	point      string
	difficulty int
}

// askedKey names a question of the bank whatever its version.
type askedKey struct {
	question int64
	part     int
}

// catalogue is every question for practice, without texts, held in memory.
type catalogue struct {
	stamp, at int64 // newest change it holds; when it was read, ms UTC
	leaves    []practiceLeaf
	owners    map[int64]string // unit that owns questions > its path

	mu     sync.Mutex
	shares map[string]*shelf
}

// shelf is the part of the catalogue within reach of some unit's people.
type shelf struct {
	leaves  []practiceLeaf
	byPoint map[string][]practiceLeaf
	byKey   map[askedKey]practiceLeaf
}

// catalogueFor is how long a catalogue is used at most, ms: embargoes end by the clock.
const catalogueFor = 600_000

// shelf returns what the person may practise: published questions for practice of the own unit and those above, none
// that a contest to come may draw.
func (s *Practice) shelf(ctx context.Context, by org.Actor) (*shelf, error) {
	tx, now := s.db.Read(ctx), s.db.Now()
	var stamp int64
	if err := tx.Raw(`SELECT COALESCE(MAX(updated_at), 0) FROM questions`).Scan(&stamp).Error; err != nil {
		return nil, fmt.Errorf("quiz: practice: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	// A change in the very millisecond of reading may be missing.
	if c := s.catalog; c == nil || c.stamp != stamp || c.at <= stamp || now > c.at+catalogueFor || now < c.at {
		fresh, err := loadCatalogue(tx, now)
		if err != nil {
			return nil, err
		}
		fresh.stamp = stamp
		s.catalog = fresh
	}
	return s.catalog.within(by.UnitPath), nil
}

func loadCatalogue(tx *gorm.DB, now int64) (*catalogue, error) {
	c := &catalogue{at: now, owners: map[int64]string{}, shares: map[string]*shelf{}}
	var rows []struct {
		ID, VersionID, UnitID, TopicID int64
		Kind, Statute, Article, Parts  string
		Path                           string
		Difficulty                     int
	}
	err := tx.Raw(`SELECT q.id, v.id AS version_id, q.unit_id, v.topic_id, v.kind, v.statute, v.article, v.parts, v.difficulty, u.path
		FROM questions q JOIN question_versions v ON v.id = q.current_version_id JOIN units u ON u.id = q.unit_id
		WHERE `+practicable+` ORDER BY q.id`, now).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("quiz: practice catalogue: %w", err)
	}
	for _, r := range rows {
		c.owners[r.UnitID] = r.Path
		l := practiceLeaf{questionID: r.ID, versionID: r.VersionID, unitID: r.UnitID, topicID: r.TopicID, of: 1, kind: r.Kind,
			point: pointOf(r.Statute, r.Article, r.TopicID), difficulty: r.Difficulty}
		if r.Kind != KindGroup {
			c.leaves = append(c.leaves, l)
			continue
		}
		parts, err := unmarshal[versionParts](r.Parts)
		if err != nil {
			return nil, fmt.Errorf("quiz: version %d: %w", r.VersionID, err)
		}
		for i, p := range parts.Items {
			each := l
			each.part, each.of, each.kind, each.group = i, len(parts.Items), p.Kind, true
			if p.Statute != "" {
				each.point = pointOf(p.Statute, p.Article, r.TopicID)
			}
			c.leaves = append(c.leaves, each)
		}
	}
	return c, nil
}

// practicable is the condition on a question q that practice may show it; its argument is the present, ms UTC.
const practicable = `q.state = 'published' AND q.use IN ('practice', 'both') AND NOT EXISTS (SELECT 1 FROM question_embargoes e
	WHERE e.question_id = q.id AND (e.until = 0 OR e.until > ?))`

// stillPracticable returns which of the questions practice may show at this moment.
func stillPracticable(tx *gorm.DB, items []runItem, now int64) (map[int64]bool, error) {
	ids := make([]int64, len(items))
	for i, it := range items {
		ids[i] = it.Question
	}
	var kept []int64
	if err := tx.Raw(`SELECT q.id FROM questions q WHERE `+practicable+` AND q.id IN ?`, now, some(ids)).Scan(&kept).Error; err != nil {
		return nil, fmt.Errorf("quiz: practicable: %w", err)
	}
	may := make(map[int64]bool, len(kept))
	for _, id := range kept {
		may[id] = true
	}
	return may, nil
}

// pointOf is what a question asks to remember: its article, else its topic (rules-contest 5.14).
func pointOf(statute, article string, topicID int64) string {
	if statute != "" && article != "" {
		return statute + ":" + article
	}
	return "topic:" + strconv.FormatInt(topicID, 10)
}

// within is the shelf of a unit; units below the same owners share one.
func (c *catalogue) within(path string) *shelf {
	var owners []int64
	for id, owner := range c.owners {
		if strings.HasPrefix(path, owner) {
			owners = append(owners, id)
		}
	}
	slices.Sort(owners)
	name := fmt.Sprint(owners)
	c.mu.Lock()
	defer c.mu.Unlock()
	if sh := c.shares[name]; sh != nil {
		return sh
	}
	sh := &shelf{byPoint: map[string][]practiceLeaf{}, byKey: map[askedKey]practiceLeaf{}}
	for _, l := range c.leaves {
		if slices.Contains(owners, l.unitID) {
			sh.leaves = append(sh.leaves, l)
			sh.byPoint[l.point] = append(sh.byPoint[l.point], l)
			sh.byKey[askedKey{l.questionID, l.part}] = l
		}
	}
	c.shares[name] = sh
	return sh
}
