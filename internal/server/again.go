package server

import (
	"net/http"
	"net/url"
	"strings"
)

// again is where to send a form that could not be answered, and what was typed into it: under the
// same form token, so that it counts once however often it is sent. What is secret is not written
// into a page and has to be typed anew.
func (r *request) again() (to string, kept url.Values) {
	if r.c.Request.Method != http.MethodPost {
		return "", nil
	}
	if r.posted == nil && r.readBody() != nil { // the fault came before the form was read
		return "", nil
	}
	for name := range r.posted {
		if name == "ssn" || name == "otp" || strings.Contains(name, "password") {
			return "", nil
		}
	}
	if r.posted.Get("form_token") == "" {
		return "", nil
	}
	return r.c.Request.URL.RequestURI(), r.posted
}
