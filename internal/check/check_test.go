package check

import (
	"testing"

	"waymark/internal/civil"
)

func TestEveryBrokenFieldIsReportedByItsJSONName(t *testing.T) {
	type item struct {
		On civil.Date `json:"due_on" validate:"required"`
	}
	type input struct {
		Name  string `json:"name" validate:"required,max=5"`
		How   string `json:"how" validate:"omitempty,oneof=a b"`
		Items []item `json:"items" validate:"dive"`
	}
	err := Struct(input{How: "c", Items: []item{{}}})
	if err == nil || err.Error() != "invalid form.invalid name=required how=oneof items.0.due_on=required" {
		t.Error(err)
	}
	var unnamed struct {
		Email string `json:"email" validate:"required"`
	}
	if err := Struct(&unnamed); err == nil || err.Error() != "invalid form.invalid email=required" {
		t.Error(err)
	}
	if err := Struct(input{Name: "ok", Items: []item{{civil.MustParse("2026-11-23")}}}); err != nil {
		t.Error(err)
	}
}
