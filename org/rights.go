package org

import "slices"

// Right is one thing a person may be allowed to do; routes and services name rights, never roles.
type Right string

// The rights of security.md's access table.
const (
	Public         Right = "public"           // anybody, signed in or not
	SignedIn       Right = "signed_in"        // any person with a session
	Compete        Right = "compete"          // learn, compete, see own results
	Author         Right = "author"           // write questions, papers, contests
	Review         Right = "review"           // approve and publish what another wrote
	SeeKeys        Right = "see_keys"         // see answer keys
	ManageContest  Right = "manage_contest"   // run contests: participants, publication, extension
	Invigilate     Right = "invigilate"       // monitor, extend, suspend, resume
	SeeUnitResults Right = "see_unit_results" // progress and results of a unit's people
	Remind         Right = "remind"           // assign training, remind
	SeePeople      Right = "see_people"       // list people by name
	ManagePeople   Right = "manage_people"    // create, change, disable and import people
	ProposePeople  Right = "propose_people"   // propose such changes
	ReissueSlips   Right = "reissue_slips"    // issue activation codes
	ManageUnits    Right = "manage_units"     // the unit tree
	GrantRoles     Right = "grant_roles"      // grant and revoke roles, unlock, policies
	Configure      Right = "configure"        // configuration, backup, restore
	ReadAudit      Right = "read_audit"       // read the audit log
	VerifyAudit    Right = "verify_audit"     // verify and export the audit log
	FinaliseBoard  Right = "finalise_board"   // freeze, notice, FINAL, exemptions: a manager of the root unit only
)

// Rights lists every right, in the order of the table.
var Rights = []Right{Public, SignedIn, Compete, Author, Review, SeeKeys, ManageContest, Invigilate, SeeUnitResults, Remind,
	SeePeople, ManagePeople, ProposePeople, ReissueSlips, ManageUnits, GrantRoles, Configure, ReadAudit, VerifyAudit, FinaliseBoard}

// The roles. Everybody who may compete is a learner without being granted it.
const (
	RoleLearner     = "learner"
	RoleOwner       = "owner"       // who opened the set-up link
	RoleTrainer     = "trainer"     // 培训专员
	RoleReviewer    = "reviewer"    // 审核员
	RoleManager     = "manager"     // 单位管理员
	RoleInvigilator = "invigilator" // 监考员
	RoleSysadmin    = "sysadmin"    // 系统管理员
	RoleSecadmin    = "secadmin"    // 安全保密管理员
	RoleAuditor     = "auditor"     // 安全审计员
)

// Roles lists the roles that can be granted.
var Roles = []string{RoleOwner, RoleTrainer, RoleReviewer, RoleManager, RoleInvigilator, RoleSysadmin, RoleSecadmin, RoleAuditor}

// The modes of security.md; a mode only moves up.
const (
	ModeQuick     = "quick"      // 未分立: one person may do everything, each step recorded
	ModeTwoPerson = "two_person" // what the table calls propose and approve needs two people
)

var modeRank = map[string]int{ModeQuick: 1, ModeTwoPerson: 2}

// roleRights is the table of security.md: what a role may do in every mode, inside its unit's subtree.
// Whose object it must be ("own contests", "own drafts") is the owning feature's rule.
var roleRights = map[string][]Right{
	RoleTrainer:     {Author, SeeKeys, ManageContest, Invigilate, SeeUnitResults, SeePeople},
	RoleReviewer:    {Review, SeeKeys, SeeUnitResults},
	RoleManager:     {SeeUnitResults, Remind, SeePeople, ProposePeople, ReissueSlips, FinaliseBoard},
	RoleInvigilator: {Invigilate},
	RoleSysadmin:    {SeePeople, ManagePeople, ManageUnits, Configure},
	RoleSecadmin:    {SeePeople, ReissueSlips, GrantRoles, ReadAudit},
	RoleAuditor:     {ReadAudit, VerifyAudit},
	// The owner keeps the installation governable once duties are divided: what the system and the security
	// administrator may do, until those roles are handed to other people.
	RoleOwner: {SeePeople, ManagePeople, ManageUnits, Configure, ReissueSlips, GrantRoles, ReadAudit},
}

// quickRights is what a role may do besides in mode quick: a trainer imports people and publishes alone.
var quickRights = map[string][]Right{
	RoleTrainer: {Review, ManagePeople, ReissueSlips},
	RoleOwner:   Rights,
}

// administrators are the roles that never compete, are never on a roster and need a long password.
var administrators = []string{RoleOwner, RoleSysadmin, RoleSecadmin, RoleAuditor}

// IsAdministrator reports whether the role is one of those that never stand on a roster and whose password
// has at least 15 characters (security.md, Passwords).
func IsAdministrator(role string) bool { return slices.Contains(administrators, role) }

// grants reports whether a role on the unit with this path gives the right in the mode.
func grants(mode, role, path string, right Right) bool {
	held := slices.Contains(roleRights[role], right) || (mode == ModeQuick && slices.Contains(quickRights[role], right))
	return held && (right != FinaliseBoard || isRoot(path))
}
