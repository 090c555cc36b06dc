"""The current goes: what the disk holds at that moment is all there is.

The office lies in an ext4 image.  It is stopped anywhere inside its writes
and the image is copied as it is, mounted, with everything lost that the
system had not yet written.  Each copy is mounted, its journal replayed, and
served: what was called saved before the moment must be there.
"""

import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import kill

lib = kill.lib
MIB = 1024 * 1024
HOW = 'as root, with /dev/loop-control and mkfs.ext4: sudo make test, or a ' \
      'container started with --privileged'


def why_not():
    """What is missing for mounting an image; '' when nothing is."""
    if os.geteuid() != 0:
        return 'mounting an image wants root'
    if not os.access('/dev/loop-control', os.W_OK):
        return 'there is no loop device'
    return '' if shutil.which('mkfs.ext4') else 'there is no mkfs.ext4'


def alone():
    """Again in a name space of our own: with the process go the mounts."""
    if os.environ.get('ALAS_POWER') != 'alone':
        os.environ['ALAS_POWER'] = 'alone'
        os.execvp('unshare', ['unshare', '--mount', sys.executable,
                              *sys.argv])


@contextlib.contextmanager
def mounted(image, at, options='commit=300'):
    at.mkdir(exist_ok=True)
    subprocess.run(['mount', '-o', f'loop,{options}', image, at], check=True)
    try:
        yield at
    finally:
        subprocess.run(['umount', at], check=True)


def new_image():
    image = lib.FOLDER / 'image'
    with open(image, 'wb') as f:
        f.truncate(128 * MIB)
    subprocess.run(['mkfs.ext4', '-q', '-F', image], check=True)
    return image


def copies(run, image, how_many):
    """(file, acknowledged, not known) at so many moments."""
    killer = kill.Killer(run.office, run.rng)
    with run.office.serving(now=None):
        run.begin_writing(run.log)
        for n in range(how_many):
            run.wait_written(40, time.monotonic())
            pid = killer.pid()
            hit = killer.stop(aimed=n % 2 == 0)
            done, unknown = run.told()
            copy = pathlib.Path(f'{image}.{n}')
            subprocess.run(['cp', '--sparse=always', image, copy],
                           check=True)
            yield copy, done, unknown, hit
            os.kill(pid, signal.SIGCONT)
        run.end_writing()


def main(how_many):
    tap = lib.Tap()
    missing = why_not()
    if missing:
        print(f'# SKIPPED: {missing}.  This wants to be run {HOW}.')
        print(f'ok 1 # skip {missing}')
        print('1..1')
        return
    alone()
    seed = int(os.environ.get('SEED', time.time_ns() % 1000000))
    print(f'# seed {seed}')
    image = new_image()
    opened = 0
    with mounted(image, lib.FOLDER / 'disk'):
        run = kill.Run(seed, 'disk/office')
        run.measure()
        run.log = open(os.devnull, 'w', encoding='utf-8')
        for copy, done, unknown, hit in copies(run, image, how_many):
            opened += hit
            with mounted(copy, lib.FOLDER / 'copy') as at:
                office = lib.Office(at / 'office')
                office.postgres = None
                print(f'# {len(done)} acknowledged, '
                      f'{"an open" if hit else "no open"} transaction')
                # Without the log's recovery nothing can be counted.
                shutil.rmtree(at / 'office/run', ignore_errors=True)
                with office.serving(now=None):
                    pass
                kill.check(tap, run, office, done, unknown)
            copy.unlink()
    tap.check(f'{opened} of {how_many} moments in an open transaction',
              opened >= how_many // 3)
    tap.end()
