package server

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"jingzhong/ranking"
)

var update = flag.Bool("update", false, "rewrite openapi.json")

// TestDocumentGolden: clients are generated from openapi.json, so it changes only on purpose.
func TestDocumentGolden(t *testing.T) {
	s, _ := bare(t, func(c *Config) { c.Version = "v1" })
	if *update {
		if err := os.WriteFile("openapi.json", s.document, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(golden, s.document) {
		t.Fatal("the API changed; if on purpose: go test ./server -run Golden -update, then npm run api in frontend")
	}
}

func TestDocumentIsValid(t *testing.T) {
	s, _ := bare(t, nil)
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromData(s.document)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(context.Background(), openapi3.DisableExamplesValidation()); err != nil {
		t.Error(err)
	}
	text := string(s.document)
	for _, unwanted := range []string{"$schema", "https://", "ErrorModel", "View\"", "passwordHash", "password_hash"} {
		if strings.Contains(text, unwanted) {
			t.Errorf("the document holds %q", unwanted)
		}
	}
	for _, r := range s.rows {
		op := s.documented(&r)
		if op.Extensions["x-right"] != r.rightText() || op.Summary == "" || len(op.Tags) != 1 {
			t.Errorf("%s %s: %v", r.method, r.path, op.Extensions)
		}
		if _, ok := op.Responses["default"]; !ok {
			t.Errorf("%s %s documents no refusal", r.method, r.path)
		}
		if public := len(op.Security) == 0; public != (r.least == "public") {
			t.Errorf("%s %s: security %v", r.method, r.path, op.Security)
		}
	}
}

// TestNoRouteExposesAModel: what a client gets is a type of this package, never one of a feature.
func TestNoRouteExposesAModel(t *testing.T) {
	s, _ := bare(t, nil)
	for _, r := range s.rows {
		for _, typ := range []reflect.Type{r.in, r.out, r.shows} {
			if typ != nil {
				checkOwn(t, r.method+" "+r.path, typ, map[reflect.Type]bool{})
			}
		}
	}
}

func checkOwn(t *testing.T, route string, typ reflect.Type, seen map[reflect.Type]bool) {
	if seen[typ] {
		return
	}
	seen[typ] = true
	if path := typ.PkgPath(); strings.HasPrefix(path, "jingzhong/") && path != "jingzhong/server" {
		t.Errorf("%s exposes %s", route, typ)
	}
	switch typ.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		checkOwn(t, route, typ.Elem(), seen)
	case reflect.Map:
		checkOwn(t, route, typ.Key(), seen)
		checkOwn(t, route, typ.Elem(), seen)
	case reflect.Struct:
		if typ == stampType {
			return
		}
		for i := range typ.NumField() {
			f := typ.Field(i)
			if f.PkgPath != "" && !f.Anonymous {
				continue
			}
			checkOwn(t, route, f.Type, seen)
		}
	}
}

// TestBoardsAreWhatTheDocumentSays: ranking renders boards itself, so its shape is compared with the view.
func TestRenderedShapes(t *testing.T) {
	for _, c := range []struct{ rendered, documented reflect.Type }{{faceType, reflect.TypeFor[BoardView]()}} {
		if got, want := shape(c.rendered), shape(c.documented); !reflect.DeepEqual(got, want) {
			g, _ := json.Marshal(got)
			w, _ := json.Marshal(want)
			t.Errorf("%s renders\n%s\nthe document says\n%s", c.rendered, g, w)
		}
	}
}

// shape is a type's JSON names, nested.
func shape(typ reflect.Type) any {
	for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
		typ = typ.Elem()
	}
	if typ.Kind() != reflect.Struct || typ == stampType || typ == reflect.TypeFor[ranking.Stamp]() || typ.PkgPath() == "time" {
		return ""
	}
	names := map[string]any{}
	for i := range typ.NumField() {
		f := typ.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" || f.PkgPath != "" && !f.Anonymous {
			continue
		}
		names[name] = shape(f.Type)
	}
	return names
}

// TestNullsAreDocumented: a pointer either disappears when nil or says that it may be null; huma would
// document a required *struct as never null.
func TestNullsAreDocumented(t *testing.T) {
	s, _ := bare(t, nil)
	seen := map[reflect.Type]bool{}
	var check func(route string, typ reflect.Type)
	check = func(route string, typ reflect.Type) {
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice || typ.Kind() == reflect.Map {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct || typ == stampType || seen[typ] {
			return
		}
		seen[typ] = true
		for i := range typ.NumField() {
			f := typ.Field(i)
			if f.Type.Kind() == reflect.Pointer && f.Type.Elem().Kind() == reflect.Struct && f.Tag.Get("nullable") == "" &&
				!strings.Contains(f.Tag.Get("json"), ",omitempty") && f.Name != "Body" {
				t.Errorf("%s: %s.%s can be null and does not say so", route, typ, f.Name)
			}
			check(route, f.Type)
		}
	}
	for _, r := range s.rows {
		for _, typ := range []reflect.Type{r.out, r.shows} {
			if typ != nil {
				check(r.path, typ)
			}
		}
	}
}
