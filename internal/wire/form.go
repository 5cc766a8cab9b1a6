package wire

import (
	"encoding"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/money"
)

// maxItems bounds lists that come in forms.
const maxItems = 300

// Form reads posted values into dst. Empty means "not given". today serves the typed "today".
// Keys in ignore (the token, the version, which button) are the form's own.
func Form(values url.Values, dst any, today civil.Date, ignore ...string) error {
	var c errs.Collector
	used := map[string]bool{}
	for _, k := range ignore {
		used[k] = true
	}
	formStruct(values, reflect.ValueOf(dst).Elem(), "", today, used, &c)
	var unknown []string
	for k := range values {
		if !used[k] {
			unknown = append(unknown, k)
		}
	}
	slices.Sort(unknown)
	for _, k := range unknown {
		c.Add(Legible(k), "unknown")
	}
	return c.Err()
}

// Order says where a field stands among those of an input, so that errors of different kinds come in
// the order of the questions. Names it does not know come last.
func Order(dst any) func(name string) int {
	t := reflect.TypeOf(dst)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	var names []string
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		names = append(names, name)
	}
	return func(name string) int {
		first, _, _ := strings.Cut(name, ".")
		if i := slices.Index(names, first); i >= 0 {
			return i
		}
		return len(names)
	}
}

func formStruct(values url.Values, v reflect.Value, path string, today civil.Date, used map[string]bool, c *errs.Collector) {
	for _, f := range reflect.VisibleFields(v.Type()) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.IsExported() && !f.Anonymous && name != "" && name != "-" {
			formValue(values, v.FieldByIndex(f.Index), path+name, today, used, c)
		}
	}
}

func formValue(values url.Values, v reflect.Value, path string, today civil.Date, used map[string]bool, c *errs.Collector) {
	t := v.Type()
	if t.Kind() == reflect.Pointer {
		if strings.TrimSpace(values.Get(path)) == "" {
			used[path] = true
			return
		}
		v.Set(reflect.New(t.Elem()))
		formValue(values, v.Elem(), path, today, used, c)
		return
	}
	switch {
	case isLeaf(t):
		used[path] = true
		if code := typed(strings.TrimSpace(values.Get(path)), v, today); code != "" {
			c.AddArgs(path, code, map[string]any{"entered": values.Get(path)})
		}
	case t.Kind() == reflect.Struct:
		formStruct(values, v, path+".", today, used, c)
	case t.Kind() == reflect.Slice && isLeaf(t.Elem()):
		used[path] = true
		for _, s := range values[path] {
			if s = strings.TrimSpace(s); s == "" {
				continue
			}
			item := reflect.New(t.Elem()).Elem()
			if code := typed(s, item, today); code != "" {
				c.Add(path, code)
			}
			v.Set(reflect.Append(v, item))
		}
	case t.Kind() == reflect.Slice:
		for i := 0; i < maxItems && hasPrefix(values, path+"."+strconv.Itoa(i)+"."); i++ {
			item := reflect.New(t.Elem()).Elem()
			formStruct(values, item, path+"."+strconv.Itoa(i)+".", today, used, c)
			v.Set(reflect.Append(v, item))
		}
	case t.Kind() == reflect.Map && isLeaf(t.Elem()):
		v.Set(reflect.MakeMap(t))
		for k := range values {
			if key, ok := strings.CutPrefix(k, path+"."); ok && clean(key) {
				used[k] = true
				item := reflect.New(t.Elem()).Elem()
				if code := typed(strings.TrimSpace(values.Get(k)), item, today); code != "" {
					c.Add(k, code)
				}
				v.SetMapIndex(reflect.ValueOf(key), item)
			}
		}
	}
}

func hasPrefix(values url.Values, prefix string) bool {
	for k := range values {
		if strings.HasPrefix(k, prefix) {
			return true
		}
	}
	return false
}

// typed reads one typed value; it returns the code of what is wrong.
func typed(s string, v reflect.Value, today civil.Date) string {
	if !clean(s) {
		return "characters"
	}
	if s == "" {
		v.SetZero()
		return ""
	}
	var err error
	switch p := v.Addr().Interface().(type) {
	case *civil.Date:
		*p, err = civil.ParseTyped(s, today)
	case *civil.Clock:
		*p, err = civil.ParseClock(s)
	case *money.Cents:
		*p, err = money.Parse(s)
	case encoding.TextUnmarshaler:
		err = p.UnmarshalText([]byte(s))
	default:
		err = plain(s, v)
	}
	if err != nil {
		return codeOf(v.Type())
	}
	return ""
}

func plain(s string, v reflect.Value) error {
	switch v.Kind() {
	case reflect.String:
		v.SetString(strings.ReplaceAll(s, "\r\n", "\n"))
	case reflect.Bool:
		switch s {
		case "true", "yes", "on", "1":
			v.SetBool(true)
		case "false", "no", "0":
			v.SetBool(false)
		default:
			return strconv.ErrSyntax
		}
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(s, 10, 32)
		if err != nil {
			return err
		}
		v.SetInt(n)
	case reflect.Float64:
		if strings.Trim(s, "-0123456789.") != "" { // no NaN, Inf, hex or exponents
			return strconv.ErrSyntax
		}
		n, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return err
		}
		v.SetFloat(n)
	default:
		return strconv.ErrSyntax
	}
	return nil
}

// Values writes an input as a form would have posted it, to fill the form.
func Values(in any) url.Values {
	values := url.Values{}
	write(values, reflect.ValueOf(in), "")
	return values
}

func write(values url.Values, v reflect.Value, path string) {
	given := v.Kind() == reflect.Pointer // a pointer to 0 is a 0 that somebody gave
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	t := v.Type()
	switch {
	case isLeaf(t):
		if given && v.CanInt() && v.Int() == 0 {
			values.Add(path, "0")
		} else if s := shown(v); s != "" {
			values.Add(path, s)
		}
	case t.Kind() == reflect.Struct:
		for _, f := range reflect.VisibleFields(t) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if f.IsExported() && !f.Anonymous && name != "" && name != "-" {
				write(values, v.FieldByIndex(f.Index), strings.TrimPrefix(path+"."+name, "."))
			}
		}
	case t.Kind() == reflect.Slice && isLeaf(t.Elem()):
		for i := range v.Len() {
			values.Add(path, shown(v.Index(i)))
		}
	case t.Kind() == reflect.Slice:
		for i := range v.Len() {
			write(values, v.Index(i), path+"."+strconv.Itoa(i))
		}
	case t.Kind() == reflect.Map:
		for _, k := range v.MapKeys() {
			values.Add(path+"."+k.String(), shown(v.MapIndex(k)))
		}
	}
}

func shown(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case civil.Date:
		if x.IsZero() {
			return ""
		}
		return x.Time().Format("1/2/2006")
	case civil.Clock:
		if x.IsZero() {
			return ""
		}
		return x.Time().Format("3:04 PM")
	case money.Cents:
		if x == 0 {
			return ""
		}
		return x.Plain()
	case encoding.TextMarshaler:
		b, _ := x.MarshalText()
		return string(b)
	}
	if v.Kind() == reflect.Int && v.Int() == 0 || v.Kind() == reflect.Bool && !v.Bool() {
		return map[reflect.Kind]string{reflect.Int: "", reflect.Bool: "no"}[v.Kind()]
	}
	if v.Kind() == reflect.Bool {
		return "yes"
	}
	return fmt.Sprint(v.Interface())
}
