#!/usr/bin/env python3
"""One pinned wheel from PyPI, by pip, which checks its sha256. What of it is kept is the caller's business.

    pypi_wheel.py PACKAGE==VERSION TAG SHA256 FOLDER      lays out all that the wheel holds; TAG: pip's platform tag, `any` for every one
"""
import contextlib
import glob
import os
import subprocess
import sys
import zipfile


@contextlib.contextmanager
def wheel(package, tag, sha256, folder):
    """The wheel as an open zip file. It lies in `folder`, which must exist, and is gone afterwards."""
    requirement = os.path.join(folder, 'requirement.txt')
    with open(requirement, 'w') as file:
        file.write('%s --hash=sha256:%s\n' % (package, sha256))
    platform = [] if tag == 'any' else ['--platform', tag]
    subprocess.run(
        [sys.executable, '-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--retries', '2', '--timeout', '30',
         '--no-deps', '--require-hashes', '--only-binary=:all:', *platform, '--dest', folder, '--requirement', requirement],
        check=True)
    os.unlink(requirement)
    path, = glob.glob(os.path.join(folder, '*.whl'))
    with zipfile.ZipFile(path) as opened:
        yield opened
    os.unlink(path)


if __name__ == '__main__':
    with wheel(*sys.argv[1:4], sys.argv[4]) as content:
        content.extractall(sys.argv[4])
