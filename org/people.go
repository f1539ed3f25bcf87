package org

import "time"

// The statuses of a person (在职 借调 长期病假 离岗 退休 停用). Only the active stand on a roster; only the
// disabled cannot sign in.
const (
	StatusActive   = "active"
	StatusSeconded = "seconded"
	StatusSick     = "sick"
	StatusAway     = "away"
	StatusRetired  = "retired"
	StatusDisabled = "disabled"
)

// Statuses lists the statuses from the fullest service to none; an import only moves a person down the list.
var Statuses = []string{StatusActive, StatusSeconded, StatusSick, StatusAway, StatusRetired, StatusDisabled}

// Person is one person as its managers see it.
type Person struct {
	ID          int64
	Name        string
	Username    string
	StaffNo     string
	Phone       string
	Email       string
	UnitID      int64
	UnitName    string
	UnitPath    string
	Position    string
	Status      string
	Test        bool // a test account: never on a roster
	Activated   bool // has chosen a password
	LockedUntil time.Time
	LastSeenAt  time.Time
	Anonymised  bool
	Audiences   []AudienceGroup
	Grants      []RoleGrant
	Version     int64 // counts edits; give it back in PersonChange
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// AudienceGroup is a group of people that training and contests are meant for, e.g. 涉密人员.
type AudienceGroup struct {
	ID   int64
	Code string
	Name string
	Sort int
}

// PersonInput describes a new person. Username empty = staff number, else phone, else one is made.
type PersonInput struct {
	Name        string
	Username    string
	StaffNo     string
	Phone       string
	Email       string
	UnitID      int64
	Position    string
	Status      string // empty = active
	Test        bool
	AudienceIDs []int64
}

// PersonChange holds what to change; nil leaves a value as it is, an empty text removes it.
type PersonChange struct {
	Name        *string
	Username    *string
	StaffNo     *string
	Phone       *string
	Email       *string
	UnitID      *int64
	Position    *string
	Status      *string
	AudienceIDs *[]int64
	Version     *int64 // refuse with ErrPersonChanged unless the person still has this version
}

// PeopleFilter narrows a list of people; zero values do not narrow.
type PeopleFilter struct {
	UnitID     int64  // with everything below it
	Query      string // name, full pinyin, initials, start of the staff number or sign-in name, end of the phone number
	Status     string
	AudienceID int64
	Role       string
	Activated  *bool
	Cursor     string
	Limit      int // 1 to 200; 0 = 50
}
