package quiz

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"gorm.io/gorm"

	"jingzhong/law"
	"jingzhong/org"
)

// picker chooses a person's questions out of what is within reach.
type picker struct {
	tx       *gorm.DB
	by       org.Actor
	shelf    *shelf
	day      int
	rng      *rand.Rand
	lastSeen map[askedKey]int64 // ms UTC, absent = never
	picked   map[askedKey]bool
}

func newPicker(tx *gorm.DB, by org.Actor, sh *shelf, day int, salt int64) (*picker, error) {
	var b [24]byte
	binary.BigEndian.PutUint64(b[0:], uint64(by.PersonID))
	binary.BigEndian.PutUint64(b[8:], uint64(day))
	binary.BigEndian.PutUint64(b[16:], uint64(salt))
	p := &picker{tx: tx, by: by, shelf: sh, day: day, rng: rand.New(rand.NewChaCha8(sha256.Sum256(b[:]))),
		lastSeen: map[askedKey]int64{}, picked: map[askedKey]bool{}}
	var rows []struct {
		QuestionID int64
		Part       int
		At         int64
	}
	err := tx.Raw(`SELECT question_id, part, MAX(answered_at) AS at FROM practice_answers WHERE person_id = ? GROUP BY question_id, part`,
		by.PersonID).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("quiz: practice seen: %w", err)
	}
	for _, r := range rows {
		p.lastSeen[askedKey{r.QuestionID, r.Part}] = r.At
	}
	return p, nil
}

// best is the one of the leaves that was not seen for longest, and was not picked yet.
func (p *picker) best(leaves []practiceLeaf) (practiceLeaf, bool) {
	order := p.rng.Perm(len(leaves))
	at := -1
	for _, i := range order {
		key := askedKey{leaves[i].questionID, leaves[i].part}
		if p.picked[key] {
			continue
		}
		if at < 0 || p.lastSeen[key] < p.lastSeen[askedKey{leaves[at].questionID, leaves[at].part}] {
			at = i
		}
	}
	if at < 0 {
		return practiceLeaf{}, false
	}
	p.picked[askedKey{leaves[at].questionID, leaves[at].part}] = true
	return leaves[at], true
}

// daily picks the five of a day: what is due first, then what the unit answers worst, then what the law's revision
// moved, then what the person has not met, then anything (rules-contest 5.14). Points known and not due come last.
func (p *picker) daily() ([]practiceLeaf, error) {
	var cards []cardRow
	if err := p.tx.Where("person_id = ?", p.by.PersonID).Order("due_day, point").Find(&cards).Error; err != nil {
		return nil, fmt.Errorf("quiz: cards: %w", err)
	}
	var due, later []string
	known := map[string]bool{}
	for _, c := range cards {
		known[c.Point] = true
		if c.DueDay <= p.day {
			due = append(due, c.Point)
		} else {
			later = append(later, c.Point)
		}
	}
	weak, err := p.weakPoints()
	if err != nil {
		return nil, err
	}
	var moved, fresh []string
	for point := range p.shelf.byPoint {
		statute, article, _ := strings.Cut(point, ":")
		if law.Moved(statute, article) {
			moved = append(moved, point)
		} else {
			fresh = append(fresh, point)
		}
	}
	for _, list := range [][]string{moved, fresh} {
		slices.Sort(list)
		p.rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	}
	var leaves []practiceLeaf
	taken := map[string]bool{}
	for n, list := range [][]string{due, weak, moved, fresh, later} {
		for _, point := range list {
			between := n > 0 && n < 4 // a point known and not due is not asked again for these reasons
			if len(leaves) == dailyQuestions || taken[point] || (between && known[point]) {
				continue
			}
			if l, ok := p.best(p.shelf.byPoint[point]); ok {
				taken[point] = true
				leaves = append(leaves, l)
			}
		}
	}
	for len(leaves) < dailyQuestions {
		l, ok := p.best(p.shelf.leaves) // a small bank: the same point twice
		if !ok {
			break
		}
		leaves = append(leaves, l)
	}
	return leaves, nil
}

// weakLeast is how many answers a unit must have given to a point before its share of right ones says something.
const weakLeast = 3

// weakPoints are the points that the person's unit answers right less than four times in five, worst first.
func (p *picker) weakPoints() ([]string, error) {
	var points []string
	err := p.tx.Raw(`SELECT point FROM practice_points WHERE unit_id = ? AND answers >= ? AND rights * 5 < answers * 4
		ORDER BY rights * 1.0 / answers, point`, p.by.UnitID, weakLeast).Scan(&points).Error
	if err != nil {
		return nil, fmt.Errorf("quiz: weak points: %w", err)
	}
	return points, nil
}

// some picks n of the leaves, those not seen for longest first.
func (p *picker) some(leaves []practiceLeaf, n int) []practiceLeaf {
	order := slices.Clone(leaves)
	p.rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	slices.SortStableFunc(order, func(a, b practiceLeaf) int {
		return int(min(1, max(-1, p.lastSeen[askedKey{a.questionID, a.part}]-p.lastSeen[askedKey{b.questionID, b.part}])))
	})
	return order[:min(n, len(order))]
}

// topic picks from a topic and those below it.
func (p *picker) topic(topicIDs []int64) []practiceLeaf {
	var leaves []practiceLeaf
	for _, l := range p.shelf.leaves {
		if slices.Contains(topicIDs, l.topicID) {
			leaves = append(leaves, l)
		}
	}
	return p.some(leaves, topicQuestions)
}

// wrong picks from the wrong-answer book what was not yet right today, the nearest to leaving last.
func (p *picker) wrong() ([]practiceLeaf, error) {
	var rows []wrongRow
	err := p.tx.Where("person_id = ? AND last_right_day < ?", p.by.PersonID, p.day).Order("right_days, wrong_at").Limit(500).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("quiz: wrong answers: %w", err)
	}
	var leaves []practiceLeaf
	for _, r := range rows {
		if l, ok := p.shelf.byKey[askedKey{r.QuestionID, r.Part}]; ok && len(leaves) < wrongQuestions {
			leaves = append(leaves, l)
		}
	}
	return leaves, nil
}

// streak picks at random; an essay waits for its writer's own mark and so is not among them.
func (p *picker) streak() []practiceLeaf {
	leaves := slices.DeleteFunc(slices.Clone(p.shelf.leaves), func(l practiceLeaf) bool { return l.kind == KindEssay })
	p.rng.Shuffle(len(leaves), func(i, j int) { leaves[i], leaves[j] = leaves[j], leaves[i] })
	return leaves[:min(len(leaves), streakQuestions)]
}

// mock fills a blueprint's rows as far as the questions for practice go; the answer is one list of leaves for each
// question, whole groups together, and what each pays.
func (p *picker) mock(rows []Row) ([]practiceLeaf, []int64) {
	var units [][]practiceLeaf
	for _, l := range p.shelf.leaves {
		if l.part > 0 {
			units[len(units)-1] = append(units[len(units)-1], l)
		} else {
			units = append(units, []practiceLeaf{l})
		}
	}
	candidates := make([][]int, len(rows))
	for r, row := range rows {
		lo, hi := row.difficulty()
		for i, u := range units {
			kind := u[0].kind
			if u[0].group {
				kind = KindGroup
			}
			if (len(row.TopicIDs) == 0 || slices.Contains(row.TopicIDs, u[0].topicID)) && (len(row.Kinds) == 0 || slices.Contains(row.Kinds, kind)) &&
				u[0].difficulty >= lo && u[0].difficulty <= hi {
				candidates[r] = append(candidates[r], i)
			}
		}
	}
	rows = slices.Clone(rows)
	for r, f := range fit(rows, candidates, len(units)).Rows {
		rows[r].Count = f.Drawn
	}
	var leaves []practiceLeaf
	var points []int64
	for _, slot := range drawOnce(p.rng, rows, candidates, len(units), nil) {
		for _, l := range units[slot.item] {
			leaves = append(leaves, l)
			points = append(points, rows[slot.row].Points)
		}
	}
	return leaves, points
}
