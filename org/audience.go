package org

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"jingzhong/audit"
	"jingzhong/store"
)

type audienceModel struct {
	ID   int64
	Code string
	Name string
	Sort int
}

// TableName is the table of groups.
func (audienceModel) TableName() string { return "audiences" }

// Audiences lists the groups of people that contests and training are meant for.
func (s *Service) Audiences(ctx context.Context, by Actor) ([]AudienceGroup, error) {
	if err := Require(by, SignedIn); err != nil {
		return nil, err
	}
	return listAudiences(s.read(ctx))
}

func listAudiences(tx *gorm.DB) ([]AudienceGroup, error) {
	var groups []AudienceGroup
	err := tx.Table("audiences").Order("sort, id").Scan(&groups).Error
	return groups, err
}

// CreateAudience adds a group. Groups span units, so it takes the right to manage people of the whole tree.
func (s *Service) CreateAudience(ctx context.Context, by Actor, name string) (AudienceGroup, error) {
	if err := Require(by, ManagePeople); err != nil {
		return AudienceGroup{}, err
	}
	if !by.Scope(ManagePeople).All {
		return AudienceGroup{}, ErrDenied.With("right", string(ManagePeople))
	}
	name = tidyUnitName(name)
	switch {
	case name == "":
		return AudienceGroup{}, ErrAudienceName.At("name")
	case runes(name) > maxName:
		return AudienceGroup{}, ErrTooLong.With("max", maxName).At("name")
	}
	var group AudienceGroup
	err := s.db.Tx(ctx, func(tx *gorm.DB) error {
		var last struct{ Sort, ID int64 }
		if err := tx.Raw("SELECT COALESCE(MAX(sort), 0) AS sort, COALESCE(MAX(id), 0) AS id FROM audiences").Scan(&last).Error; err != nil {
			return err
		}
		row := audienceModel{Code: fmt.Sprintf("group%d", last.ID+1), Name: name, Sort: int(last.Sort) + 10}
		if err := gorm.G[audienceModel](tx).Create(ctx, &row); err != nil {
			if store.IsDuplicate(err) {
				return ErrAudienceTaken.At("name")
			}
			return err
		}
		group = AudienceGroup(row)
		return s.record(ctx, tx, by, audit.Entry{Action: "audience.create", ObjectKind: "audience", ObjectID: row.ID,
			After: map[string]any{"name": name}})
	})
	return group, err
}
