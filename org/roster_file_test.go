package org

import (
	"errors"
	"testing"
)

func TestNamesInFile(t *testing.T) {
	trainer := Actor{PersonID: 1, Mode: ModeQuick, Grants: []Grant{{Role: RoleTrainer, UnitID: 1, UnitPath: "/1/"}}}
	s := &Service{}
	text, err := s.NamesInFile(trainer, []byte("参赛名单\n序号,姓名,所属单位,工号,手机号\n1,何雨桐,县水利局,S0012,13900000001\n2,吴桂芳,县水利局,,13900000002\n3,周明远,县审计局,,\n"))
	if err != nil || text != "S0012\n13900000002\n周明远 县审计局" {
		t.Fatalf("%q %v", text, err)
	}
	if _, err := s.NamesInFile(trainer, []byte("%PDF-1.7")); !errors.Is(err, ErrImportFormat) {
		t.Fatal(err)
	}
	if _, err := s.NamesInFile(Actor{PersonID: 2, Mode: ModeQuick}, nil); !errors.Is(err, ErrDenied) {
		t.Fatal(err)
	}
}
