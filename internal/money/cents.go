// Package money has amounts in cents, so that no pay or cost is ever a float.
package money

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
)

// Cents is an amount of US dollars. In JSON it is a whole number of cents.
type Cents int64

// Most is the largest amount that anybody enters: a dollar and a cent short of a billion.
const Most Cents = 999_999_999_99

// ErrMoney is returned for text that is no amount.
var ErrMoney = errors.New("money: not an amount")

var typed = regexp.MustCompile(`^\$?\s?(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.(\d{1,2}))?$`)

// Parse reads what people type: 18.50, $18.50, 4,200.
func Parse(s string) (Cents, error) {
	m := typed.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return 0, ErrMoney
	}
	whole, err := strconv.ParseInt(strings.ReplaceAll(m[1], ",", ""), 10, 64)
	if err != nil || whole > int64(Most/100) {
		return 0, ErrMoney
	}
	part, _ := strconv.ParseInt((m[2] + "00")[:2], 10, 64)
	return Cents(whole*100 + part), nil
}

// UnmarshalJSON takes a whole number of cents within bounds.
func (c *Cents) UnmarshalJSON(b []byte) error {
	n, err := strconv.ParseInt(string(b), 10, 64)
	if err != nil || n > int64(Most) || n < -int64(Most) {
		return ErrMoney
	}
	*c = Cents(n)
	return nil
}

// Plain is the amount for a form's field: 18.50, 4200.
func (c Cents) Plain() string {
	if c%100 == 0 {
		return strconv.FormatInt(int64(c/100), 10)
	}
	return strconv.FormatFloat(float64(c)/100, 'f', 2, 64)
}

// String is the amount for people: $18.50, $4,200.
func (c Cents) String() string {
	whole, part, _ := strings.Cut(c.Plain(), ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if part != "" {
		return "$" + whole + "." + part
	}
	return "$" + whole
}
