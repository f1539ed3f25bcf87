package org

import (
	"context"
	"errors"

	"gorm.io/gorm"

	"jingzhong/fault"
)

var errPending = errors.New("org: not built yet")

type (
	hashPool     struct{}
	actorCache   struct{}
	ghostCounter struct{}
	quietLog     struct{}
)

func newHashPool(int) *hashPool                         { return nil }
func newActorCache() *actorCache                        { return nil }
func newGhostCounter() *ghostCounter                    { return nil }
func hashPassword(string) string                        { return "" }
func randomText(int) string                             { return "" }
func (s *Service) recoverImports(context.Context) error { return nil }

func (s *Service) Site(ctx context.Context) (Site, error) { return Site{}, errPending }

// SetupToken makes the one-time token of the set-up link, or returns "" once there is an owner.
func (s *Service) SetupToken(ctx context.Context) (string, error) { return "", errPending }
func (s *Service) Setup(ctx context.Context, in SetupInput) (Session, error) {
	return Session{}, errPending
}
func (s *Service) SetMode(ctx context.Context, by Actor, mode string) error     { return errPending }
func (s *Service) SetRetention(ctx context.Context, by Actor, months int) error { return errPending }
func (s *Service) SignIn(ctx context.Context, in SignIn) (Session, error) {
	return Session{}, errPending
}
func (s *Service) Refresh(ctx context.Context, token, ip, agent string) (Session, error) {
	return Session{}, errPending
}
func (s *Service) SignOut(ctx context.Context, by Actor) error { return errPending }

// SignOutToken ends the session a refresh token belongs to; an unknown token is no error.
func (s *Service) SignOutToken(ctx context.Context, token, ip string) error { return errPending }
func (s *Service) Authenticate(ctx context.Context, sessionID string, personID, epoch int64) (Actor, error) {
	return Actor{}, errPending
}
func (s *Service) Profile(ctx context.Context, by Actor) (Profile, error) {
	return Profile{}, errPending
}
func (s *Service) ListSessions(ctx context.Context, by Actor) ([]SessionInfo, error) {
	return nil, errPending
}
func (s *Service) EndSession(ctx context.Context, by Actor, id string) error { return errPending }
func (s *Service) Activate(ctx context.Context, in Activation) (Session, error) {
	return Session{}, errPending
}
func (s *Service) ChangePassword(ctx context.Context, by Actor, in PasswordChange) (Session, error) {
	return Session{}, errPending
}

// SetPassword is for the program itself (System): the demo's accounts.
func (s *Service) SetPassword(ctx context.Context, by Actor, personID int64, password string) error {
	return errPending
}
func (s *Service) Unlock(ctx context.Context, by Actor, personID int64) error { return errPending }

// Units lists the part of the tree the actor has a role in, and its own unit, parents first.
func (s *Service) Units(ctx context.Context, by Actor) ([]Unit, error) { return nil, errPending }
func (s *Service) FindUnit(ctx context.Context, by Actor, id int64) (Unit, error) {
	return Unit{}, errPending
}
func (s *Service) CreateUnit(ctx context.Context, by Actor, in UnitInput) (Unit, error) {
	return Unit{}, errPending
}
func (s *Service) UpdateUnit(ctx context.Context, by Actor, id int64, in UnitChange) (Unit, error) {
	return Unit{}, errPending
}

func (s *Service) ListPeople(ctx context.Context, by Actor, f PeopleFilter) (Page[Person], error) {
	return Page[Person]{}, errPending
}
func (s *Service) FindPerson(ctx context.Context, by Actor, id int64) (Person, error) {
	return Person{}, errPending
}
func (s *Service) CreatePerson(ctx context.Context, by Actor, in PersonInput) (Person, error) {
	return Person{}, errPending
}
func (s *Service) UpdatePerson(ctx context.Context, by Actor, id int64, in PersonChange) (Person, error) {
	return Person{}, errPending
}
func (s *Service) Anonymise(ctx context.Context, by Actor, id int64, reason string) error {
	return errPending
}

// IssueSlips issues codes to the people named, or, with none named, to everybody below the unit who has not
// activated yet.
func (s *Service) IssueSlips(ctx context.Context, by Actor, unitID int64, personIDs []int64) ([]Slip, error) {
	return nil, errPending
}

func (s *Service) ListGrants(ctx context.Context, by Actor, f GrantFilter) (Page[RoleGrant], error) {
	return Page[RoleGrant]{}, errPending
}
func (s *Service) GrantRole(ctx context.Context, by Actor, in GrantInput) (RoleGrant, error) {
	return RoleGrant{}, errPending
}
func (s *Service) RevokeRole(ctx context.Context, by Actor, grantID int64, reason string) error {
	return errPending
}
func (s *Service) Audiences(ctx context.Context, by Actor) ([]AudienceGroup, error) {
	return nil, errPending
}
func (s *Service) CreateAudience(ctx context.Context, by Actor, name string) (AudienceGroup, error) {
	return AudienceGroup{}, errPending
}

func (s *Service) PrepareImport(ctx context.Context, by Actor, file ImportFile) (Import, error) {
	return Import{}, errPending
}
func (s *Service) FindImport(ctx context.Context, by Actor, id int64) (Import, error) {
	return Import{}, errPending
}

// WaitImport returns the import once it is checked, applied or failed.
func (s *Service) WaitImport(ctx context.Context, by Actor, id int64) (Import, error) {
	return Import{}, errPending
}
func (s *Service) ListImportRows(ctx context.Context, by Actor, id int64, f RowFilter) (Page[ImportRow], error) {
	return Page[ImportRow]{}, errPending
}

// DecideImportRow says whom an undecided row means; nil = a new person.
func (s *Service) DecideImportRow(ctx context.Context, by Actor, id int64, no int, personID *int64) (ImportRow, error) {
	return ImportRow{}, errPending
}
func (s *Service) ApplyImport(ctx context.Context, by Actor, id int64) (Import, error) {
	return Import{}, errPending
}

// ImportTemplate is the empty workbook with drop-downs and a 填写说明 sheet.
func (s *Service) ImportTemplate(ctx context.Context, by Actor) ([]byte, error) {
	return nil, errPending
}

// ImportWorkbook is the file back with its errors marked; say turns a fault into a sentence.
func (s *Service) ImportWorkbook(ctx context.Context, by Actor, id int64, say func(*fault.Error) string) ([]byte, error) {
	return nil, errPending
}

// Members lists who a selection holds: people in service, without test accounts and administrators, by id.
func (s *Service) Members(ctx context.Context, tx *gorm.DB, audience Audience) ([]Member, error) {
	return nil, errPending
}

// FindMembersByText resolves a pasted list of people within the actor's contest scope: staff number, phone,
// or name with or without unit on a line.
func (s *Service) FindMembersByText(ctx context.Context, by Actor, text string) (TextMatch, error) {
	return TextMatch{}, errPending
}

// Sweep deletes what has run out: sessions, codes, imports older than 30 days. Call it hourly.
func (s *Service) Sweep(ctx context.Context) error { return errPending }
