package server

import (
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"jingzhong/fault"
)

// inputFaults are the reasons an input can be refused before a service sees it.
var inputFaults = map[string]*fault.Error{}

func init() {
	for _, reason := range []string{"unknown", "duplicate", "case", "syntax", "depth", "trailing", "encoding", "body_missing",
		"required", "type", "too_small", "too_big", "too_short", "too_long", "too_few", "too_many", "unique",
		"enum", "format", "pattern", "step"} {
		inputFaults["input."+reason] = fault.New(fault.Invalid, "input."+reason)
	}
	inputFaults["input.invalid"] = errInvalid
	inputFaults["input.media_type"] = errMediaType
	speakInCodes()
}

// speakInCodes makes huma's validator answer in codes (code|argument) instead of English, and treat a name
// in another case as unknown. These are package variables of huma; nothing else in the program uses it.
func speakInCodes() {
	huma.ValidateStrictCasing = true
	huma.NewErrorWithContext = problemFromHuma
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return problemFromHuma(nil, status, message, errs...)
	}
	validation.MsgUnexpectedProperty = "input.unknown"
	validation.MsgExpectedRequiredProperty = "input.required|%s"
	validation.MsgExpectedBoolean = "input.type|true/false"
	validation.MsgExpectedNumber = "input.type|0.0"
	validation.MsgExpectedInteger = "input.type|0"
	validation.MsgExpectedString = "input.type|\"\""
	validation.MsgExpectedArray = "input.type|[]"
	validation.MsgExpectedObject = "input.type|{}"
	validation.MsgExpectedMinimumNumber = "input.too_small|%v"
	validation.MsgExpectedExclusiveMinimumNumber = "input.too_small|%v"
	validation.MsgExpectedMaximumNumber = "input.too_big|%v"
	validation.MsgExpectedExclusiveMaximumNumber = "input.too_big|%v"
	validation.MsgExpectedNumberBeMultipleOf = "input.step|%v"
	validation.MsgExpectedMinLength = "input.too_short|%d"
	validation.MsgExpectedMaxLength = "input.too_long|%d"
	validation.MsgExpectedMinItems = "input.too_few|%d"
	validation.MsgExpectedMaxItems = "input.too_many|%d"
	validation.MsgExpectedArrayItemsUnique = "input.unique"
	validation.MsgExpectedOneOf = "input.enum|%s"
	validation.MsgExpectedMatchPattern = "input.pattern|%s"
	validation.MsgExpectedBePattern = "input.pattern|%s"
	validation.MsgExpectedRFC3339DateTime = "input.format|2026-04-13T01:00:00.000Z"
	validation.MsgExpectedRFC3339Date = "input.format|2026-04-13"
	validation.MsgExpectedRFC5322Email = "input.format|name@example.org%.0s"
}

// inputFault reads one of the messages above, or one of huma's few fixed ones.
func inputFault(d *huma.ErrorDetail) *fault.Error {
	field := d.Location
	for _, place := range []string{"body.", "query.", "path.", "header.", "form."} {
		if rest, ok := strings.CutPrefix(field, place); ok {
			field = rest
			break
		}
	}
	if field == "body" {
		field = ""
	}
	code, arg, _ := strings.Cut(d.Message, "|")
	f, ok := inputFaults[code]
	switch {
	case !ok && strings.HasPrefix(d.Message, "required "):
		f = inputFaults["input.required"]
	case !ok && strings.HasPrefix(d.Message, "invalid "):
		f = inputFaults["input.type"].With("expected", strings.TrimPrefix(d.Message, "invalid "))
	case !ok && strings.HasPrefix(d.Message, "unknown content type"):
		return errMediaType
	case !ok:
		f = errInvalid
	case code == "input.required" && arg != "":
		field = join(field, arg)
	case code == "input.duplicate" || code == "input.case" || code == "input.type" && d.Location == "body" && strings.HasPrefix(arg, "@"):
		field, arg = strings.TrimPrefix(arg, "@"), ""
	}
	return f.At(field).With("field", field, "limit", arg, "expected", arg)
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
