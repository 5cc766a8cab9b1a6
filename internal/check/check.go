// Package check holds inputs against their validate tags and reports every broken field by its json name.
package check

import (
	"errors"
	"reflect"
	"strings"

	"github.com/go-playground/validator/v10"

	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/msg"
)

var validate = build()

func build() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		return name
	})
	// Dates and times of day are values, not structures: "required" means not the zero one.
	v.RegisterCustomTypeFunc(func(f reflect.Value) any { return f.Interface().(civil.Date).String() }, civil.Date{})
	v.RegisterCustomTypeFunc(func(f reflect.Value) any { return f.Interface().(civil.Clock).String() }, civil.Clock{})
	// "spoken" is a language that the program has words in.
	_ = v.RegisterValidation("spoken", func(f validator.FieldLevel) bool { return msg.Has(f.Field().String()) })
	return v
}

// Struct checks an input. The code of a field is the tag it breaks; args hold the tag's parameter.
func Struct(in any) error {
	err := validate.Struct(in)
	if err == nil {
		return nil
	}
	broken, ok := errors.AsType[validator.ValidationErrors](err)
	if !ok {
		return err
	}
	var c errs.Collector
	for _, b := range broken {
		code := b.Tag()
		if code == "spoken" {
			code = "oneof"
		}
		c.AddArgs(path(strings.TrimPrefix(b.Namespace(), reflect.Indirect(reflect.ValueOf(in)).Type().Name()+".")), code, map[string]any{"param": b.Param()})
	}
	return c.Err()
}

// path turns "milestones[0].due_on" into "milestones.0.due_on". Embedded structs, which have no json
// name, leave no trace.
func path(p string) string {
	for p != "" && p[0] >= 'A' && p[0] <= 'Z' && strings.Contains(p, ".") {
		_, p, _ = strings.Cut(p, ".")
	}
	return strings.NewReplacer("[", ".", "]", "").Replace(p)
}
