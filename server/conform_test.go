package server

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// documents keeps the parsed document, which is the same for every server of this package's tests.
var documents sync.Map

// conforms holds an answer to the document: the status is described, and the body fits its schema, so no
// list is null and nothing is there that a client has not been told of.
func (c *county) conforms(method, path string, r reply) {
	c.t.Helper()
	parsed, ok := documents.Load("doc")
	if !ok {
		doc, err := openapi3.NewLoader().LoadFromData(c.document)
		c.must(err)
		parsed, _ = documents.LoadOrStore("doc", doc)
	}
	doc := parsed.(*openapi3.T)
	path, _, _ = strings.Cut(path, "?")
	for i := range c.rows {
		row := &c.rows[i]
		if row.method != method || !samePath(row.path, path) {
			continue
		}
		operation := doc.Paths.Find(row.path).GetOperation(method)
		response := operation.Responses.Value(strconv.Itoa(r.status))
		if response == nil && r.status >= 400 {
			response = operation.Responses.Default()
		}
		if response == nil {
			c.t.Errorf("%s %s: status %d is not documented", method, row.path, r.status)
			return
		}
		kind, _, _ := strings.Cut(r.header.Get("Content-Type"), ";")
		media := response.Value.Content.Get(kind)
		if r.status == http.StatusNoContent || r.status == http.StatusNotModified {
			return
		}
		if media == nil {
			c.t.Errorf("%s %s: %d in %q is not documented", method, row.path, r.status, kind)
			return
		}
		var body any
		c.must(json.Unmarshal([]byte(r.body), &body))
		if err := media.Schema.Value.VisitJSON(body); err != nil {
			c.t.Errorf("%s %s: %d does not fit the document: %.600s", method, row.path, r.status, err)
		}
		return
	}
	c.t.Errorf("%s %s is no route", method, path)
}

// samePath matches a path against a row's; literal segments come first in the table, so the first match is it.
func samePath(pattern, path string) bool {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		if want[i] != got[i] && !strings.HasPrefix(want[i], "{") {
			return false
		}
	}
	return true
}

// TestConformingIsChecked: the check above would notice a null list and an unknown member.
func TestConformingIsChecked(t *testing.T) {
	s, _ := bare(t, nil)
	doc, err := openapi3.NewLoader().LoadFromData(s.document)
	if err != nil {
		t.Fatal(err)
	}
	schema := doc.Paths.Find("/api/v1/topics").Get.Responses.Value("200").Value.Content.Get("application/json").Schema.Value
	for text, fits := range map[string]bool{`{"items":[],"nextCursor":null}`: true, `{"items":[{"id":1,"name":"a","sort":1}],"nextCursor":"2"}`: true,
		`{"items":null,"nextCursor":null}`: false, `{"nextCursor":null}`: false, `{"items":[]}`: false,
		`{"items":[{"id":1,"name":"a","sort":1,"secret":1}],"nextCursor":null}`: false,
		`{"items":[{"id":"1","name":"a","sort":1}],"nextCursor":null}`:          false} {
		var body any
		if err := json.Unmarshal([]byte(text), &body); err != nil {
			t.Fatal(err)
		}
		if err := schema.VisitJSON(body); (err == nil) != fits {
			t.Errorf("%s: %v", text, err)
		}
	}
}
