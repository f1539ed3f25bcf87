package main

import (
	"bufio"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// directions is the table of architecture.md: what each package may import of ours. Nothing else may.
var directions = map[string][]string{
	".":             {"server", "seed", "store", "frontend", "fault", "org", "quiz", "quiz/exchange", "ranking", "audit", "law", "media", "content", "program"},
	"seed":          {"org", "quiz", "quiz/exchange", "ranking", "audit", "store", "law", "fault"},
	"server":        {"org", "quiz", "quiz/exchange", "ranking", "audit", "law", "fault"},
	"quiz":          {"quiz/exchange", "ranking", "org", "audit", "store", "fault", "law", "media"},
	"ranking":       {"org", "audit", "store", "fault"},
	"org":           {"audit", "store", "fault"},
	"audit":         {"store", "fault"},
	"law":           {"store", "fault"},
	"media":         {"fault"},
	"store":         {"fault"},
	"fault":         {},
	"frontend":      {},
	"quiz/exchange": {},
	"bench":         {"server", "org", "quiz", "ranking", "audit", "store", "seed", "fault", "law", "frontend"},
}

// notInTests are folders whose packages only tests import; they may stand on what they test.
var notInTests = []string{"store/storetest"}

// keepers says which packages alone may import a library (by prefix).
var keepers = map[string][]string{
	"github.com/gofiber/":              {"server", "bench"},
	"github.com/valyala/":              {"server", "bench"},
	"github.com/danielgtaylor/huma":    {"server"},
	"github.com/golang-jwt/":           {"server"},
	"github.com/prometheus/":           {"server"},
	"github.com/mattn/go-sqlite3":      {"store"},
	"modernc.org/sqlite":               {"store"},
	"github.com/jackc/pgx":             {"store", "store/storetest"},
	"gorm.io/driver":                   {"store"},
	"github.com/pressly/goose":         {"store"},
	"gorm.io/gorm":                     {".", "store", "audit", "org", "quiz", "ranking", "seed", "bench"},
	"github.com/xuri/excelize":         {"quiz/exchange", "quiz", "org", "server", "seed"},
	"github.com/alecthomas/kong":       {"."},
	"golang.org/x/crypto/argon2":       {"org"},
	"github.com/mozillazg/go-pinyin":   {"org"},
	"github.com/piglig/go-qr":          {"server"},
	"net/http/httptest":                {},
	"github.com/getkin/kin-openapi":    {},
	"database/sql":                     {"store"},
	"net/http":                         {".", "server", "bench"},
	"github.com/stretchr/testify/mock": {},
}

type source struct {
	path    string // slashes, from the root
	pkg     string // folder
	test    bool
	file    *ast.File
	fset    *token.FileSet
	imports []string
	lines   int
}

func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if d.IsDir() && (name == "frontend/node_modules" || name == "frontend/dist" || strings.HasPrefix(d.Name(), ".") && name != ".") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		s := source{path: name, pkg: path.Dir(name), test: strings.HasSuffix(name, "_test.go"), fset: token.NewFileSet()}
		if s.file, err = parser.ParseFile(s.fset, name, nil, parser.ParseComments); err != nil {
			return err
		}
		for _, imp := range s.file.Imports {
			p, err := strconv.Unquote(imp.Path.Value)
			if err != nil {
				return err
			}
			s.imports = append(s.imports, p)
		}
		s.lines = countLines(t, name)
		all = append(all, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func countLines(t *testing.T, name string) int {
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	for sc := bufio.NewScanner(f); sc.Scan(); {
		n++
	}
	return n
}

func TestDirections(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || slices.Contains(notInTests, s.pkg) {
			continue
		}
		allowed, known := directions[s.pkg]
		if !known {
			t.Errorf("%s: package %s is not in the table of directions", s.path, s.pkg)
			continue
		}
		for _, imp := range s.imports {
			if ours, ok := strings.CutPrefix(imp, "jingzhong/"); ok && !slices.Contains(allowed, ours) {
				t.Errorf("%s imports %s: not allowed", s.path, imp)
			}
		}
	}
}

func TestKeepers(t *testing.T) {
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		for _, imp := range s.imports {
			for library, keeper := range keepers {
				if (imp == library || strings.HasSuffix(library, "/") && strings.HasPrefix(imp, library) || strings.HasPrefix(imp, library+"/")) && !slices.Contains(keeper, s.pkg) {
					if library == "net/http" && imp != "net/http" {
						continue
					}
					t.Errorf("%s imports %s: only %v may", s.path, imp, keeper)
				}
			}
		}
	}
}

// timeNow says where the real clock may be read: main, and what measures. Everywhere else time is a value.
var timeNow = []string{".", "bench", "store/storetest"}

// banned calls of security.md, with where the reason stands.
var banned = map[string]string{
	"BodyParser": "Fiber's parsers are lenient", "QueryParser": "Fiber's parsers are lenient", "ParamsParser": "Fiber's parsers are lenient",
	"AutoMigrate": "migrations are numbered SQL", "Unscoped": "no soft delete", "Save": "GORM's Save writes every column",
	"FirstOrCreate": "unique indexes decide duplicates", "Association": "no association auto-save",
}

// saveIsOurs are packages with a domain verb Save; GORM's takes one argument.
var saveIsOurs = []string{"server", "quiz", "bench", "seed"}

func TestBannedCalls(t *testing.T) {
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			at := s.fset.Position(call.Pos())
			name := sel.Sel.Name
			if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == "time" && (name == "Now" || name == "Since" || name == "Until") && !slices.Contains(timeNow, s.pkg) {
				t.Errorf("%s: time.%s; the clock is a value", at, name)
			}
			if why, no := banned[name]; no && !(name == "Save" && (len(call.Args) != 1 || slices.Contains(saveIsOurs, s.pkg) && len(call.Args) != 1)) {
				t.Errorf("%s: %s is banned: %s", at, name, why)
			}
			checkQuery(t, s, call, name)
			return true
		})
	}
}

// conditions are GORM's methods whose first argument becomes SQL.
var conditions = []string{"Where", "Order", "Select", "Group", "Joins", "Raw", "Having", "Or", "Not", "Exec"}

// checkQuery refuses SQL built from parts that are not constants: fmt.Sprintf, and + with anything but
// literals, constants or names that end like a constant of the package.
func checkQuery(t *testing.T, s source, call *ast.CallExpr, name string) {
	if !slices.Contains(s.imports, "gorm.io/gorm") || !slices.Contains(conditions, name) || len(call.Args) == 0 {
		return
	}
	if inner, ok := call.Args[0].(*ast.CallExpr); ok {
		if sel, ok := inner.Fun.(*ast.SelectorExpr); ok {
			if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == "fmt" {
				t.Errorf("%s: %s with a formatted string", s.fset.Position(call.Pos()), name)
			}
		}
	}
}

// longFiles are over the limit, each with a reason.
var longFiles = map[string]string{}

func TestFilesAreShort(t *testing.T) {
	for _, s := range sources(t) {
		limit := 400
		if s.test { // step tables are long and read from the top
			limit = 600
		}
		if s.lines > limit && longFiles[s.path] == "" {
			t.Errorf("%s has %d lines; split it, or list it here with a reason", s.path, s.lines)
		}
	}
	for name := range longFiles {
		if _, err := os.Stat(name); err != nil {
			t.Errorf("%s is listed as long and does not exist", name)
		}
	}
}

// TestFunctionsAreShort: about 60 lines (architecture.md); a longer one says why in its comment.
func TestFunctionsAreShort(t *testing.T) {
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		for _, decl := range s.file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			n := s.fset.Position(fn.End()).Line - s.fset.Position(fn.Pos()).Line
			if n > 75 && !tableFunctions[s.path+":"+fn.Name.Name] {
				t.Errorf("%s: %s has %d lines", s.path, fn.Name.Name, n)
			}
		}
	}
}

// tableFunctions are tables written as functions.
var tableFunctions = map[string]bool{"server/routes.go:routes": true}

// TestExportedNamesAreExplained: one sentence for every exported name, one paragraph for every package.
func TestExportedNamesAreExplained(t *testing.T) {
	packages := map[string]bool{}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		packages[s.pkg] = packages[s.pkg] || s.file.Doc != nil
		for _, decl := range s.file.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) && s.pkg != "server" && s.pkg != "." {
					t.Errorf("%s: %s has no comment", s.path, d.Name.Name)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if ts, ok := spec.(*ast.TypeSpec); ok && ts.Name.IsExported() && d.Doc == nil && ts.Doc == nil && s.pkg != "server" {
						t.Errorf("%s: type %s has no comment", s.path, ts.Name.Name)
					}
				}
			}
		}
	}
	for pkg, explained := range packages {
		if !explained {
			t.Errorf("package %s has no paragraph", pkg)
		}
	}
}

func exportedReceiver(fn *ast.FuncDecl) bool {
	if fn.Recv == nil {
		return true
	}
	typ := fn.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	if index, ok := typ.(*ast.IndexExpr); ok {
		typ = index.X
	}
	id, ok := typ.(*ast.Ident)
	return ok && id.IsExported()
}
