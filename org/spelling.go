package org

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"jingzhong/fault"
)

// Lengths in characters.
const (
	maxName     = 40
	maxUsername = 40
	maxStaffNo  = 32
	maxEmail    = 120
	maxPosition = 60
	maxUnitName = 80
	maxUnitCode = 32
)

var (
	usernameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._@-]{1,39}$`)
	staffNoForm  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/-]{0,31}$`)
	phoneForm    = regexp.MustCompile(`^(1[3-9]\d{9}|0\d{9,11})$`)
	emailForm    = regexp.MustCompile(`^[^\s@<>"',;]+@[^\s@<>"',;]+\.[^\s@<>"',;]+$`)
	idCardForm   = regexp.MustCompile(`^\d{17}[\dXx]$`)
	phoneNoise   = strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", "\t", "")
)

// tidy makes full-width letters and digits narrow, drops control and format characters and outer spaces.
func tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r == '\u3000' || r == '\u00a0':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError:
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(width.Fold.String(s))
}

// tidyName also takes the spaces out of a Chinese name: "张　三" is 张三; other names keep single ones.
func tidyName(s string) string {
	s = tidy(s)
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		return strings.Join(strings.Fields(s), "")
	}
	return strings.Join(strings.Fields(s), " ")
}

func tidyUsername(s string) string { return strings.ToLower(tidy(s)) }

func tidyPhone(s string) string {
	s = phoneNoise.Replace(tidy(s))
	for _, prefix := range []string{"+86", "0086"} {
		s = strings.TrimPrefix(s, prefix)
	}
	if len(s) == 13 && strings.HasPrefix(s, "861") {
		s = s[2:]
	}
	return s
}

func runes(s string) int { return utf8.RuneCountInString(s) }

// The checks below return nil or the fault of one field.

func checkName(s string) *fault.Error {
	switch {
	case s == "":
		return ErrNameNeeded
	case runes(s) > maxName:
		return ErrTooLong.With("max", maxName)
	case strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" ·.-'()", r)
	}):
		return ErrNameMalformed
	}
	return nil
}

func checkUsername(s string) *fault.Error {
	switch {
	case idCardForm.MatchString(s):
		return ErrIDCard
	case !usernameForm.MatchString(s):
		return ErrUsernameMalformed.With("max", maxUsername)
	}
	return nil
}

func checkStaffNo(s string) *fault.Error {
	switch {
	case s == "":
		return nil
	case idCardForm.MatchString(s):
		return ErrIDCard
	case !staffNoForm.MatchString(s):
		return ErrStaffNoMalformed.With("max", maxStaffNo)
	}
	return nil
}

func checkPhone(s string) *fault.Error {
	switch {
	case s == "":
		return nil
	case idCardForm.MatchString(s):
		return ErrIDCard
	case !phoneForm.MatchString(s):
		return ErrPhoneMalformed
	}
	return nil
}

func checkEmail(s string) *fault.Error {
	switch {
	case s == "":
		return nil
	case runes(s) > maxEmail:
		return ErrTooLong.With("max", maxEmail)
	case !emailForm.MatchString(s):
		return ErrEmailMalformed
	}
	return nil
}

func checkPosition(s string) *fault.Error {
	if runes(s) > maxPosition {
		return ErrTooLong.With("max", maxPosition)
	}
	return nil
}

// maskPhone leaves the last four digits.
func maskPhone(s string) string {
	if len(s) <= 4 {
		return s
	}
	return strings.Repeat("*", len(s)-4) + s[len(s)-4:]
}
