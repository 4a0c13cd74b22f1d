package scan

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// WriteFile writes a file whole or not at all: to a temporary file beside it, synced, then renamed. Where it fails, what was
// there stays.
func WriteFile(name string, data []byte, mode fs.FileMode) (err error) {
	if target, e := filepath.EvalSymlinks(name); e == nil {
		if info, e := os.Stat(target); e == nil && !info.Mode().IsRegular() && !info.IsDir() {
			return writeStream(target, data) // a pipe or a device cannot be replaced
		}
		name = target
	}
	if info, e := os.Stat(name); e == nil {
		mode = info.Mode().Perm()
	}
	temp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	defer func() {
		if err != nil {
			temp.Close()
			os.Remove(temp.Name())
			err = fmt.Errorf("writing %s: %w", name, err)
		}
	}()
	if _, err = temp.Write(data); err != nil {
		return err
	}
	if err = temp.Chmod(mode); err != nil {
		return err
	}
	if err = temp.Sync(); err != nil {
		return err
	}
	if err = temp.Close(); err != nil {
		return err
	}
	return os.Rename(temp.Name(), name)
}

func writeStream(name string, data []byte) error {
	file, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if e := file.Close(); err == nil {
		err = e
	}
	return err
}
