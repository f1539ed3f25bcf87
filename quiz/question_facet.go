package quiz

import (
	"fmt"
	"slices"

	"gorm.io/gorm"
)

// facetGroup is how many questions share all dimensions of the filter.
type facetGroup struct {
	TopicID          int64
	Kind, State, Use string
	Level            string
	N                int64
}

// count fills the total and the facets from one pass over what the filter without its dimensions lets through.
func (b *Bank) count(tx *gorm.DB, r *reach, f QuestionFilter, page *QuestionPage) error {
	var groups []facetGroup
	err := b.filtered(tx, r, f).Select(`v.topic_id, v.kind, q.state, v.use, COUNT(*) AS n,
		CASE WHEN v.difficulty >= 70 THEN 'easy' WHEN v.difficulty >= 50 THEN 'medium' ELSE 'hard' END AS level`).
		Group("v.topic_id, v.kind, q.state, v.use, level").Find(&groups).Error
	if err != nil {
		return fmt.Errorf("quiz: count: %w", err)
	}
	topics, err := topicsByID(tx)
	if err != nil {
		return err
	}
	page.Facets = Facets{Topics: map[int64]int64{}, Kinds: map[string]int64{}, States: map[string]int64{},
		Levels: map[string]int64{}, Uses: map[string]int64{}}
	for _, g := range groups {
		page.add(f, g, topics)
	}
	return nil
}

// add counts a group for the total and for each dimension whose others let it through. A topic's count includes
// its sub-topics.
func (p *QuestionPage) add(f QuestionFilter, g facetGroup, topics map[int64]Topic) {
	state := contains(f.States, g.State) && (len(f.States) > 0 || g.State != QuestionRetired)
	lets := []bool{contains(f.TopicIDs, g.TopicID), contains(f.Kinds, g.Kind), state, contains(f.Levels, g.Level), contains(f.Uses, g.Use)}
	others := func(own int) bool {
		for i, ok := range lets {
			if !ok && i != own {
				return false
			}
		}
		return true
	}
	if !slices.Contains(lets, false) {
		p.Total += g.N
	}
	if others(0) {
		for id, steps := g.TopicID, 0; id != 0 && steps < topicDepth; id, steps = topics[id].ParentID, steps+1 {
			p.Facets.Topics[id] += g.N
		}
	}
	for i, each := range []struct {
		counts map[string]int64
		name   string
	}{{p.Facets.Kinds, g.Kind}, {p.Facets.States, g.State}, {p.Facets.Levels, g.Level}, {p.Facets.Uses, g.Use}} {
		if others(i + 1) {
			each.counts[each.name] += g.N
		}
	}
}
