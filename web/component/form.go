package component

import (
	"strconv"

	"waymark/internal/page"
)

// dated gives a date field its hint and size.
func dated(c page.Chrome, f page.Field) page.Field {
	if f.Hint == "" {
		f.Hint = c.T("form.today_hint")
	}
	return f.Numeric(12)
}

// optionID is the control's own id for the first option, so that the error summary's link lands on it.
func optionID(f page.Field, i int) string {
	if i == 0 {
		return f.ID
	}
	return f.ID + "-" + strconv.Itoa(i)
}
