package org

import "time"

// The kinds of unit (机关 乡镇 社区 企业 学校 事业单位).
const (
	KindAgency      = "agency"
	KindTownship    = "township"
	KindCommunity   = "community"
	KindEnterprise  = "enterprise"
	KindSchool      = "school"
	KindInstitution = "institution"
)

// UnitKinds lists the kinds of unit.
var UnitKinds = []string{KindAgency, KindTownship, KindCommunity, KindEnterprise, KindSchool, KindInstitution}

// Unit is one node of the tree. Path lists the ids from the root down to the unit: "/1/5/".
type Unit struct {
	ID        int64
	ParentID  int64 // 0 = the root
	Name      string
	ShortName string
	Kind      string
	Tier      int // level of administration, 0 = the root's; the tree's depth unless set
	Code      string
	Path      string
	Sort      int
	Aliases   []string
	Version   int64 // counts edits; give it back in UnitChange to refuse overwriting somebody else's
	CreatedAt time.Time
	UpdatedAt time.Time
}

// UnitInput describes a new unit.
type UnitInput struct {
	ParentID  int64
	Name      string
	ShortName string
	Kind      string // empty = agency
	Tier      *int   // nil = the parent's and one
	Code      string
	Sort      int
	Aliases   []string
}

// UnitChange holds what to change; nil leaves a value as it is.
type UnitChange struct {
	ParentID  *int64
	Name      *string
	ShortName *string
	Kind      *string
	Tier      *int
	Code      *string
	Sort      *int
	Aliases   *[]string
	Version   *int64 // refuse with ErrUnitChanged unless the unit still has this version
}
