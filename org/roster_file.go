package org

import "strings"

// NamesInFile reads a workbook or CSV file of people and returns what FindMembersByText understands, one
// line a person: the staff number if the file has one, else the phone number, else name and unit. The file is
// read with the limits of an import and nothing of it is kept.
func (s *Service) NamesInFile(by Actor, data []byte) (string, error) {
	if err := Require(by, ManageContest); err != nil {
		return "", err
	}
	t, err := readTable(data)
	if err != nil {
		return "", err
	}
	lines := make([]string, 0, len(t.rows))
	for _, row := range t.rows {
		line := t.cell(row, columnStaffNo)
		if line == "" {
			line = t.cell(row, columnPhone)
		}
		if line == "" {
			unit := t.cell(row, columnUnit)
			if unit == "" {
				unit = t.cell(row, columnDepartment)
			}
			line = strings.TrimSpace(t.cell(row, columnName) + " " + unit)
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	if len(lines) > pastedLines {
		return "", ErrImportRows.With("max", pastedLines)
	}
	return strings.Join(lines, "\n"), nil
}
