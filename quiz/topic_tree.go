package quiz

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/fault"
	"jingzhong/org"
	"jingzhong/store"
)

// topicDepth bounds the levels of the topic tree; newTopic stands for a topic that is not in it yet.
const (
	topicDepth = 4
	newTopic   = -1
)

// Faults of the topic tree. ErrTopicParent: a place under itself, under one of its own sub-topics or too deep.
var (
	ErrTopicParent   = fault.New(fault.Invalid, "topic.parent")
	ErrTopicNotFound = fault.New(fault.NotFound, "topic.not_found")
)

// TopicChange is what EditTopic sets; nil leaves a part as it is. ParentID 0 = the top; Before is the sibling it
// is put in front of, 0 = last of its level.
type TopicChange struct {
	Name     *string
	ParentID *int64
	Before   *int64
}

// withSubTopics adds everything below the topics to the list.
func withSubTopics(tx *gorm.DB, ids []int64) ([]int64, error) {
	if len(ids) == 0 {
		return ids, nil
	}
	topics, err := topicsOf(tx)
	if err != nil {
		return nil, err
	}
	return below(topics, ids), nil
}

// below returns the topics with all their sub-topics.
func below(topics []Topic, ids []int64) []int64 {
	all := slices.Clone(ids)
	for at := 0; at < len(all); at++ {
		for _, t := range topics {
			if t.ParentID == all[at] && !slices.Contains(all, t.ID) {
				all = append(all, t.ID)
			}
		}
	}
	return all
}

// rowsWithSubTopics lets every row that names topics accept their sub-topics too.
func rowsWithSubTopics(tx *gorm.DB, rows []Row) ([]Row, error) {
	topics, err := topicsOf(tx)
	if err != nil {
		return nil, err
	}
	out := slices.Clone(rows)
	for i := range out {
		if len(out[i].TopicIDs) > 0 {
			out[i].TopicIDs = below(topics, out[i].TopicIDs)
		}
	}
	return out, nil
}

// EditTopic renames a topic, moves it in the tree or changes its order among its siblings.
func (b *Bank) EditTopic(ctx context.Context, by org.Actor, id int64, change TopicChange) (Topic, error) {
	if err := org.Require(by, org.Author); err != nil {
		return Topic{}, err
	}
	var out Topic
	err := b.db.Tx(ctx, func(tx *gorm.DB) error {
		topics, err := topicsOf(tx)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(topics, func(t Topic) bool { return t.ID == id })
		if at < 0 {
			return ErrTopicNotFound
		}
		old := topics[at]
		out = old
		if change.Name != nil {
			if out.Name, err = topicName(*change.Name); err != nil {
				return err
			}
		}
		if change.ParentID != nil {
			out.ParentID = *change.ParentID
			if err := placeable(topics, id, out.ParentID); err != nil {
				return err
			}
		}
		if err := saveTopic(tx, out); err != nil {
			return err
		}
		if change.Before != nil || out.ParentID != old.ParentID {
			var before int64
			if change.Before != nil {
				before = *change.Before
			}
			if err := orderTopics(tx, topics, &out, before); err != nil {
				return err
			}
		}
		e := b.entry(by, "topic.edit", id, 0)
		e.ObjectKind = "topic"
		e.Before = map[string]any{"name": old.Name, "parentId": old.ParentID, "sort": old.Sort}
		e.After = map[string]any{"name": out.Name, "parentId": out.ParentID, "sort": out.Sort}
		return audit.Append(ctx, tx, e)
	})
	return out, err
}

// placeable refuses a parent that does not exist, stands below the topic or would make the tree too deep.
func placeable(topics []Topic, id, parent int64) error {
	if parent == 0 {
		return nil
	}
	if !slices.ContainsFunc(topics, func(t Topic) bool { return t.ID == parent }) {
		return errTopicUnknown.At("parentId")
	}
	own := below(topics, []int64{id})
	if slices.Contains(own, parent) || depthOf(topics, parent)+heightOf(topics, id) > topicDepth {
		return ErrTopicParent.At("parentId").With("most", topicDepth)
	}
	return nil
}

// depthOf counts the levels down to the topic, 1 = at the top.
func depthOf(topics []Topic, id int64) int {
	for _, t := range topics {
		if t.ID == id && t.ParentID != 0 {
			return 1 + depthOf(topics, t.ParentID)
		}
	}
	return 1
}

// heightOf counts the levels from the topic down, itself included.
func heightOf(topics []Topic, id int64) int {
	height := 1
	for _, t := range topics {
		if t.ParentID == id {
			height = max(height, 1+heightOf(topics, t.ID))
		}
	}
	return height
}

func saveTopic(tx *gorm.DB, t Topic) error {
	parent := &t.ParentID
	if t.ParentID == 0 {
		parent = nil
	}
	res := tx.Model(&topicRow{}).Where("id = ?", t.ID).Updates(map[string]any{"name": t.Name, "parent_id": parent})
	if store.IsDuplicate(res.Error) {
		return ErrTopicTaken.At("name")
	}
	return oneRow(res, "edit topic")
}

// orderTopics numbers the siblings of the moved topic anew, it standing in front of another or last.
func orderTopics(tx *gorm.DB, topics []Topic, moved *Topic, before int64) error {
	var order []int64
	for _, t := range topics {
		if t.ID == moved.ID || t.ParentID != moved.ParentID {
			continue
		}
		if t.ID == before {
			order = append(order, moved.ID)
		}
		order = append(order, t.ID)
	}
	if !slices.Contains(order, moved.ID) {
		if before != 0 {
			return errTopicUnknown.At("before")
		}
		order = append(order, moved.ID)
	}
	for i, id := range order {
		if err := tx.Model(&topicRow{}).Where("id = ?", id).Update("sort", i+1).Error; err != nil {
			return fmt.Errorf("quiz: order topics: %w", err)
		}
		if id == moved.ID {
			moved.Sort = i + 1
		}
	}
	return nil
}
