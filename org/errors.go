package org

import "jingzhong/fault"

// Sign-in, sessions and rights.
var (
	ErrSignInNeeded    = fault.New(fault.Unauthenticated, "session.required")
	ErrSessionStale    = fault.New(fault.Unauthenticated, "session.stale") // the access token is outdated: refresh it
	ErrSessionEnded    = fault.New(fault.Unauthenticated, "session.ended")
	ErrSessionReused   = fault.New(fault.Unauthenticated, "session.reused") // a spent refresh token came back: the family is revoked
	ErrSessionNotFound = fault.New(fault.NotFound, "session.not_found")
	ErrCredentials     = fault.New(fault.Unauthenticated, "credentials.wrong")
	ErrAccountLocked   = fault.New(fault.Locked, "account.locked") // {seconds}
	ErrDenied          = fault.New(fault.Denied, "right.denied")
	ErrSetupDone       = fault.New(fault.Conflict, "setup.done")
	ErrSetupToken      = fault.New(fault.Denied, "setup.token_wrong")
	ErrPasswordBusy    = fault.New(fault.Unavailable, "password.busy").After(2)
	ErrPasswordShort   = fault.New(fault.Unprocessable, "password.short")    // {min}
	ErrPasswordLong    = fault.New(fault.Unprocessable, "password.long")     // {max}
	ErrPasswordCommon  = fault.New(fault.Unprocessable, "password.common")   // on the list of common ones
	ErrPasswordOwnName = fault.New(fault.Unprocessable, "password.own_name") // made from the person's name or number
	ErrCodeUnknown     = fault.New(fault.NotFound, "activation.unknown")
	ErrCodeSpent       = fault.New(fault.Gone, "activation.spent")
)

// People, units, audiences, roles.
var (
	ErrPersonNotFound    = fault.New(fault.NotFound, "person.not_found")
	ErrPersonChanged     = fault.New(fault.Precondition, "person.changed") // somebody else edited meanwhile
	ErrUsernameTaken     = fault.New(fault.Conflict, "person.username_taken")
	ErrStaffNoTaken      = fault.New(fault.Conflict, "person.staff_no_taken")
	ErrPhoneTaken        = fault.New(fault.Conflict, "person.phone_taken")
	ErrNameNeeded        = fault.New(fault.Unprocessable, "person.name_needed")
	ErrNameMalformed     = fault.New(fault.Unprocessable, "person.name_malformed")
	ErrUsernameMalformed = fault.New(fault.Unprocessable, "person.username_malformed")
	ErrStaffNoMalformed  = fault.New(fault.Unprocessable, "person.staff_no_malformed")
	ErrPhoneMalformed    = fault.New(fault.Unprocessable, "person.phone_malformed")
	ErrEmailMalformed    = fault.New(fault.Unprocessable, "person.email_malformed")
	ErrTooLong           = fault.New(fault.Unprocessable, "text.too_long")         // {max}
	ErrIDCard            = fault.New(fault.Unprocessable, "person.id_card")        // an ID-card number is never stored
	ErrStatusUnknown     = fault.New(fault.Unprocessable, "person.status_unknown") // {value}
	ErrPersonAnonymous   = fault.New(fault.Conflict, "person.anonymous")           // nothing left to change
	ErrNotRetired        = fault.New(fault.Conflict, "person.not_retired")         // anonymise: still in service
	ErrRetention         = fault.New(fault.Conflict, "person.retention")           // {months}: records are still kept
	ErrRoleHolder        = fault.New(fault.Denied, "person.role_holder")           // only who grants roles may do this to a role holder
	ErrUnitNotFound      = fault.New(fault.NotFound, "unit.not_found")
	ErrUnitChanged       = fault.New(fault.Precondition, "unit.changed")
	ErrUnitNameNeeded    = fault.New(fault.Unprocessable, "unit.name_needed")
	ErrUnitNameTaken     = fault.New(fault.Conflict, "unit.name_taken")
	ErrUnitCodeTaken     = fault.New(fault.Conflict, "unit.code_taken")
	ErrUnitAliasTaken    = fault.New(fault.Conflict, "unit.alias_taken")
	ErrUnitKind          = fault.New(fault.Unprocessable, "unit.kind_unknown")
	ErrUnitLoop          = fault.New(fault.Conflict, "unit.loop") // a unit cannot stand below itself
	ErrUnitRoot          = fault.New(fault.Conflict, "unit.root") // the root is not moved
	ErrUnitDeep          = fault.New(fault.Unprocessable, "unit.too_deep")
	ErrAudienceNotFound  = fault.New(fault.NotFound, "audience.not_found")
	ErrAudienceTaken     = fault.New(fault.Conflict, "audience.taken")
	ErrAudienceName      = fault.New(fault.Unprocessable, "audience.name_needed")
	ErrGrantNotFound     = fault.New(fault.NotFound, "grant.not_found")
	ErrGrantTaken        = fault.New(fault.Conflict, "grant.taken")
	ErrUnlockSelf        = fault.New(fault.Denied, "person.unlock_self")
	ErrGrantSelf         = fault.New(fault.Denied, "grant.self")       // never to oneself (security.md)
	ErrGrantOwner        = fault.New(fault.Denied, "grant.owner")      // only an owner makes an owner
	ErrGrantLast         = fault.New(fault.Conflict, "grant.last")     // the last person able to grant roles stays
	ErrGrantAuditor      = fault.New(fault.Conflict, "grant.auditor")  // two_person: the auditor is another person
	ErrGrantPassword     = fault.New(fault.Conflict, "grant.password") // an administrator's password has 15 characters
	ErrGrantDisabled     = fault.New(fault.Conflict, "grant.disabled") // a disabled person holds no role
	ErrRoleUnknown       = fault.New(fault.Unprocessable, "grant.role_unknown")
	ErrModeDown          = fault.New(fault.Conflict, "mode.down")
	ErrModeUnknown       = fault.New(fault.Unprocessable, "mode.unknown")
	ErrSettingRange      = fault.New(fault.Unprocessable, "setting.range") // {min} {max}
	ErrCursor            = fault.New(fault.Invalid, "list.cursor")
)

// Imports: of the whole file.
var (
	ErrImportNotFound   = fault.New(fault.NotFound, "import.not_found")
	ErrImportBig        = fault.New(fault.TooLarge, "import.too_big")             // {max} bytes
	ErrImportRows       = fault.New(fault.TooLarge, "import.too_many_rows")       // {max}
	ErrImportFormat     = fault.New(fault.Unprocessable, "import.format")         // neither .xlsx nor .csv
	ErrImportEmpty      = fault.New(fault.Unprocessable, "import.empty")          // a header and no row
	ErrImportHeader     = fault.New(fault.Unprocessable, "import.header_missing") // {columns} were looked for in {rows} rows
	ErrImportTwice      = fault.New(fault.Unprocessable, "import.header_twice")   // {column} stands twice
	ErrImportClassified = fault.New(fault.Unprocessable, "import.classified")     // the sheet bears a 密级 mark
	ErrImportBusy       = fault.New(fault.Conflict, "import.busy")                // still reading, or another is being applied
	ErrImportState      = fault.New(fault.Conflict, "import.state")               // {state}
	ErrImportOpen       = fault.New(fault.Conflict, "import.open_rows")           // {errors} {undecided}
	ErrImportStale      = fault.New(fault.Conflict, "import.stale")               // people changed since the check: read the file again
	ErrImportStopped    = fault.New(fault.Unavailable, "import.interrupted")      // the program stopped in the middle; nothing was written
	ErrImportInternal   = fault.New(fault.Unavailable, "import.failed")           // an internal error; nothing was written
	ErrImportRow        = fault.New(fault.NotFound, "import.row_not_found")
	ErrImportDecision   = fault.New(fault.Unprocessable, "import.decision_unknown") // not one of the row's candidates
)

// Imports: of one row; Column names the header as the file spells it.
var (
	ErrRowUnitUnknown     = fault.New(fault.Unprocessable, "row.unit_unknown")   // {value} {suggestion}
	ErrRowUnitAmbiguous   = fault.New(fault.Unprocessable, "row.unit_ambiguous") // {value} {paths}
	ErrRowUnitNeeded      = fault.New(fault.Unprocessable, "row.unit_needed")
	ErrRowAudienceUnknown = fault.New(fault.Unprocessable, "row.audience_unknown") // {value} {suggestion}
	ErrRowTwice           = fault.New(fault.Unprocessable, "row.twice")            // {row}: the same person in another row
	ErrRowElsewhere       = fault.New(fault.Unprocessable, "row.elsewhere")        // {column}: belongs to somebody outside your units
	ErrRowConflict        = fault.New(fault.Unprocessable, "row.conflict")         // staff number and phone belong to two people
	ErrRowHolderDisabled  = fault.New(fault.Unprocessable, "row.role_holder")      // an import does not disable who holds a role
	ErrRowFormula         = fault.New(fault.Unprocessable, "row.formula")          // a cell that would run as a formula

	WarnPasswordColumn = fault.New(fault.Unprocessable, "warn.password_column") // {column} is never read
	WarnIDCardColumn   = fault.New(fault.Unprocessable, "warn.id_card_column")  // {column} is never read
	WarnUnknownColumn  = fault.New(fault.Unprocessable, "warn.unknown_column")  // {column}
	WarnSecondUnit     = fault.New(fault.Unprocessable, "warn.second_unit")     // {value}: the first is the primary unit
	WarnStatusKept     = fault.New(fault.Unprocessable, "warn.status_kept")     // {old} {new}: an import never raises a status
	WarnNewUnit        = fault.New(fault.Unprocessable, "warn.new_unit")        // {value} will be created
	WarnUsernameMade   = fault.New(fault.Unprocessable, "warn.username_made")   // {username}
)
