package quiz

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/fault"
	"jingzhong/org"
	"jingzhong/store"
)

// Topic is what a question is about; ParentID 0 = at the top.
type Topic struct {
	ID       int64
	ParentID int64
	Name     string
	Sort     int
}

// TopicInput is what the maker of a topic sets. ParentID 0 puts it at the top.
type TopicInput struct {
	Name     string
	ParentID int64
}

// Faults of topics.
var (
	ErrTopicName  = fault.New(fault.Invalid, "topic.name")
	ErrTopicTaken = fault.New(fault.Conflict, "topic.taken")
)

type topicRow struct {
	ID       int64 `gorm:"primaryKey"`
	ParentID *int64
	Name     string
	Sort     int
}

// TableName is the topics' table.
func (topicRow) TableName() string { return "topics" }

// topicNameMost bounds a topic's name, in characters.
const topicNameMost = 40

// Topics lists every topic in its order.
func (b *Bank) Topics(ctx context.Context, by org.Actor) ([]Topic, error) {
	if err := org.Require(by, org.SignedIn); err != nil {
		return nil, err
	}
	return topicsOf(b.db.Read(ctx))
}

func topicsOf(tx *gorm.DB) ([]Topic, error) {
	var rows []topicRow
	if err := tx.Order("sort, id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("quiz: topics: %w", err)
	}
	topics := make([]Topic, len(rows))
	for i, r := range rows {
		topics[i] = Topic{ID: r.ID, Name: r.Name, Sort: r.Sort}
		if r.ParentID != nil {
			topics[i].ParentID = *r.ParentID
		}
	}
	return topics, nil
}

// topicsByID is the same list for looking up.
func topicsByID(tx *gorm.DB) (map[int64]Topic, error) {
	topics, err := topicsOf(tx)
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]Topic, len(topics))
	for _, t := range topics {
		byID[t.ID] = t
	}
	return byID, nil
}

// topicName trims and bounds a topic's name.
func topicName(text string) (string, error) {
	name := strings.TrimSpace(text)
	if name == "" || len([]rune(name)) > topicNameMost || bankControl(name) {
		return "", ErrTopicName.At("name").With("most", topicNameMost)
	}
	return name, nil
}

// CreateTopic adds a topic at the end of its level.
func (b *Bank) CreateTopic(ctx context.Context, by org.Actor, in TopicInput) (Topic, error) {
	if err := org.Require(by, org.Author); err != nil {
		return Topic{}, err
	}
	name, err := topicName(in.Name)
	if err != nil {
		return Topic{}, err
	}
	var topic Topic
	err = b.db.Tx(ctx, func(tx *gorm.DB) error {
		topics, err := topicsOf(tx)
		if err != nil {
			return err
		}
		row := topicRow{Name: name, Sort: 1}
		for _, t := range topics {
			row.Sort = max(row.Sort, t.Sort+1)
		}
		if err := placeable(topics, newTopic, in.ParentID); err != nil {
			return err
		}
		if in.ParentID != 0 {
			row.ParentID = &in.ParentID
		}
		if err := tx.Create(&row).Error; err != nil {
			if store.IsDuplicate(err) {
				return ErrTopicTaken.At("name")
			}
			return fmt.Errorf("quiz: create topic: %w", err)
		}
		topic = Topic{ID: row.ID, ParentID: in.ParentID, Name: name, Sort: row.Sort}
		e := b.entry(by, "topic.create", topic.ID, 0)
		e.ObjectKind, e.After = "topic", map[string]any{"name": name, "parentId": in.ParentID}
		return audit.Append(ctx, tx, e)
	})
	return topic, err
}
