package server

import (
	"io"
	"mime/multipart"
	"strconv"

	"github.com/gofiber/fiber/v2"
)

// uploaded is one received file, in memory; upload routes take at most uploadBodyLimit.
type uploaded struct {
	Name  string // as the client named it; for showing only, never a path
	Body  []byte
	query func(name string) string
}

// flag reads a true or false of the query; absent is false.
func (f uploaded) flag(name string) (bool, error) {
	text := f.query(name)
	if text == "" {
		return false, nil
	}
	on, err := strconv.ParseBool(text)
	if err != nil {
		return false, wrongType(name)
	}
	return on, nil
}

// number reads an id of the query; absent is 0.
func (f uploaded) number(name string) (int64, error) {
	text := f.query(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, wrongType(name)
	}
	return n, nil
}

func wrongType(name string) error { return inputFaults["input.type"].At(name).With("field", name) }

// uploadOf reads the one file of a multipart form, the part "file".
func uploadOf(c *fiber.Ctx) (uploaded, error) {
	header, err := c.FormFile("file")
	if err != nil {
		return uploaded{}, errNoFile.At("file")
	}
	body, err := readPart(header)
	if err != nil {
		return uploaded{}, err
	}
	return uploaded{Name: header.Filename, Body: body,
		query: func(name string) string { return c.Query(name) }}, nil
}

func readPart(header *multipart.FileHeader) (body []byte, err error) {
	f, err := header.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, uploadBodyLimit))
}
