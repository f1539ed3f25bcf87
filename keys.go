package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// keySize is the least and the made size of a key, in bytes.
const keySize = 32

// loadKey returns the given key, or DIR/keys/<name>, made with 32 random bytes (hex, 0600) on the first start.
func loadKey(dir, name, given string) ([]byte, error) {
	if given != "" {
		return checkKey(name, []byte(given))
	}
	folder := filepath.Join(dir, "keys")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	path := filepath.Join(folder, name)
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeKey(path); err != nil {
			return nil, err
		}
		b, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, err
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(b)))
	if err != nil {
		return nil, fmt.Errorf("%s: not a key: %w", path, err)
	}
	return checkKey(path, key)
}

func checkKey(name string, key []byte) ([]byte, error) {
	if len(key) < keySize {
		return nil, fmt.Errorf("%s: a key has at least %d bytes, this one %d", name, keySize, len(key))
	}
	return key, nil
}

// makeKey writes the key beside its place and moves it there whole, so that a crash leaves none or all of it.
func makeKey(path string) error {
	key := make([]byte, keySize)
	if _, err := rand.Read(key); err != nil {
		return err
	}
	return writeWhole(path, []byte(hex.EncodeToString(key)+"\n"), 0o600)
}

func writeWhole(path string, content []byte, mode os.FileMode) error {
	f, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
